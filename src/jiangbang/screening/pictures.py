"""The screening in pictures: the way from received to screened; by unit, class, focus field, gender, age and years.

Six queries however many dossiers there are; no form is opened. Where a picture tells people by gender, age or years, cells below
`SMALL` are not told: who knows the unit would know the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import GENDERS, label_of, language, unit_names
from jiangbang.programme.models import Edition
from jiangbang.screening.models import Screening
from jiangbang.screening.picture_models import Trait
from jiangbang.screening.traits import AGES, YEARS

# Fewer people than these are shown as "<3" where a picture tells personal traits.
SMALL = 3
# The parts of a bar: what became of the people.
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("eligible", ("eligible",)),
    ("not_eligible", ("not_eligible",)),
    ("open", ("waiting", "second")),
)
Counted = Mapping[Any, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One bar: its label and its parts in the order of the picture."""

    label: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with all that its table says. `tones` name the colours of the parts; `guarded`: small cells are not told."""

    key: str
    title: str
    first: str
    columns: tuple[str, ...]
    tones: tuple[str, ...]
    rows: tuple[PictureRow, ...]
    note: str = ""
    guarded: bool = False

    @property
    def most(self) -> int:
        """The longest bar."""
        return max((row.total for row in self.rows), default=0)

    def told(self, count: int) -> int | str:
        """A cell as it may be told."""
        return f"<{SMALL}" if self.guarded and 0 < count < SMALL else count

    def drawn(self, row: PictureRow) -> tuple[int, ...]:
        """The parts as they are drawn: a bar must not tell what its cell does not."""
        return tuple(0 if self.guarded and count < SMALL else count for count in row.parts)


def pictures(edition: Edition) -> list[Picture]:
    """Every picture of the edition, in the order of the page."""
    return [make(edition) for make in _MAKERS.values()]


def picture(edition: Edition, key: str) -> Picture | None:
    """One picture, or None where there is none of this name."""
    make = _MAKERS.get(key)
    return make(edition) if make else None


def uncounted(edition: Edition) -> int:
    """People in screening whom the pictures by trait do not count yet. Two queries."""
    return max(0, Screening.objects.filter(edition=edition).count() - Trait.objects.filter(edition=edition).count())


# -- the pictures --------------------------------------------------------------------------------------------------------


def _funnel(edition: Edition) -> Picture:
    live = ~Q(state=Dossier.State.SUPERSEDED)
    in_screening = Q(screening__isnull=False)
    concluded = Q(screening__state__in=("eligible", "not_eligible"))
    found = Dossier.objects.filter(edition=edition).aggregate(
        received=Count("pk", filter=live),
        accepted=Count("pk", filter=Q(state=Dossier.State.ACCEPTED) | in_screening),
        taken_in=Count("pk", filter=in_screening),
        concluded=Count("pk", filter=concluded),
        eligible=Count("pk", filter=Q(screening__state="eligible")),
    )
    steps = (
        (_("received"), found["received"]),
        (_("accepted"), found["accepted"]),
        (_("in screening"), found["taken_in"]),
        (_("concluded"), found["concluded"]),
        (_("eligible"), found["eligible"]),
    )
    rows = tuple(PictureRow(label, (count,)) for label, count in steps)
    return Picture("funnel", _("From received to screened"), _("Step"), (_("People"),), ("ink",), rows)


def _units(edition: Edition) -> Picture:
    counted = _grouped(Screening.objects.filter(edition=edition), "unit_code")
    names = unit_names(edition.spec)
    labels = [(unit.code, names[unit.code]) for unit in edition.spec.units if unit.code in counted]
    return _stacked("unit", _("By recommending unit"), _("Recommending unit"), counted, labels)


def _classes(edition: Edition) -> Picture:
    """By the five classes of two digits; what names none of them comes last."""
    counted: dict[str, dict[str, int]] = {}
    rows = Screening.objects.filter(edition=edition).values_list("dossier__industry_class", "state")
    for said, state, count in rows.annotate(Count("pk")):
        code = str(said)[:2]
        code = code if code in {one.code for one in edition.spec.industry_classes} else ""
        counted.setdefault(code, {}).setdefault(state, 0)
        counted[code][state] += count
    labels = [(one.code, f"{one.code} {label_of(one)}") for one in edition.spec.industry_classes if len(one.code) == 2]
    return _stacked("class", _("By industry class"), _("Industry class"), counted, [*labels, ("", _("other or none"))])


def _focus(edition: Edition) -> Picture:
    raw = list(edition.spec.document.get("focus", ()))
    places = {f"f{number}": one for number, one in enumerate(raw)}
    found: Any = Trait.objects.filter(edition=edition).values("state")
    counts = {place: Count("pk", filter=Q(focus__contains=f" {one['key']} ")) for place, one in places.items()}
    rows = list(found.annotate(none=Count("pk", filter=Q(focus=" ")), **counts))
    counted = {place: {row["state"]: row[place] for row in rows} for place in (*places, "none")}
    labels = [(place, str(one["label_en" if language() == "en" else "label"])) for place, one in places.items()]
    return _stacked(
        "focus",
        _("By focus field"),
        _("Focus field"),
        counted,
        [*labels, ("none", _("names none"))],
        note=_("Found by their names in the open fields of the form; somebody who names two counts in both."),
    )


def _genders(edition: Edition) -> Picture:
    counted = _grouped(Trait.objects.filter(edition=edition), "gender")
    words = GENDERS[language()]
    labels = [("male", words["male"]), ("female", words["female"]), ("", _("not given"))]
    return _stacked("gender", _("By gender"), _("Gender"), counted, labels, guarded=True)


def _ages(edition: Edition) -> Picture:
    counted = _grouped(Trait.objects.filter(edition=edition), "age")
    return _stacked(
        "age",
        _("By age"),
        _("Age"),
        counted,
        age_bands(),
        guarded=True,
        note=_("Full years on the day of the deadline."),
    )


def _years(edition: Edition) -> Picture:
    counted = _grouped(Trait.objects.filter(edition=edition), "years")
    return _stacked(
        "years", _("By years in the industry"), _("Years in the industry"), counted, _bands(YEARS), guarded=True
    )


_MAKERS: dict[str, Callable[[Edition], Picture]] = {
    "funnel": _funnel,
    "unit": _units,
    "class": _classes,
    "focus": _focus,
    "gender": _genders,
    "age": _ages,
    "years": _years,
}


def _grouped(found: Any, field: str) -> dict[Any, dict[str, int]]:
    """Counts by a field and by state. One query."""
    counted: dict[Any, dict[str, int]] = {}
    for value, state, count in found.values_list(F(field), "state").annotate(Count("pk")):
        counted.setdefault(value, {})[state] = count
    return counted


def age_bands() -> list[tuple[Any, str]]:
    """The bands of age by their beginning, with their words; None where the form does not say."""
    return _bands(AGES)


def _bands(starts: Sequence[int]) -> list[tuple[Any, str]]:
    """Bands of whole years with their words; None where the form does not say."""
    words: list[tuple[Any, str]] = []
    for start, end in zip(starts, (*starts[1:], None), strict=True):
        if end is None:
            words.append((start, _("%(from)s and more") % {"from": start}))
        else:
            words.append((start, _("under %(to)s") % {"to": end} if not start else f"{start}–{end - 1}"))
    return [*words, (None, _("not given"))]


def _stacked(
    key: str,
    title: str,
    first: str,
    counted: Counted,
    labels: Iterable[tuple[Any, str]],
    *,
    note: str = "",
    guarded: bool = False,
) -> Picture:
    rows = []
    for value, label in labels:
        states = counted.get(value, {})
        parts = tuple(sum(states.get(state, 0) for state in names) for _part, names in PARTS)
        # bars of nobody are left out, but for the classes of a scale
        if sum(parts) or (value not in ("", None, "none") and key in ("age", "years", "class", "focus")):
            rows.append(PictureRow(label, parts))
    columns = (_("Eligible"), _("Not eligible"), _("Not concluded"))
    return Picture(key, title, first, columns, ("met", "not_met", "muted"), tuple(rows), note, guarded)
