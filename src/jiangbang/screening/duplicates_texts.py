"""What two dossiers are compared by: the long texts of the form, and the identity number. Opened in portions, never kept in clear."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.kernel.similarity import folded
from jiangbang.kernel.vault import VaultError
from jiangbang.nomination.dossiers import sealed_values
from jiangbang.nomination.models import Dossier, Revision
from jiangbang.programme.models import Edition

PORTION = 500
# A long text with room for less is a motto, not an account of deeds.
ROOM_FOR_DEEDS = 200
LIVE = (Dossier.State.ACCEPTED, Dossier.State.WAITING)


def compared_keys(form: FormSpec) -> tuple[str, ...]:
    """The fields whose texts are compared."""
    return tuple(
        spec.key
        for spec in form
        if spec.kind == "long_text" and (spec.max_length or ROOM_FOR_DEEDS + 1) > ROOM_FOR_DEEDS
    )


def text_of(record: Record, form: FormSpec) -> str:
    """The text that is compared, as it was written."""
    return "\n".join(str(record[key]) for key in compared_keys(form) if record.get(key))


def identity_of(record: Record, form: FormSpec) -> str:
    """The identity number as written; empty where there is none."""
    for spec in form:
        if spec.kind == "identity":
            return str(record.get(spec.key) or "").strip().upper()
    return ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A revision in clear: its text, folded, and the number. Lives as long as a portion."""

    text: str
    number: str


class Texts:
    """Folded texts of revisions. Holds a bounded number of them, so that 100,000 dossiers need no more memory than 20,000."""

    MOST = 20_000

    def __init__(self, programme: str) -> None:
        self.editions = {edition.pk: edition for edition in Edition.objects.filter(programme=programme)}
        self._kept: dict[Any, str] = {}

    def have(self, revisions: Iterable[Any]) -> None:
        """Open those of these revisions that are not at hand."""
        missing = [pk for pk in dict.fromkeys(revisions) if pk not in self._kept]
        if len(self._kept) + len(missing) > self.MOST:
            self._kept.clear()
            missing = list(dict.fromkeys(revisions))
        for pk, opened in self.opened(missing):
            self._kept[pk] = opened.text if opened else ""

    def __getitem__(self, revision: Any) -> str:
        return self._kept[revision]

    def opened(self, revisions: Iterable[Any]) -> Iterator[tuple[Any, Opened | None]]:
        """Each revision in clear; None where its person's key was destroyed. One query for each portion."""
        keys = list(revisions)
        for start in range(0, len(keys), PORTION):
            rows = Revision.objects.filter(pk__in=keys[start : start + PORTION]).select_related("dossier", "person")
            for row in rows.defer("findings", "verdicts"):
                row.dossier.edition = self.editions[row.dossier.edition_id]
                yield row.pk, open_revision(row)


def open_revision(revision: Revision) -> Opened | None:
    """One revision in clear; None where the person's key was destroyed. Its `dossier.edition` and `person` should be at hand."""
    form = revision.dossier.edition.spec.form
    try:
        secret, _salt = sealed_values(revision)
    except (VaultError, json.JSONDecodeError):
        return None
    record = {**revision.open, **secret}
    return Opened(folded(text_of(record, form)), identity_of(record, form))
