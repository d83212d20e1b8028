"""Invitations to a candidacy: for the candidate, and for whoever confirms it in the employer's name. Called inside acts."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from jiangbang.accounts.invitations import invite
from jiangbang.accounts.models import Role, User
from jiangbang.candidacy.messages import INVITED, TO_EMPLOYER
from jiangbang.candidacy.models import Candidacy
from jiangbang.outbox.acts import post_message


def open_door(candidacy: Candidacy, *, role: Role, name: str, address: str, by: User) -> str:
    """Invite somebody with this role for this candidacy; where an e-mail address is given, the link goes there. Returns its token.

    A mobile number is kept with the invitation and nothing is sent: the unit passes the link on by itself.

    Refused: `permission`; `address` for an e-mail address that is none.
    """
    edition = candidacy.edition
    _made, token = invite(role=role, edition=edition.key, scope=str(candidacy.pk), name=name, address=address, by=by)
    if "@" in address or role == Role.EMPLOYER:
        template = INVITED if role == Role.CANDIDATE else TO_EMPLOYER
        values = {
            "edition": edition.name,
            "unit": candidacy.unit.name,
            "name": name,
            "candidate": candidacy.name,
            "deadline": edition.deadline.clock(edition.deadline.at),
            "link": settings.JIANGBANG_URL + reverse("invitation", args=[token]),
        }
        context = {key: value for key, value in values.items() if key in template.names}
        post_message(template.key, to=address, name=name, edition=edition.key, context=context, by=by)
    return token
