"""What the pages of the draw and of recusals show, made ready for templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.review import PanelSpec, ReviewSpec
from jiangbang.nomination.pages import language
from jiangbang.programme.models import Edition
from jiangbang.review.models import Draw, Recusal, Seat
from jiangbang.review.pool_pages import class_names
from jiangbang.review.profiles import Profile, profile_of, unsealed

State = Seat.State
TONES = {
    State.WAITING: "open",
    State.ASKED: "open",
    State.CONFIRMED: "met",
    State.REFUSED: "not_met",
    State.RELEASED: "not_met",
}
RECUSAL_TONES = {Recusal.State.DOUBT: "open", Recusal.State.STANDS: "not_met", Recusal.State.DISMISSED: "met"}


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat as the office sees it."""

    seat: Seat
    profile: Profile
    classes: str
    outside: bool
    reason: str

    @property
    def tone(self) -> str:
        return TONES[State(self.seat.state)]


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel with its rules in sentences and its seats."""

    name: str
    rules: tuple[str, ...]
    rows: tuple[SeatRow, ...] = ()

    @property
    def held(self) -> int:
        return sum(row.seat.sits for row in self.rows)


def panel_label(panel: PanelSpec) -> str:
    return panel.label_en if language() == "en" else panel.rules.name


def rule_sentences(panel: PanelSpec, spec: EditionSpec) -> tuple[str, ...]:
    """The rules of a panel as one reads them aloud."""
    rules, names = panel.rules, class_names(spec)
    said = [ngettext("%(n)d member", "%(n)d members", rules.seats) % {"n": rules.seats}]
    if rules.alternates:
        said.append(ngettext("%(n)d alternate", "%(n)d alternates", rules.alternates) % {"n": rules.alternates})
    if rules.most_per_employer is not None:
        said.append(_("at most %(n)d from one employer") % {"n": rules.most_per_employer})
    if rules.outside:
        said.append(_("at least %(n)d from outside") % {"n": rules.outside})
    said += [
        _("at least %(n)d for %(field)s") % {"n": least, "field": names.get(code, code)} for code, least in rules.fields
    ]
    return tuple(said)


def panels_of(edition: Edition, rules: ReviewSpec, drawn: Draw | None) -> list[PanelView]:
    """The panels with whoever sits in them; members first, then alternates."""
    rows = seat_rows(drawn, edition.spec, rules) if drawn is not None and drawn.state == Draw.State.HELD else []
    return [
        PanelView(
            panel_label(panel),
            rule_sentences(panel, edition.spec),
            tuple(row for row in rows if row.seat.panel == panel.rules.name),
        )
        for panel in rules.panels
    ]


def seat_rows(drawn: Draw, spec: EditionSpec, rules: ReviewSpec) -> list[SeatRow]:
    names = class_names(spec)
    seats = drawn.seats.select_related("entry__expert", "replaces__entry__expert").order_by(
        "panel", "alternate", "place"
    )
    return [
        SeatRow(
            seat,
            profile_of(seat.entry.expert),
            "、".join(names.get(code, code) for code in seat.entry.expert.classes),
            rules.from_outside(seat.entry.expert.region),
            unsealed(seat.entry.expert, bytes(seat.sealed_reason)),
        )
        for seat in seats
    ]


def drawn_cards(drawn: Draw, edition: Edition) -> list[dict[str, Any]]:
    """What the hall sees: numbers and fields, no names."""
    pool = {one["id"]: one for one in drawn.document["pool"]}
    names = class_names(edition.spec)

    def card(code: str) -> dict[str, Any]:
        one = pool[code]
        groups = [names.get(field, field) for field in one["fields"] if len(field) == 2]
        return {"code": code, "fields": groups, "outside": one["outside"]}

    return [
        {
            "name": panel["name"],
            "members": [card(code) for code in panel["members"]],
            "alternates": [card(code) for code in panel["alternates"]],
        }
        for panel in drawn.result
    ]


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """One recusal as the office sees it."""

    recusal: Recusal
    expert: str
    code: str
    dossier: str
    ground: str
    reason: str

    @property
    def tone(self) -> str:
        return RECUSAL_TONES[Recusal.State(self.recusal.state)]


def recusal_rows(recusals: Iterable[Recusal]) -> list[RecusalRow]:
    rows = []
    for one in recusals:
        expert = one.seat.entry.expert
        rows.append(
            RecusalRow(
                one,
                profile_of(expert).name,
                expert.code,
                one.dossier.name,
                unsealed(expert, bytes(one.sealed_ground)),
                unsealed(expert, bytes(one.sealed_reason)),
            )
        )
    return rows


def recusal_choices(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"value": state.value, "label": state.label, "count": counts.get(state.value, 0)} for state in Recusal.State
    ]


def undeclared(seats: Sequence[Seat]) -> int:
    """How many who sit have not declared their relations."""
    return sum(seat.declared_at is None for seat in seats)
