"""The outbox: who got what and when, what failed and why, and sending it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import roles_in
from jiangbang.nomination.listing import MAX_SAID, keyset
from jiangbang.nomination.performing import perform
from jiangbang.outbox import queries, sealing
from jiangbang.outbox.acts import resend_message
from jiangbang.outbox.addresses import shown_address
from jiangbang.outbox.models import Message
from jiangbang.outbox.policy import may_read_outbox, may_resend
from jiangbang.outbox.templates import TEMPLATES, all_templates
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.queries import entries
from jiangbang.web.people_page import admitted

# "Send all again" takes so many at a time: one page waits for it.
MOST_AT_ONCE = 200
BADGES = {"sent": "met", "waiting": "open", "failed": "open", "given_up": "not_met"}


@dataclass(frozen=True, slots=True)
class Row:
    """A message as the list shows it."""

    href: str
    name: str
    address: str
    subject: str
    purpose: str
    badge: str
    state: str
    error: str
    posted_at: datetime
    sent_at: datetime | None


def rows(found: Iterable[Message]) -> list[Row]:
    """Messages made ready; addresses are opened for those who may read them."""
    return [
        Row(
            reverse("outbox_message", args=[message.pk]),
            message.name,
            address_of(message),
            message.subject,
            purpose_of(message),
            BADGES[message.state],
            message.get_state_display(),
            message.last_error,
            message.posted_at,
            message.sent_at,
        )
        for message in found
    ]


def address_of(message: Message) -> str:
    """The address as it may be shown."""
    return shown_address(sealing.unseal(message.pk, "address", message.sealed_address).decode())


def purpose_of(message: Message) -> str:
    """What the message is for; its key where the template is no longer declared."""
    template = TEMPLATES.get(message.template)
    return str(template.purpose) if template else message.template


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address narrows the outbox to."""

    state: str
    template: str
    text: str

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        told = {key: value.replace("\0", "")[:MAX_SAID].strip() for key, value in query.items()}
        state = told.get("state", "")
        return cls(state if state in Message.State.values else "", told.get("template", ""), told.get("q", ""))

    def of(self, found: QuerySet[Message]) -> QuerySet[Message]:
        """A whole address is found by its blind index, else a part of the name."""
        if self.state:
            found = found.filter(state=self.state)
        if self.template:
            found = found.filter(template=self.template)
        if self.text:
            by_address = {"address_index": sealing.address_index(self.text)}
            found = found.filter(**by_address) if "@" in self.text else found.filter(name__icontains=self.text)
        return found


@login_required
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Every message of the edition, newest first."""
    person, edition = admitted(request, may_read_outbox)
    wanted, templates = Wanted.from_query(request.GET), all_templates()
    page = keyset(
        wanted.of(queries.messages_of(edition.key)),
        ("-posted_at", "-id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    counts = queries.state_counts(edition.key)
    context = {
        "page": page,
        "rows": rows(page.rows),
        "wanted": wanted,
        "narrowed": wanted != Wanted("", "", ""),
        "states": [
            {"value": value, "label": label, "count": counts.get(value, 0)} for value, label in Message.State.choices
        ],
        "templates": [{"value": one.key, "label": one.purpose} for one in templates],
        "given_up": counts.get(Message.State.GIVEN_UP, 0),
        "may_resend": may_resend(person, edition.key),
    }
    return render(request, "web/outbox.html", context)


def message_for(request: HttpRequest, pk: UUID, *, to_resend: bool = False) -> tuple[User, Message]:
    """The message, for whoever may: 404 to outsiders, 403 to insiders without the right."""
    message, person = Message.objects.filter(pk=pk).first(), request.user
    assert isinstance(person, User)
    if message is None or not roles_in(person, message.edition):
        raise Http404
    if not (may_resend if to_resend else may_read_outbox)(person, message.edition):
        raise PermissionDenied
    return person, message


@login_required
@require_GET
@never_cache
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message: to whom, in which words, what became of it. Secret links are hidden."""
    person, found = message_for(request, pk)
    context = {
        "message": found,
        "badge": BADGES[found.state],
        "address": address_of(found),
        "purpose": purpose_of(found),
        "body": sealing.bodies(found.pk, found.sealed_body)[1],
        "enclosures": found.enclosures.defer("sealed"),
        "history": said(entries(subject=f"message:{found.pk}")),
        "may_resend": found.state != Message.State.WAITING and may_resend(person, found.edition),
    }
    return render(request, "web/outbox_message.html", context)


def said(found: Iterable[Any]) -> list[tuple[datetime, str, str]]:
    """Register entries about a message: when, what, who. Two queries."""
    found = list(found)
    people = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=[e.actor[5:] for e in found])}
    words = {"message.posted": _("posted"), "message.resent": _("sent again")}
    return [(one.at, words.get(one.type, one.type), people.get(one.actor, one.actor)) for one in found]


@login_required
@require_POST
def resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send one message again."""
    person, found = message_for(request, pk, to_resend=True)
    perform(request, lambda: resend_message(found, by=person), _("The message is on its way again."))
    return redirect("outbox_message", found.pk)


@login_required
@require_POST
def resend_all(request: HttpRequest) -> HttpResponse:
    """Send again what was given up, the oldest first."""
    person, edition = admitted(request, may_resend)
    given_up = queries.messages_of(edition.key).filter(state=Message.State.GIVEN_UP).order_by("posted_at", "pk")
    sent = _resent(given_up[:MOST_AT_ONCE], person)
    said_so = ngettext("%(count)d message is on its way again.", "%(count)d messages are on their way again.", sent)
    messages.success(request, said_so % {"count": sent})
    return redirect("outbox")


def _resent(found: Iterable[Message], person: User) -> int:
    sent = 0
    for one in found:
        try:
            resend_message(one, by=person)
            sent += 1
        except Refused:
            # somebody else has just sent it again
            continue
    return sent


def edition_line(edition: Edition) -> dict[str, str]:
    """What a sample of the edition's templates is filled with beyond the examples."""
    return {"edition": edition.label}
