"""The edition in figures: arrivals against the deadline, districts, industry classes, the way from draft to dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from jiangbang.nomination import queries
from jiangbang.nomination.desk import arrivals_by
from jiangbang.nomination.desk_funnel import funnel
from jiangbang.nomination.desk_page import arrival_rows, deadline_marks
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import unit_name
from jiangbang.programme.models import Edition

DISTRICTS = "district_union"
# Classes beyond these are summed up in one bar.
SHOWN_CLASSES = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its table: kind as in the chart component, columns, rows, marks."""

    id: str
    title: str
    kind: str
    columns: list[str]
    rows: list[list[Any]]
    marks: list[dict[str, str]]


def figures(edition: Edition) -> list[Figure]:
    """Every figure that has something to show. Four queries and those of the registered drafts, however many dossiers there are."""
    lines = queries.ledger(edition)
    hours, days = arrivals_by(edition)
    found = [
        _arrivals("by-day", _("Packets by day"), edition, days, "day"),
        _arrivals("by-hour", _("Packets by hour, the last two days"), edition, hours, "hour"),
        _districts(lines),
        _classes(edition),
        _funnel(edition, lines),
    ]
    return [figure for figure in found if any(cell for row in figure.rows for cell in row[1:])]


def _arrivals(key: str, title: str, edition: Edition, counts: list[tuple[datetime, int]], step: Any) -> Figure:
    rows = arrival_rows(counts, step, edition.deadline.at.astimezone(edition.zone))
    return Figure(key, title, "bars", [_("Time"), _("Packets")], rows, deadline_marks(edition, step, rows))


def _districts(lines: list[queries.LedgerLine]) -> Figure:
    rows = [[unit_name(line.unit), line.accepted, line.waiting] for line in lines if line.unit.kind == DISTRICTS]
    columns = [_("Recommending unit"), _("Accepted"), _("To be mended")]
    return Figure("by-district", _("People by district"), "across", columns, rows, [])


def _classes(edition: Edition) -> Figure:
    """Live dossiers by the class that they name. One query."""
    counted = list(
        Dossier.objects.filter(edition=edition)
        .exclude(state=Dossier.State.SUPERSEDED)
        .values_list("industry_class")
        .annotate(number=Count("pk"))
        .order_by("-number", "industry_class")
    )
    shown, rest = counted[:SHOWN_CLASSES], counted[SHOWN_CLASSES:]
    rows: list[list[Any]] = [[label or _("not given"), number] for label, number in shown]
    if rest:
        rows.append([_("%(count)s other classes") % {"count": len(rest)}, sum(number for _label, number in rest)])
    return Figure("by-class", _("People by industry class"), "across", [_("Industry class"), _("People")], rows, [])


def _funnel(edition: Edition, lines: list[queries.LedgerLine]) -> Figure:
    rows: list[list[Any]] = [[str(step.label), step.count] for step in funnel(edition, lines)]
    return Figure("funnel", _("From draft to dossier"), "across", [_("Step"), _("People")], rows, [])
