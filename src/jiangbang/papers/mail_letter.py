"""What the header of a mail says about the mail: who wrote, what about, whether a machine did."""

from __future__ import annotations

import re
from typing import Any

from jiangbang.papers.mail_headers import Headers, decode_raw, one_address, sent_at, shown_name

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
# RFC 3834: who answers a machine makes two machines talk for ever.
_AUTOMATIC_FIELDS = ("x-autoreply", "x-autorespond", "x-auto-reply")
_BULK = {"bulk", "junk", "list", "auto_reply"}
_LISTS = ("list-id", "list-post", "list-unsubscribe")
_NOBODY = re.compile(r"^(?:mailer-daemon|postmaster|no-?_?reply|do-?not-?reply|donotreply|bounces?)(?:[+@-]|$)")
_FAILED = re.compile(r"\bdmarc\s*=\s*fail|\bspf\s*=\s*fail", re.IGNORECASE)


def letter_of(headers: Headers) -> dict[str, Any]:
    """The values of `papers.mail.Letter`, but for `automatic`."""
    references = _MESSAGE_ID.findall(" ".join(decode_raw(value) for value in headers.raw("references")))
    ids = _MESSAGE_ID.findall(" ".join(decode_raw(value) for value in headers.raw("message-id"))[:2_000])
    sender = one_address(headers, "from")
    return {
        "sender": sender,
        "sender_name": shown_name(headers, "from"),
        "reply_to": one_address(headers, "reply-to"),
        "subject": _line(headers.text("subject"))[:300],
        "message_id": ids[0] if ids else "",
        "references": references[-20:],
        "sent": sent_at(headers),
        "answerable": _answerable(headers, sender),
        "doubtful": _doubtful(headers),
    }


def says_automatic(headers: Headers) -> bool:
    """Whether a machine wrote it: an absence note, a bounce."""
    submitted = headers.parameters("auto-submitted")[0]
    return (
        submitted not in ("", "no")
        or any(headers.raw(name) for name in _AUTOMATIC_FIELDS)
        or headers.text("precedence").lower() == "auto_reply"
        or headers.media_type[0] == "multipart/report"
    )


def _answerable(headers: Headers, sender: str) -> bool:
    """Whether a person would get an answer: not a machine, not a list, not the empty sender of a bounce (RFC 3834, section 2)."""
    suppressed = headers.text("x-auto-response-suppress").lower()
    return not (
        not sender
        or says_automatic(headers)
        or headers.text("precedence").lower() in _BULK
        or any(headers.raw(name) for name in _LISTS)
        or [value.strip() for value in headers.raw("return-path")[:1]] == [b"<>"]
        or "all" in suppressed
        or "autoreply" in suppressed
        or _NOBODY.match(sender)
    )


def _doubtful(headers: Headers) -> bool:
    """Whether the receiving server says that the sender is not who it says (RFC 8601). Only ever a reason to be more careful: who
    forges a mail can write such a field himself, but not take the server's away."""
    results = " ".join(decode_raw(value) for value in headers.raw("authentication-results"))[:4_000]
    return bool(_FAILED.search(results)) and not re.search(r"\bdmarc\s*=\s*pass", results, re.IGNORECASE)


def _line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
