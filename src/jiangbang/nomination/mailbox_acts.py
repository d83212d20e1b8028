"""What may happen to a mail: it is taken in, a person says whose it is or that it is none, its sender is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.nomination import policy
from jiangbang.nomination.acts import bring_packet
from jiangbang.nomination.mailbox_models import Mail, MailPacket, MailPlace
from jiangbang.nomination.mailbox_senders import Decision
from jiangbang.nomination.models import StoredFile, register_facts
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record

ACCOUNT = "mailbox"
# what the register calls each state
_ENTRY = {Mail.State.TAKEN: "mail.taken", Mail.State.HELD: "mail.held", Mail.State.ASIDE: "mail.set_aside"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies on the server."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A packet that lies in the evidence storage."""

    file_name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class FoundMail:
    """A mail as it was found, read and stored, before anything points at it. `told` is what is sealed."""

    place: Place
    sha256: str
    size: int
    message_id: str
    contents: str
    arrived_at: datetime
    packets: tuple[KeptFile, ...]
    decision: Decision
    told: dict[str, Any]


def mailbox_account() -> User:
    """The account in whose name the mailbox is emptied. Nobody can sign in with it."""
    found = User.objects.filter(username=ACCOUNT).first()
    return found or create_account(ACCOUNT, role=Role.ORGANISER, password=None, display_name="收件邮箱")


@act("mail.taken", "mail.held", "mail.set_aside", "packet.arrived")
def take_mail(found: FoundMail, *, edition: Edition, by: User) -> tuple[Mail, bool]:
    """Take a mail in, once: its packets go into the queue, or it waits for a person, or it is set aside. Whether it was new.

    The same bytes, or the same Message-ID with the same attachments, are the mail that is there; only its new place is noted. Mails of one
    edition are taken one after the other (the edition's row lock), so two fetchers that meet take it once.

    Refused: `permission`.
    """
    if not policy.may_receive_packets(by, edition):
        raise Refused("permission", _("You may not receive packets in this edition."))
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if (twin := _twin(found)) is not None:
        _kept_place, fresh = MailPlace.objects.get_or_create(**_place(found.place), defaults={"mail": twin})
        if fresh:
            Mail.objects.filter(pk=twin.pk).update(copies=twin.copies + 1)
        nothing_changed()
        return twin, False
    mail = _kept(found, edition)
    MailPlace.objects.create(mail=mail, **_place(found.place))
    MailPacket.objects.bulk_create(
        [
            MailPacket(mail=mail, position=at, file_name=one.file_name, sha256=one.sha256, size=one.size)
            for at, one in enumerate(found.packets)
        ]
    )
    files = [(mail.sha256, mail.size), *((one.sha256, one.size) for one in found.packets)]
    StoredFile.objects.bulk_create(
        [StoredFile(sha256=sha256, size=size, media_type="application/octet-stream") for sha256, size in files],
        ignore_conflicts=True,
    )
    if mail.state == Mail.State.TAKEN:
        _bring(mail, by=by)
    _record(mail, _ENTRY[Mail.State(mail.state)], len(found.packets), by=by)
    return mail, True


def _twin(found: FoundMail) -> Mail | None:
    same = Mail.objects.filter(sha256=found.sha256).first()
    if same is None and found.message_id:
        same = Mail.objects.filter(message_id=found.message_id, contents=found.contents).first()
    return same


def _place(place: Place) -> dict[str, Any]:
    return {"mailbox": place.mailbox, "uidvalidity": place.uidvalidity, "uid": place.uid}


def _kept(found: FoundMail, edition: Edition) -> Mail:
    decision = found.decision
    if found.message_id and decision.state == Mail.State.TAKEN and _known_id(found.message_id):
        decision = Decision(Mail.State.HELD, "repeated_id", hint=decision.unit)
    mail = Mail(
        edition=edition,
        message_id=found.message_id,
        contents=found.contents,
        sha256=found.sha256,
        size=found.size,
        arrived_at=found.arrived_at,
        state=decision.state,
        reason=decision.reason,
        unit_code=decision.unit,
        hint=decision.hint,
        answer=Mail.Answer.DUE if decision.answer else Mail.Answer.NONE,
    )
    mail.seal({**found.told, "reason_name": decision.name})
    mail.save(force_insert=True)
    return mail


def _known_id(message_id: str) -> bool:
    return Mail.objects.filter(message_id=message_id).exists()


def _bring(mail: Mail, *, by: User) -> None:
    """The packets of a mail into the queue, with the time at which the mail came."""
    for packet in mail.packets.order_by("position"):
        packet.intake = bring_packet(
            edition=mail.edition,
            file_name=packet.file_name,
            sha256=packet.sha256,
            size=packet.size,
            unit_code=mail.unit_code,
            channel="mail",
            by=by,
            arrived_at=mail.arrived_at,
        )
        packet.save(update_fields=["intake"])


def _record(mail: Mail, entry: str, packets: int, *, by: User) -> None:
    facts = {
        "sha256": mail.sha256,
        "size": mail.size,
        "packets": packets or None,
        "unit": mail.unit_code or None,
        "reason": mail.reason or None,
        "arrived": mail.arrived_at.isoformat(timespec="seconds"),
    }
    record(entry, by=by, edition=mail.edition.key, subject=mail.subject_key, facts=register_facts(facts))


@act("mail.taken", "packet.arrived")
def assign_mail(mail: Mail, *, unit_code: str, by: User) -> Mail:
    """Say which unit a held mail comes from, or one that was set aside: its packets go into the queue, with the time of its arrival.

    Refused: `permission`; `decided` (its packets were taken already); `no_packet`; `unknown_unit`.
    """
    mail = _locked(mail, by=by)
    if mail.state == Mail.State.TAKEN:
        raise Refused("decided", _("The packets of this mail were received already."))
    if not mail.packets.exists():
        raise Refused("no_packet", _("There is no packet in this mail that could be received."))
    if unit_code not in {unit.code for unit in mail.edition.spec.units}:
        raise Refused("unknown_unit", _("Choose the unit that this packet comes from."))
    mail.unit_code, mail.state, mail.reason = unit_code, Mail.State.TAKEN, ""
    if mail.answer == Mail.Answer.NONE and mail.told["letter"]["answerable"]:
        mail.answer = Mail.Answer.DUE
    _decide(mail, by=by)
    _bring(mail, by=by)
    _record(mail, "mail.taken", mail.packets.count(), by=by)
    return mail


@act("mail.set_aside")
def set_mail_aside(mail: Mail, *, by: User) -> Mail:
    """Say that a held mail is no packet. The mail is kept, and may still be given to a unit. Its sender is not answered any more.

    Refused: `permission`; `decided`.
    """
    mail = _locked(mail, by=by)
    if mail.state != Mail.State.HELD:
        raise Refused("decided", _("This mail is not waiting for an answer."))
    mail.state, mail.reason = Mail.State.ASIDE, "not_a_packet"
    if mail.answer == Mail.Answer.DUE:
        mail.answer = Mail.Answer.NONE
    _decide(mail, by=by)
    _record(mail, "mail.set_aside", 0, by=by)
    return mail


def _locked(mail: Mail, *, by: User) -> Mail:
    mail = Mail.objects.select_for_update(of=("self",)).select_related("edition").get(pk=mail.pk)
    if not policy.may_receive_packets(by, mail.edition):
        raise Refused("permission", _("You may not receive packets in this edition."))
    return mail


def _decide(mail: Mail, *, by: User) -> None:
    mail.decided_by, mail.decided_at = by, timezone.now()
    mail.save(update_fields=["unit_code", "state", "reason", "answer", "decided_by", "decided_at"])


def known_places(mailbox: str, uidvalidity: int, uids: Sequence[int]) -> dict[int, str]:
    """Which of these UIDs were taken in already, with their mails' states. One query for each thousand."""
    found: dict[int, str] = {}
    for start in range(0, len(uids), 1000):
        rows = MailPlace.objects.filter(
            mailbox=mailbox, uidvalidity=uidvalidity, uid__in=uids[start : start + 1000]
        ).values_list("uid", "mail__state")
        found |= dict(rows)
    return found
