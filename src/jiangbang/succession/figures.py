"""The figures, shaped for pages and for a table that anybody can work with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiangbang.kernel.small_cells import LEAST, told
from jiangbang.nomination.desk_figures import DISTRICTS, Figure
from jiangbang.nomination.pages import GENDERS, label_of, language, unit_names
from jiangbang.screening.pictures import age_bands
from jiangbang.succession.statistics import STEPS, Figures, Step

STEP_WORDS: Final[Mapping[Step, str | Promise]] = {
    "received": gettext_lazy("recommended"),
    "accepted": gettext_lazy("accepted"),
    "eligible": gettext_lazy("eligible"),
    "listed": gettext_lazy("shortlisted, or to take a title directly"),
    "noticed": gettext_lazy("before the public"),
    "held": gettext_lazy("hold a title or prize"),
}
COLUMNS: Final = ("届次", "演练", "项目", "代码", "名称", "人数", "获得称号（奖项）")


@dataclass(frozen=True, slots=True)
class Line:
    """One edition in the comparison. `share`: of a hundred recommended people so many hold a title or prize; `again` as it may be told."""

    figures: Figures
    share: str
    again: str
    titles: list[tuple[str, int]]

    @property
    def steps(self) -> list[tuple[str, int]]:
        """Every step with its words."""
        return [(str(STEP_WORDS[step]), self.figures.steps[step]) for step in STEPS]


@dataclass(frozen=True, slots=True)
class Trend:
    """One district with its people and titles in each edition of the comparison, None where the edition has not this unit."""

    label: str
    cells: list[tuple[str, str]]


def line_of(one: Figures, *, exact: bool) -> Line:
    """An edition as the comparison tells it; `exact` also small numbers of people who stood before."""
    titles = [(label_of(title), one.held[title.key]) for title in one.edition.spec.titles if one.held[title.key]]
    return Line(one, percent(one.steps["held"], one.steps["received"]), _again(one, exact=exact), titles)


def percent(part: int, whole: int) -> str:
    """In hundredths with one decimal; a dash where there is none yet."""
    return f"{100 * part / whole:.1f} %" if part and whole else "—"


def compared(lines: Sequence[Line]) -> Figure:
    """People and titles, edition by edition."""
    columns = [_("Edition"), _("People recommended"), _("Titles and prizes")]
    rows: list[list[Any]] = [
        [one.figures.edition.slug, one.figures.steps["received"], one.figures.steps["held"]] for one in lines
    ]
    return Figure("compared", _("People and titles by edition"), "bars", columns, rows, [])


def trends(found: Sequence[Figures]) -> list[Trend]:
    """The districts, in the order of the newest edition, with people and titles in every edition."""
    units = found[-1].edition.spec.units if found else ()
    districts = [unit for unit in units if unit.kind == DISTRICTS]
    names = unit_names(found[-1].edition.spec) if found else {}
    rows = [
        Trend(
            names[unit.code],
            [(one.edition.slug, f"{one.people_by_unit[unit.code]} / {one.titles_by_unit[unit.code]}") for one in found],
        )
        for unit in districts
    ]
    return rows if any(one.people_by_unit[unit.code] for one in found for unit in districts) else []


def pictures(one: Figures) -> list[Figure]:
    """The charts of one edition that have something to show."""
    made = [_funnel(one), *_units(one), _classes(one), _genders(one), _ages(one)]
    return [figure for figure in made if any(isinstance(cell, int) and cell for row in figure.rows for cell in row[1:])]


def csv_rows(found: Iterable[Figures], *, exact: bool) -> list[list[str]]:
    """Every figure of the pages as a row: edition, practised or not, group, code, name, people, titles. What is not told is `<5`."""
    rows = []
    for one in found:
        head = [one.edition.slug, "是" if one.practice else "否"]
        names = unit_names(one.edition.spec)
        rows += [[*head, "进展", step, str(STEP_WORDS[step]), str(one.steps[step]), ""] for step in STEPS]
        rows += [[*head, "再次参评", "", "", _again(one, exact=exact), ""]]
        rows += [
            [*head, "推荐单位", code, names.get(code, code), str(count), str(one.titles_by_unit[code])]
            for code, count in sorted(one.people_by_unit.items())
        ]
        rows += [
            [*head, "行业", code, label, str(one.people_by_class[code]), str(one.titles_by_class[code])]
            for code, label in _class_labels(one)
        ]
        rows += [
            [*head, "称号", title.key, label_of(title), "", str(one.held[title.key])]
            for title in one.edition.spec.titles
        ]
        rows += [[*head, "性别", key, label, _cell(count), ""] for key, label, count in _gender_cells(one)]
        rows += [
            [*head, "年龄", "" if key is None else str(key), label, _cell(count), ""]
            for key, label, count in _age_cells(one)
        ]
    return rows


# -- the charts ----------------------------------------------------------------------------------------------------------


def _funnel(one: Figures) -> Figure:
    rows: list[list[Any]] = [[str(STEP_WORDS[step]), one.steps[step]] for step in STEPS]
    return Figure("funnel", _("From recommended to holding a title"), "across", [_("Step"), _("People")], rows, [])


def _units(one: Figures) -> list[Figure]:
    names = unit_names(one.edition.spec)
    parts = ((True, "districts", _("By district")), (False, "units", _("By industry, department, association")))
    return [
        _stacked(
            key,
            title,
            _("Recommending unit"),
            [
                (names[unit.code], one.people_by_unit[unit.code], one.titles_by_unit[unit.code])
                for unit in one.edition.spec.units
                if (unit.kind == DISTRICTS) == of_districts and one.people_by_unit[unit.code]
            ],
        )
        for of_districts, key, title in parts
    ]


def _classes(one: Figures) -> Figure:
    rows = [(label, one.people_by_class[code], one.titles_by_class[code]) for code, label in _class_labels(one)]
    return _stacked("classes", _("By industry class"), _("Industry class"), rows)


def _genders(one: Figures) -> Figure:
    rows = [_bar(label, count) for _key, label, count in _gender_cells(one)]
    return Figure("genders", _("By gender"), "across", [_("Gender"), _("People")], rows, [])


def _ages(one: Figures) -> Figure:
    rows = [_bar(label, count) for _key, label, count in _age_cells(one)]
    return Figure("ages", _("By age on the day of the deadline"), "across", [_("Age"), _("People")], rows, [])


def _stacked(key: str, title: str, first: str, rows: Iterable[tuple[str, int, int]]) -> Figure:
    """Bars whose dark part holds a title or prize."""
    columns = [first, _("with a title or prize"), _("without")]
    return Figure(key, title, "across", columns, [[label, held, people - held] for label, people, held in rows], [])


def _class_labels(one: Figures) -> list[tuple[str, str]]:
    named = [(known.code, label_of(known)) for known in one.edition.spec.industry_classes]
    return [(code, label) for code, label in (*named, ("", _("other or none"))) if one.people_by_class[code]]


def _gender_cells(one: Figures) -> list[tuple[str, str, int | None]]:
    words = GENDERS[language()]
    labels = {"female": words["female"], "male": words["male"], "": _("not given")}
    cells = told({key: one.genders[key] for key in labels if one.genders[key] or key})
    return [(key, labels[key], count) for key, count in cells.items()] if one.genders else []


def _age_cells(one: Figures) -> list[tuple[int | None, str, int | None]]:
    labels = dict(age_bands())
    cells = told({key: one.ages[key] for key in labels if one.ages[key] or key is not None})
    return [(key, labels[key], count) for key, count in cells.items()] if one.ages else []


def _again(one: Figures, *, exact: bool) -> str:
    return str(one.again) if exact else _cell(one.again if one.again >= LEAST or not one.again else None)


def _cell(count: int | None) -> str:
    return _("not told") if count is None else str(count)


def _bar(label: str, count: int | None) -> list[Any]:
    """A bar that is not told says so where it would stand: an empty one would look like nobody."""
    return [f"{label} · {_cell(None)}", _cell(None)] if count is None else [label, count]
