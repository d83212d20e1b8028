"""Rankings: computed from what was signed, published, recomputed by others, taken as the shortlist."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from nomination.readings import Cast
from review.cards import released
from review.test_pool import code

from jiangbang.cli import jiangbang
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review import ranking, scoring
from jiangbang.review.access import rules_of
from jiangbang.review.models import Card, Ranking, Seat, Shortlisted

pytestmark = pytest.mark.django_db


def judged(edition: Edition, office: object, count: int = 6) -> None:
    """So many dossiers, every card filled and signed."""
    released(edition, office, count)  # type: ignore[arg-type]
    dice = Random(7)
    for card in Card.objects.select_related("seat__entry__expert").order_by("reviewed__code", "seat__mark"):
        card.scores = {key: dice.randint(60, 94) for key in ("technology", "economy", "society")}
        card.save()
        scoring.act("card.signed")(scoring._sign)(card, scoring.filled(card), by=office)  # type: ignore[arg-type]


@pytest.fixture
def made(edition: Edition, cast: Cast) -> Ranking:
    judged(edition, cast.organiser)
    return ranking.compute_ranking(edition, by=cast.organiser)


def test_anybody_gets_the_same_file_byte_for_byte_in_a_clean_directory(
    made: Ranking, edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scores.csv").write_text(made.scores_csv, encoding="utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    command = ranking.command_of(made, rules_of(edition)).split()
    done = CliRunner().invoke(jiangbang, command[1:])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "ranking.csv").read_bytes() == made.result_csv.encode()


def test_the_scores_name_nobody_and_the_register_their_hash(made: Ranking) -> None:
    head, *rows = made.scores_csv.splitlines()
    assert head == "dossier,expert,technology,economy,society"
    assert len(rows) == 30
    assert all(row[0] == "D" and row.split(",")[1][0] == "P" for row in rows)
    assert not any(
        expert.entry.expert.code in made.scores_csv for expert in Seat.objects.select_related("entry__expert")
    )
    assert set(Entry.objects.get(type="ranking.computed").facts) == {"number", "method", "scores", "sha256"}


def test_titles_and_places_come_from_the_edition(made: Ranking, edition: Edition) -> None:
    assert (made.titles, made.nominees, made.method) == (50, 10, "calibrated")
    assert ranking.places(Edition.objects.get(slug="2024").spec) == (59, 0)


def test_what_cannot_be_ranked_is_refused(edition: Edition, cast: Cast) -> None:
    compute = ranking.compute_ranking
    assert code(compute, edition, by=cast.discipline) == "permission"
    assert code(compute, edition, by=cast.organiser) == "no_scores"
    released(edition, cast.organiser, 1)
    assert code(compute, edition, by=cast.organiser) == "unsigned"


def test_a_void_card_does_not_count(made: Ranking, edition: Edition, cast: Cast) -> None:
    Card.objects.filter(pk=Card.objects.earliest("pk").pk).update(state="void")
    assert len(ranking.scores_csv(edition, rules_of(edition)).splitlines()) == 30
    assert code(ranking.publish_ranking, made, by=cast.organiser) == "stale"


def test_it_is_published_once_with_the_checkpoint(made: Ranking, cast: Cast) -> None:
    assert code(ranking.publish_ranking, made, by=cast.discipline) == "permission"
    ranking.publish_ranking(made, by=cast.organiser)
    made.refresh_from_db()
    assert made.checkpoint.startswith("jiangbang")
    assert int(made.checkpoint.splitlines()[1]) > Entry.objects.get(type="ranking.computed").index
    assert code(ranking.publish_ranking, made, by=cast.organiser) == "published"


def test_the_shortlist_is_what_was_published_and_a_deviation_has_its_reason(made: Ranking, cast: Cast) -> None:
    take = ranking.take_shortlist
    # two seats, and one place more from which a reserve could come
    Ranking.objects.update(titles=1, nominees=1)
    edition = made.edition
    edition.document["edition"]["review"]["shortlist_more"] = 1
    edition.sha256 = document_hash(edition.document)
    edition.save()
    assert code(take, made, by=cast.organiser) == "not_published"
    ranking.publish_ranking(made, by=cast.organiser)
    assert code(take, made, by=cast.discipline) == "permission"
    order = [line.dossier for line in ranking.lines_of(made)]
    assert code(take, made, changes={"D999": "x"}, by=cast.organiser) == "unknown_code"
    assert code(take, made, changes={order[0]: " "}, by=cast.organiser) == "no_reason"
    changes = {order[0]: "本人放弃", order[3]: "依次递补"}
    assert take(made, changes=changes, by=cast.organiser) == 3
    on = Shortlisted.objects.filter(off=False).order_by("rank").values_list("reviewed__code", flat=True)
    assert list(on) == [order[1], order[2], order[3]]
    assert ranking.reason_of(Shortlisted.objects.select_related("ranking", "reviewed").get(off=True)) == "本人放弃"
    assert "放弃" not in str([entry.facts for entry in Entry.objects.filter(type__startswith="shortlist.")])
    assert Entry.objects.get(type="shortlist.taken").facts == {"number": 1, "count": 3, "deviations": 2}
    assert code(take, made, by=cast.organiser) == "taken"
