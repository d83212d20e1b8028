"""Look-up and permission in one place: a unit's people see their own; whatever is another unit's does not exist for them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import roles_in
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.queries import with_all
from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination.access import person
from jiangbang.nomination.models import Intake, Packet
from jiangbang.nomination.pages import language, unit_name
from jiangbang.programme.chosen import chosen_edition
from jiangbang.programme.models import Edition
from jiangbang.recommendation.policy import units_of
from jiangbang.recommendation.scanning import SCAN_KINDS

SESSION_KEY = "unit"


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where somebody works: the edition, the unit, and as who. `others` are the further units of whoever works for several."""

    edition: Edition
    unit: UnitSpec
    user: User
    others: tuple[UnitSpec, ...] = ()

    @property
    def label(self) -> str:
        """The unit as trails name it: short in Chinese, whole in English, which has no short one."""
        return unit_name(self.unit) if language() == "en" else self.unit.short_name


def workplace(request: HttpRequest) -> Workplace:
    """The unit's workspace of whoever asks: 404 for who has no role in the edition, 403 for who works for no unit.

    Who works for several units chooses by `?unit=`; the choice is kept in the session.
    """
    edition, user = chosen_edition(request), person(request)
    if edition is None:
        raise Http404
    mine = units_of(user, edition)
    units = [unit for unit in edition.spec.units if unit.code in mine]
    if not units:
        if roles_in(user, edition.key):
            raise PermissionDenied
        raise Http404
    wanted = request.GET.get("unit") or request.session.get(SESSION_KEY)
    unit = next((unit for unit in units if unit.code == wanted), units[0])
    if len(units) > 1:
        request.session[SESSION_KEY] = unit.code
    return Workplace(edition, unit, user, tuple(one for one in units if one != unit))


def candidacy_for(request: HttpRequest, pk: UUID) -> tuple[Workplace, Candidacy]:
    """One of the unit's own candidacies; 404 for any other."""
    place = workplace(request)
    found = with_all(pk)
    if found is None or found.edition_id != place.edition.pk or found.unit_code != place.unit.code:
        raise Http404
    return place, found


def scan_for(request: HttpRequest, pk: UUID) -> tuple[Workplace, Candidacy, Attachment]:
    """A scan of a sealed form of one of the unit's own candidacies."""
    place = workplace(request)
    scans = Attachment.objects.filter(kind__in=SCAN_KINDS, candidacy__edition=place.edition)
    found = scans.filter(pk=pk, candidacy__unit_code=place.unit.code).select_related("candidacy__person").first()
    if found is None:
        raise Http404
    found.candidacy.edition = place.edition
    return place, found.candidacy, found


def packet_for(request: HttpRequest, pk: int) -> tuple[Workplace, Packet]:
    """One of the unit's own packets."""
    place = workplace(request)
    packets = Packet.objects.select_related("edition", "received_by").defer("edition__document")
    found = packets.filter(pk=pk, edition=place.edition, unit_code=place.unit.code).first()
    if found is None:
        raise Http404
    return place, found


def intake_for(request: HttpRequest, pk: UUID) -> tuple[Workplace, Intake]:
    """One of the files that were brought for the unit."""
    place = workplace(request)
    intakes = Intake.objects.select_related("edition", "packet").defer("edition__document")
    found = intakes.filter(pk=pk, edition=place.edition, unit_code=place.unit.code).first()
    if found is None:
        raise Http404
    return place, found
