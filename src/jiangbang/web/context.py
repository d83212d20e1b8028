"""What the frame of every page shows: edition and its stages, rooms, role, clock."""

from __future__ import annotations

import re
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
from jiangbang.accounts.policy import is_organiser, may_read_register, may_see_people, roles_in
from jiangbang.archive.policy import may_see_archives
from jiangbang.benefits.policy import may_watch_benefits
from jiangbang.conferral.policy import may_make_certificates, may_watch_conferral
from jiangbang.consultation.access import own_departments
from jiangbang.consultation.policy import is_department, may_watch_consultation
from jiangbang.decision.access import own_memberships
from jiangbang.decision.policy import is_member, may_watch_decision
from jiangbang.kernel.edition import Stage
from jiangbang.nomination.policy import may_read_dossiers
from jiangbang.notice.policy import may_lead_notice, may_see_objections, may_watch_notice
from jiangbang.privacy.policy import may_see_privacy
from jiangbang.programme.chosen import chosen_edition
from jiangbang.programme.models import Edition
from jiangbang.publicity.policy import may_publicise
from jiangbang.review.policy import is_expert, may_watch_review
from jiangbang.screening.policy import may_see_screening
from jiangbang.succession.policy import may_succeed
from jiangbang.web.due import Due, due_of
from jiangbang.web.templatetags.house import exact

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
    """A place of the house that the reader may enter; `key` opens it after `g`, `floor` is the heading that it stands under."""

    floor: Any
    label: Any
    href: str
    icon: str
    key: str
    current: bool


# The addresses of a room begin as its list's does.
ROOM_ENDS = re.compile(
    "_(list|queue)$|(?<=^review)_desk$|(?<=^certificate)_desk$|(?<=^notice)_desk$|(?<=^publicity)_desk$"
    "|(?<=^conferral)_desk$|(?<=^archive)_desk$|(?<=^privacy)_desk$|(?<=^decision)_(desk|mine)$|(?<=^consultation)_(desk|mine)$"
)
# label, URL name, icon, key, who may enter ("read": whoever reads dossiers)
ROOMS = (
    (_("Desk"), "desk", "desk", "d", "read"),
    (_("Our recommendation"), "unit_desk", "desk", "u", "unit"),
    (_("Order"), "unit_order", "sort", "o", "unit"),
    (_("Who goes"), "unit_quota", "people", "q", "unit"),
    (_("Sealed forms"), "unit_scans", "seal", "s", "unit"),
    (_("Submit"), "unit_submit", "packet", "t", "unit"),
    (_("Letters of the office"), "unit_letters", "mail", "l", "unit"),
    (_("Packets"), "packet_list", "packet", "p", "read"),
    (_("Mailbox"), "mail_list", "inbox", "b", "read"),
    (_("Dossiers"), "dossier_list", "people", "c", "read"),
    (_("Quotas"), "quota_ledger", "sort", "q", "read"),
    (_("Screening"), "screening_queue", "verify", "s", "screening"),
    (_("Review"), "review_desk", "seal", "e", "review"),
    (_("My review"), "review_mine", "verify", "e", "expert"),
    (_("Consultation"), "consultation_desk", "mail", "k", "consultation"),
    (_("Letters to our department"), "consultation_mine", "mail", "k", "department"),
    (_("Decision of the group"), "decision_desk", "people", "g", "decision"),
    (_("Leading group"), "decision_mine", "people", "g", "member"),
    (_("Public notice"), "notice_desk", "eye", "n", "notice"),
    (_("Public page"), "site_texts", "file", "w", "site"),
    (_("Objections"), "objection_list", "seal", "y", "objections"),
    (_("Questions of the office"), "unit_inquiries", "verify", "y", "unit"),
    (_("Conferral"), "conferral_desk", "verify", "v", "conferral"),
    (_("Certificates"), "certificate_desk", "seal", "z", "certificates"),
    (_("Publicity"), "publicity_desk", "eye", "i", "publicity"),
    (_("Benefits"), "benefits", "calendar", "f", "benefits"),
    (_("Archive"), "archive_desk", "history", "a", "archive"),
    (_("Next edition"), "next_edition", "sort", "x", "succession"),
    (_("Personal data"), "privacy_desk", "eye", "h", "privacy"),
    (_("Register"), "register", "register", "r", "register"),
    (_("Messages"), "outbox", "mail", "o", "messages"),
    (_("People"), "people", "person", "m", "people"),
    (_("Background work"), "job_list", "history", "b", "jobs"),
)
# Where a floor begins in that list; before the first there are the desks, which need no heading.
FLOORS = {
    "packet_list": _("Recommendation"),
    "screening_queue": _("Selection"),
    "notice_desk": _("Notice and conferral"),
    "privacy_desk": _("Administration"),
}
# Fewer rooms than that are found without headings.
ROOMS_WITHOUT_FLOORS = 9


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
        return self.edition.now().astimezone(self.edition.zone)

    @cached_property
    def server_now(self) -> datetime:
        """The server's time in the edition's zone."""
        return self.server_time.astimezone(self.edition.zone if self.edition else None)

    @property
    def server_day(self) -> str:
        return exact(self.server_now.date())

    @property
    def server_clock(self) -> str:
        return f"{self.server_now:%H:%M:%S}"

    @property
    def due_soon(self) -> bool:
        """Whether the deadline is what everybody waits for: it has not passed, and the stage that it ends is open."""
        if self.due is None or self.due.standing != "open" or self.edition is None:
            return False
        stage = self.edition.current_stage()
        return stage is not None and stage.closes == self.due.at.date()

    @cached_property
    def due(self) -> Due | None:
        """The deadline as the frame counts down to it."""
        return due_of(self.edition) if self.edition else None

    @cached_property
    def stages(self) -> list[StageOnLine]:
        return stages_at(self.edition.stages, self.now) if self.edition else []

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
            "messages": is_organiser(self.user, self._an_edition.key),
            # the office comes to it from the messages
            "jobs": Role.SYSTEM in self.roles,
            "unit": Role.UNIT in self.roles,
            "people": may_see_people(self.user, self._an_edition.key),
            "screening": may_see_screening(self.user, self._an_edition),
            "review": may_watch_review(self.user, self._an_edition),
            "expert": is_expert(self.user, self._an_edition),
            "consultation": may_watch_consultation(self.user, self._an_edition),
            "department": is_department(self.user, self._an_edition)
            and bool(own_departments(self.user, self._an_edition)),
            "decision": may_watch_decision(self.user, self._an_edition),
            "notice": may_watch_notice(self.user, self._an_edition),
            "site": may_lead_notice(self.user, self._an_edition),
            "objections": may_see_objections(self.user, self._an_edition),
            "conferral": may_watch_conferral(self.user, self._an_edition),
            "certificates": may_make_certificates(self.user, self._an_edition),
            "publicity": may_publicise(self.user, self._an_edition),
            "benefits": may_watch_benefits(self.user, self._an_edition),
            "succession": may_succeed(self.user, self._an_edition),
            "privacy": may_see_privacy(self.user, self._an_edition),
            "archive": may_see_archives(self.user, self._an_edition),
            "member": is_member(self.user, self._an_edition) and bool(own_memberships(self.user, self._an_edition)),
        }
        match = self.request.resolver_match
        here = match.url_name if match else ""
        floor: Any = ""
        found = []
        for label, name, icon, key, door in ROOMS:
            floor = FLOORS.get(name, floor)
            if open_doors[door]:
                current = here == name or str(here).startswith(ROOM_ENDS.sub("_", name))
                found.append(Room(floor, label, reverse(name), icon, key, current))
        return found

    @property
    def floors(self) -> bool:
        """Whether there are so many rooms that they stand under headings."""
        return len(self.rooms) > ROOMS_WITHOUT_FLOORS

    @property
    def single_sign_on(self) -> str:
        """What the operator calls the provider that vouches for people; empty where there is none."""
        return settings.JIANGBANG_OIDC_NAME if settings.JIANGBANG_OIDC_ISSUER else ""

    @property
    def demo_accounts(self) -> tuple[DemoAccount, ...]:
        """Shown on the sign-in page of a demonstration only."""
        return DEMO_ACCOUNTS if settings.JIANGBANG_DEMO else ()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`."""
    return {"frame": Frame(request)}
