"""The resolution: what the rounds came to becomes the edition's result, sealed until it is released."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.decision.access import rules_of, running_round
from jiangbang.decision.group import lead, locked
from jiangbang.decision.models import Place, Result, Round
from jiangbang.decision.planning import closed_rounds, next_round, standings
from jiangbang.decision.standing import Candidate, candidates_of
from jiangbang.kernel.decision import DecisionSpec, Held
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.canonical import canonical_json
from jiangbang.review.dossiers import eligible
from jiangbang.screening.standings import known_facts


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody with a place: by title (or on the reserve list), in order; with the votes where he was voted on."""

    dossier: Dossier
    title: str
    reserve: bool
    position: int
    votes: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    """The result as it would be resolved now. `empty`: seats that nobody was elected to, by title."""

    seated: tuple[Seated, ...]
    shares: tuple[Held, ...]
    empty: dict[str, int]
    # whether the rules still ask for a round
    unfinished: bool

    @property
    def kept(self) -> bool:
        """Whether every share that the edition binds is kept."""
        return all(one.holds for one in self.shares)


def draft_of(edition: Edition, rules: DecisionSpec | None = None) -> Draft:
    """What the closed rounds came to: titles by the order of election, direct titles beside them, the reserve list by votes and ranking."""
    rules, rounds, people = rules or rules_of(edition), closed_rounds(edition), candidates_of(edition)
    by_code = {one.code: one for one in people}
    seated, elected, empty = [], set(), {}
    for standing in standings(edition, rounds):
        elected |= set(standing.elected)
        if standing.seats_left:
            empty[standing.title.key] = standing.seats_left
        votes = {code: one.votes[code] for one in standing.rounds for code in one.elected}
        for position, code in enumerate(standing.elected, 1):
            seated.append(Seated(by_code[code].dossier, standing.title.key, False, position, votes[code]))
    seated += _direct(edition)
    shares = _shares(edition, rules, [one.dossier for one in seated])
    seated += _reserve(edition, rules, rounds, [one for one in people if one.code not in elected])
    return Draft(tuple(seated), shares, empty, next_round(edition, rules, rounds=rounds) is not None)


def resolved_of(edition: Edition, result: Result) -> tuple[Seated, ...]:
    """The places of a result as they were resolved, with the votes."""
    codes = {one.dossier.pk: one.code for one in candidates_of(edition)}
    votes: dict[tuple[str, str], int] = {}
    last: dict[str, int] = {}
    for one in closed_rounds(edition):
        last |= one.votes
        votes |= {(one.title, code): one.votes[code] for code in one.elected}
    found = []
    for place in result.places.select_related("dossier").order_by("pk"):
        code = codes.get(place.dossier_id, "")
        number = last.get(code) if place.reserve else votes.get((place.title, code))
        found.append(Seated(place.dossier, place.title, place.reserve, place.position, number))
    return tuple(found)


def _direct(edition: Edition) -> list[Seated]:
    """Whoever takes a title directly, outside the seats, by name."""
    found = []
    for title in edition.spec.titles:
        if title.direct:
            holders = eligible(edition).filter(direct_title=title.key).order_by("name", "pk")
            found += [Seated(one, title.key, False, position, None) for position, one in enumerate(holders, 1)]
    return found


def _reserve(
    edition: Edition, rules: DecisionSpec, rounds: Sequence[Round], people: Sequence[Candidate]
) -> list[Seated]:
    """Whoever was voted on and not elected: by the votes of the last round in which he stood, then by the ranking. One list, for every
    title; it bears the key of the first."""
    last = {code: number for one in rounds for code, number in one.votes.items()}
    waiting = [one for one in people if one.code in last and one.cleared and not one.dossier.direct_title]
    waiting.sort(key=lambda one: (-last[one.code], one.rank))
    first = next((title.key for title in edition.spec.titles if title.seats), "")
    return [
        Seated(one.dossier, first, True, position, last[one.code])
        for position, one in enumerate(waiting[: rules.reserve], 1)
    ]


def _shares(edition: Edition, rules: DecisionSpec, dossiers: Sequence[Dossier]) -> tuple[Held, ...]:
    if not rules.shares:
        return ()
    people = Dossier.objects.filter(pk__in=[one.pk for one in dossiers])
    at_hand = list(people.select_related("person", "accepted_revision"))
    declared = declared_facts(at_hand)
    facts = [known_facts(one, edition.spec, declared[one.pk]) for one in at_hand]
    return tuple(share.held(facts) for share in rules.shares)


def share_sentence(held: Held) -> str:
    """What a bound share came to, and what is short."""
    share, english = held.share, (get_language() or "").startswith("en")
    values = {
        "label": share.label_en if english else share.label,
        "met": held.met,
        "total": held.total,
        "unknown": held.unknown,
        "short": held.short,
        "above": held.above,
        "bound": share.at_most if held.above else share.at_least,
    }
    if held.short:
        said = _("%(label)s: %(met)s of %(total)s, at least %(bound)s are bound; %(short)s more needed") % values
    elif held.above:
        said = _("%(label)s: %(met)s of %(total)s, at most %(bound)s are bound; %(above)s too many") % values
    else:
        said = _("%(label)s: %(met)s of %(total)s") % values
    if held.unknown:
        said += ngettext(" (not known of %(unknown)s)", " (not known of %(unknown)s)", held.unknown) % values
    return said


@act("result.resolved")
def resolve_result(edition: Edition, *, number: str = "", reason: str = "", by: User) -> Result:
    """Make what the rounds came to the edition's result. `number` is the resolution's; by the edition's pattern where it is empty.

    Refused: `permission`; `exists`; `voting` while a round is open; `not_voted` before any round; and, unless the group gives a reason that
    the papers then bear: `unfinished` while the rules ask for another round, `share` while a bound share is not kept.
    """
    lead(by, edition)
    edition = locked(edition)
    if Result.objects.filter(edition=edition).exists():
        raise Refused("exists", _("The result has been resolved already."))
    if running_round(edition) is not None:
        raise Refused("voting", _("A round is open. Close or annul it first."))
    rules = rules_of(edition)
    draft = draft_of(edition, rules)
    if not any(one.votes is not None and not one.reserve for one in draft.seated):
        raise Refused("not_voted", _("Nobody has been elected yet."))
    if not reason.strip():
        _refuse_open_ends(draft)
    now = timezone.now()
    made = Result.objects.create(
        edition=edition,
        resolution=(number.strip() or resolution_number(edition, rules))[:60],
        resolved_by=by,
        resolved_at=now,
        deviation=reason.strip()[:500],
    )
    Place.objects.bulk_create(
        Place(result=made, dossier=one.dossier, title=one.title, reserve=one.reserve, position=one.position)
        for one in draft.seated
    )
    facts = {
        "number": made.resolution,
        "count": sum(not one.reserve for one in draft.seated),
        "reserve": sum(one.reserve for one in draft.seated),
        "sha256": _hash(draft),
        "reason": made.deviation,
    }
    record("result.resolved", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


def resolution_number(edition: Edition, rules: DecisionSpec) -> str:
    """The number of the edition's resolution by the pattern of its file."""
    return rules.number.format(year=edition.now().astimezone(edition.zone).year, n=1)


def _refuse_open_ends(draft: Draft) -> None:
    if draft.unfinished:
        raise Refused(
            "unfinished", _("The rules ask for another round. Hold it, or give the reason why seats stay empty.")
        )
    if not draft.kept:
        said = _("; ").join(share_sentence(one) for one in draft.shares if not one.holds)
        raise Refused("share", _("A bound share is not kept. %(shares)s.") % {"shares": said})


def _hash(draft: Draft) -> str:
    """What the register knows of the sealed result: that it was not changed afterwards."""
    rows = [[str(one.dossier.pk), one.title, one.reserve, one.position] for one in draft.seated]
    return hashlib.sha256(canonical_json(rows)).hexdigest()
