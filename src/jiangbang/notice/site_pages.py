"""What stands beside a shared link, and the empty papers that people fill in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from django.urls import reverse

from jiangbang.outbox.addresses import absolute
from jiangbang.papers.card import write_card
from jiangbang.papers.nomination_form import write_form
from jiangbang.papers.roster_writer import write_roster
from jiangbang.papers.uploads import DOCX
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.screening.letters import office_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# By the end of their address: name for whoever keeps it, media type.
EMPTY_PAPERS: Final = {
    "form.docx": ("推荐表", DOCX),
    "roster.xlsx": ("汇总表", XLSX),
    "roster.docx": ("汇总表", DOCX),
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a messenger shows of a link (Open Graph)."""

    title: str
    text: str
    url: str
    picture: str


def card_of(edition: Edition, name: str, title: str, text: str) -> Card:
    """The card of one of the edition's public pages, by the name of its address."""
    place = [edition.programme, edition.slug]
    return Card(title, text, absolute(reverse(name, args=place)), absolute(reverse("programme_card", args=place)))


def picture_of(edition: Edition) -> bytes:
    """The card's picture, in Chinese; made once for each name."""
    office = office_of(edition)["office"]
    return _picture(edition.name, office)


@lru_cache(maxsize=32)
def _picture(title: str, office: str) -> bytes:
    return write_card(title, "认定工作公开页面", office)


@lru_cache(maxsize=32)
def empty_paper(key: str, sha256: str, which: str) -> bytes:
    """An empty form or roster of an edition by its key; `sha256` of its document, so that a changed form is written anew."""
    edition = find_edition(key)
    assert edition is not None
    assert edition.sha256 == sha256
    form = edition.spec.form
    if which == "form.docx":
        return write_form(form.empty_record(), form, photo=None)
    kind: Literal["docx", "xlsx"] = "docx" if which.endswith(".docx") else "xlsx"
    return write_roster([form.empty_record() for _ in range(EMPTY_ROWS)], form, unit="", kind=kind)


# A unit sends ten people or so.
EMPTY_ROWS: Final = 10
