"""Filing: what is asked, numbered, sealed, told once."""

from __future__ import annotations

from datetime import date

import pytest
from nomination.readings import Cast
from notice.cases import FACTS, WHO, entered, filed
from notice.noticed import noticed

from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_case import Identity, file_bytes, file_name, hash_of, new_secret, opens
from jiangbang.notice.objection_files import Sent
from jiangbang.notice.objection_filing import Statement, enter_objection, file_objection, public_account
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


@pytest.fixture
def entry(edition: Edition, cast: Cast) -> NoticeEntry:
    return noticed(edition, cast.organiser).entries.order_by("pk").first()


def code_of(entry: NoticeEntry, statement: Statement) -> str:
    with pytest.raises(Refused) as refusal:
        file_objection(entry, statement, by=public_account())
    return refusal.value.code


def test_cases_are_numbered_and_due_in_working_days(entry: NoticeEntry) -> None:
    first, second = filed(entry), filed(entry)
    assert (first.number, second.number) == ("异议〔2023〕1号", "异议〔2023〕2号")
    # 15 working days after Monday, 20 March 2023: the fifth of April is a holiday
    assert first.due_on == date(2023, 4, 11)
    assert Entry.objects.filter(type="objection.filed").first().facts == {  # type: ignore[union-attr]
        "number": "异议〔2023〕1号",
        "channel": "web",
        "day": "2023-04-11",
    }


def test_the_secret_opens_its_own_case_however_it_is_typed(entry: NoticeEntry) -> None:
    found, secret = file_objection(entry, Statement("person", WHO, FACTS), by=public_account())
    assert opens(found, secret)
    assert opens(found, secret.lower().replace("-", " "))
    assert not opens(found, new_secret())
    assert found.secret_sha256 == hash_of(secret)
    assert secret not in str(found.__dict__)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (Statement("person", Identity("钱", "", "qian@example.cn"), FACTS), "name"),
        (Statement("person", Identity("钱有据", "", ""), FACTS), "contact"),
        (Statement("unit", Identity("钱有据", "", "0571-1234"), FACTS), "unit"),
        (Statement("unit", Identity("钱有据", "某公司", "0571-1234"), FACTS), "seal"),
        (Statement("person", WHO, "不好"), "facts"),
        (Statement("person", WHO, "长" * 4001), "facts"),
        (Statement("person", Identity("钱" * 51, "", "0571-1234"), FACTS), "too_long"),
        (Statement("anonymous", Identity(), FACTS), "source"),
    ],
)
def test_what_the_page_does_not_take(entry: NoticeEntry, statement: Statement, code: str) -> None:
    assert code_of(entry, statement) == code


def test_a_notice_that_is_over_and_an_entry_that_is_struck_take_none(edition: Edition, cast: Cast) -> None:
    entries = list(noticed(edition, cast.organiser, days_over=True).entries.order_by("pk"))
    assert code_of(entries[0], Statement("person", WHO, FACTS)) == "over"
    NoticeEntry.objects.filter(pk=entries[1].pk).update(state="struck")
    assert code_of(NoticeEntry.objects.get(pk=entries[1].pk), Statement("person", WHO, FACTS)) == "struck"


def test_files_lie_sealed_and_open_again(entry: NoticeEntry) -> None:
    sent = Sent("证据 钱有据.pdf", "application/pdf", b"%PDF-1.7 proof")
    found, _secret = file_objection(entry, Statement("person", WHO, FACTS, [sent]), by=public_account())
    row = found.files.get()
    assert (file_name(row), file_bytes(row), row.size) == (sent.name, sent.data, len(sent.data))
    assert "钱有据".encode() not in bytes(row.sealed_name)


def test_the_office_enters_letters_and_calls_even_anonymous_ones(entry: NoticeEntry, cast: Cast) -> None:
    assert entered(entry, cast.organiser, source="anonymous").entered_by == cast.organiser
    statement = Statement("person", WHO, FACTS)
    for channel, day, by, code in (
        ("web", date(2023, 3, 20), cast.organiser, "channel"),
        ("letter", date(2023, 3, 21), cast.organiser, "day"),
        ("letter", date(2023, 3, 20), cast.system, "permission"),
    ):
        with pytest.raises(Refused) as refusal:
            enter_objection(entry, statement, channel=channel, counted_on=day, by=by)
        assert refusal.value.code == code
