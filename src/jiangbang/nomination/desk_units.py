"""How far each unit is: who has not started, who has to mend, who is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.pages import language
from jiangbang.nomination.queries import LedgerLine

# late: nothing came until the deadline · none: nothing yet · incomplete: somebody waits for correction · few: below the quota's
# lower end · reported: all that came is accepted
UnitStanding = Literal["late", "none", "incomplete", "few", "reported"]
LABELS: dict[UnitStanding, str | Promise] = {
    "late": _("nothing came"),
    "none": _("not started"),
    "incomplete": _("has to mend"),
    "few": _("below the quota"),
    "reported": _("complete"),
}


def standing(line: LedgerLine, *, closed: bool) -> UnitStanding:
    """How far the unit is; `closed`: the deadline has passed."""
    if not line.started:
        return "late" if closed else "none"
    if line.waiting:
        return "incomplete"
    return "few" if line.accepted < line.quota.minimum else "reported"


def choices(lines: Iterable[LedgerLine], *, closed: bool) -> list[dict[str, Any]]:
    """The standings that occur, as filter choices, those that need somebody first."""
    counts: dict[UnitStanding, int] = dict.fromkeys(LABELS, 0)
    for line in lines:
        counts[standing(line, closed=closed)] += 1
    return [{"value": key, "label": LABELS[key], "count": count} for key, count in counts.items() if count]


def kind_labels(spec: EditionSpec) -> dict[str, str]:
    """What the kinds of units are called in the reader's language."""
    raw: list[Mapping[str, Any]] = list(spec.document.get("unit_kind", ()))
    return {kind["key"]: kind["label_en" if language() == "en" else "label"] for kind in raw}
