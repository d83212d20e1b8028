"""Invitations by message: the link goes to the address of whoever is invited."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation

from jiangbang.accounts import invitations
from jiangbang.accounts.messages import FRESH_LINK, INVITATION
from jiangbang.accounts.models import Invitation, Role
from jiangbang.nomination.pages import exact
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute, channel_of
from jiangbang.outbox.models import Channel
from jiangbang.programme.queries import find_edition
from jiangbang.register.acts import Refused


def post_link(invitation: Invitation, token: str, *, fresh: bool = False, language: str = "zh") -> bool:
    """Post the message with the link. False where the address is none for mail: then the link is handed over otherwise."""
    whom = invitations.addressee(invitation)
    if channel_of(whom.address) != Channel.EMAIL:
        return False
    edition = find_edition(invitation.edition) if invitation.edition else None
    with translation.override("en" if language == "en" else "zh-hans"):
        context: dict[str, object] = {
            "name": whom.name or whom.address,
            "edition": edition.label if edition else translation.gettext("Jiangbang"),
            "role": str(Role(invitation.role).label),
            "link": absolute(reverse("invitation", args=[token])),
            "until": exact(invitation.expires_at),
        }
    if not fresh:
        context["inviter"] = str(invitation.invited_by)
    post_message(
        (FRESH_LINK if fresh else INVITATION).key,
        to=whom.address,
        name=whom.name,
        edition=invitation.edition,
        context=context,
        by=invitation.invited_by,
        language=language,
    )
    return True


def post_fresh_links(index: str, language: str) -> int:
    """A fresh link for each invitation of an address; says how many went out. Nothing for addresses that nobody invited."""
    sent = 0
    for invitation in invitations.renewable(index):
        try:
            fresh, token = invitations.renew(invitation)
        except Refused:
            continue
        sent += post_link(fresh, token, fresh=True, language=language)
    return sent
