"""The minutes of a draw."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast
from review.panels import held

from jiangbang.papers.paper import Facts, Table
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review.access import rules_of
from jiangbang.review.minutes import minutes

pytestmark = pytest.mark.django_db


def test_minutes_say_who_was_drawn_and_how_to_draw_again(edition: Edition, cast: Cast) -> None:
    drawn = held(edition, cast.organiser)
    paper = minutes(drawn, rules_of(edition))
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    assert [row[1:] for row in tables[0].rows] == [("王见证", "一帆风顺"), ("李见证", "20240816")]
    assert [row[0] for row in tables[1].rows] == [
        *(f"正式 {n}" for n in range(1, 12)),
        *(f"备选 {n}" for n in range(1, 5)),
    ]
    said = dict(row for block in paper.blocks if isinstance(block, Facts) for row in block.rows)
    assert (said["承诺值"], said["密钥"]) == (drawn.commitment, drawn.document["secret"])
    assert paper.kind == "评审专家抽取记录"


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_minutes_leave_the_house_registered(client: Client, edition: Edition, cast: Cast, kind: str) -> None:
    client.force_login(cast.organiser)
    assert client.get(f"/review/draw/minutes.{kind}").status_code == 404
    held(edition, cast.organiser)
    answer = client.get(f"/review/draw/minutes.{kind}")
    assert answer.content[:2] == (b"%P" if kind == "pdf" else b"PK")
    assert Entry.objects.get(type="file.downloaded").facts == {"file": f"minutes.{kind}"}
    assert client.get("/review/draw/minutes.exe").status_code == 404
