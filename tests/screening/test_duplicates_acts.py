"""Deciding on likenesses."""

from __future__ import annotations

import pytest
from nomination.readings import Cast
from screening.conftest import Screeners
from screening.likenesses import DEEDS, OTHER, REWORKED, UNITS, received, someone
from screening.refusals import assert_refused

from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.models import Entry
from jiangbang.screening.duplicates_acts import decide_pair, reason_of, undo_decision
from jiangbang.screening.duplicates_finding import find_duplicates
from jiangbang.screening.duplicates_models import DuplicatePair

pytestmark = pytest.mark.django_db


@pytest.fixture
def text_pair(edition: Edition, cast: Cast) -> DuplicatePair:
    received(edition, cast, someone(0, deeds=DEEDS))
    received(edition, cast, someone(1, deeds=REWORKED), unit=UNITS[1])
    find_duplicates(edition.programme)
    return DuplicatePair.objects.get()


@pytest.fixture
def person_pair(edition: Edition, cast: Cast) -> DuplicatePair:
    received(edition, cast, someone(2))
    received(edition, cast, someone(2, deeds=OTHER), unit=UNITS[1])
    find_duplicates(edition.programme)
    return DuplicatePair.objects.get(kind="two_units")


def test_a_decision_is_kept_with_its_reason_and_registered_without_it(
    text_pair: DuplicatePair, screeners: Screeners
) -> None:
    decide_pair(text_pair, decision="copied", reason=" 后者照搬前者 ", by=screeners.li)
    kept = DuplicatePair.objects.get()
    assert (kept.decision, kept.decided_by, reason_of(kept)) == ("copied", screeners.li, "后者照搬前者")
    assert "照搬".encode() not in bytes(kept.sealed_reason)
    entry = Entry.objects.get(type="duplicate.decided")
    assert entry.subject == kept.second.subject
    assert entry.facts == {
        "likeness": "text",
        "decision": "copied",
        "other": kept.first.subject,
        "score": kept.score,
    }


def test_a_decision_is_taken_back_and_the_register_keeps_both(text_pair: DuplicatePair, screeners: Screeners) -> None:
    decide_pair(text_pair, decision="tolerated", reason="同一项目", by=screeners.li)
    undo_decision(text_pair, by=screeners.wang)
    kept = DuplicatePair.objects.get()
    assert (kept.decision, kept.decided_by, kept.decided_at, bytes(kept.sealed_reason)) == ("", None, None, b"")
    types = list(Entry.objects.filter(type__startswith="duplicate.").order_by("index").values_list("type", flat=True))
    assert types == ["duplicate.decided", "duplicate.undone"]
    decide_pair(text_pair, decision="copied", reason="再看仍是照搬", by=screeners.wang)
    assert DuplicatePair.objects.get().decision == "copied"


def test_what_may_be_said_depends_on_what_is_alike(
    text_pair: DuplicatePair, person_pair: DuplicatePair, screeners: Screeners
) -> None:
    assert_refused(
        "unknown_decision", lambda: decide_pair(text_pair, decision="same_person", reason="x", by=screeners.li)
    )
    assert_refused("unknown_decision", lambda: decide_pair(person_pair, decision="copied", reason="x", by=screeners.li))
    assert_refused("unknown_decision", lambda: decide_pair(person_pair, decision="", reason="x", by=screeners.li))
    assert decide_pair(person_pair, decision="not_same", reason="号码填错", by=screeners.li).decision == "not_same"


def test_what_is_refused(text_pair: DuplicatePair, screeners: Screeners) -> None:
    assert_refused("permission", lambda: decide_pair(text_pair, decision="copied", reason="x", by=screeners.discipline))
    assert_refused("no_reason", lambda: decide_pair(text_pair, decision="copied", reason="  ", by=screeners.li))
    assert_refused("not_decided", lambda: undo_decision(text_pair, by=screeners.li))
    decide_pair(text_pair, decision="copied", reason="x", by=screeners.li)
    assert_refused("decided", lambda: decide_pair(text_pair, decision="tolerated", reason="y", by=screeners.wang))
    assert_refused("permission", lambda: undo_decision(text_pair, by=screeners.discipline))
    gone = DuplicatePair.objects.get()
    DuplicatePair.objects.all().delete()
    assert_refused("gone", lambda: decide_pair(gone, decision="copied", reason="x", by=screeners.li))


def test_a_failed_register_write_undoes_the_decision(
    text_pair: DuplicatePair, screeners: Screeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_entries: object) -> None:
        raise RuntimeError("no register")

    monkeypatch.setattr(register_acts, "_append", fails)
    with pytest.raises(RuntimeError):
        decide_pair(text_pair, decision="copied", reason="x", by=screeners.li)
    assert DuplicatePair.objects.get().decision == ""
