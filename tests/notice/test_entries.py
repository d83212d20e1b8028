"""One entry stands still, goes on, is struck; the others never change."""

from __future__ import annotations

from unittest import mock

import pytest
from nomination.readings import Cast
from notice.noticed import noticed

from jiangbang.notice import entries
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.queries import completed_places
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


@pytest.fixture
def entry(edition: Edition, cast: Cast) -> NoticeEntry:
    return noticed(edition, cast.organiser).entries.order_by("pk").first()


def code_of(call: object, entry: NoticeEntry, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        call(entry, **more)  # type: ignore[operator]
    return refusal.value.code


def test_an_entry_is_suspended_resumed_and_struck(entry: NoticeEntry, cast: Cast) -> None:
    others = NoticeEntry.objects.exclude(pk=entry.pk)
    before = list(others.values_list("pk", "state"))
    for act, state in ((entries.suspend, "suspended"), (entries.resume, "running"), (entries.strike, "struck")):
        act(entry, by=cast.organiser, reason="异议〔2023〕1号")
        assert NoticeEntry.objects.get(pk=entry.pk).state == state
    assert list(others.values_list("pk", "state")) == before
    kinds = Entry.objects.filter(type__startswith="entry.").order_by("index").values_list("type", "facts")
    facts = {"number": 1, "reason": "异议〔2023〕1号"}
    assert list(kinds) == [("entry.suspended", facts), ("entry.resumed", facts), ("entry.struck", facts)]


def test_what_is_refused(entry: NoticeEntry, cast: Cast) -> None:
    by = cast.organiser
    assert code_of(entries.suspend, entry, by=cast.system, reason="x") == "permission"
    assert code_of(entries.suspend, entry, by=by, reason=" ") == "reason"
    assert code_of(entries.resume, entry, by=by, reason="x") == "state"
    entries.strike(entry, by=by, reason="x")
    for call in (entries.suspend, entries.resume, entries.strike):
        assert code_of(call, entry, by=by, reason="x") == "state"


def test_a_failed_register_write_leaves_the_entry(entry: NoticeEntry, cast: Cast) -> None:
    with mock.patch.object(register_acts, "_append", side_effect=OSError), pytest.raises(OSError):
        entries.strike(entry, by=cast.organiser, reason="x")
    assert NoticeEntry.objects.get(pk=entry.pk).state == "running"


def test_only_who_stood_to_the_end_is_completed(edition: Edition, entry: NoticeEntry) -> None:
    assert completed_places(edition) == []
    NoticeEntry.objects.filter(pk=entry.pk).update(state="stood")
    assert [one.pk for one in completed_places(edition)] == [entry.pk]
