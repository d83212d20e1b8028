"""The chief's page of the ranking, and the public one."""

from __future__ import annotations

import pytest
from django.test import Client
from nomination.readings import Cast
from review.test_ranking import judged

from jiangbang.programme.models import Edition
from jiangbang.review import rank_pages, ranking
from jiangbang.review.access import rules_of
from jiangbang.review.models import Ranking

pytestmark = pytest.mark.django_db


def test_from_signed_cards_to_the_shortlist(client: Client, edition: Edition, cast: Cast) -> None:
    client.force_login(cast.organiser)
    assert "尚无排序" in client.get("/review/ranking/").content.decode()
    client.post("/review/ranking/publish/")
    client.post("/review/ranking/shortlist/")
    judged(edition, cast.organiser)
    client.post("/review/ranking/compute/")
    Ranking.objects.update(titles=3, nominees=1)
    public = f"/proof/{edition.key}/"
    assert client.get(f"{public}files/scores.csv").status_code == 404
    page = client.get("/review/ranking/")
    assert [row["line"].rank for row in page.context["rows"]] == [1, 2, 3, 4, 5, 6]
    assert page.context["figure"].cut == 3
    check = page.context["check"]
    assert (check.first, 0 <= check.shared <= 3, -1 <= check.tau <= 1) == (3, True, True)
    client.post("/review/ranking/publish/")
    client.post("/review/ranking/shortlist/", {"code": ["d999", ""], "reason": ["x", ""]})
    assert Ranking.objects.get().taken_at is None
    client.post("/review/ranking/shortlist/", {"code": ["", ""], "reason": ["", ""]})
    assert Ranking.objects.get().taken_at is not None
    made = Ranking.objects.get()
    assert client.get(f"{public}files/ranking.csv").content.decode() == made.result_csv
    assert client.get(f"{public}files/checkpoint.txt").content.decode() == made.checkpoint
    assert client.get(f"{public}files/secrets.txt").status_code == 404
    client.logout()
    text = client.get(public).content.decode()
    assert ranking.command_of(made, rules_of(edition)) in text.replace("&amp;", "&")
    assert "张" not in text


def test_hints_are_for_the_chief_only(client: Client, edition: Edition, cast: Cast) -> None:
    judged(edition, cast.organiser)
    ranking.compute_ranking(edition, by=cast.organiser)
    client.force_login(cast.discipline)
    assert client.get("/review/ranking/").context["hints"] == []


def test_a_cut_outside_the_list_draws_nothing() -> None:
    lines = [ranking.RankedLine(n, f"D{n:03d}", "80", n, n + 1, 1.0, 1.0) for n in range(1, 5)]
    assert rank_pages.intervals(lines, 4) is None
    figure = rank_pages.intervals(lines, 2)
    assert figure is not None
    assert [row.inside for row in figure.rows] == [True, True, False, False]
    assert figure.rows[1].x < figure.cut_x < figure.rows[2].x


def test_spread_and_agreement_of_the_cards_are_counted(edition: Edition) -> None:
    rules = rules_of(edition)
    text = "dossier,expert,technology,economy,society\nD1,P1,90,90,90\nD1,P2,60,60,60\nD2,P1,80,80,80\nD2,P2,82,82,82\n"
    sheet = ranking.sheet_of(text, rules)
    assert rank_pages.spread(sheet)[0] == ["60–64", 1]
    assert rank_pages.agreement_rows(sheet)[0] == ["0–4", 1]
    assert rank_pages.mean_gap(sheet) == "16.0"
