"""Earlier titles: what the lists say of a person becomes the fact that the clauses read.

Only titles that keep somebody from being recommended go into the fact; a nominee prize, whose holder may stand again, is shown and
nothing more. While a row waits for a person's decision, a declared "none" is not believed: the fact is taken back, and the clauses that
read it are open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.facts import declare_each, declared_facts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.screening import policy
from jiangbang.screening.lists_models import ListMatch, NameList
from jiangbang.screening.lists_rows import refresh

OWN_SAYINGS = (DeclaredFact.Source.UNIT, DeclaredFact.Source.CANDIDATE)
# Dossiers of which the fact is established at a time.
PORTION = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """How the lists' word on one dossier turned: labels that counted before and count now, and whether a row waits."""

    before: frozenset[str]
    now: frozenset[str]
    waits: bool
    # somebody decided just now, and nothing waits any more: what the lists do not say is not so
    decided: bool = False


def excluding(spec: EditionSpec) -> dict[str, str]:
    """The titles that keep somebody from being recommended: label by key."""
    return {title.key: title.label for title in spec.earlier_titles if not title.may_stand_again}


def counting(matches: Collection[ListMatch], spec: EditionSpec) -> frozenset[str]:
    """The labels of excluding titles that these matches of one dossier count for."""
    labels = excluding(spec)
    return frozenset(labels[match.kind] for match in matches if match.counts and match.kind in labels)


def without_list(edition: Edition) -> list[str]:
    """The excluding titles for which no list is in force, by key."""
    in_force = NameList.objects.filter(edition=edition, state=NameList.State.IN_FORCE)
    listed = {kind for kinds in in_force.values_list("kinds", flat=True) for kind in kinds}
    return [key for key in excluding(edition.spec) if key not in listed]


def are_covered(edition: Edition) -> bool:
    """Whether a list is in force for every excluding title: only then "on no list" means something."""
    return bool(excluding(edition.spec)) and not without_list(edition)


def settle(turns: Mapping[Dossier, Turn], *, by: User, covered: bool) -> list[Dossier]:
    """Declare what follows, inside an act that may write `facts.declared`. Returns the dossiers whose fact changed.

    The dossiers' `edition` and `person` should be at hand.
    """
    spec = next(iter(turns)).edition.spec if turns else None
    if spec is None or not spec.lists.title_fact:
        return []
    key = spec.lists.title_fact
    known = declared_facts(turns, keys=[key])
    own = declared_facts(turns, keys=[key], sources=OWN_SAYINGS)
    values = {
        dossier: value_of(_titles(known[dossier.pk].get(key)), _titles(own[dossier.pk].get(key)), turn, covered=covered)
        for dossier, turn in turns.items()
    }
    changed = declare_each(
        {dossier: {key: value} for dossier, value in values.items()}, source=DeclaredFact.Source.OFFICE, by=by
    )
    return list(changed)


def value_of(known: list[str] | None, own: list[str] | None, turn: Turn, *, covered: bool) -> list[str] | None:
    """The fact as it should be. `known`: as it stands; `own`: what unit or candidate said last. None: not known."""
    lost = turn.before - turn.now
    value = [title for title in known or () if title not in lost]
    value += sorted(turn.now - set(value))
    if value:
        return value
    if turn.waits:
        return None
    if known is not None and not lost:
        return known
    if own is not None:
        return own
    return [] if turn.decided and covered else None


def _titles(value: object) -> list[str] | None:
    return [str(title) for title in value] if isinstance(value, list | tuple) else None


def found_on_none(edition: Edition) -> QuerySet[Dossier]:
    """Accepted dossiers that were compared with the lists and stand on none for an excluding title, not even likely."""
    named = ListMatch.objects.filter(edition=edition, kind__in=excluding(edition.spec), in_force=True)
    named = named.exclude(decision=ListMatch.Decision.REJECTED)
    accepted = Dossier.objects.filter(edition=edition, state=Dossier.State.ACCEPTED, list_look__isnull=False)
    return accepted.exclude(pk__in=named.values("dossier"))


def without_word(dossiers: Sequence[Dossier], key: str) -> list[Dossier]:
    """Those of whom nothing is known of the titles."""
    known = declared_facts(dossiers, keys=[key])
    return [dossier for dossier in dossiers if key not in known[dossier.pk]]


@act("titles.none_found", "facts.declared")
def establish_none(edition: Edition, *, by: User) -> int:
    """Establish "no title held" for everybody of whom nothing is known and whom no list names. Returns for how many.

    Refused: `permission`; `not_covered` while a title has no list in force.
    """
    if not policy.may_keep_lists(by, edition):
        raise Refused("permission", _("You may not establish this for everybody."))
    if not are_covered(edition):
        raise Refused(
            "not_covered", _("Import a list for each title first: who stands on none of them may still hold one.")
        )
    key, count = edition.spec.lists.title_fact, 0
    for portion in portions(found_on_none(edition), PORTION):
        unknown = without_word(portion, key)
        changed = declare_each({one: {key: []} for one in unknown}, source=DeclaredFact.Source.OFFICE, by=by)
        refresh(list(changed))
        count += len(changed)
    if not count:
        nothing_changed()
        return 0
    record("titles.none_found", by=by, edition=edition.key, subject="screening", facts={"dossiers": count})
    return count


def portions(dossiers: QuerySet[Dossier], size: int) -> Any:
    """The dossiers with what comparing and declaring needs, so many at a time."""
    keys = list(dossiers.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        at_hand = Dossier.objects.filter(pk__in=keys[start : start + size]).order_by("pk")
        yield list(at_hand.select_related("edition", "person", "accepted_revision__person").defer("edition__document"))
