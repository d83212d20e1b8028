"""What is asked of the outbox."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from jiangbang.outbox.models import Message, Wording
from jiangbang.outbox.templates import Template, Text


def current_wording(edition: str, template: str, language: str) -> Wording | None:
    """The last version that an organiser gave this template; None where it has its default."""
    return Wording.objects.filter(edition=edition, template=template, language=language).order_by("-version").first()


def current_text(edition: str, template: Template, language: str) -> Text:
    """What a message is worded with now."""
    wording = current_wording(edition, template.key, language)
    return Text(wording.subject, wording.body) if wording else template.defaults[language]


def messages_of(edition: str) -> QuerySet[Message]:
    """The edition's messages, bodies left out. Unordered: the keyset page orders."""
    return Message.objects.filter(edition=edition).defer("sealed_body")


def state_counts(edition: str) -> dict[str, int]:
    """How many messages there are in each state. One query."""
    rows = Message.objects.filter(edition=edition).values_list("state").annotate(Count("pk"))
    return dict(rows.order_by())
