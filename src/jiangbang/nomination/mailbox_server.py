"""The mail server: one IMAP connection, what in its folder is new, a mail's bytes, and the mark that it was taken."""

from __future__ import annotations

import contextlib
import hashlib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

# Says on the server that a mail was taken; whoever reads the mailbox in a mail program may see it as a tag.
MARK = "$JiangbangTaken"
TIMEOUT = SocketTimeout(connect=15, read=60)
# A mail is fetched in pieces of this size: memory does not grow with its attachments.
PIECE = 4 * 1024 * 1024


class MailboxTrouble(Exception):
    """The mailbox cannot be used. The message is one sentence for the operator, without the password."""


@dataclass(frozen=True)
class ImapAddress:
    """`imaps://user@host:993/FOLDER`, or `imap://user@host:143/FOLDER`, which turns to TLS with STARTTLS unless `?tls=none`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: str = "tls"
    done_folder: str = ""
    authority: str = ""

    @property
    def name(self) -> str:
        """How the mailbox is called in the database and on the page; never with the password."""
        return f"{self.user} · {self.host}:{self.port}/{self.folder}"[:200]

    @cached_property
    def own(self) -> frozenset[str]:
        """Addresses that are the mailbox's own: nobody answers himself."""
        sender = settings.JIANGBANG_MAIL_FROM.rpartition("<")[2].rstrip("> ").lower()
        return frozenset(address for address in (self.user.lower(), sender) if "@" in address)


def configured() -> ImapAddress | None:
    """The mailbox from the settings; None where there is none. Raises MailboxTrouble for an address that is none."""
    url = settings.JIANGBANG_IMAP_URL
    if not url:
        return None
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", ["starttls"])[0]
    if (
        parts.scheme not in {"imap", "imaps"}
        or not parts.hostname
        or not parts.username
        or tls not in {"none", "starttls"}
    ):
        raise MailboxTrouble(_("JIANGBANG_IMAP_URL must look like imaps://user@host:993/INBOX"))
    secure = parts.scheme == "imaps"
    return ImapAddress(
        parts.hostname,
        parts.port or (993 if secure else 143),
        unquote(parts.username),
        _password(unquote(parts.password or "")),
        unquote(parts.path.strip("/")) or "INBOX",
        "tls" if secure else tls,
        settings.JIANGBANG_IMAP_DONE,
        settings.JIANGBANG_IMAP_CA,
    )


def _password(in_url: str) -> str:
    """From its own variable, or from a file that only the operator may read, else from the address."""
    if settings.JIANGBANG_IMAP_PASSWORD:
        return str(settings.JIANGBANG_IMAP_PASSWORD)
    if settings.JIANGBANG_IMAP_PASSWORD_FILE:
        try:
            return Path(settings.JIANGBANG_IMAP_PASSWORD_FILE).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise MailboxTrouble(
                _("The password file of the mailbox cannot be read: %(why)s.") % {"why": error.strerror}
            ) from None
    return in_url


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail on the server that does not bear our mark. `arrived_at` is the server's INTERNALDATE."""

    uid: int
    size: int
    arrived_at: datetime | None


class Mailbox:
    """An open folder. Use as a context manager; raises MailboxTrouble for whatever the server or the network does."""

    def __init__(self, address: ImapAddress) -> None:
        self.address = address
        self.uidvalidity = 0
        self._keywords = False
        self._writable = False

    def __enter__(self) -> Mailbox:
        with self._troubles():
            self._client = self._connect()
        try:
            with self._troubles():
                self._enter()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(Exception):
            self._client.logout()

    def waiting(self) -> list[Waiting]:
        """What does not bear our mark, in the order of arrival in the folder."""
        criteria = ["UNDELETED", *(["UNKEYWORD", MARK] if self._keywords else [])]
        with self._troubles():
            uids = sorted(self._client.search(criteria))
            found: list[Waiting] = []
            for start in range(0, len(uids), 1000):
                answers = self._client.fetch(uids[start : start + 1000], ["RFC822.SIZE", "INTERNALDATE"])
                found += [
                    Waiting(uid, int(one[b"RFC822.SIZE"]), one.get(b"INTERNALDATE"))
                    for uid, one in sorted(answers.items())
                    if b"RFC822.SIZE" in one
                ]
        return found

    def copy_into(self, file: BinaryIO, waiting: Sequence[Waiting]) -> dict[int, tuple[int, int, str]]:
        """Append the messages to the file: UID → start, length, SHA-256. Reading does not mark them as seen. One that has been taken away
        meanwhile is missing."""
        with self._troubles():
            small = [one.uid for one in waiting if one.size <= PIECE]
            found = dict(self._copy_small(file, small)) if small else {}
            for one in waiting:
                if one.size > PIECE:
                    found |= dict(self._copy_large(file, one))
        return found

    def copy_header(self, file: BinaryIO, uid: int) -> dict[int, tuple[int, int, str]]:
        """The header alone of a message that is too large to be fetched."""
        with self._troubles():
            answer = self._client.fetch([uid], ["BODY.PEEK[HEADER]"]).get(uid, {})
        return dict(_written(file, uid, [answer[b"BODY[HEADER]"]])) if b"BODY[HEADER]" in answer else {}

    def mark(self, uids: Sequence[int], *, seen: bool) -> None:
        """Say on the server that these were taken; with `seen` they also count as read. Moved away where a folder for that is set."""
        if not uids or not self._writable:
            return
        flags = ([MARK] if self._keywords else []) + ([r"\Seen"] if seen or not self._keywords else [])
        with self._troubles():
            self._client.add_flags(list(uids), flags, silent=True)
            if seen and self.address.done_folder:
                self._move(list(uids))

    def _move(self, uids: list[int]) -> None:
        folder = self.address.done_folder
        if not self._client.folder_exists(folder):
            self._client.create_folder(folder)
        if self._client.has_capability("MOVE"):
            self._client.move(uids, folder)
            return
        self._client.copy(uids, folder)
        self._client.delete_messages(uids, silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)

    def _connect(self) -> IMAPClient:
        context = ssl.create_default_context(cafile=self.address.authority or None)
        secure = self.address.tls == "tls"
        client = IMAPClient(
            self.address.host,
            port=self.address.port,
            ssl=secure,
            ssl_context=context if secure else None,
            timeout=TIMEOUT,
        )
        # aware times: a deadline cannot be asked of a clock without a zone
        client.normalise_times = False
        if self.address.tls == "starttls":
            client.starttls(context)
        return client

    def _enter(self) -> None:
        self._client.login(self.address.user, self.address.password)
        answer = self._client.select_folder(self.address.folder)
        self.uidvalidity = int(answer.get(b"UIDVALIDITY", 0))
        self._writable = b"READ-WRITE" in answer
        permanent = answer.get(b"PERMANENTFLAGS", ())
        self._keywords = self._writable and (b"\\*" in permanent or MARK.encode() in permanent)

    def _copy_small(self, file: BinaryIO, uids: list[int]) -> Iterator[tuple[int, tuple[int, int, str]]]:
        for uid, one in self._client.fetch(uids, ["BODY.PEEK[]"]).items():
            if b"BODY[]" in one:
                yield from _written(file, uid, [one[b"BODY[]"] or b""])

    def _copy_large(self, file: BinaryIO, one: Waiting) -> Iterator[tuple[int, tuple[int, int, str]]]:
        def pieces() -> Iterator[bytes]:
            at = 0
            while True:
                answer = self._client.fetch([one.uid], [f"BODY.PEEK[]<{at}.{PIECE}>"]).get(one.uid, {})
                piece: bytes = answer.get(f"BODY[]<{at}>".encode()) or b""
                yield piece
                at += len(piece)
                if len(piece) < PIECE:
                    return

        yield from _written(file, one.uid, pieces())

    @contextlib.contextmanager
    def _troubles(self) -> Iterator[None]:
        where = {"host": self.address.host}
        try:
            yield
        except LoginError:
            raise MailboxTrouble(_("%(host)s does not accept our name and password.") % where) from None
        except ssl.SSLError as error:
            why = {"why": getattr(error, "verify_message", "") or error.reason or type(error).__name__}
            raise MailboxTrouble(_("%(host)s: the secure connection failed (%(why)s).") % (where | why)) from None
        except (IMAPClientError, OSError) as error:
            why = {"why": " ".join(str(getattr(error, "strerror", None) or error).split())[:150]}
            raise MailboxTrouble(_("%(host)s cannot be used as a mailbox: %(why)s.") % (where | why)) from None


def _written(file: BinaryIO, uid: int, pieces: Any) -> Iterator[tuple[int, tuple[int, int, str]]]:
    start, digest = file.tell(), hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        file.write(piece)
    yield uid, (start, file.tell() - start, digest.hexdigest())
