"""A rehearsed edition's clock: it stands at a moment, and moves on by loading the document with another one, as an organiser would."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

from jiangbang.accounts.models import User
from jiangbang.programme.acts import load_edition_document
from jiangbang.programme.bundles import Bundle
from jiangbang.programme.models import Edition


def stand_at(edition: Edition, moment: datetime, *, by: User) -> Edition:
    """Let the edition stand at `moment` (aware) from now on. Returns it as it is loaded then."""
    document = deepcopy(edition.document)
    document["edition"]["calendar"]["clock"] = moment.isoformat()
    return load_document(edition.programme, document, default=edition.is_default, by=by)


def load_document(programme: str, document: dict[str, Any], *, default: bool = False, by: User) -> Edition:
    """Load one edition's document that stands in no folder. It becomes the programme's default edition only where `default`."""
    slug = document["edition"]["slug"]
    return load_edition_document(Bundle(programme, "", slug if default else "", (document,)), document, by=by)
