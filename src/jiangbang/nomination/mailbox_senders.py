"""Whose mail it is, and what becomes of it: a decision over frozen values, and the look-up of contacts behind it.

A sender's address can be forged and anybody can name a file after a unit; so only a known contact's mail is received without a person, and
only where nothing speaks against it. The name of a file and the subject are proposals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jiangbang.accounts.models import Membership, Role
from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.nomination.contacts import units_at
from jiangbang.nomination.mailbox_models import Mail
from jiangbang.nomination.mailbox_reasons import CANNOT_BE_READ
from jiangbang.papers.mail import Letter, MailReading
from jiangbang.papers.mail_packets import PacketPlan, reason_against
from jiangbang.papers.packet_name import find_unit, named_unit
from jiangbang.programme.models import Edition


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a mail. `name` fills the reason's sentence; `answer`: whether the sender is told."""

    state: str
    reason: str = ""
    name: str = ""
    unit: str = ""
    hint: str = ""
    answer: bool = False


def units_of(edition: Edition, address: str) -> frozenset[str]:
    """Codes of the units for which this address speaks: those of its account, and those that name it as their contact. Two queries."""
    if not address:
        return frozenset()
    known = {unit.code for unit in edition.spec.units}
    held = Membership.objects.filter(
        role=Role.UNIT, edition__in=("", edition.key), user__email__iexact=address, user__is_active=True
    )
    return (frozenset(held.values_list("scope", flat=True)) | units_at(edition, address)) & known


def decide(
    reading: MailReading,
    plans: Sequence[PacketPlan],
    *,
    spec: EditionSpec,
    units: frozenset[str],
    own: frozenset[str],
) -> Decision:
    """Received, held for a person, or set aside. `units`: those for which the sender speaks."""
    letter = reading.letter
    named = named_units(letter, plans, spec)
    hint = next(iter(named)) if len(named) == 1 else next(iter(units)) if len(units) == 1 else ""
    answerable = letter.answerable and letter.sender not in own
    if letter.sender in own:
        return Decision(Mail.State.ASIDE, "own")
    if not plans:
        return _without_packet(reading, units, hint, answerable)
    reason = _doubt(letter, units, named)
    if reason:
        return Decision(Mail.State.HELD, reason, hint=hint)
    unit = next(iter(units & named if named & units else units))
    return Decision(Mail.State.TAKEN, unit=unit, hint=hint, answer=answerable)


def _without_packet(reading: MailReading, units: frozenset[str], hint: str, answerable: bool) -> Decision:
    """Nothing to receive. A contact is told why; a stranger is not: whoever writes to everybody would be answered too."""
    remark = reason_against(reading)
    if remark.code not in CANNOT_BE_READ:
        return Decision(Mail.State.ASIDE, remark.code)
    known = bool(units) and not reading.letter.doubtful
    return Decision(Mail.State.HELD, remark.code, remark.name, hint=hint, answer=known and answerable)


def _doubt(letter: Letter, units: frozenset[str], named: frozenset[str]) -> str:
    """What speaks against receiving without a person; empty where nothing does."""
    if letter.doubtful:
        return "doubtful"
    if not letter.sender:
        return "no_sender"
    if not units:
        return "unknown_sender"
    if named and not named & units:
        return "other_unit"
    if len(units) > 1 and len(named & units) != 1:
        return "several_units"
    return ""


def named_units(letter: Letter, plans: Iterable[PacketPlan], spec: EditionSpec) -> frozenset[str]:
    """The units that the packets' names speak of; where they name none, the subject."""
    for texts in ([plan.name for plan in plans], [letter.subject]):
        found = {unit.code for text in texts if (unit := _unit_in(text, spec)) is not None}
        if found:
            return frozenset(found)
    return frozenset()


def _unit_in(text: str, spec: EditionSpec) -> UnitSpec | None:
    part = named_unit(text, spec)
    return find_unit(part, spec.units) if part else None
