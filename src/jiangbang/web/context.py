"""What the frame of every page shows: edition and its stages, rooms, role, clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from jiangbang.accounts.demonstration import DEMO_ACCOUNTS, DemoAccount
from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import may_read_register, roles_in
from jiangbang.kernel.edition import Stage
from jiangbang.nomination.policy import may_read_dossiers
from jiangbang.programme.chosen import chosen_edition
from jiangbang.programme.models import Edition

StageState = Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True)
class StageOnLine:
    """A stage as the line of the frame shows it."""

    label: str
    opens: Any
    closes: Any
    state: StageState


@dataclass(frozen=True, slots=True)
class Room:
    """A place of the house that the reader may enter; `key` opens it after `g`."""

    label: Any
    href: str
    icon: str
    key: str
    current: bool


# label, URL name, icon, key, who may enter ("read": whoever reads dossiers)
ROOMS = (
    (_("Desk"), "desk", "desk", "d", "read"),
    (_("Packets"), "packet_list", "packet", "p", "read"),
    (_("Dossiers"), "dossier_list", "people", "c", "read"),
    (_("Register"), "register", "register", "r", "register"),
)


def stages_at(stages: tuple[Stage, ...], now: datetime) -> list[StageOnLine]:
    """Each stage with its place in time at `now` (aware, in the edition's zone)."""
    today, english = now.date(), (get_language() or "").startswith("en")
    line = []
    for stage in stages:
        state: StageState = "done" if stage.closes < today else "later" if stage.opens > today else "now"
        line.append(StageOnLine(stage.label_en if english else stage.label, stage.opens, stage.closes, state))
    return line


class Frame:
    """Computed when a page's frame asks for it, so that fragments and downloads cost nothing."""

    demo = property(lambda self: settings.JIANGBANG_DEMO)  # noqa: ARG005

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)

    @cached_property
    def edition(self) -> Edition | None:
        return chosen_edition(self.request)

    @cached_property
    def editions(self) -> list[Edition]:
        return list(Edition.objects.defer("document"))

    @cached_property
    def server_time(self) -> datetime:
        return timezone.now()

    @cached_property
    def now(self) -> datetime:
        """The edition's now, in the edition's zone."""
        if self.edition is None:
            return self.server_time
        return self.edition.now().astimezone(self.edition.spec.deadline.tzinfo)

    @cached_property
    def stages(self) -> list[StageOnLine]:
        return stages_at(self.edition.spec.stages, self.now) if self.edition else []

    @property
    def stage(self) -> StageOnLine | None:
        """The stage of now, else the next one to come, else the last."""
        for state in ("now", "later"):
            if found := next((stage for stage in self.stages if stage.state == state), None):
                return found
        return self.stages[-1] if self.stages else None

    @cached_property
    def roles(self) -> frozenset[str]:
        return roles_in(self.user, self.edition.key) if isinstance(self.user, User) and self.edition else frozenset()

    @property
    def role(self) -> str:
        return gettext(", ").join(str(role.label) for role in Role if role in self.roles)

    @property
    def may_read_dossiers(self) -> bool:
        return bool(self.roles) and isinstance(self.user, User) and may_read_dossiers(self.user, self._an_edition)

    @property
    def _an_edition(self) -> Edition:
        assert self.edition is not None
        return self.edition

    @cached_property
    def rooms(self) -> list[Room]:
        if not self.roles or not isinstance(self.user, User):
            return []
        open_doors = {
            "read": self.may_read_dossiers,
            "register": may_read_register(self.user, self._an_edition.key),
        }
        match = self.request.resolver_match
        here = match.url_name if match else ""
        return [
            Room(
                label, reverse(name), icon, key, here == name or str(here).startswith(name.removesuffix("_list") + "_")
            )
            for label, name, icon, key, door in ROOMS
            if open_doors[door]
        ]

    @property
    def demo_accounts(self) -> tuple[DemoAccount, ...]:
        """Shown on the sign-in page of a demonstration only."""
        return DEMO_ACCOUNTS if settings.JIANGBANG_DEMO else ()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`."""
    return {"frame": Frame(request)}
