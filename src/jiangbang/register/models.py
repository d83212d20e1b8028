"""What the register is: entries, each a leaf of one Merkle tree (RFC 9162), and the signed head of that tree."""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiangbang.kernel import merkle
from jiangbang.register.canonical import canonical_json, instant

# What reading a row may raise into which somebody wrote by hand what no act writes: a float, a date that is none, a number for bytes.
UNREADABLE: Final = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)


def stored_hash(value: Any) -> bytes:
    """The bytes of a column; none where something else stands there: SQLite keeps numbers too, and bytes(number) fills the memory."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


class Entry(models.Model):
    """One thing that was done. `index` is its position in the tree, from 0 without a gap.

    Rows refuse update and delete in the database itself (triggers of migration 0002).
    """

    index = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("at"))
    type = models.CharField(max_length=40)
    # who: "user:7"; the register names no person, the accounts do
    actor = models.CharField(max_length=40)
    edition = models.CharField(max_length=80)
    subject = models.CharField(max_length=60)
    facts = models.JSONField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "index"], name="entry_by_subject"),
            models.Index(fields=["edition", "index"], name="entry_by_edition"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(index__gte=0), name="entry_index_from_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.type} {self.subject}"

    def leaf(self) -> bytes:
        """The bytes that the tree commits to: canonical JSON of everything the entry says, its position included."""
        said: dict[str, Any] = {
            "index": self.index,
            "at": instant(self.at),
            "type": self.type,
            "actor": self.actor,
            "edition": self.edition,
            "subject": self.subject,
            "facts": self.facts,
        }
        return canonical_json(said)

    def computed_hash(self) -> bytes:
        """The leaf hash computed anew from the columns; differs from `leaf_hash` if somebody altered the row.

        Raises one of UNREADABLE for a row that says what no act writes.
        """
        return merkle.leaf_hash(self.leaf())

    def is_as_signed(self) -> bool:
        """Whether content and stored hash agree."""
        try:
            return self.computed_hash() == stored_hash(self.leaf_hash)
        except UNREADABLE:
            return False


class Head(models.Model):
    """The tree's one head: size, right frontier and the signed checkpoint of the last append. Its row is the writers' lock."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    frontier = models.JSONField(default=list)
    checkpoint = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="register_has_one_head")]

    def __str__(self) -> str:
        return f"register of {self.size} entries"
