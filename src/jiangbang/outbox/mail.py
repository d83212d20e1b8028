"""E-mail over SMTP."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from jiangbang.outbox import sealing
from jiangbang.outbox.failures import DeliveryError, RefusedForGood
from jiangbang.outbox.models import Message

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
TIMEOUT_SECONDS = 30
MAX_ANSWER = 200


@dataclass(frozen=True)
class SmtpServer:
    """`smtp://user:password@host:587?starttls=1`, or `smtps://` for TLS from the first byte."""

    url: str

    @cached_property
    def options(self) -> dict[str, Any]:
        """What Django's SMTP backend wants to know. Raises ValueError for an address that is none."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("JIANGBANG_SMTP_URL must look like smtp://user:password@host:587?starttls=1")
        over_tls = parts.scheme == "smtps"
        return {
            "host": parts.hostname,
            "port": parts.port or (465 if over_tls else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": over_tls,
            "use_tls": parse_qs(parts.query).get("starttls") == ["1"],
            "timeout": TIMEOUT_SECONDS,
        }


def send(message: Message, address: str, body: str) -> None:
    """Hand the message to the mail server. Raises RefusedForGood, DeliveryError."""
    if not settings.JIANGBANG_SMTP_URL or not settings.JIANGBANG_MAIL_FROM:
        raise RefusedForGood(
            _(
                "No mail server is set up. The operator sets JIANGBANG_SMTP_URL and JIANGBANG_MAIL_FROM; then send it again."
            )
        )
    try:
        _composed(
            message, address, body, get_connection(BACKEND, **SmtpServer(settings.JIANGBANG_SMTP_URL).options)
        ).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise _refusal(code, answer, address) from None
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(
            _("The mail server does not accept our name and password (%(code)s).") % {"code": error.smtp_code}
        ) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error, address) from None
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(_("The mail server cannot be reached (%(why)s).") % {"why": type(error).__name__}) from None


def _composed(message: Message, address: str, body: str, connection: Any) -> EmailMessage:
    mail = EmailMessage(
        subject=message.subject,
        body=body,
        from_email=settings.JIANGBANG_MAIL_FROM,
        to=[formataddr((message.name, address)) if message.name else address],
        headers=_headers(message),
        connection=connection,
    )
    for enclosure in message.enclosures.all():
        content = sealing.unseal(message.pk, "enclosure", enclosure.sealed)
        mail.attach(enclosure.file_name, content, enclosure.media_type)
    return mail


def _headers(message: Message) -> dict[str, str]:
    """Auto-Submitted: no answers from machines ("I am on leave"), please (RFC 3834)."""
    if not message.in_reply_to:
        return {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    return {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-replied",
        "In-Reply-To": message.in_reply_to,
        "References": message.references,
    }


def _refusal(code: int, answer: bytes | str, address: str) -> DeliveryError:
    """The server's own words, less the address: the sentence is kept in clear. RFC 5321 §4.2.1: 5xx is for good, 4xx for now."""
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    said = " ".join(said.replace(address, "…").split())[:MAX_ANSWER]
    if code >= 500:
        return RefusedForGood(_("The mail server refused it: %(code)s %(said)s") % {"code": code, "said": said})
    return DeliveryError(_("The mail server refused it for now: %(code)s %(said)s") % {"code": code, "said": said})


def trouble_with_server() -> str:
    """What is wrong with the mail server as it is set up, in one English sentence for the operator; empty when it answers."""
    if not settings.JIANGBANG_SMTP_URL or not settings.JIANGBANG_MAIL_FROM:
        return "JIANGBANG_SMTP_URL and JIANGBANG_MAIL_FROM belong together: one of them is missing"
    if "@" not in parseaddr(settings.JIANGBANG_MAIL_FROM)[1]:
        return "JIANGBANG_MAIL_FROM holds no e-mail address"
    try:
        with get_connection(BACKEND, **SmtpServer(settings.JIANGBANG_SMTP_URL).options):
            return ""
    except ValueError as error:
        return str(error)
    except (OSError, smtplib.SMTPException) as error:
        return f"the mail server cannot be used: {type(error).__name__}"


def sender_domain() -> str:
    """The domain of our own address; one that nobody has where none is set."""
    return parseaddr(settings.JIANGBANG_MAIL_FROM)[1].rpartition("@")[2] or "jiangbang.invalid"
