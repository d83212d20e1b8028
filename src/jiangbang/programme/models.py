"""What an edition is: the whole of its TOML, resolved, as one document."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.models import User
from jiangbang.kernel.deadlines import Deadline
from jiangbang.kernel.edition import EditionSpec, Stage, load_edition
from jiangbang.kernel.form import FormSpec
from jiangbang.programme.calendar_models import CalendarDay, CalendarYear  # noqa: F401 — models


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
    # what an act laid over the document: the newest extension of the deadline
    extended_to = models.DateTimeField(null=True, blank=True)

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

    @property
    def zone(self) -> ZoneInfo:
        """The edition's time zone."""
        return ZoneInfo(self.spec.time_zone)

    @property
    def deadline(self) -> Deadline:
        """The deadline in force: the file's, or the extension where that is later. No query."""
        announced, extended = self.spec.deadline, self.extended_to
        at = extended.astimezone(self.zone) if extended is not None and extended > announced else announced
        return Deadline(announced, at, self.spec.grace, self.spec.time_zone)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The calendar in force: the stage that ended with the deadline ends with the extended one."""
        deadline = self.deadline
        if not deadline.extended:
            return self.spec.stages
        ended, ends = (moment.astimezone(self.zone).date() for moment in (deadline.announced, deadline.at))
        return tuple(replace(stage, closes=ends) if stage.closes == ended else stage for stage in self.spec.stages)

    def current_stage(self) -> Stage | None:
        """The stage that is open now, or the last one that has opened; None before the first."""
        zone_now = self.now().astimezone(self.zone).date()
        opened = [stage for stage in self.stages if stage.opens <= zone_now]
        return opened[-1] if opened else None


class Extension(models.Model):
    """One extension of an edition's deadline: from when to when, who decided it, and why. Only ever added."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="extensions")
    previous = models.DateTimeField()
    deadline = models.DateTimeField()
    reason = models.CharField(max_length=500)
    extended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    extended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(deadline__gt=models.F("previous")), name="extension_is_later")
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.edition} to {self.deadline.isoformat()}"


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
