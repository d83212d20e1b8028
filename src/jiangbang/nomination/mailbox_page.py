"""The mailbox made ready for its pages: the last look, the mails, one mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.listing import Page, keyset
from jiangbang.nomination.mailbox_models import Mail, MailboxLook
from jiangbang.nomination.mailbox_reasons import remark, sentence
from jiangbang.nomination.models import Intake
from jiangbang.nomination.pages import unit_names
from jiangbang.programme.models import Edition

# How each state looks; what was set aside is no trouble and bears no sign.
LOOKS = {Mail.State.TAKEN: "met", Mail.State.HELD: "open", Mail.State.ASIDE: ""}
INTAKE_LOOKS = {Intake.State.DONE: "met", Intake.State.FAILED: "not_met"}


@dataclass(frozen=True, slots=True)
class MailRow:
    """A line of the list."""

    mail: Mail
    sender: str
    subject: str
    why: str
    unit: str
    packets: int
    look: str


def list_context(edition: Edition, query: Mapping[str, str]) -> dict[str, Any]:
    """All that the list shows. Four queries, however many mails there are."""
    state = query.get("state", "") if query.get("state") in Mail.State.values else ""
    found = Mail.objects.filter(edition=edition)
    counts = dict(found.values_list("state").annotate(Count("pk")))
    shown = found.filter(state=state) if state else found
    page = keyset(
        shown.annotate(packet_count=Count("packets")),
        ("-arrived_at", "-id"),
        after=query.get("after", ""),
        before=query.get("before", ""),
    )
    return {
        "edition": edition,
        "page": page,
        "rows": _rows(page, edition.spec),
        "state": state,
        "states": [
            {"value": value, "label": label, "count": counts.get(value, 0)} for value, label in Mail.State.choices
        ],
        "looks": list(MailboxLook.objects.order_by("-looked_at")),
        "any": bool(counts),
    }


def _rows(page: Page[Any], spec: EditionSpec) -> list[MailRow]:
    units = unit_names(spec)
    rows = []
    for mail in page.rows:
        told = mail.told
        letter = told["letter"]
        rows.append(
            MailRow(
                mail,
                sender_of(letter),
                letter["subject"] or _("(no subject)"),
                sentence(mail.reason, told["reason_name"]) if mail.reason else "",
                units.get(mail.unit_code, ""),
                mail.__dict__["packet_count"],
                LOOKS[Mail.State(mail.state)],
            )
        )
    return rows


def sender_of(letter: Mapping[str, Any]) -> str:
    """The address: a name beside it may say anything."""
    return letter["sender"] or _("(nobody named)")


@dataclass(frozen=True, slots=True)
class PacketLine:
    """A packet in a mail, and how far it has come."""

    file_name: str
    size: int
    intake: Intake | None
    look: str
    state: str


def mail_context(mail: Mail) -> dict[str, Any]:
    """All that one mail's page shows. One query."""
    told = mail.told
    packets = mail.packets.select_related("intake__packet").order_by("position")
    return {
        "mail": mail,
        "edition": mail.edition,
        "letter": told["letter"],
        "sender": sender_of(told["letter"]),
        "subject": told["letter"]["subject"] or _("(no subject)"),
        "sent": datetime.fromisoformat(told["letter"]["sent"]) if told["letter"]["sent"] else None,
        "attachments": [{**one, "where": " › ".join(one["within"])} for one in told["attachments"]],
        "remarks": [remark(code, name) for code, name in told["remarks"] if code != mail.reason],
        "why": sentence(mail.reason, told["reason_name"]),
        "look": LOOKS[Mail.State(mail.state)],
        "packets": [_packet_line(one.file_name, one.size, one.intake) for one in packets],
        "units": unit_names(mail.edition.spec),
        "unit": unit_names(mail.edition.spec).get(mail.unit_code, ""),
    }


def _packet_line(file_name: str, size: int, intake: Intake | None) -> PacketLine:
    if intake is None:
        return PacketLine(file_name, size, None, "open", str(Mail.State.HELD.label))
    look = INTAKE_LOOKS.get(Intake.State(intake.state), "open")
    return PacketLine(file_name, size, intake, look, intake.get_state_display())


def waiting_mails(edition: Edition) -> int:
    """How many mails wait for a person."""
    return Mail.objects.filter(edition=edition, state=Mail.State.HELD).count()
