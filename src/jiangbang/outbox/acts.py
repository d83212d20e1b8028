"""What may happen to messages and their templates."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from jiangbang.outbox import policy, queries, sealing
from jiangbang.outbox.addresses import channel_of
from jiangbang.outbox.mail import sender_domain
from jiangbang.outbox.models import Channel, Enclosure, Language, Message, Wording
from jiangbang.outbox.tasks import deliver, delivery_key
from jiangbang.outbox.templates import Template, Text, UnknownTemplateError, blanks, filled, shown, template_of
from jiangbang.queue.jobs import enqueue, hurry
from jiangbang.register.acts import Actor, Refused, act, nothing_changed, record

LONGEST_SUBJECT = 300
LONGEST_BODY = 20_000
# Mail servers commonly take 25 MB after encoding, which adds a third.
MAX_ENCLOSED = 15 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to go with a message."""

    file_name: str
    media_type: str
    content: bytes


@act("message.posted")
def post_message(
    template: str,
    *,
    to: str,
    name: str,
    edition: str,
    context: Mapping[str, object],
    by: Actor,
    key: str = "",
    attachments: Sequence[Attachment] = (),
    language: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
) -> Message:
    """Word a message and put it into the outbox; the queue delivers it if and only if the caller's transaction commits.

    `to` is an e-mail address or a group robot's address. `context` gives every variable of the template. An equal `key` in an edition
    is the same message: the one that is there comes back. `in_reply_to` and `references` are the Message-IDs that it answers. Who may is
    the caller's to check: a message says what another act did.

    Refused: `address`; `too_large` (enclosures). Raises UnknownTemplateError for a template or variable that is not declared.
    """
    kind = template_of(template)
    values = _values(kind, context)
    if key and (twin := Message.objects.filter(edition=edition, key=key).first()) is not None:
        nothing_changed()
        return twin
    address = to.strip()
    channel = channel_of(address)
    if channel is None:
        raise Refused("address", _("%(address)s is no address that a message can be sent to.") % {"address": address})
    if sum(len(one.content) for one in attachments) > MAX_ENCLOSED:
        raise Refused("too_large", _("The files are larger than 15 MB together; mail servers would refuse them."))
    message = _written(kind, values, address, channel, language or Language.ZH, edition)
    message.key, message.name, message.posted_by = key, name[:100], f"user:{by.pk}"
    message.in_reply_to, message.references = in_reply_to, " ".join([*references, in_reply_to]).strip()
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        # somebody else has posted it in this very moment
        nothing_changed()
        return Message.objects.get(edition=edition, key=key)
    _enclose(message, attachments)
    enqueue(deliver, key=delivery_key(message), message=str(message.pk), times=message.times)
    facts = {"template": template, "language": message.language, "channel": str(channel)}
    if attachments:
        facts["attachments"] = str(len(attachments))
    record("message.posted", by=by, edition=edition, subject=f"message:{message.pk}", facts=facts)
    return message


def _values(kind: Template, context: Mapping[str, object]) -> dict[str, str]:
    if set(context) != kind.names:
        raise UnknownTemplateError(
            f"{kind.key} wants {', '.join(sorted(kind.names)) or 'nothing'}; given were {', '.join(sorted(context))}"
        )
    return {variable: str(value) for variable, value in context.items()}


def _written(
    kind: Template, values: Mapping[str, str], address: str, channel: Channel, language: str, edition: str
) -> Message:
    wording = queries.current_text(edition, kind, language)
    text, pk = filled(kind, wording, values), uuid.uuid4()
    return Message(
        id=pk,
        edition=edition,
        template=kind.key,
        language=language,
        channel=channel,
        subject=text.subject[:LONGEST_SUBJECT],
        sealed_address=sealing.seal(pk, "address", address.encode()),
        address_index=sealing.address_index(address),
        sealed_body=sealing.seal_body(pk, text.body, shown(kind, wording, values)),
        message_id=_message_id(pk, 1),
    )


def _message_id(pk: uuid.UUID, times: int) -> str:
    return f"<{pk}.{times}@{sender_domain()}>"


def _enclose(message: Message, attachments: Sequence[Attachment]) -> None:
    Enclosure.objects.bulk_create(
        [
            Enclosure(
                message=message,
                file_name=one.file_name[-255:],
                media_type=one.media_type,
                size=len(one.content),
                sealed=sealing.seal(message.pk, "enclosure", one.content),
            )
            for one in attachments
        ]
    )


@act("message.resent")
def resend_message(message: Message, *, by: policy.Holder) -> None:
    """Send a message again: one that failed at once, one that was given up anew, one that was sent as another copy.

    A copy of a message that was sent has a Message-ID of its own, for the receiver would else drop it as known.

    Refused: `permission`; `on_its_way` (it waits for its first attempt already).
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not policy.may_resend(by, message.edition):
        raise Refused("permission", _("You may not send messages of this edition."))
    if message.state == Message.State.WAITING:
        raise Refused("on_its_way", _("This message is on its way already."))
    if message.state == Message.State.FAILED:
        hurry(deliver, key=delivery_key(message))
    else:
        message.times += 1
        if message.state == Message.State.SENT:
            message.message_id = _message_id(message.pk, message.times)
        message.state, message.attempts, message.last_error = Message.State.WAITING, 0, ""
        message.save(update_fields=["times", "message_id", "state", "attempts", "last_error"])
        enqueue(deliver, key=delivery_key(message), message=str(message.pk), times=message.times)
    record(
        "message.resent",
        by=by,
        edition=message.edition,
        subject=f"message:{message.pk}",
        facts={"template": message.template, "times": message.times},
    )


@act("template.edited")
def edit_template(template: str, *, edition: str, language: str, text: Text, by: policy.Holder) -> Wording:
    """Give a template another wording in one edition; the versions before it are kept. Messages already posted do not change.

    Refused: `permission`; `unknown_variable`, `secret_in_subject`, `empty`, `too_long`; `unchanged`.
    """
    kind = template_of(template)
    if not policy.may_edit_templates(by, edition):
        raise Refused("permission", _("You may not word the messages of this edition."))
    text = Text(" ".join(text.subject.split()), text.body.replace("\r\n", "\n").strip() + "\n")
    check_text(kind, text)
    if text == queries.current_text(edition, kind, language):
        raise Refused("unchanged", _("Nothing was changed."))
    last = Wording.objects.filter(edition=edition, template=template, language=language).aggregate(Max("version"))
    wording = Wording.objects.create(
        edition=edition,
        template=template,
        language=Language(language),
        version=(last["version__max"] or 0) + 1,
        subject=text.subject,
        body=text.body,
        edited_by=f"user:{by.pk}",
    )
    record(
        "template.edited",
        by=by,
        edition=edition,
        subject=f"template:{template}",
        facts={
            "template": template,
            "language": language,
            "version": wording.version,
            "sha256": hashlib.sha256(f"{text.subject}\n{text.body}".encode()).hexdigest(),
        },
    )
    return wording


def check_text(kind: Template, text: Text) -> None:
    """Refused: a wording that could not be sent, with the sentence that says why."""
    if not text.subject or not text.body.strip():
        raise Refused("empty", _("Subject and text must both say something."))
    if len(text.subject) > LONGEST_SUBJECT or len(text.body) > LONGEST_BODY:
        raise Refused("too_long", _("A subject has at most 300 characters, a text at most 20,000."))
    for name in blanks(text.subject + text.body):
        if name not in kind.names:
            raise Refused(
                "unknown_variable",
                _("{%(name)s} is not known here. This message knows: %(known)s.")
                % {"name": name, "known": " ".join(f"{{{one.name}}}" for one in kind.variables)},
            )
    for name in blanks(text.subject):
        if name in kind.secrets:
            raise Refused(
                "secret_in_subject",
                _("{%(name)s} is for the receiver only and may not stand in the subject.") % {"name": name},
            )
