"""A draw that was held, and dossiers that come before the panel."""

from __future__ import annotations

from nomination.readings import make_reading, person
from review.experts import a_list

from jiangbang.accounts.models import User
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.review import drawing, pool
from jiangbang.review.models import Draw, Seat
from jiangbang.screening.acts import begin_screening
from jiangbang.screening.models import Screening

WITNESSES = (("王见证", "一帆风顺"), ("李见证", "20240816"))


def agreed_pool(edition: Edition, office: User, count: int = 24) -> None:
    """So many experts who have agreed; each may sit for each class, so that an alternate fits whoever leaves."""
    pool.list_experts(edition, a_list(edition, count, consent="是", classes="01、03、04、05"), by=office)


def held(edition: Edition, office: User, count: int = 24) -> Draw:
    """The edition's draw, committed and held."""
    agreed_pool(edition, office, count)
    return drawing.hold_draw(drawing.commit_draw(edition, by=office), WITNESSES, by=office)


def confirmed(edition: Edition, office: User, count: int = 24) -> list[Seat]:
    """The panel, everybody confirmed."""
    drawn = held(edition, office, count)
    for seat in drawn.seats.filter(state=Seat.State.ASKED):
        drawing.confirm_seat(seat, by=office, source="office")
    rows = Seat.objects.filter(draw=drawn, state=Seat.State.CONFIRMED).select_related("draw__edition", "entry__expert")
    return list(rows.order_by("place"))


def eligible_dossiers(edition: Edition, office: User, count: int, **changes: object) -> list[Dossier]:
    """People who were found eligible; each has an employer of his own unless told otherwise."""
    records = [
        person(number, **{"employer_and_position": f"甲{number}智造有限公司 工程师", **changes})
        for number in range(count)
    ]
    nomination_acts.receive_packet(
        make_reading(records, salt=str(changes)), edition=edition, unit=edition.spec.unit("330108"), by=office
    )
    begin_screening(edition, by=office)
    Screening.objects.filter(edition=edition).update(state=Screening.State.ELIGIBLE)
    return list(Dossier.objects.filter(edition=edition).order_by("name"))
