"""The draft's values, sealed with the person's own key. Called by acts and queries only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from jiangbang.accounts.models import User
from jiangbang.candidacy.models import Candidacy, DraftField
from jiangbang.kernel.vault import Subject
from jiangbang.nomination.dossiers import subject_of

EMPLOYER_OPINION = "opinions.employer"
UNIT_OPINION = "opinions.unit"
# why it came back: {"text", "from": "employer" | "unit", "at"}
REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of the draft, opened."""

    value: Any
    version: int
    edited_by: User
    edited_at: datetime


def answers_of(candidacy: Candidacy) -> dict[str, Answer]:
    """All answers by key, in one query; in none where a list has fetched them. Raises VaultError when the person's key was destroyed."""
    fetched = "fields" in getattr(candidacy, "_prefetched_objects_cache", ())
    rows = list(candidacy.fields.all() if fetched else candidacy.fields.select_related("edited_by"))
    if not rows:
        return {}
    subject = subject_of(candidacy.person)
    return {row.key: _opened(row, candidacy, subject) for row in rows}


def answer_of(candidacy: Candidacy, key: str) -> Answer | None:
    """One answer; None where nothing was ever written."""
    row = candidacy.fields.select_related("edited_by").filter(key=key).first()
    return None if row is None else _opened(row, candidacy, subject_of(candidacy.person))


def write_answer(candidacy: Candidacy, key: str, value: Any, *, by: User) -> Answer:
    """Write the next version of one answer. The caller holds the candidacy's row."""
    now = timezone.now()
    sealed = subject_of(candidacy.person).seal(json.dumps(value, ensure_ascii=False).encode(), _aad(candidacy, key))
    row = candidacy.fields.filter(key=key).first() or DraftField(candidacy=candidacy, key=key, version=0)
    row.version += 1
    row.sealed, row.edited_by, row.edited_at = sealed, by, now
    row.save()
    return Answer(value, row.version, by, now)


def erase_answers(candidacy: Candidacy, keys: Iterable[str]) -> int:
    """Forget these answers for good; how many there were."""
    gone, _by_model = candidacy.fields.filter(key__in=list(keys)).delete()
    return gone


def seal_salt(candidacy: Candidacy, salt: bytes) -> bytes:
    return subject_of(candidacy.person).seal(salt, _aad(candidacy, "salt"))


def salt_of(candidacy: Candidacy) -> bytes:
    """The salt of what was handed over."""
    return subject_of(candidacy.person).unseal(bytes(candidacy.sealed_salt), _aad(candidacy, "salt"))


def _opened(row: DraftField, candidacy: Candidacy, subject: Subject) -> Answer:
    plain = subject.unseal(bytes(row.sealed), _aad(candidacy, row.key))
    return Answer(json.loads(plain), row.version, row.edited_by, row.edited_at)


def _aad(candidacy: Candidacy, key: str) -> bytes:
    return b"candidacy:" + candidacy.pk.bytes + b":" + key.encode()
