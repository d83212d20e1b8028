"""The closed list of entry types. An act that writes a type which is not here is an error, never a silent skip.

`facts` are the only keys that an entry of the type may carry. Facts are public to whoever may read the register and stay for
ever: no personal value may stand in them, only counts, codes, file hashes and salted commitments.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class EntryType:
    """One kind of entry: what it says to a reader, and the facts that it may carry."""

    name: str
    says: str | Promise
    facts: frozenset[str]


def _types(*rows: tuple[str, str | Promise, str]) -> dict[str, EntryType]:
    return {name: EntryType(name, says, frozenset(facts.split())) for name, says, facts in rows}


ENTRY_TYPES = _types(
    ("account.created", _("Account created"), "username role"),
    ("programme.loaded", _("Edition loaded"), "sha256 previous_sha256 changed"),
    ("packet.arrived", _("Packet arrived"), "sha256 size unit channel"),
    ("packet.refused", _("Packet refused"), "sha256 unit reason deadline"),
    ("packet.unreadable", _("Packet could not be read"), "sha256 unit code"),
    (
        "packet.received",
        _("Packet received"),
        "sha256 unit number verdict members accepted waiting late late_reason programme_sha256",
    ),
    ("dossier.accepted", _("Dossier accepted"), "packet revision commitment photo"),
    ("dossier.waiting", _("Dossier waits for correction"), "packet revision commitment photo findings"),
    ("dossier.superseded", _("Dossier superseded"), "packet by"),
    ("value.revealed", _("Sensitive value revealed"), "field revision"),
    ("file.downloaded", _("File downloaded"), "file sha256"),
)
