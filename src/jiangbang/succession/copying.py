"""The next edition's document: the last one's, with other names, seats and dates, and with its titles as earlier titles."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import tomli_w
from django.utils.translation import gettext as _

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.kernel.edition import load_edition
from jiangbang.kernel.form import FormSpec
from jiangbang.programme.acts import document_hash, load_edition_document
from jiangbang.programme.bundles import Bundle
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record
from jiangbang.succession.policy import may_succeed

WEEKS: Final = 52
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_DAYS: Final = ("opens", "closes")
_DATED: Final = frozenset({*_DAYS, "deadline", "clock"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What the office says of the next edition. `weeks`: by how much every date moves, so that weekdays stay; `seats` by title;
    `dates`: stage → first and last day, where they are not the moved ones."""

    slug: str
    name: str
    name_en: str
    weeks: int = WEEKS
    seats: Mapping[str, int] = field(default_factory=dict)
    dates: Mapping[str, tuple[date, date]] = field(default_factory=dict)


def next_document(source: Edition, plan: Plan) -> dict[str, Any]:
    """The document of the next edition. Refused: `slug`, `taken`, `name`, `dates`, each with what to do."""
    if not _SLUG.fullmatch(plan.slug):
        raise Refused(
            "slug", _("The short name has small letters, figures and hyphens, 30 at most: it stands in addresses.")
        )
    if Edition.objects.filter(programme=source.programme, slug=plan.slug).exists():
        raise Refused("taken", _("There is an edition %(slug)s already.") % {"slug": plan.slug})
    if not 0 < len(plan.name.strip()) <= 200 or len(plan.name_en) > 200:
        raise Refused("name", _("Give the edition's name, in at most 200 characters."))
    made: dict[str, Any] = deepcopy(source.document)
    edition = made["edition"]
    edition |= {"slug": plan.slug, "name": plan.name.strip(), "name_en": plan.name_en.strip() or plan.name.strip()}
    edition["previous"] = [*edition.get("previous", ()), source.slug]
    _move(edition, plan)
    for title in edition["title"]:
        if title["key"] in plan.seats and title.get("seats") is not None:
            title["seats"] = plan.seats[title["key"]]
    _know_titles(edition, source)
    return made


@act("edition.copied", "programme.loaded")
def copy_edition(source: Edition, plan: Plan, *, seen: str, by: User) -> Edition:
    """Load the next edition. `seen`: the hash of the document whose differences were looked at. Whoever copies is an organiser of it.

    Refused: `permission`; as `next_document`; `changed` since it was looked at.
    """
    if not may_succeed(by, source):
        raise Refused("permission", _("Only the organiser's office may do this."))
    source = Edition.objects.select_for_update(no_key=True).get(pk=source.pk)
    document = next_document(source, plan)
    if document_hash(document) != seen:
        raise Refused("changed", _("The edition has changed since you looked. Look at the differences again."))
    made = load_edition_document(Bundle(source.programme, "", "", (document,)), document, by=by)
    if Role.ORGANISER not in roles_in(by, made.key):
        Membership.objects.create(user=by, role=Role.ORGANISER, edition=made.key)
        by.__dict__.pop("_roles", None)
    facts = {"slug": source.slug, "sha256": made.sha256}
    record("edition.copied", by=by, edition=made.key, subject=f"edition:{made.pk}", facts=facts)
    return made


def as_folder(document: Mapping[str, Any], programme: str) -> bytes:
    """The document as a programme's folder of TOML files in a zip: edited by hand and loaded again, or kept under version control.
    Loading it unchanged changes nothing."""
    edition, out = dict(document["edition"]), io.BytesIO()
    slug = edition["slug"]
    edition |= {"form": "form.toml", "classes": "classes.toml"}
    about = {"slug": programme, "name": edition["name"], "default_edition": slug, "editions": [slug]}
    files = {"programme.toml": about, f"{slug}.toml": edition}
    files |= {"form.toml": document["form"], "classes.toml": document["classes"]}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, table in files.items():
            folder.writestr(
                zipfile.ZipInfo(f"{programme}/{name}"), tomli_w.dumps(_dated(table), multiline_strings=True)
            )
    return out.getvalue()


def moved_dates(edition: Mapping[str, Any], weeks: int) -> dict[str, tuple[date, date]]:
    """Each stage's first and last day so many weeks later."""
    by = timedelta(weeks=weeks)
    stages = [*edition.get("stage", ()), *edition.get("side_stage", ())]
    return {one["key"]: tuple(date.fromisoformat(one[key]) + by for key in _DAYS) for one in stages}  # type: ignore[misc]


def _move(edition: dict[str, Any], plan: Plan) -> None:
    days = {**moved_dates(edition, plan.weeks), **plan.dates}
    late = [key for key, (opens, closes) in days.items() if closes < opens]
    if late:
        raise Refused("dates", _("A stage ends before it begins: %(stages)s.") % {"stages": "、".join(late)})
    closes = {date.fromisoformat(one["closes"]): days[one["key"]][1] for one in edition.get("stage", ())}
    for stage in [*edition.get("stage", ()), *edition.get("side_stage", ())]:
        stage |= {key: day.isoformat() for key, day in zip(_DAYS, days[stage["key"]], strict=True)}
    calendar = edition["calendar"]
    deadline = datetime.fromisoformat(calendar["deadline"])
    # the deadline goes with the stage that it ended
    ends = closes.get(deadline.date(), deadline.date() + timedelta(weeks=plan.weeks))
    calendar["deadline"] = datetime.combine(ends, deadline.timetz()).isoformat()
    if "clock" in calendar:
        # a rehearsed edition stays one: it stands at the opening of its first stage
        first = min(opens for opens, _closes in days.values())
        calendar["clock"] = datetime.combine(first, datetime.fromisoformat(calendar["clock"]).timetz()).isoformat()


def _know_titles(edition: dict[str, Any], source: Edition) -> None:
    """The titles of the edition before are earlier titles; one that may not be won twice excludes, where no clause says so yet."""
    known = edition.setdefault("earlier_title", [])
    for title in source.spec.titles:
        key = f"{title.key}_{source.slug}".replace("-", "_")
        if title.direct or any(one["key"] == key for one in known):
            continue
        row = {"key": key, "label": title.label, "label_en": title.label_en, "edition": source.slug}
        known.append(row | ({"may_stand_again": True} if title.may_stand_again else {}))
        excluded = any(f"'{title.label}' in earlier_titles" in one["expression"] for one in edition["clause"])
        if not title.may_stand_again and not excluded:
            edition["clause"].append(_exclusion(title.label, title.label_en, edition["clause"]))


def _exclusion(label: str, label_en: str, clauses: list[dict[str, Any]]) -> dict[str, Any]:
    codes = {one["code"] for one in clauses}
    code = next(f"X{number}" for number in range(1, 100) if f"X{number}" not in codes)
    return {
        "code": code,
        "kind": "exclusion",
        "label": f"未获“{label}”称号",
        "label_en": f"Does not hold the title {label_en}",
        "text": f"已获得“{label}”称号的，不再推荐",
        "source": "previous",
        "expression": f"!('{label}' in earlier_titles)",
    }


def _dated(value: Any, key: str = "") -> Any:
    """Days and moments as TOML's own, everything else as it is."""
    if isinstance(value, Mapping):
        return {name: _dated(one, name) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_dated(one) for one in value]
    if key in _DATED and isinstance(value, str):
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    return value


def check_document(document: Mapping[str, Any]) -> None:
    """Refused: `document`, where the edition's rules do not hold together any more."""
    try:
        load_edition(document["edition"], FormSpec.from_document(document["form"]), document["classes"])
    except ValueError as error:
        raise Refused("document", str(error)) from None
