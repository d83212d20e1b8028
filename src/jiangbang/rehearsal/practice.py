"""A practice edition: the rules of an edition that took place, with few seats and dates of its own."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any, Final

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.clock import load_document

SLUG: Final = "practice"
# another one, whose result stands before the public
NOTICED: Final = "noticed"
# and one whose titles are conferred
CONFERRED: Final = "conferred"
NAMES: Final = {
    SLUG: ("演练届“杭州数字工匠”认定", "Practice edition of the Hangzhou Digital Craftsman"),
    NOTICED: ("公示演练届“杭州数字工匠”认定", "Practice edition of the Hangzhou Digital Craftsman, on notice"),
    CONFERRED: ("认定演练届“杭州数字工匠”认定", "Practice edition of the Hangzhou Digital Craftsman, conferred"),
}
# first and last day of each stage, in 2026
DATES: Final = {
    "nomination": ("2026-06-01", "2026-07-31"),
    "screening": ("2026-08-03", "2026-08-14"),
    "review": ("2026-08-17", "2026-08-31"),
    "consultation": ("2026-09-01", "2026-09-11"),
    "decision": ("2026-09-14", "2026-09-18"),
    "notice": ("2026-09-21", "2026-09-30"),
    "conferral": ("2026-10-09", "2026-11-30"),
}
DEADLINE: Final = "2026-07-31T23:59:59+08:00"
# by the key of the title, at least and in a programme of the size of the second edition
SEATS: Final = {"craftsman": (10, 50), "nominee": (4, 10)}
_FULL_SIZE: Final = 463
# Up to so many dossiers each is read by as many experts as the edition says; more are read by three, and nobody reads more than these.
_SMALL: Final = 100
_READERS: Final = 3
_PER_EXPERT: Final = 50


def at(stage: str, hour: int = 9, *, last: bool = False) -> datetime:
    """A moment on the first (or last) day of a stage."""
    return datetime.fromisoformat(f"{DATES[stage][last]}T{hour:02d}:00:00+08:00")


def load_practice(like: Edition, *, by: User, slug: str = SLUG, dossiers: int = 0) -> Edition:
    """Load a practice edition for about so many dossiers, whose rules are those of `like`; it stands at the opening of its first stage."""
    return load_document(like.programme, practice_document(like.document, slug, dossiers), by=by)


def practice_document(document: dict[str, Any], slug: str = SLUG, dossiers: int = 0) -> dict[str, Any]:
    """An edition's document with other names and dates, seats for titles and experts by its size, and nothing earlier to look up."""
    made = deepcopy(document)
    edition = made["edition"]
    name, english = NAMES[slug]
    edition |= {"slug": slug, "name": name, "name_en": english, "practice": True}
    edition["calendar"] |= {"deadline": DEADLINE, "clock": at("nomination", last=True).isoformat()}
    for stage in edition["stage"]:
        stage["opens"], stage["closes"] = DATES[stage["key"]]
    for stage in edition.get("side_stage", ()):
        stage["opens"], stage["closes"] = DATES["nomination"][0], DATES["conferral"][1]
    for title in edition["title"]:
        if title["key"] in SEATS:
            least, full = SEATS[title["key"]]
            title["seats"] = max(least, round(full * dossiers / _FULL_SIZE))
    edition["review"]["shortlist_more"] = max(4, edition["title"][0]["seats"] // 5)
    if dossiers > _SMALL:
        _seat_experts(edition["review"], dossiers)
    return made


def _seat_experts(review: dict[str, Any], dossiers: int) -> None:
    """A panel that can read them all: the letter's dozen of experts could not."""
    review["per_dossier"] = _READERS
    for panel in review["panel"]:
        times = -(-dossiers * _READERS // _PER_EXPERT) / panel["seats"]
        if times > 1:
            panel["seats"] = round(panel["seats"] * times)
            panel["alternates"] = max(panel["alternates"], panel["seats"] // 10)
            panel["most_per_employer"] = round(panel["most_per_employer"] * times) + 1
