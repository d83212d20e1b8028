"""The pages of lists, and the leaf of a dossier's page."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries
from screening.conftest import FITTING, Screeners, in_screening
from screening.listing import EMPLOYER, brought, firms, holders, imported

from jiangbang.kernel.credit_code import synthetic
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.screening import acts
from jiangbang.screening.lists_comparing import compare
from jiangbang.screening.lists_models import ListMatch, ListRow, NameList

pytestmark = pytest.mark.django_db

LIKE = "杭州云栖智联科技股份有限公司"
NAME = str(person(1)["name"])


@pytest.fixture
def office(client: Client, screeners: Screeners) -> Client:
    client.force_login(screeners.organiser)
    return client


def upload(data: bytes, name: str = "小巨人.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def declared(dossier: Dossier, screeners: Screeners, **facts: object) -> None:
    nomination_acts.declare_facts(dossier, facts, source=DeclaredFact.Source.UNIT, by=screeners.organiser)


# -- lists ----------------------------------------------------------------------------------------------------------------


def test_a_file_is_brought_looked_at_and_put_in_force(office: Client, edition: Edition, dossier: Dossier) -> None:
    data = firms((EMPLOYER, synthetic(1)), ("甲有限公司", synthetic(2)[:-1] + "0"), ("", synthetic(3)))
    sent = {"kind": "little_giant", "title": "第四批小巨人", "list": upload(data)}
    answer = office.post("/screening/lists/bring/", sent, headers={"X-Requested-With": "XMLHttpRequest"})
    draft = NameList.objects.get()
    assert answer["X-Location"] == f"/screening/lists/{draft.pk}/"
    page = office.get(answer["X-Location"]).content.decode()
    for words in (
        "第四批小巨人",
        "栏目 “企业名称”",
        "统一社会信用代码校验位不符",
        "没有写名称或姓名",
        "名单生效之前一概不作数",
    ):
        assert words in page
    assert len(office.get(f"/screening/lists/{draft.pk}/?only=wrong").context["rows"]) == 2
    assert len(office.get(f"/screening/lists/{draft.pk}/?only=unusable").context["rows"]) == 1
    assert len(office.get(f"/screening/lists/{draft.pk}/?q=甲有限").context["rows"]) == 1
    answer = office.post(f"/screening/lists/{draft.pk}/import/", follow=True)
    assert "名单已生效" in answer.content.decode()
    assert NameList.objects.get().state == "in_force"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": "unicorn"}, "未选择文件"),
        ({"kind": "", "list": upload(b"x")}, "请选择名单的用途"),
        ({"kind": "unicorn", "list": upload(b"%PDF-1.7 ")}, "PDF 不能作为名单读取"),
        ({"kind": "unicorn", "list": upload("没有表头\n的文件".encode())}, "未找到表头"),
        ({"kind": "unicorn", "replaces": "no key", "list": upload(b"\x89PNG\r\n")}, "这不是 Excel、CSV 或 Word 文件"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept_nowhere(
    office: Client, edition: Edition, sent: dict[str, object], words: str
) -> None:
    assert words in office.post("/screening/lists/bring/", sent, follow=True).content.decode()
    assert NameList.objects.count() == 0


def test_a_newer_list_takes_the_place_of_another(office: Client, edition: Edition, screeners: Screeners) -> None:
    old = imported(edition, firms((EMPLOYER, "")), "unicorn", by=screeners.organiser)
    answer = office.post(
        "/screening/lists/bring/", {"replaces": str(old.pk), "list": upload(firms(("甲公司", "")))}, follow=True
    )
    draft = NameList.objects.get(state="draft")
    assert (draft.kind, draft.replaces) == ("unicorn", old)
    assert "将替换" in answer.content.decode()
    office.post(f"/screening/lists/{draft.pk}/import/")
    old.refresh_from_db()
    assert old.state == "replaced"


def test_a_list_is_withdrawn_or_discarded(office: Client, edition: Edition, screeners: Screeners) -> None:
    one = imported(edition, firms((EMPLOYER, "")), "unicorn", by=screeners.organiser)
    assert "请写明理由" in office.post(f"/screening/lists/{one.pk}/withdraw/", follow=True).content.decode()
    office.post(f"/screening/lists/{one.pk}/withdraw/", {"reason": "误传"})
    draft = brought(edition, firms(("甲公司", "")), "unicorn", by=screeners.organiser)
    office.post(f"/screening/lists/{draft.pk}/discard/")
    assert set(NameList.objects.values_list("state", flat=True)) == {"withdrawn", "discarded"}
    page = office.get(f"/screening/lists/{one.pk}/").content.decode()
    assert "误传" in page
    assert "还没有名单" not in office.get("/screening/lists/").content.decode()


def test_a_list_of_another_edition_is_not_found(office: Client, edition: Edition, screeners: Screeners) -> None:
    later = Edition.objects.get(slug="2024")
    other = imported(later, firms((EMPLOYER, "")), "unicorn", by=screeners.organiser)
    assert office.get(f"/screening/lists/{other.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_lists_take_the_same_queries_for_one_row_and_for_three(
    office: Client,
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    screeners: Screeners,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made = None
    for number in range(count):
        in_screening(edition, cast, reading, FITTING, number)
        rows = [(f"甲{number}公司{at}", "") for at in range(count)]
        made = imported(edition, firms((LIKE, ""), *rows), "unicorn", by=screeners.organiser, replaces=made)
        imported(edition, firms((f"乙{number}公司", "")), "kunpeng", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert made is not None
    for address, queries in (
        ("/screening/lists/", 16),
        (f"/screening/lists/{made.pk}/", 7),
        ("/screening/lists/waiting/", 8),
    ):
        office.get(address)
        with django_assert_num_queries(queries):
            office.get(address)


def test_the_list_of_lists_says_what_is_missing_and_establishes_none(
    office: Client, edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    silent = {key: value for key, value in FITTING.items() if key != "earlier_titles"}
    in_screening(edition, cast, reading, silent)
    imported(edition, holders(("无此人", EMPLOYER, 2019)), "zhejiang_craftsman", by=screeners.organiser)
    assert "尚缺： 杭州工匠" in " ".join(office.get("/screening/lists/").content.decode().split())
    assert "请先导入各项称号的名单" in office.post("/screening/lists/none/", follow=True).content.decode()
    imported(edition, holders(("无此人", EMPLOYER, 2019)), "hangzhou_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    assert "有 1 人不在任何" in office.get("/screening/lists/").content.decode()
    assert "已为 1 人认定" in office.post("/screening/lists/none/", follow=True).content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_rows_of_a_list_leave_as_narrowed_and_registered(
    office: Client, edition: Edition, screeners: Screeners, kind: str
) -> None:
    data = firms((EMPLOYER, synthetic(1)), ("+甲公司", synthetic(2)[:-1] + "0"))
    one = brought(edition, data, "unicorn", by=screeners.organiser)
    answer = office.get(f"/screening/lists/{one.pk}/rows.{kind}?only=wrong")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    if kind == "csv":
        lines = body.decode("utf-8-sig").splitlines()
        assert (len(lines), lines[1].startswith("3,'+甲公司"), "校验位不符" in lines[1]) == (2, True, True)
    else:
        assert body[:2] == b"PK"
    assert Entry.objects.get(type="file.downloaded").facts == {"file": f"list_rows.{kind}"}
    assert office.get(f"/screening/lists/{one.pk}/rows.pdf").status_code == 404


# -- deciding -------------------------------------------------------------------------------------------------------------


def test_a_likely_row_is_decided_on_where_it_waits(
    client: Client, edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    imported(edition, firms((LIKE, "")), "unicorn", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    client.force_login(screeners.li)
    page = client.get("/screening/lists/waiting/").content.decode()
    assert (LIKE in page, NAME in page, "96" in page) == (True, True, True)
    match = ListMatch.objects.get()
    address = f"/screening/{dossier.pk}/matches/{match.pk}/"
    assert "请写明理由" in client.post(address, {"same": "yes", "from": "waiting"}, follow=True).content.decode()
    answer = client.post(address, {"same": "yes", "reason": "查实", "from": "waiting"})
    assert answer["Location"] == "/screening/lists/waiting/"
    assert ListMatch.objects.get().decision == "accepted"
    assert "没有待认定的条目" in client.get("/screening/lists/waiting/?kind=strange").content.decode()
    answer = client.post(address, {"same": "no", "reason": "另一家"})
    assert answer["Location"] == f"/screening/{dossier.pk}/#lists"
    assert client.post(f"/screening/{dossier.pk}/matches/9999/", {"same": "no"}).status_code == 404


def standing(client: Client, dossier: Dossier) -> dict[str, str]:
    leaf = client.get(f"/screening/{dossier.pk}/").context["lists"]
    return {line.key: line.standing for line in (*leaf.marks, *leaf.titles)}


def test_a_dossiers_page_sets_claims_beside_lists(
    client: Client, edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    client.force_login(screeners.li)
    declared(dossier, screeners, priority_marks=["鲲鹏企业", "独角兽", "单项冠军", "小巨人"])
    imported(edition, firms((EMPLOYER, "")), "kunpeng", by=screeners.organiser)
    imported(edition, firms(("甲有限公司", "")), "unicorn", by=screeners.organiser)
    imported(edition, firms((LIKE, "")), "single_champion", by=screeners.organiser)
    imported(edition, firms((EMPLOYER, "")), "hidden_champion", by=screeners.organiser)
    assert "尚未与名单比对" in client.get(f"/screening/{dossier.pk}/").content.decode()
    compare(edition, by=screeners.organiser)
    assert standing(client, dossier) == {
        "kunpeng": "confirmed",
        "unicorn": "claimed",
        "single_champion": "near",
        "little_giant": "unchecked",
        "hidden_champion": "unclaimed",
    }
    page = client.get(f"/screening/{dossier.pk}/").content.decode()
    for words in (
        "材料声称，名单上有",
        "在用名单上没有相符的条目",
        "有条目可能相符",
        "尚无名单可供核对",
        "名单上有，材料未声称",
        "第 2 行",
        "按名称全称",
    ):
        assert words in page


def test_a_claim_is_read_from_the_papers_with_its_place(
    client: Client, edition: Edition, cast: Cast, reading: MakeReading, screeners: Screeners
) -> None:
    record = person(1, remarks="国家级专精特新“小巨人”企业")
    nomination_acts.receive_packet(
        reading([record]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    acts.begin_screening(edition, by=cast.organiser)
    client.force_login(screeners.li)
    (mark,) = client.get(f"/screening/{Dossier.objects.get().pk}/").context["lists"].marks
    assert (mark.key, mark.standing, mark.claimed_in) == ("little_giant", "unchecked", "备注")


def test_the_page_says_that_a_nominee_may_stand_again_and_what_contradicts(
    client: Client, edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    client.force_login(screeners.li)
    imported(edition, holders((NAME, EMPLOYER, 2022)), "hangzhou_craftsman_nominee", by=screeners.organiser)
    data = holders((NAME, EMPLOYER, str(person(1)["id_number"])), heading=("姓名", "单位", "身份证号"))
    imported(edition, data, "zhejiang_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    declared(dossier, screeners, earlier_titles=[], employer_code="91330100MO00000001")
    page = client.get(f"/screening/{dossier.pk}/").content.decode()
    assert "获得此项提名奖的人员可继续参评" in page
    assert "名单上有此人，而申报的事实未写明" in page
    assert "申报的单位统一社会信用代码有误" in page
    assert str(person(1)["id_number"]) not in page
    assert standing(client, dossier) == {"zhejiang_craftsman": "held", "hangzhou_craftsman_nominee": "near"}


def test_a_title_found_after_the_conclusion_is_said_and_not_decided(
    client: Client, edition: Edition, dossier: Dossier, screeners: Screeners
) -> None:
    client.force_login(screeners.li)
    acts.conclude_screening(dossier, by=screeners.li)
    imported(edition, holders((NAME, EMPLOYER, 2019)), "zhejiang_craftsman", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    page = client.get(f"/screening/{dossier.pk}/").content.decode()
    assert "请重新初审后再认定" in page
    assert f"/matches/{ListMatch.objects.get().pk}/" not in page
    lists = client.get("/screening/lists/")
    assert [one.pk for one in lists.context["against"]] == [dossier.pk]
    assert "请重新初审：" in lists.content.decode()


@pytest.mark.parametrize(
    ("mark", "count"), [("unicorn", 1), ("kunpeng", 0), ("waiting", 1), ("zhejiang_craftsman", 0), ("strange", 0)]
)
def test_the_queue_is_narrowed_by_mark(
    client: Client,
    edition: Edition,
    cast: Cast,
    reading: MakeReading,
    dossier: Dossier,
    screeners: Screeners,
    mark: str,
    count: int,
) -> None:
    in_screening(edition, cast, reading, FITTING, 2)
    Dossier.objects.filter(pk=dossier.pk).update(employer=LIKE)
    imported(edition, firms((LIKE, "")), "unicorn", by=screeners.organiser)
    compare(edition, by=screeners.organiser)
    client.force_login(screeners.li)
    answer = client.get(f"/screening/?mark={mark}")
    assert len(answer.context["rows"]) == count
    assert all(f"mark={mark}" in row.href for row in answer.context["rows"])
    assert ListRow.objects.count() == 1
