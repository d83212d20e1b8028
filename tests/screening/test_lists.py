"""Bringing, importing, replacing and withdrawing lists."""

from __future__ import annotations

from datetime import date

import pytest
from nomination.readings import Cast, MakeReading, person
from screening.conftest import Screeners
from screening.listing import EMPLOYER, brought, firms, holders, imported
from screening.refusals import assert_refused

from jiangbang.kernel.credit_code import synthetic
from jiangbang.kernel.identity import synthetic as identity_number
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination import evidence
from jiangbang.programme.models import Edition
from jiangbang.queue.models import Job
from jiangbang.register.models import Entry
from jiangbang.screening import lists
from jiangbang.screening.lists_models import ListRow, NameList
from jiangbang.vaults import identity_index

pytestmark = pytest.mark.django_db


def test_a_list_is_read_kept_and_looked_at_before_it_counts(edition: Edition, screeners: Screeners) -> None:
    data = firms((EMPLOYER, synthetic(1)), ("杭州澜图软件有限公司", synthetic(2)[:-1] + "0"), ("", synthetic(3)))
    draft = brought(edition, data, "little_giant", by=screeners.organiser)
    assert (draft.state, draft.row_count, draft.usable_count, draft.problem_count) == ("draft", 3, 2, 2)
    assert draft.columns == {"firm": "企业名称", "code": "统一社会信用代码"}
    assert [(row.name, row.kind, row.problems) for row in draft.rows.order_by("pk")] == [
        (EMPLOYER, "little_giant", []),
        ("杭州澜图软件有限公司", "little_giant", ["code_checksum"]),
        ("", "little_giant", ["no_name"]),
    ]
    assert evidence.read_bytes(draft.sha256) == data
    entry = Entry.objects.get(type="list.brought")
    assert (entry.subject, entry.facts["rows"], entry.facts["wrong_rows"]) == (f"list:{draft.pk}", 3, 2)
    assert not Job.objects.filter(name=lists.COMPARE).exists()


def test_importing_puts_it_in_force_and_the_comparison_into_the_queue(edition: Edition, screeners: Screeners) -> None:
    data = firms((EMPLOYER, synthetic(1)))
    done = imported(edition, data, "kunpeng", by=screeners.organiser)
    assert (done.state, done.imported_by) == ("in_force", screeners.organiser)
    job = Job.objects.get(name=lists.COMPARE)
    assert job.arguments == {"edition": edition.key, "by": screeners.organiser.pk}
    assert Entry.objects.get(type="list.imported").facts["list_kind"] == "kunpeng"
    assert_refused("not_a_draft", lambda: lists.import_list(done, by=screeners.organiser))
    assert_refused("already_in_force", lambda: brought(edition, data, "kunpeng", by=screeners.organiser))


def test_identity_numbers_are_kept_as_blind_index_only(edition: Edition, screeners: Screeners) -> None:
    number = identity_number("990101", date(1980, 1, 1), 3)
    data = holders(("张三", EMPLOYER, number), heading=("姓名", "工作单位", "身份证号"))
    draft = brought(edition, data, "zhejiang_craftsman", by=screeners.organiser)
    row = ListRow.objects.get()
    assert (row.identity, row.name, row.employer) == (identity_index(number), "张三", EMPLOYER)
    assert number not in str(ListRow.objects.values().get()) + str(NameList.objects.values().get(pk=draft.pk))


def test_who_took_part_in_the_edition_that_gave_the_title_is_known_by_number(
    edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    unit = edition.spec.unit("330108")
    nomination_acts.receive_packet(reading([person(1), person(2)]), edition=edition, unit=unit, by=cast.organiser)
    later = Edition.objects.get(slug="2024")
    rows = ((person(1)["name"], EMPLOYER, 2023), (person(2)["name"], "另一家公司", 2023), ("无此人", EMPLOYER, 2023))
    brought(later, holders(*rows), "digital_craftsman", by=screeners.organiser)
    found = dict(ListRow.objects.values_list("name", "identity"))
    assert found == {
        person(1)["name"]: identity_index(str(person(1)["id_number"])),
        person(2)["name"]: "",
        "无此人": "",
    }


def test_a_row_that_names_two_marks_stands_twice(edition: Edition, screeners: Screeners) -> None:
    data = firms((EMPLOYER, "小巨人、独角兽"), ("甲公司", "不知道"), heading=("企业名称", "类型"))
    draft = brought(edition, data, "marks", by=screeners.organiser)
    assert list(draft.rows.order_by("pk").values_list("number", "kind", "usable")) == [
        (2, "unicorn", True),
        (2, "little_giant", True),
        (3, "", False),
    ]
    assert draft.row_count == 2


def test_a_draft_is_discarded_with_its_rows(edition: Edition, screeners: Screeners) -> None:
    draft = brought(edition, firms((EMPLOYER, "")), "unicorn", by=screeners.organiser)
    lists.discard_list(draft, by=screeners.organiser)
    assert (NameList.objects.get().state, ListRow.objects.count()) == ("discarded", 0)
    assert_refused("not_a_draft", lambda: lists.discard_list(draft, by=screeners.organiser))


def test_a_list_takes_the_place_of_another(edition: Edition, screeners: Screeners) -> None:
    old = imported(edition, firms((EMPLOYER, "")), "unicorn", by=screeners.organiser)
    new = imported(edition, firms(("甲公司", "")), "unicorn", by=screeners.organiser, replaces=old)
    old.refresh_from_db()
    assert (old.state, old.reason, old.ended_by, new.state) == ("replaced", "名单", screeners.organiser, "in_force")
    assert Entry.objects.get(type="list.replaced").facts["replaced_by"] == f"list:{new.pk}"
    assert_refused(
        "not_in_force", lambda: brought(edition, firms(("乙公司", "")), "unicorn", by=screeners.organiser, replaces=old)
    )


def test_a_replacement_is_refused_once_what_it_replaces_is_gone(edition: Edition, screeners: Screeners) -> None:
    old = imported(edition, firms((EMPLOYER, "")), "unicorn", by=screeners.organiser)
    draft = brought(edition, firms(("甲公司", "")), "unicorn", by=screeners.organiser, replaces=old)
    lists.withdraw_list(old, reason="发布单位收回", by=screeners.organiser)
    assert_refused("not_in_force", lambda: lists.import_list(draft, by=screeners.organiser))


def test_a_list_is_withdrawn_with_a_reason(edition: Edition, screeners: Screeners) -> None:
    name_list = imported(edition, firms((EMPLOYER, "")), "unicorn", by=screeners.organiser)
    assert_refused("no_reason", lambda: lists.withdraw_list(name_list, reason=" ", by=screeners.organiser))
    assert_refused("permission", lambda: lists.withdraw_list(name_list, reason="x", by=screeners.li))
    lists.withdraw_list(name_list, reason="发布单位收回", by=screeners.organiser)
    name_list.refresh_from_db()
    assert (name_list.state, name_list.reason) == ("withdrawn", "发布单位收回")
    assert "发布单位收回" not in str(Entry.objects.get(type="list.withdrawn").facts)
    assert_refused("not_in_force", lambda: lists.withdraw_list(name_list, reason="x", by=screeners.organiser))


@pytest.mark.parametrize(
    ("code", "data", "kind", "who"),
    [
        ("permission", b"x", "unicorn", "li"),
        ("permission", b"x", "unicorn", "discipline"),
        ("empty", b"", "unicorn", "organiser"),
        ("unknown_kind", b"x", "strange", "organiser"),
        ("pdf", b"%PDF-1.7\n", "unicorn", "organiser"),
        ("kind", b"\x89PNG\r\n\x1a\n", "unicorn", "organiser"),
        ("damaged", firms(("甲公司", ""))[:-900] + firms(("甲公司", ""))[-850:], "unicorn", "organiser"),
        ("no_header", "今天天气很好\n明天也是".encode(), "unicorn", "organiser"),
        ("no_rows", "企业名称,统一社会信用代码\n".encode(), "unicorn", "organiser"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    edition: Edition, screeners: Screeners, code: str, data: bytes, kind: str, who: str
) -> None:
    assert_refused(code, lambda: brought(edition, data, kind, by=getattr(screeners, who)))
    assert NameList.objects.count() == 0


def test_a_file_that_is_too_large_is_refused(
    edition: Edition, screeners: Screeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_BYTES", 10)
    assert_refused("too_large", lambda: brought(edition, b"x" * 11, "unicorn", by=screeners.organiser))


def test_a_list_without_a_usable_row_cannot_be_imported(edition: Edition, screeners: Screeners) -> None:
    draft = brought(edition, firms(("", synthetic(1))), "unicorn", by=screeners.organiser)
    assert_refused("no_usable_row", lambda: lists.import_list(draft, by=screeners.organiser))
    assert_refused("permission", lambda: lists.import_list(draft, by=screeners.li))


def test_a_failed_entry_undoes_the_import(
    edition: Edition, screeners: Screeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = brought(edition, firms((EMPLOYER, "")), "unicorn", by=screeners.organiser)

    def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr("jiangbang.register.acts._append", broken)
    with pytest.raises(OSError, match="disk"):
        lists.import_list(draft, by=screeners.organiser)
    assert NameList.objects.get().state == "draft"
