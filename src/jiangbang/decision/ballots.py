"""The secret ballot: a slip is taken in for a voter, and a ballot comes in under the slip.

These two are no acts, on purpose: an entry of the register would carry person and time of each. What they come to stands in the entry
that closes the round (how many could vote, how many ballots came in, the hash of all of them). `docs/decisions/0024-ballot.md` says who
could break the secrecy, and how.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.decision.models import Member, MemberRecusal, Round, Voter
from jiangbang.decision.standing import candidates_of
from jiangbang.kernel.ballot_box import Box, BoxError
from jiangbang.kernel.voting import InvalidBallotError, check_ballot
from jiangbang.register.acts import Refused
from jiangbang.vaults import vault


@transaction.atomic
def take_slip(voting: Round, member: Member, slip: str) -> None:
    """Take in the slip that this voter's device made. The same slip again changes nothing: its answer may have been lost.

    Refused: `not_open`; `mode`; `not_voter`; `slip` that is none, or another's; `served` when one was taken in for this voter already.
    """
    voting = locked_round(voting)
    if voting.mode != Round.Mode.SECRET:
        raise Refused("mode", _("This round is voted in openly, by name."))
    voter = own_voter(voting, member)
    box = Box.from_bytes(bytes(voting.box))
    if voter.served:
        if box.holds(slip):
            return
        raise Refused("served", _("A slip was taken in for you on another device or in another browser: vote there."))
    try:
        voting.box = box.take(slip).to_bytes()
    except BoxError:
        raise Refused("slip", _("This slip cannot be taken. Load the page again.")) from None
    voting.save(update_fields=["box"])
    Voter.objects.filter(pk=voter.pk).update(served=True)


@transaction.atomic
def put_ballot(voting: Round, member: Member, slip: str, marks: Iterable[str]) -> None:
    """Put a ballot into the box. Nothing of who put it is kept; `member` is whoever asks, for whom the round must be and who may not
    mark a candidate from whom he recused himself.

    Refused: `not_open`; `mode`; `not_voter`; `slip` that was never taken in; `used`; `unknown`, `too_many`, `recused` marks.
    """
    voting = locked_round(voting)
    if voting.mode != Round.Mode.SECRET:
        raise Refused("mode", _("This round is voted in openly, by name."))
    own_voter(voting, member)
    chosen = allowed_marks(voting, member, marks)
    try:
        box = Box.from_bytes(bytes(voting.box)).put(slip, chosen, key_of(voting), among=voting.candidates)
    except BoxError as error:
        if error.code == "used":
            raise Refused("used", _("A ballot has been put in under this slip. It cannot be changed.")) from None
        raise Refused("slip", _("This slip is not known in this round.")) from None
    voting.box = box.to_bytes()
    voting.save(update_fields=["box"])


def locked_round(voting: Round) -> Round:
    """The round's row, held until the transaction ends. Refused: `not_open`."""
    found = Round.objects.select_for_update(of=("self",)).select_related("edition").get(pk=voting.pk)
    if found.state != Round.State.OPEN:
        raise Refused("not_open", _("This round is not open any more."))
    return found


def own_voter(voting: Round, member: Member) -> Voter:
    """The voter that this member is in the round. Refused: `not_voter`."""
    found = Voter.objects.filter(round=voting, attendance__sat_by=member).first()
    if found is None:
        raise Refused("not_voter", _("You were not signed in to the meeting when this round was opened."))
    return found


def recused_codes(member: Member) -> frozenset[str]:
    """Codes of the candidates from whom the member recused himself."""
    apart = set(MemberRecusal.objects.filter(member=member).values_list("dossier_id", flat=True))
    return (
        frozenset(one.code for one in candidates_of(member.edition) if one.dossier.pk in apart)
        if apart
        else frozenset()
    )


def allowed_marks(voting: Round, member: Member, marks: Iterable[str]) -> frozenset[str]:
    """The marks of a valid ballot. Refused: `unknown`, `too_many`, `recused`."""
    chosen = frozenset(marks)
    try:
        check_ballot(chosen, voting.candidates, voting.seats)
    except InvalidBallotError as error:
        if error.code == "unknown":
            raise Refused("unknown", _("The ballot marks somebody who does not stand in this round.")) from None
        sentence = ngettext("Mark %(seats)s person at most.", "Mark %(seats)s people at most.", voting.seats)
        raise Refused("too_many", sentence % {"seats": voting.seats}) from None
    if voting.recused and chosen & recused_codes(member):
        raise Refused("recused", _("The ballot marks somebody from whom you recused yourself."))
    return chosen


def new_key(voting: Round, key: bytes) -> bytes:
    """The round's key, sealed by the installation until the round ends."""
    return vault().seal(key, _aad(voting))


def key_of(voting: Round) -> bytes:
    """The round's key. Raises VaultError once it was destroyed."""
    return vault().unseal(bytes(voting.sealed_key), _aad(voting))


def _aad(voting: Round) -> bytes:
    return b"round:" + str(voting.pk).encode()
