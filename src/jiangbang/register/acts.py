"""The act machinery: every official change of state is one function, one transaction, and at least one entry.

    @act("packet.received", "dossier.accepted")
    def receive_packet(packet, *, by): ...
        record("packet.received", by=by, edition=..., subject=..., facts={...})

The entries are appended when the act's body is done, in the same transaction: the change and its entry stand or fall together,
and the register's lock is held for the shortest time.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from jiangbang.kernel import merkle, notes
from jiangbang.register.entry_types import ENTRY_TYPES
from jiangbang.register.keys import ORIGIN, keep_checkpoint, signer
from jiangbang.register.models import Entry, Head

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Actor(Protocol):
    """Whoever acts: an account. `pk` is what the register keeps."""

    pk: Any


class ActError(Exception):
    """A fault of the program: an act broke the rules of acting."""


class Refused(Exception):
    """An act was refused. The message is one sentence for the person who asked; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class _Journal:
    may_write: frozenset[str]
    entries: list[Entry]
    unchanged: bool = False


_journal: ContextVar[_Journal | None] = ContextVar("jiangbang_journal", default=None)


def act(*types: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Make a function an act that may write entries of these types.

    Raises ActError at import for a type that is not in the closed list, and at run time when the body neither recorded an entry
    nor said `nothing_changed()`. An act inside an act joins it: one transaction, one append.
    """
    unknown = [name for name in types if name not in ENTRY_TYPES]
    if unknown or not types:
        raise ActError(f"unknown entry types {unknown or '(none given)'}: add them to ENTRY_TYPES")

    def decorate(body: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @functools.wraps(body)
        def performed(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            outer = _journal.get()
            journal = _Journal(frozenset(types), [])
            token = _journal.set(journal)
            try:
                with transaction.atomic():
                    result = body(*args, **kwargs)
                    if not journal.entries and not journal.unchanged:
                        raise ActError(f"{body.__qualname__} changed state without an entry")
                    if outer is not None:
                        outer.entries += journal.entries
                    else:
                        _append(journal.entries)
                    return result
            finally:
                _journal.reset(token)

        performed.__dict__["entry_types"] = types
        return performed

    return decorate


def record(type_name: str, *, by: Actor, edition: str, subject: str, facts: Mapping[str, Any]) -> None:
    """Say in the running act what was done. Raises ActError outside an act, for a type not declared, for a fact not listed."""
    journal = _journal.get()
    if journal is None:
        raise ActError(f"{type_name} recorded outside an act")
    if type_name not in journal.may_write:
        raise ActError(f"this act did not declare the entry type {type_name}")
    if stray := set(facts) - ENTRY_TYPES[type_name].facts:
        raise ActError(f"{type_name} may not carry {', '.join(sorted(stray))}")
    journal.entries.append(
        Entry(type=type_name, actor=f"user:{by.pk}", edition=edition, subject=subject, facts=dict(facts))
    )


def nothing_changed() -> None:
    """Say in the running act that it found its work already done and changed nothing."""
    journal = _journal.get()
    if journal is None:
        raise ActError("nothing_changed() outside an act")
    journal.unchanged = True


def _append(entries: Sequence[Entry]) -> None:
    """Give the entries their positions, extend the tree, sign the new head. Holds the head's row until commit."""
    if not entries:
        return
    _check_references()
    head = Head.objects.select_for_update().get(pk=1)
    frontier = _signed_frontier(head)
    now = timezone.now()
    for entry in entries:
        entry.index = frontier.size
        entry.at = now
        entry.leaf_hash = entry.computed_hash()
        frontier = frontier.append(entry.leaf_hash)
    Entry.objects.bulk_create(entries, batch_size=500)
    head.size = frontier.size
    head.frontier = [node.hex() for node in frontier.hashes]
    head.checkpoint = notes.sign_note(notes.checkpoint_text(ORIGIN, frontier.size, frontier.root()), signer())
    head.save()
    transaction.on_commit(functools.partial(keep_checkpoint, head.checkpoint))


def _signed_frontier(head: Head) -> merkle.Frontier:
    """The edge of the tree that the head's signature stands for.

    Raises ActError where they do not belong together: whoever rewrote rows and edge by hand would else have them signed by the next act.
    """
    try:
        frontier = merkle.Frontier(head.size, tuple(bytes.fromhex(node) for node in head.frontier))
        if head.size or head.checkpoint:
            signed = notes.parse_checkpoint(notes.open_note(head.checkpoint, [signer().verifier]))
            if (signed.size, signed.root) != (frontier.size, frontier.root()):
                raise ValueError("another tree was signed")
    except (ValueError, TypeError) as error:
        raise ActError(f"the register's head was altered, nothing is added to it: {error}") from None
    return frontier


def _check_references() -> None:
    """Check now what foreign keys would be checked for at commit: such a check waits for rows that others hold, and must not wait
    while the head is held here. What the transaction writes later is checked at commit as ever."""
    if connection.vendor == "postgresql":
        # one round trip, beside the cursor that counts a page's queries: both databases count the same
        with connection.wrap_database_errors:
            connection.connection.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
