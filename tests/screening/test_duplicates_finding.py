"""Which dossiers are alike, and what is kept of it."""

from __future__ import annotations

import os

import pytest
from nomination.readings import Cast
from screening.likenesses import DEEDS, OTHER, REWORKED, UNITS, received, someone

from jiangbang.kernel.identity import check_digit
from jiangbang.nomination.models import Dossier, Person
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import JOBS, PERIODIC, discover
from jiangbang.queue.models import Job
from jiangbang.screening.duplicates_acts import ask_for_comparison, decide_pair
from jiangbang.screening.duplicates_finding import Found, find_duplicates
from jiangbang.screening.duplicates_models import DuplicatePair, PhraseBook, Sketch
from jiangbang.screening.duplicates_people import slips_between
from jiangbang.screening.duplicates_tasks import compare, compare_all

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, str]]:
    """Kind and names of the pairs, in the order of their likeness."""
    rows = DuplicatePair.objects.order_by("-score", "kind", "first__name", "second__name")
    return [(row.kind, row.first.name, row.second.name) for row in rows.select_related("first", "second")]


def slipped(number: str, place: int, *, right_check: bool = True) -> str:
    """The number with one digit mistyped; its check character right for the wrong number, or left as it was."""
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    return wrong[:17] + check_digit(wrong[:17]) if right_check else wrong


def next_edition(edition: Edition) -> Edition:
    return Edition.objects.get(programme=edition.programme, slug="2024")


def test_reworked_deeds_are_found_and_others_are_not(edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0, deeds=DEEDS), someone(1, deeds=OTHER), someone(2))
    received(edition, cast, someone(3, deeds=REWORKED), unit=UNITS[1])
    assert find_duplicates(edition.programme) == Found(4, 1)
    pair = DuplicatePair.objects.get()
    assert {pair.first.name, pair.second.name} == {"赵一甲", "李四丁"}
    assert (pair.kind, pair.edition, 800 <= pair.score < 1000) == ("text", edition, True)


def test_deeds_copied_from_the_last_edition_stand_in_the_later_one(edition: Edition, cast: Cast) -> None:
    later = next_edition(edition)
    received(later, cast, someone(4, deeds=DEEDS), unit=later.spec.units[0].code)
    received(edition, cast, someone(0, deeds=DEEDS))
    find_duplicates(edition.programme)
    pair = DuplicatePair.objects.get()
    assert (pair.kind, pair.edition, pair.score) == ("text_before", later, 1000)
    assert (pair.first.edition, pair.second.edition) == (edition, later)


def test_one_number_through_two_units_and_in_two_editions(edition: Edition, cast: Cast) -> None:
    later = next_edition(edition)
    received(edition, cast, someone(0, deeds=DEEDS))
    received(edition, cast, someone(0, deeds=DEEDS), unit=UNITS[1])
    received(later, cast, someone(0, deeds=DEEDS), unit=later.spec.units[0].code)
    find_duplicates(edition.programme)
    # the texts are one person's: that is told as one person, not as copying
    assert sorted(kind for kind, _, _ in told()) == ["two_editions", "two_editions", "two_units"]


@pytest.mark.parametrize("right_check", [True, False])
def test_a_mistyped_number_is_found_by_name(edition: Edition, cast: Cast, right_check: bool) -> None:
    mine = someone(0)
    wrong = slipped(str(mine["id_number"]), 15, right_check=right_check)
    received(edition, cast, mine)
    received(edition, cast, someone(0, id_number=wrong, deeds=OTHER), unit=UNITS[1])
    find_duplicates(edition.programme)
    assert told() == [("mistyped", "赵一甲", "赵一甲")]
    assert DuplicatePair.objects.get().score == (889 if right_check else 944)


def test_a_mistyped_number_is_found_by_birth_date_where_the_name_is_mistyped_too(edition: Edition, cast: Cast) -> None:
    mine = someone(0)
    received(edition, cast, mine)
    theirs = someone(0, name="赵一申", id_number=slipped(str(mine["id_number"]), 15), deeds=OTHER)
    received(edition, cast, theirs, unit=UNITS[1])
    find_duplicates(edition.programme)
    assert [kind for kind, _, _ in told()] == ["mistyped"]


def test_namesakes_with_numbers_of_their_own_make_no_pair(edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0))
    received(edition, cast, someone(1, name="赵一甲"), unit=UNITS[1])
    find_duplicates(edition.programme)
    assert told() == []


@pytest.mark.parametrize(
    ("other", "slips"),
    [
        ("990101198506150019", None),
        ("990101198506150018", 1),
        ("990101198506510019", 1),
        ("990101198506510018", 2),
        ("990101198506151118", None),
        ("99010119850615001", 1),
        ("", None),
    ],
)
def test_slips_of_the_hand_are_counted(other: str, slips: int | None) -> None:
    assert slips_between("990101198506150019", other) == slips


def test_only_what_is_new_is_compared_and_nothing_is_told_twice(edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0, deeds=DEEDS), someone(1), someone(2), someone(3))
    assert find_duplicates(edition.programme) == Found(4, 0)
    assert find_duplicates(edition.programme) == Found(0, 0)
    received(edition, cast, someone(4, deeds=REWORKED), unit=UNITS[1])
    assert find_duplicates(edition.programme) == Found(1, 1)
    assert find_duplicates(edition.programme) == Found(0, 0)
    assert len(told()) == 1


def test_twice_the_texts_learn_the_phrases_anew(edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0), someone(1))
    find_duplicates(edition.programme)
    received(edition, cast, someone(2), someone(3), unit=UNITS[1])
    assert find_duplicates(edition.programme) == Found(4, 0)
    assert PhraseBook.objects.get().texts == 4


def test_a_corrected_text_takes_its_likeness_away_unless_it_was_decided(edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0, deeds=DEEDS), someone(1, deeds=OTHER), someone(2), someone(5))
    received(edition, cast, someone(3, deeds=REWORKED), someone(4, deeds=OTHER), unit=UNITS[1])
    find_duplicates(edition.programme)
    kept = DuplicatePair.objects.get(score=1000)
    decide_pair(kept, decision="copied", reason="原文照搬", by=cast.organiser)
    received(edition, cast, someone(3), someone(4), unit=UNITS[1])
    find_duplicates(edition.programme)
    assert [row.decision for row in DuplicatePair.objects.all()] == ["copied"]


def test_a_superseded_dossier_leaves_no_undecided_pair(edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0, deeds=DEEDS), someone(1, deeds=REWORKED))
    find_duplicates(edition.programme)
    Dossier.objects.filter(name="赵一甲").update(state="superseded")
    assert find_duplicates(edition.programme) == Found(0, 0)
    assert told() == []


def test_nothing_kept_says_a_word_of_the_text_or_the_number(edition: Edition, cast: Cast) -> None:
    mine = someone(0, deeds=DEEDS)
    received(edition, cast, mine)
    find_duplicates(edition.programme)
    sketch, book = Sketch.objects.get(), PhraseBook.objects.get()
    for kept in (bytes(sketch.sealed), bytes(book.sealed), sketch.birth.encode()):
        assert str(mine["id_number"]).encode() not in kept
        assert DEEDS[:4].encode() not in kept
    assert "1970" not in sketch.birth


def test_a_person_whose_key_was_destroyed_is_like_nobody(edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0, deeds=DEEDS), someone(1, deeds=REWORKED))
    find_duplicates(edition.programme)
    Person.objects.update(wrapped_key=os.urandom(60))
    Sketch.objects.update(compared=False)
    assert find_duplicates(edition.programme) == Found(2, 0)


def test_the_queue_compares_when_asked_and_every_five_minutes(edition: Edition, cast: Cast) -> None:
    received(edition, cast, someone(0, deeds=DEEDS), someone(1, deeds=REWORKED))
    discover()
    assert {"screening.compare", "screening.compare_all"} <= set(JOBS)
    assert PERIODIC["screening.compare_all"].every.total_seconds() == 300
    ask_for_comparison(edition)
    assert Job.objects.get().arguments == {"programme": edition.programme}
    compare(edition.programme)
    compare_all()
    assert len(told()) == 1
