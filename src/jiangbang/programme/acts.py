"""What may happen to editions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.programme import policy
from jiangbang.programme.bundles import Bundle, read_bundle
from jiangbang.programme.models import Edition, Extension
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.canonical import canonical_json, instant


@dataclass(frozen=True, slots=True)
class Difference:
    """How an edition's document differs from the one that is loaded. `changed` are dotted paths, at most one level into lists."""

    slug: str
    is_new: bool
    changed: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.is_new and not self.changed


def compare_programme(directory: Path) -> list[Difference]:
    """What loading this folder would change; changes nothing. Raises BundleError."""
    bundle = read_bundle(directory)
    return [_difference(bundle, document) for document in bundle.documents]


def load_programme(directory: Path, *, by: User) -> list[Difference]:
    """Load every edition of the folder; what is loaded already stays untouched. Raises BundleError before anything is changed."""
    bundle = read_bundle(directory)
    differences = []
    for document in bundle.documents:
        difference = _difference(bundle, document)
        if not difference.is_empty:
            load_edition_document(bundle, document, by=by)
        differences.append(difference)
    return differences


@act("programme.loaded")
def load_edition_document(bundle: Bundle, document: dict[str, Any], *, by: User) -> Edition:
    """Keep one edition's document as the edition's content; its earlier content stays named by hash in the register."""
    slug = document["edition"]["slug"]
    edition = Edition.objects.select_for_update(no_key=True).filter(programme=bundle.slug, slug=slug).first()
    previous = edition.sha256 if edition else None
    difference = _difference(bundle, document)
    edition = edition or Edition(programme=bundle.slug, slug=slug)
    edition.name = document["edition"]["name"]
    edition.name_en = document["edition"]["name_en"]
    edition.document = document
    edition.sha256 = document_hash(document)
    edition.is_default = slug == bundle.default_edition
    edition.loaded_at = timezone.now()
    edition.save()
    record(
        "programme.loaded",
        by=by,
        edition=edition.key,
        subject=f"edition:{edition.pk}",
        facts={"sha256": edition.sha256, "previous_sha256": previous, "changed": list(difference.changed)},
    )
    return edition


@act("edition.deadline_extended")
def extend_deadline(edition: Edition, *, to: datetime, reason: str, by: User) -> Extension:
    """Give everybody more time: the deadline in force becomes `to` (aware, its whole second counts). It is never made earlier.

    The edition's file is not touched; reading it anew keeps the extension. After the deadline has passed this opens the doors again.

    Refused: `permission`; `no_reason`; `not_later` than the deadline in force; `past` when `to` has gone by on the edition's clock.
    """
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if not policy.may_extend_deadline(by, edition):
        raise Refused("permission", _("You may not extend the deadline."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason; everybody will read it."))
    to, before = to.replace(microsecond=0), edition.deadline
    if to <= before.at:
        raise Refused(
            "not_later", _("The deadline is %(at)s; an extension is later.") % {"at": before.clock(before.at)}
        )
    if to <= edition.now():
        raise Refused("past", _("%(at)s has gone by already.") % {"at": before.clock(to)})
    edition.extended_to = to
    edition.save(update_fields=["extended_to"])
    extension = Extension.objects.create(
        edition=edition,
        previous=before.at,
        deadline=to,
        reason=reason.strip()[:500],
        extended_by=by,
        extended_at=timezone.now(),
    )
    record(
        "edition.deadline_extended",
        by=by,
        edition=edition.key,
        subject=f"edition:{edition.pk}",
        facts={"deadline": instant(to), "previous": instant(before.at), "reason": extension.reason},
    )
    return extension


def document_hash(document: dict[str, Any]) -> str:
    """Hex SHA-256 over the document's canonical JSON."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _difference(bundle: Bundle, document: dict[str, Any]) -> Difference:
    slug = document["edition"]["slug"]
    loaded = Edition.objects.filter(programme=bundle.slug, slug=slug).first()
    if loaded is None:
        return Difference(slug, True, ())
    if loaded.sha256 == document_hash(document):
        return Difference(slug, False, ())
    return Difference(slug, False, tuple(changed_paths(loaded.document, document)))


_ABSENT = object()


def changed_paths(old: Any, new: Any, where: str = "") -> list[str]:
    """Dotted paths at which two documents differ; rows of a list are named by their `key` or `code`."""
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        found: list[str] = []
        for key in sorted({*old, *new}):
            found += changed_paths(old.get(key, _ABSENT), new.get(key, _ABSENT), f"{where}.{key}" if where else key)
        return found
    named_old, named_new = _named(old), _named(new)
    if named_old is not None and named_new is not None:
        return changed_paths(named_old, named_new, where)
    return [where]


def _named(rows: Any) -> dict[str, Any] | None:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    names = [row.get("key") or row.get("code") or row.get("name") for row in rows]
    if not all(names) or len(set(names)) != len(names):
        return None
    return dict(zip(names, rows, strict=True))
