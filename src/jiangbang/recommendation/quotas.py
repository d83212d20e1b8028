"""Who goes within a unit's quota: the unit chooses, and direct titles stand outside.

Receiving holds the lowest-ranked above a quota that binds (`nomination.holding`); here the unit changes that until the deadline.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.accounts.models import User
from jiangbang.candidacy.clock import refuse_late
from jiangbang.kernel.edition import TitleSpec, UnitSpec
from jiangbang.kernel.eligibility import evaluate
from jiangbang.nomination.dossiers import subject_of
from jiangbang.nomination.models import Dossier
from jiangbang.papers.clause_verdicts import compiled
from jiangbang.programme.models import Edition
from jiangbang.recommendation import policy
from jiangbang.recommendation.acts import refuse_others
from jiangbang.recommendation.models import DirectRoute
from jiangbang.register.acts import Refused, act, nothing_changed, record

ACCEPTED, HELD = Dossier.State.ACCEPTED, Dossier.State.HELD
# No contest's level, rank or year has more digits.
MOST_DIGITS = 6


# -- who goes ------------------------------------------------------------------------------------------------------------


def in_order(edition: Edition, unit_code: str) -> list[Dossier]:
    """The unit's people who fit (accepted or held), in its own order: its ranking, then the order of its rosters. One query."""
    found = Dossier.objects.filter(edition=edition, unit_code=unit_code, state__in=(ACCEPTED, HELD))
    rows = list(found.annotate(rank=Min("candidacies__rank")).select_related("person", "accepted_revision__packet"))
    for one in rows:
        one.edition = edition
    return sorted(rows, key=_place)


def _place(dossier: Any) -> tuple[Any, ...]:
    revision = dossier.accepted_revision
    last = 10**9
    return (dossier.rank or last, revision.packet.sequence, revision.roster_row or last, dossier.name, str(dossier.pk))


def stamp_of(people: Sequence[Dossier]) -> str:
    """What somebody saw who chooses: it differs as soon as anybody came, went or was chosen otherwise."""
    seen = sorted(f"{one.pk}:{one.state}:{one.direct_title}" for one in people)
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


@act("quota.chosen")
def choose_who_goes(
    edition: Edition, unit: UnitSpec, chosen: Collection[UUID], *, stamp: str, by: User
) -> tuple[int, int]:
    """Say who of the unit's people goes; the others are held. Returns how many were taken in and how many were held.

    Direct titles go outside the quota and are not chosen. `stamp` is `stamp_of` what was seen. Choices and receipts of an edition take
    turns, so two people who choose at once cannot take more seats than there are.

    Refused: `permission`; `late`; `changed` since it was looked at; `unknown_person`; `quota` above a bound that binds;
    `elsewhere` when another unit recommends somebody meanwhile.
    """
    # as receipts do: without a key, for whoever brings a file holds the register's head when this row is checked
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    refuse_others(by, edition, unit.code)
    refuse_late(edition)
    people = in_order(edition, unit.code)
    if stamp_of(people) != stamp:
        raise Refused("changed", _("Somebody has chosen or submitted meanwhile. Look again, then choose."))
    wanted = set(chosen)
    if not wanted <= {one.pk for one in people}:
        raise Refused("unknown_person", _("The list has changed. Load the page again, then choose."))
    _refuse_above(unit, sum(one.pk in wanted and not one.direct_title for one in people))
    taken = [one for one in people if one.pk in wanted and one.state == HELD]
    stood_back = [one for one in people if one.pk not in wanted and one.state == ACCEPTED and not one.direct_title]
    _refuse_elsewhere(edition, taken)
    if not taken and not stood_back:
        nothing_changed()
        return 0, 0
    now = timezone.now()
    for one in (*taken, *stood_back):
        one.state, one.updated_at = (HELD if one.state == ACCEPTED else ACCEPTED), now
    Dossier.objects.bulk_update([*stood_back, *taken], ["state", "updated_at"], batch_size=200)
    facts = {
        "unit": unit.code,
        "accepted": len(taken),
        "held": len(stood_back),
        "people": [str(one.pk) for one in (*taken, *stood_back)],
    }
    record("quota.chosen", by=by, edition=edition.key, subject=f"unit:{unit.code}", facts=facts)
    return len(taken), len(stood_back)


def _refuse_above(unit: UnitSpec, count: int) -> None:
    if unit.hard and count > unit.quota_max:
        sentence = ngettext(
            "At most %(limit)s person may be recommended; you chose %(count)s. Leave somebody out.",
            "At most %(limit)s people may be recommended; you chose %(count)s. Leave somebody out.",
            unit.quota_max,
        )
        raise Refused("quota", sentence % {"limit": unit.quota_max, "count": count})


def _refuse_elsewhere(edition: Edition, taken: Sequence[Dossier]) -> None:
    """Nobody is accepted twice in an edition: whoever was held may have been taken in by another unit meanwhile."""
    rivals = Dossier.objects.filter(edition=edition, state=ACCEPTED, person__in=[one.person_id for one in taken])
    if names := list(rivals.values_list("name", flat=True)):
        raise Refused(
            "elsewhere", _("Another unit recommends %(names)s meanwhile. Leave them out.") % {"names": "、".join(names)}
        )


# -- direct titles -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DirectFact:
    """What the rule of a direct title asks for."""

    key: str
    label: str
    label_en: str


def direct_titles(edition: Edition) -> list[TitleSpec]:
    """The edition's titles that are taken directly, outside seats and quota."""
    return [title for title in edition.spec.titles if title.direct]


def direct_facts(edition: Edition) -> list[DirectFact]:
    """What is asked of a contest, in the edition's order."""
    raw = edition.spec.document.get("direct_fact", ())
    return [DirectFact(one["key"], one["label"], one["label_en"]) for one in raw]


@act("direct.claimed")
def claim_direct(dossier: Dossier, title: str, said: Mapping[str, str], *, by: User) -> DirectRoute:
    """The unit says that somebody takes a title directly: the contest's facts must fit the title's rule. The office decides.

    Until then the person counts in the quota. Refused: `permission`; `late`; `unknown_title`; `not_accepted`; `claimed` already;
    `number` for a fact that is none; `rule` where the facts do not fit it.
    """
    dossier = _locked(dossier)
    refuse_others(by, dossier.edition, dossier.unit_code)
    refuse_late(dossier.edition)
    spec = next((one for one in direct_titles(dossier.edition) if one.key == title), None)
    if spec is None:
        raise Refused("unknown_title", _("This edition gives no such title directly."))
    if dossier.state not in (ACCEPTED, HELD):
        raise Refused("not_accepted", _("The papers of this person are not complete yet."))
    if dossier.direct_routes.exclude(state=DirectRoute.State.REFUSED).exists():
        raise Refused("claimed", _("This has been claimed for the person already."))
    facts = {fact.key: _whole(said.get(fact.key, "")) for fact in direct_facts(dossier.edition)}
    if spec.rule and evaluate(compiled(spec.rule), facts).value != "met":
        raise Refused("rule", _("What you say of the contest does not fit the rule of this title."))
    made = DirectRoute.objects.create(
        dossier=dossier,
        person=dossier.person,
        title=title,
        sealed=subject_of(dossier.person).seal(json.dumps(facts).encode(), _aad(dossier)),
        claimed_by=by,
        claimed_at=timezone.now(),
    )
    _tell("direct.claimed", made, dossier, by=by)
    return made


def _whole(said: str) -> int:
    said = said.strip()
    if not (said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS):
        raise Refused("number", _("Level, rank and year of the contest are whole numbers."))
    return int(said)


@act("direct.granted", "direct.refused")
def decide_direct(route: DirectRoute, *, granted: bool, by: User) -> None:
    """The office's word on a claim. Granted: the person goes, outside the quota, also when the quota had held him.

    Refused: `permission`; `decided` already; `not_accepted` when the papers wait for correction; `elsewhere`.
    """
    dossier = _locked(route.dossier)
    route = DirectRoute.objects.select_for_update().get(pk=route.pk)
    if not policy.may_decide_direct(by, dossier.edition):
        raise Refused("permission", _("You may not decide on direct titles."))
    if route.state != DirectRoute.State.CLAIMED:
        raise Refused("decided", _("This claim has been decided already."))
    if granted:
        if dossier.state not in (ACCEPTED, HELD):
            raise Refused("not_accepted", _("The papers of this person are not complete yet."))
        if dossier.state == HELD:
            _refuse_elsewhere(dossier.edition, [dossier])
        dossier.state, dossier.direct_title, dossier.updated_at = ACCEPTED, route.title, timezone.now()
        dossier.save(update_fields=["state", "direct_title", "updated_at"])
    route.state = DirectRoute.State.GRANTED if granted else DirectRoute.State.REFUSED
    route.decided_by, route.decided_at = by, timezone.now()
    route.save(update_fields=["state", "decided_by", "decided_at"])
    _tell("direct.granted" if granted else "direct.refused", route, dossier, by=by)


def _locked(dossier: Dossier) -> Dossier:
    """The dossier, locked after its edition: choices and receipts take the same turns."""
    Edition.objects.select_for_update(no_key=True).get(pk=dossier.edition_id)
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("edition", "person")
    return rows.get(pk=dossier.pk)


def said_of(route: DirectRoute) -> dict[str, int]:
    """What the unit said of the contest. Raises VaultError."""
    plain: dict[str, int] = json.loads(subject_of(route.person).unseal(bytes(route.sealed), _aad(route.dossier)))
    return plain


def _tell(kind: str, route: DirectRoute, dossier: Dossier, *, by: User) -> None:
    facts = {"unit": dossier.unit_code, "title": route.title}
    record(kind, by=by, edition=dossier.edition.key, subject=dossier.subject, facts=facts)


def _aad(dossier: Dossier) -> bytes:
    return b"direct:" + dossier.pk.bytes
