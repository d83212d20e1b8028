"""Word from a case: the answer to the objector by e-mail, where that is how he is reached, and the question to the unit's contacts."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation

from jiangbang.accounts.models import User
from jiangbang.nomination.contacts import address_of, contacts_of
from jiangbang.notice.objection_case import identity_of
from jiangbang.notice.objection_messages import ANSWERED, ASKED
from jiangbang.notice.objection_models import Objection
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute, channel_of
from jiangbang.outbox.models import Channel


def mail_of(contact: str) -> str:
    """The e-mail address among the ways in which somebody is reached; empty where there is none."""
    words = contact.replace("，", " ").replace("；", " ").replace(",", " ").replace(";", " ").split()
    return next((word for word in words if "@" in word and channel_of(word) == Channel.EMAIL), "")


def tell_objector(objection: Objection, answer: str, *, by: User) -> bool:
    """Post the answer to the objector's e-mail address; whether there is one. In the transaction of the act that answers."""
    identity = identity_of(objection)
    address = mail_of(identity.contact)
    if not address:
        return False
    with translation.override("zh-hans"):
        post_message(
            ANSWERED.key,
            to=address,
            name="",
            edition=objection.edition.key,
            context={"edition": objection.edition.name, "number": objection.number, "answer": answer},
            by=by,
            key=f"objection.answered:{objection.pk}",
        )
    return True


def tell_unit(objection: Objection, *, by: User) -> int:
    """Write to the contacts of the unit that is asked, without a word of who objects or against whom; to how many."""
    edition, code = objection.edition, objection.entry.dossier.unit_code
    due = objection.reply_due_on
    assert due is not None
    assert objection.asked_at is not None
    contacts = [one for one in contacts_of(edition) if one.unit_code == code]
    for contact in contacts:
        with translation.override("zh-hans"):
            post_message(
                ASKED.key,
                to=address_of(contact, edition),
                name=contact.name,
                edition=edition.key,
                context={
                    "edition": edition.name,
                    "name": contact.name,
                    "unit": edition.spec.unit(code).name,
                    "due": f"{due.year}年{due.month}月{due.day}日",
                    "link": absolute(reverse("unit_inquiries")),
                },
                by=by,
                key=f"objection.asked:{objection.pk}:{contact.pk}:{objection.asked_at.timestamp():.0f}",
            )
    return len(contacts)
