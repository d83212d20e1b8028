"""What an edition is: the whole of its TOML, resolved, as one document."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiangbang.kernel.edition import EditionSpec, Stage, load_edition
from jiangbang.kernel.form import FormSpec


class Edition(models.Model):
    """One edition of a programme. `document` holds edition, form and classes as parsed; `sha256` is over its canonical JSON."""

    programme = models.SlugField(max_length=50)
    slug = models.SlugField(max_length=30)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(max_length=200)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    is_default = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "slug"], name="one_edition_per_slug")]
        ordering = ["programme", "slug"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The edition's name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name

    @property
    def key(self) -> str:
        """`programme/slug`: how the register and memberships name the edition."""
        return f"{self.programme}/{self.slug}"

    @property
    def spec(self) -> EditionSpec:
        """The edition as pure values; built once per content and process."""
        return _spec(self.sha256, _Source(self))

    def now(self) -> datetime:
        """The edition's "now": the moment at which a rehearsed edition stands, else the real time."""
        return self.spec.clock or timezone.now()

    def current_stage(self) -> Stage | None:
        """The stage that is open now, or the last one that has opened; None before the first."""
        zone_now = self.now().astimezone(self.spec.deadline.tzinfo).date()
        opened = [stage for stage in self.spec.stages if stage.opens <= zone_now]
        return opened[-1] if opened else None


class _Source:
    """Where the document is had when the cache lacks it; the cache looks only at its hash.

    Pages load editions without the document (`defer`): decoding its JSON would cost more than the rest of the row.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source)


@lru_cache(maxsize=32)
def _spec(sha256: str, source: _Source) -> EditionSpec:  # noqa: ARG001 — the hash is the cache's key
    document: dict[str, Any] = source.edition.document
    return load_edition(document["edition"], FormSpec.from_document(document["form"]), document["classes"])
