"""Submitting a unit's packet: written as the official archive, stored, read again in the child, received by the act that receives files.

    prepared = prepare(edition, unit, people, by=user)      # long: writes, stores, reads, judges
    packet = submit_packet(prepared, declared=True, by=user)   # short: one transaction

Everything that could refuse is asked before anything is received; the act asks again what may have changed meanwhile.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy import handing
from jiangbang.candidacy.drafts import answers_of
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import record_of
from jiangbang.kernel.edition import UnitSpec
from jiangbang.kernel.form import Record
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination import evidence
from jiangbang.nomination.intake import PacketReading, file_hash, read_packet
from jiangbang.nomination.models import Dossier, Packet, Person, Revision
from jiangbang.nomination.pages import language
from jiangbang.papers.judgement import Judgement
from jiangbang.programme.models import Edition
from jiangbang.recommendation import queries, returning
from jiangbang.recommendation.acts import refuse_others
from jiangbang.recommendation.models import Return, Submission
from jiangbang.recommendation.packing import Nominee, packet_file_name, write_packet
from jiangbang.register.acts import Refused, act, record
from jiangbang.vaults import identity_index

ABOVE_QUOTA: Final = "quota.over_range"
_GOES_IN = (Candidacy.State.WITH_UNIT, Candidacy.State.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A packet that lies written and read in the storage, not received yet. `versions` tells whether somebody changed a form since."""

    edition: Edition
    unit: UnitSpec
    people: tuple[Candidacy, ...]
    numbers: dict[UUID, str]
    declared: dict[str, dict[str, object]]
    reading: PacketReading
    versions: dict[UUID, tuple[str, int]]
    arrived: datetime


def prepare(
    edition: Edition, unit: UnitSpec, people: Sequence[Candidacy], *, by: User, arrived: datetime | None = None
) -> Prepared:
    """Write the packet of these people in their order, store it, read it again and judge it; nothing is received.

    More people than a quota that binds allows are no hindrance: the lowest of the unit's order will be held, and the unit chooses.

    Refused: `permission`; `nobody`; `not_with_unit`; `incomplete`; `late`; `findings` when something must be mended before. Raises OSError
    (disk full).
    """
    refuse_others(by, edition, unit.code)
    refuse_too_late(edition, unit, people)
    _refuse_unready(people)
    versions = _versions(people)
    answers = {one.pk: answers_of(one) for one in people}
    nominees = [nominee_of(record_of(one, answers[one.pk])) for one in people]
    numbers = {one.pk: str(made.record["id_number"]) for one, made in zip(people, nominees, strict=True)}
    declared = {numbers[one.pk]: queries.declared_by_both(one, answers[one.pk]) for one in people}
    reading = _written(nominees, edition, unit, asked=_asked_again(edition, unit, people))
    judgement = nomination_acts.judge_packet(reading, edition=edition, unit=unit, declared=declared)
    _refuse_findings(judgement)
    at = arrived or timezone.now()
    return Prepared(edition, unit, tuple(people), numbers, declared, reading, versions, at)


def _refuse_unready(people: Sequence[Candidacy]) -> None:
    if not people:
        raise Refused("nobody", _("Choose whom the packet is to contain."))
    if strangers := [one.name for one in people if one.state not in _GOES_IN]:
        raise Refused(
            "not_with_unit",
            _("These forms do not lie with you yet: %(names)s. Wait for them, or leave them out.") % _names(strangers),
        )
    if unready := [one.name for one in people if not queries.readiness(one).complete]:
        raise Refused(
            "incomplete",
            _("Something is still missing for: %(names)s. Complete it, or leave them out.") % _names(unready),
        )


def _names(names: Sequence[str]) -> dict[str, str]:
    sign = "、" if language() == "zh" else ", "
    return {"names": sign.join(names)}


def refuse_too_late(edition: Edition, unit: UnitSpec, people: Sequence[Candidacy]) -> Return | None:
    """The return that lets these people in after the deadline, or None before it. Refused: `late`.

    After the deadline only those go in whom the office gave back, until the day that it named.
    """
    now, deadline = edition.now(), edition.deadline
    if deadline.standing(now) == "open":
        return None
    returns = queries.open_returns(edition, unit.code)
    asked = [returns.get(one.dossier_id) for one in people if one.dossier_id is not None]
    if asked and len(asked) == len(people) and all(one is not None and now <= one.due for one in asked):
        return next(one for one in asked if one is not None)
    raise Refused(
        "late",
        _("The deadline was %(deadline)s; it is %(at)s now. Nothing was submitted. Ask the organiser's office.")
        % {"deadline": deadline.clock(deadline.at), "at": deadline.clock(now)},
    )


def nominee_of(record_: Record) -> Nominee:
    """A record with the photo's bytes beside it."""
    photo = next((value for value in record_.values() if isinstance(value, dict) and value.get("media_type")), None)
    return Nominee(record_, evidence.read_bytes(str(photo["sha256"])) if photo else None)


def _asked_again(edition: Edition, unit: UnitSpec, people: Sequence[Candidacy]) -> bool:
    """Whether the office gave one of these back: then even an unchanged form is an answer, and a packet of its own."""
    return not {one.dossier_id for one in people}.isdisjoint(queries.open_returns(edition, unit.code))


def _written(nominees: Sequence[Nominee], edition: Edition, unit: UnitSpec, *, asked: bool) -> PacketReading:
    """The archive written, put into the evidence storage, and read from there in the child.

    The same bytes as the packet before are that packet; but who goes back to what an earlier packet said, or is asked again, sends a new
    one: a mark tells it from the earlier.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "packet.zip"
        write_packet(path, nominees, edition.spec, unit)
        packets = queries.packets_of(edition, unit.code)
        twin = packets.filter(sha256=file_hash(path)[0]).first()
        if twin is not None and (asked or packets.filter(sequence__gt=twin.sequence).exists()):
            write_packet(path, nominees, edition.spec, unit, mark=str(packets.count() + 1))
        evidence.keep_file(path, file_hash(path)[0])
        return read_packet(path, edition.spec.form, name=packet_file_name(edition.spec, unit), keep=True)


def _refuse_findings(judgement: Judgement) -> None:
    """Everything that the unit would have to mend is told now. Above a quota nothing is to be mended: it chooses."""
    blocks = [one for one in judgement.findings if one.severity == "block" and one.code != ABOVE_QUOTA]
    for dossier in judgement.dossiers:
        blocks += [finding for finding in dossier.findings if finding.severity == "block"]
    if blocks:
        first = blocks[0].message(language())
        where = f" ({blocks[0].where})" if blocks[0].where else ""
        raise Refused("findings", _("Nothing was submitted: %(finding)s") % {"finding": first + where})


def _versions(people: Sequence[Candidacy]) -> dict[UUID, tuple[str, int]]:
    """State and number of changes of each form: whether somebody has touched one."""
    found = Candidacy.objects.filter(pk__in=[one.pk for one in people]).annotate(changes=Sum("fields__version"))
    return {pk: (state, changes or 0) for pk, state, changes in found.values_list("pk", "state", "changes")}


@act(
    "packet.received",
    "dossier.accepted",
    "dossier.waiting",
    "dossier.held",
    "dossier.superseded",
    "facts.declared",
    "packet.submitted",
    "candidacy.submitted",
    "dossier.answered",
)
def submit_packet(prepared: Prepared, *, declaration: str, by: User) -> tuple[Packet, bool]:
    """Receive what was prepared, in the unit's own name, and say that the unit answers for its truth.

    Returns the packet, and whether it is new: the same people with the same forms are the packet that was received before, which is
    said to be submitted again and changes nothing else. Candidacies become dossiers; open returns are answered by their revisions.

    Refused: `permission`; `late`; `no_declaration`; `changed` when somebody has touched a form since; as `receive_packet`.
    """
    edition, unit = Edition.objects.select_for_update(no_key=True).get(pk=prepared.edition.pk), prepared.unit
    refuse_others(by, edition, unit.code)
    if not declaration.strip():
        raise Refused("no_declaration", _("Confirm that the unit answers for the truth of what it submits."))
    grace = refuse_too_late(edition, unit, prepared.people)
    people = list(Candidacy.objects.select_for_update(of=("self",)).filter(pk__in=prepared.numbers))
    if _versions(people) != prepared.versions:
        raise Refused("changed", _("Somebody has changed a form meanwhile. Look again, then submit."))
    for one in people:
        _know_number(one, prepared.numbers[one.pk])
    packet, judgement = nomination_acts.receive_packet(
        prepared.reading,
        edition=edition,
        unit=unit,
        by=by,
        late_reason=returning.late_reason(grace) if grace else "",
        late_by=grace.returned_by if grace else None,
        received_at=None if edition.spec.clock else prepared.arrived,
        declared=prepared.declared,
    )
    _become_dossiers(prepared, packet, by=by)
    submission = {"declaration": declaration.strip()[:500], "people": len(people), "submitted_by": by}
    Submission.objects.update_or_create(packet=packet, defaults={**submission, "submitted_at": timezone.now()})
    facts = {
        "unit": unit.code,
        "number": packet.number,
        "people": len(people),
        "declaration": declaration.strip()[:500],
    }
    record("packet.submitted", by=by, edition=edition.key, subject=f"packet:{packet.pk}", facts=facts)
    return packet, judgement is not None


def _know_number(candidacy: Candidacy, number: str) -> None:
    """The identity number is known now: the dossier is sealed with the key that sealed the draft, unless the person is known already."""
    person, index = candidacy.person, identity_index(number)
    if person.index is None and not Person.objects.filter(index=index).exists():
        person.index = index
        person.save(update_fields=["index"])


def _become_dossiers(prepared: Prepared, packet: Packet, *, by: User) -> None:
    """Point each candidacy at its dossier, and answer what the office had given back."""
    revisions = {one.person.index: one for one in packet.revisions.select_related("person", "dossier")}
    people = Candidacy.objects.filter(pk__in=prepared.numbers).select_related("edition", "person", "dossier")
    for candidacy in people:
        revision = revisions[identity_index(prepared.numbers[candidacy.pk])]
        before = candidacy.dossier
        if candidacy.state == Candidacy.State.WITH_UNIT:
            handing.note_submitted(candidacy, dossier=revision.dossier, by=by)
        if before is not None:
            returning.answer_return(before, revision, by=by)
            if before.pk != revision.dossier_id:
                _supersede(before, revision, packet, by=by)


def _supersede(before: Dossier, revision: Revision, packet: Packet, *, by: User) -> None:
    """The identity number was corrected: the person has another dossier, and the one under the wrong number counts no more."""
    before.state = Dossier.State.SUPERSEDED
    before.save(update_fields=["state"])
    facts = {"packet": packet.number, "by": revision.dossier.subject}
    record("dossier.superseded", by=by, edition=packet.edition.key, subject=before.subject, facts=facts)
