"""Answers to mails: a receipt, or what must be mended, once everything in the mail has been dealt with. At most one for each mail.

Machines, lists and bounces are never answered (`papers.mail_letter`), nor are our own answers; and a stranger only after a person said
whose mail it is. What goes out says that a machine wrote it (RFC 3834).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.accounts.models import User
from jiangbang.nomination import pages, queries
from jiangbang.nomination.desk import was_known_before
from jiangbang.nomination.mailbox_models import Mail
from jiangbang.nomination.mailbox_reasons import sentence
from jiangbang.nomination.models import Intake, Packet
from jiangbang.outbox.acts import post_message
from jiangbang.register.acts import act, nothing_changed

# Enough for a packet in which everything is wrong; the page has the whole list.
LONGEST_LIST = 120
MOVING = (Intake.State.WAITING, Intake.State.READING)


def answer_due(*, by: User, limit: int = 200) -> int:
    """Answer the mails of which everything has been dealt with; how many that were."""
    due = Mail.objects.filter(answer=Mail.Answer.DUE).order_by("arrived_at").select_related("edition")
    ready = due.exclude(packets__intake__state__in=MOVING)[:limit]
    return sum(answer_mail(mail, by=by) for mail in ready)


@act("message.posted")
def answer_mail(mail: Mail, *, by: User) -> bool:
    """Post the answer, and note that it was: both or neither. False where the mail is not to be answered (any more)."""
    locked = Mail.objects.select_for_update(of=("self",)).select_related("edition").get(pk=mail.pk)
    if locked.answer != Mail.Answer.DUE:
        nothing_changed()
        return False
    letter = locked.told["letter"]
    # the units read Chinese; the organiser's wording of the template is Chinese too
    with translation.override("zh-hans"):
        context = {
            "edition": locked.edition.label,
            "subject": letter["subject"] or _("your mail"),
            "arrived": pages.exact(locked.arrived_at, seconds=True),
            "results": results(locked),
        }
        post_message(
            "mailbox.results" if locked.state == Mail.State.TAKEN else "mailbox.nothing_received",
            to=letter["sender"],
            name=letter["sender_name"],
            edition=locked.edition.key,
            context=context,
            by=by,
            key=f"mail:{locked.pk}",
            in_reply_to=locked.message_id,
            references=letter["references"],
        )
    locked.answer, locked.answered_at = Mail.Answer.SENT, timezone.now()
    locked.save(update_fields=["answer", "answered_at"])
    return True


def results(mail: Mail) -> str:
    """What became of each packet, in words; why there was none."""
    if mail.state != Mail.State.TAKEN:
        return sentence(mail.reason, mail.told["reason_name"])
    packets = mail.packets.select_related("intake__packet__edition").order_by("position")
    return "\n\n".join(_result(one.intake) for one in packets if one.intake is not None)


def _result(intake: Intake) -> str:
    if intake.packet is None:
        return "\n".join((intake.file_name, intake.failure or _("It could not be received.")))
    packet = intake.packet
    lines = [intake.file_name]
    if was_known_before(intake):
        lines.append(_("These very bytes were received before as %(number)s.") % {"number": packet.number})
    else:
        lines.append(_("Received as %(number)s.") % {"number": packet.number})
    accepted, waiting = packet.accepted_count, packet.waiting_count
    lines.append(
        ngettext("%(n)d person accepted", "%(n)d people accepted", accepted) % {"n": accepted}
        + _("; ")
        + ngettext("%(n)d person to be mended.", "%(n)d people to be mended.", waiting) % {"n": waiting}
    )
    lines.append(_("SHA-256 of the file: %(sha256)s") % {"sha256": packet.sha256})
    return "\n".join([*lines, *_cut(list(_troubles(packet)))])


def _troubles(packet: Packet) -> Iterable[str]:
    """What must be mended or looked at, person by person; notes are not worth a mail."""
    for group in pages.finding_groups(packet, queries.packet_revisions(packet)):
        worth = [one for one in group.findings if one.severity != "note"]
        if worth:
            yield f"{group.title}"
        for one in worth:
            grade = _("must be mended") if one.severity == "block" else _("look at this")
            yield f"  - [{grade}] {one.message}" + (f"（{one.where}）" if one.where else "")


def _cut(lines: list[str]) -> list[str]:
    if len(lines) <= LONGEST_LIST:
        return lines
    left = len(lines) - LONGEST_LIST
    more = ngettext("… and %(n)d more line; ask the office.", "… and %(n)d more lines; ask the office.", left)
    return [*lines[:LONGEST_LIST], more % {"n": left}]
