"""Texts about one person, sealed with the person's key; texts about a letter, sealed by the installation."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from jiangbang.consultation.models import Inquiry, Question, Reply
from jiangbang.nomination.dossiers import sealed_text, subject_of
from jiangbang.vaults import vault


def seal_text(question: Question, text: str) -> bytes:
    """A reason or ground about this person."""
    return subject_of(question.dossier.person).seal(text.encode(), _of(question))


def text_of(question: Question, sealed: bytes) -> str:
    """The text; empty where none was written. Raises VaultError."""
    return sealed_text(question.dossier.person, sealed, _of(question))


def seal_password(inquiry: Inquiry, password: str) -> bytes:
    return vault().seal(password.encode(), b"inquiry:" + inquiry.pk.bytes)


def password_of(inquiry: Inquiry) -> str:
    """What opens the letter's list as a workbook. Raises VaultError."""
    return vault().unseal(bytes(inquiry.sealed_password), b"inquiry:" + inquiry.pk.bytes).decode()


def seal_values(reply: Reply, values: Any) -> bytes:
    return vault().seal(json.dumps(values, ensure_ascii=False).encode(), _reply(reply.pk))


def values_of(reply: Reply) -> Any:
    """What `seal_values` sealed. Raises VaultError."""
    return json.loads(vault().unseal(bytes(reply.sealed), _reply(reply.pk)))


def _of(question: Question) -> bytes:
    return b"question:" + question.inquiry_id.bytes + question.dossier_id.bytes


def _reply(pk: UUID) -> bytes:
    return b"reply:" + pk.bytes
