"""Where a person stands in what belongs to others: packets, mails, messages, notices, archives. Called inside the act only.

Rows that many share keep what they say of the others. The bytes of a packet cannot be unpicked (the roster has all its people on one
sheet, the hash is over the whole), so the packet's file goes as a whole; what was read from it of the others stays in their dossiers.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiangbang.archive.models import Archive
from jiangbang.nomination.mailbox_models import Mail, MailPacket
from jiangbang.nomination.models import Intake, Packet
from jiangbang.notice import kept_page
from jiangbang.notice.notice_models import NoticeEntry, NoticeVersion
from jiangbang.outbox.models import Enclosure, Message
from jiangbang.outbox.sealing import bodies, seal_body
from jiangbang.privacy.files import forget_archives, forget_files
from jiangbang.privacy.scope import ERASED_NAME, Scope

Counts = dict[str, int]
_BATCH: Final = 200


def without(value: Any, words: Iterable[str]) -> Any:
    """A JSON value whose texts name the person no more."""
    if isinstance(value, str):
        return functools.reduce(lambda text, word: text.replace(word, ERASED_NAME), words, value)
    if isinstance(value, list):
        return [without(one, words) for one in value]
    if isinstance(value, dict):
        return {key: without(one, words) for key, one in value.items()}
    return value


def erase_packets(scope: Scope) -> Counts:
    """The files of the packets in which the person came, the mails that brought them, and the person's name among their members."""
    packets = list(Packet.objects.filter(revisions__dossier__in=scope.dossiers).distinct())
    hashes = {one.sha256 for one in packets}
    brought = Q(pk__in=MailPacket.objects.filter(Q(sha256__in=hashes) | Q(intake__packet__in=packets)).values("mail"))
    mails = list(Mail.objects.filter(brought))
    files = forget_files(hashes | {one.sha256 for one in mails}, whole=True)
    for packet in packets:
        packet.members, packet.findings, packet.roster, packet.file_name = (
            without(value, scope.words) for value in (packet.members, packet.findings, packet.roster, packet.file_name)
        )
        packet.file_name = packet.file_name[:255]
    Packet.objects.bulk_update(packets, ["members", "findings", "roster", "file_name"], batch_size=20)
    intakes = list(Intake.objects.filter(packet__in=packets))
    for intake in intakes:
        intake.file_name = without(intake.file_name, scope.words)[:255]
        intake.current_member = without(intake.current_member, scope.words)[:400]
    Intake.objects.bulk_update(intakes, ["file_name", "current_member"], batch_size=_BATCH)
    _clean_mails(mails, scope)
    return {"files": files, "packets": len(packets)}


def _clean_mails(mails: list[Mail], scope: Scope) -> None:
    for mail in mails:
        mail.seal(without(mail.told, scope.words))
    Mail.objects.bulk_update(mails, ["sealed"], batch_size=_BATCH)
    named = list(MailPacket.objects.filter(mail__in=mails))
    for one in named:
        one.file_name = without(one.file_name, scope.words)[:255]
    MailPacket.objects.bulk_update(named, ["file_name"], batch_size=_BATCH)


def erase_messages(scope: Scope) -> Counts:
    """Messages to the person or about her, in her editions: that one went out, when and on what occasion stays; its words go.

    They are found by what they say: every message of these editions is opened once.
    """
    found = [
        one
        for one in Message.objects.filter(edition__in=scope.editions).iterator(_BATCH)
        if _speaks_of(one, scope.words)
    ]
    for one in found:
        one.name, one.subject = without(one.name, scope.words)[:100], without(one.subject, scope.words)[:300]
        one.sealed_body = seal_body(one.pk, ERASED_NAME, ERASED_NAME)
        if one.state != Message.State.SENT:
            one.state, one.last_error = Message.State.GIVEN_UP, ERASED_NAME
    Message.objects.bulk_update(found, ["name", "subject", "sealed_body", "state", "last_error"], batch_size=_BATCH)
    Enclosure.objects.filter(message__in=found).delete()
    return {"messages": len(found)}


def _speaks_of(message: Message, words: Iterable[str]) -> bool:
    text = "\n".join((message.name, message.subject, *bodies(message.pk, message.sealed_body)))
    return any(word in text for word in words)


def erase_notices(scope: Scope) -> Counts:
    """Lines of notices that are over, of a person without a title, and the archives that hold such a notice."""
    entries = NoticeEntry.objects.filter(dossier__in=scope.dossiers).exclude(dossier__in=scope.titled)
    notices, ids = set(entries.values_list("notice", flat=True)), set(entries.values_list("pk", flat=True))
    if not ids:
        return {}
    entries.update(name=ERASED_NAME, employer="")
    versions = list(NoticeVersion.objects.filter(notice__in=notices))
    for one in versions:
        one.rows = [
            {**row, "name": ERASED_NAME, "employer": ""} if row.get("entry") in ids else row for row in one.rows
        ]
    NoticeVersion.objects.bulk_update(versions, ["rows"], batch_size=20)
    # other processes write the page anew within half a minute
    transaction.on_commit(kept_page.forget)
    archives = Archive.objects.filter(edition__notices__in=notices, state=Archive.State.MADE).distinct()
    sentence = _("Somebody named in it was erased: the package was deleted. Archive the edition again.")
    return {"lines": len(ids), "archives": forget_archives(archives, sentence)}


def size_of(counts: Iterable[Counts]) -> Counts:
    """The counts of several steps as one."""
    total: Counts = {}
    for one in counts:
        for key, value in one.items():
            if value:
                total[key] = total.get(key, 0) + value
    return dict(sorted(total.items()))
