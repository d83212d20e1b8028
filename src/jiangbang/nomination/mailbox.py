"""Emptying the mailbox: fetch, read in the child, store, commit, and only then mark on the server.

A crash before the commit leaves the mail unmarked: it is fetched again, and nothing was done. A crash behind it leaves the mail
unmarked and known: it is only marked. So no crash loses a packet or takes it twice; two fetchers at once do no more harm than one.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils import timezone

from jiangbang.accounts.models import User
from jiangbang.nomination import evidence
from jiangbang.nomination.mailbox_acts import FoundMail, KeptFile, Place, known_places, take_mail
from jiangbang.nomination.mailbox_models import Mail, MailboxLook
from jiangbang.nomination.mailbox_senders import decide, units_of
from jiangbang.nomination.mailbox_server import ImapAddress, Mailbox, MailboxTrouble, Waiting
from jiangbang.papers.mail import MAIL_MAX, MailReading, read_mails
from jiangbang.papers.mail_packets import make_packet, plan_packets
from jiangbang.programme.models import Edition

# One child reads so many mails: starting it costs more than reading a small one. A large mail has a child of its own.
BATCH_MAILS = 50
BATCH_BYTES = 24 * 1024 * 1024

Progress = Callable[[int, int, str], None]


@dataclass
class Summary:
    """What one look into the mailbox brought."""

    fresh: int = 0
    taken: int = 0
    held: int = 0
    aside: int = 0
    known: int = 0
    packets: int = 0
    mails: list[Mail] = field(default_factory=list)

    def count(self, mail: Mail, *, fresh: bool) -> None:
        self.mails.append(mail)
        if not fresh:
            self.known += 1
            return
        self.fresh += 1
        self.taken += mail.state == Mail.State.TAKEN
        self.held += mail.state == Mail.State.HELD
        self.aside += mail.state == Mail.State.ASIDE
        self.packets += mail.packets.count()


def fetch(
    address: ImapAddress, *, edition: Edition, by: User, progress: Progress | None = None, wait: bool = True
) -> Summary:
    """Take in everything that is new in the mailbox. Raises MailboxTrouble, OSError (the storage is full).

    One fetcher at a time on a host: a second one waits, or without `wait` leaves it to the first.
    """
    summary = Summary()
    with _alone(wait) as mine:
        if not mine:
            return summary
        try:
            with Mailbox(address) as box:
                _empty(box, summary, edition=edition, by=by, progress=progress)
        except MailboxTrouble as trouble:
            _note_look(address, summary, str(trouble))
            raise
    _note_look(address, summary, "")
    return summary


def _empty(box: Mailbox, summary: Summary, *, edition: Edition, by: User, progress: Progress | None) -> None:
    waiting = box.waiting()
    known = known_places(box.address.name, box.uidvalidity, [one.uid for one in waiting])
    # taken before, and a crash came before the mark
    _mark(box, known.items())
    fresh = [one for one in waiting if one.uid not in known]
    done = 0
    for batch in batches(fresh):
        with tempfile.TemporaryDirectory(prefix="jiangbang-mail-") as folder:
            found = list(_found(box, batch, Path(folder), edition))
        taken = []
        for one in found:
            mail, new = take_mail(one, edition=edition, by=by)
            summary.count(mail, fresh=new)
            taken.append((one.place.uid, mail.state))
        _mark(box, taken)
        done += len(batch)
        if progress:
            progress(done, len(fresh), "")


def _mark(box: Mailbox, taken: Iterable[tuple[int, str]]) -> None:
    """Held mails are not marked as read: a person shall see them in the mail program too."""
    states = dict(taken)
    box.mark([uid for uid, state in states.items() if state == Mail.State.HELD], seen=False)
    box.mark([uid for uid, state in states.items() if state != Mail.State.HELD], seen=True)


def batches(waiting: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """Mails for one child each: many small ones, or one large one."""
    batch: list[Waiting] = []
    size = 0
    for one in waiting:
        if batch and (len(batch) >= BATCH_MAILS or size + one.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.size
    if batch:
        yield batch


def _found(box: Mailbox, batch: Sequence[Waiting], folder: Path, edition: Edition) -> Iterator[FoundMail]:
    """The mails of a batch, read, and durably in the evidence storage when the last one has been given."""
    by_uid = {one.uid: one for one in batch}
    too_large = {one.uid for one in batch if one.size > MAIL_MAX}
    with (folder / "mails").open("wb") as copy:
        places = box.copy_into(copy, [one for one in batch if one.uid not in too_large])
        for uid in too_large:
            places |= box.copy_header(copy, uid)
    # opened again: the child gets a descriptor that cannot be written to
    with (folder / "mails").open("rb") as file, evidence.together():
        readings = read_mails(file, [(start, length) for start, length, _ in places.values()], folder)
        for (uid, (start, length, sha256)), reading in zip(places.items(), readings, strict=True):
            _keep_message(file, start, length, sha256, folder)
            place = Place(box.address.name, box.uidvalidity, uid)
            yield _one(reading, place, by_uid[uid], sha256, folder, edition, box.address, uid in too_large)


def _one(
    reading: MailReading,
    place: Place,
    waiting: Waiting,
    sha256: str,
    folder: Path,
    edition: Edition,
    address: ImapAddress,
    too_large: bool,
) -> FoundMail:
    plans = () if too_large else plan_packets(reading)
    packets = tuple(_keep_packet(make_packet(plan, folder), plan.name) for plan in plans)
    decision = decide(
        reading, plans, spec=edition.spec, units=units_of(edition, reading.letter.sender), own=address.own
    )
    if too_large:
        decision = replace(decision, state=Mail.State.HELD, reason="too_large", name=f"{MAIL_MAX // 1024 // 1024} MB")
    for attached in reading.attachments:
        attached.path.unlink(missing_ok=True)
    now = timezone.now()
    return FoundMail(
        place,
        sha256,
        waiting.size,
        reading.letter.message_id,
        _contents(reading, sha256),
        # a server's clock that runs ahead must not make a mail come later than it was seen
        min(waiting.arrived_at or now, now),
        packets,
        decision,
        _told(reading),
    )


def _keep_message(file: BinaryIO, start: int, length: int, sha256: str, folder: Path) -> None:
    """The message itself, whole, as it came: it proves when and from where the packet came."""
    if length <= BATCH_BYTES:
        file.seek(start)
        evidence.keep_bytes(file.read(length))
        return
    # a large message is alone in its batch
    evidence.keep_file(folder / "mails", sha256)


def _keep_packet(path: Path, name: str) -> KeptFile:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    evidence.keep_file(path, sha256)
    return KeptFile(name[-255:], sha256, path.stat().st_size)


def _contents(reading: MailReading, sha256: str) -> str:
    """One hash over the attachments, whatever their order; the message's own where there are none."""
    attached = sorted(one.sha256 for one in reading.attachments)
    return hashlib.sha256("\n".join(attached).encode()).hexdigest() if attached else sha256


def _told(reading: MailReading) -> dict[str, Any]:
    letter = reading.letter
    return {
        "letter": {
            "sender": letter.sender,
            "sender_name": letter.sender_name,
            "subject": letter.subject,
            "sent": letter.sent,
            "references": list(letter.references),
            "answerable": letter.answerable,
        },
        "attachments": [
            {"name": one.name, "kind": one.kind, "size": one.size, "within": list(one.within)}
            for one in reading.attachments
        ],
        "remarks": [[one.code, one.name] for one in reading.remarks],
    }


def _note_look(address: ImapAddress, summary: Summary, trouble: str) -> None:
    now = timezone.now()
    values: dict[str, Any] = {"looked_at": now, "fresh": summary.fresh, "trouble": trouble[:300]}
    if not trouble:
        values["went_well_at"] = now
    MailboxLook.objects.update_or_create(mailbox=address.name, defaults=values)


@contextlib.contextmanager
def _alone(wait: bool) -> Iterator[bool]:
    """Hold this host's lock on the mailbox; a killed holder's is free at once."""
    with (Path(settings.JIANGBANG_HOME) / "mailbox.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
