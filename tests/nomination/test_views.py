"""The pages of the recommendation stage: what they show, whom they refuse, how many queries they take."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.nomination import acts
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


@pytest.fixture
def bring(edition: Edition, cast: Cast, reading: MakeReading) -> object:
    def receive(*numbers: int, unit: str = "330108", **changes: object) -> Packet:
        packet, _ = acts.receive_packet(
            reading([person(n, **changes) for n in numbers]),
            edition=edition,
            unit=edition.spec.unit(unit),
            by=cast.organiser,
        )
        return packet

    return receive


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def waiting_intake(edition: Edition, cast: Cast, **state: object) -> Intake:
    intake = acts.bring_packet(
        edition=edition, file_name="材料.zip", sha256="0" * 64, size=9, unit_code="", channel="web", by=cast.organiser
    )
    Intake.objects.filter(pk=intake.pk).update(**state)
    return intake


def test_an_empty_desk_teaches(office: Client) -> None:
    page = text(office.get("/"))
    assert "没有待处理的事。" in page
    assert "单位+数字工匠推荐.zip" in page
    assert page.count("quota-bar") == 29


def test_an_empty_house_says_how_to_load_an_edition(client: Client, cast: Cast) -> None:
    client.force_login(cast.organiser)
    assert "jiangbang programme load" in text(client.get("/"))


@pytest.mark.parametrize(
    ("path", "queries"), [("/", 12), ("/packets/", 8), ("/dossiers/", 10), ("/dossiers/?q=%E5%BC%A0&sort=name", 11)]
)
def test_lists_take_the_same_queries_for_one_row_and_for_three(
    office: Client, bring: object, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    bring(1)  # type: ignore[operator]
    with django_assert_num_queries(queries):
        office.get(path)
    bring(2, 3, 4, unit="330102")  # type: ignore[operator]
    bring(5, unit="330106")  # type: ignore[operator]
    with django_assert_num_queries(queries):
        office.get(path)


def test_a_packet_page_takes_the_same_queries_for_one_person_and_for_three(
    office: Client, bring: object, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, three = bring(1), bring(2, 3, 4, unit="330102")  # type: ignore[operator]
    for packet in (one, three):
        with django_assert_num_queries(9):
            office.get(f"/packets/{packet.pk}/")


def test_a_packet_page_tells_what_must_be_mended_of_whom(office: Client, bring: object) -> None:
    packet = bring(1, deeds="长" * 401)  # type: ignore[operator]
    page = text(office.get(f"/packets/{packet.pk}/"))
    assert "“主要事迹”有401字，超过400字的限制" in page
    assert "field.too_long" in page
    assert "待补正" in page


def test_the_receipt_carries_hash_register_place_and_checkpoint(office: Client, bring: object) -> None:
    packet = bring(1)  # type: ignore[operator]
    page = text(office.get(f"/packets/{packet.pk}/receipt/"))
    entry = Entry.objects.get(type="packet.received")
    assert packet.number in page
    assert packet.sha256 in page
    assert f"第 {entry.index} 条" in page
    assert bytes(entry.leaf_hash).hex() in page
    assert "jiangbang.register" in page


def test_a_dossier_shows_every_field_and_masks_the_sensitive_ones(office: Client, bring: object) -> None:
    bring(1)  # type: ignore[operator]
    dossier = Dossier.objects.get()
    page = text(office.get(f"/dossiers/{dossier.pk}/"))
    record = person(1)
    for spec in dossier.edition.spec.form:
        if spec.kind != "image":
            assert f'id="field-{spec.key}"' in page
    assert str(record["motto"]) in page
    for secret in ("id_number", "mobile", "telephone", "address"):
        assert str(record[secret]) not in page


def test_revealing_shows_one_value_once_and_registers_the_look(office: Client, bring: object) -> None:
    bring(1)  # type: ignore[operator]
    dossier = Dossier.objects.get()
    answer = office.post(f"/dossiers/{dossier.pk}/reveal/", {"field": "address"}, headers={"HX-Request": "true"})
    assert str(person(1)["address"]) in text(answer)
    assert "no-store" in answer["Cache-Control"]
    entry = Entry.objects.get(type="value.revealed")
    assert entry.facts == {"field": "address", "revision": 1}
    whole = text(office.post(f"/dossiers/{dossier.pk}/reveal/", {"field": "address"}))
    assert str(person(1)["address"]) in whole
    assert str(person(1)["mobile"]) not in whole
    assert str(person(1)["address"]) not in text(office.get(f"/dossiers/{dossier.pk}/"))


def test_a_dossier_tells_who_looked(office: Client, bring: object) -> None:
    bring(1)  # type: ignore[operator]
    url = f"/dossiers/{Dossier.objects.get().pk}/"
    office.post(f"{url}reveal/", {"field": "mobile"})
    page = text(office.get(url))
    trail = page[page.index("登记簿记录") :]
    assert trail.index("查看敏感信息") < trail.index("受理人选")
    assert "手机号码" in trail


def test_revealing_by_get_is_refused(office: Client, bring: object) -> None:
    bring(1)  # type: ignore[operator]
    assert office.get(f"/dossiers/{Dossier.objects.get().pk}/reveal/").status_code == 405


def test_what_cannot_be_revealed_is_said(office: Client, bring: object) -> None:
    bring(1)  # type: ignore[operator]
    url = f"/dossiers/{Dossier.objects.get().pk}/"
    page = text(office.post(f"{url}reveal/", {"field": "motto"}, follow=True))
    assert "没有这个可显示的栏目。" in page


def test_outsiders_get_404_and_insiders_without_the_right_403(client: Client, cast: Cast, bring: object) -> None:
    packet = bring(1)  # type: ignore[operator]
    dossier = Dossier.objects.get()
    intake = waiting_intake(packet.edition, cast)
    paths = [
        "/",
        "/packets/",
        f"/packets/{packet.pk}/",
        f"/packets/{packet.pk}/receipt/",
        f"/packets/{packet.pk}/original/",
        f"/packets/{packet.pk}/roster.xlsx",
        f"/packets/arriving/{intake.pk}/",
        "/dossiers/",
        "/dossiers.csv",
        f"/dossiers/{dossier.pk}/",
        f"/dossiers/{dossier.pk}/photo/",
        f"/dossiers/{dossier.pk}/form.docx",
        f"/dossiers/{dossier.pk}/original/",
        "/units/330108/roster.docx",
    ]
    client.force_login(cast.stranger)
    assert {client.get(path).status_code for path in paths} == {404}
    client.force_login(cast.system)
    # who has no desk is led to his first room
    assert client.get(paths.pop(0))["Location"] == "/people/"
    assert {client.get(path).status_code for path in paths} == {403}


def test_the_discipline_office_reads_but_takes_nothing_away(client: Client, cast: Cast, bring: object) -> None:
    packet = bring(1)  # type: ignore[operator]
    dossier = Dossier.objects.get()
    client.force_login(cast.discipline)
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 200
    assert client.get(f"/dossiers/{dossier.pk}/form.docx").status_code == 403
    assert client.get(f"/packets/{packet.pk}/original/").status_code == 403
    assert client.post("/packets/receive/").status_code == 403
    assert "data-dropzone" not in text(client.get("/"))


def test_one_file_leads_to_its_progress_and_several_to_the_list(office: Client) -> None:
    one = office.post("/packets/receive/", {"packets": SimpleUploadedFile("滨江.zip", b"PK")})
    intake = Intake.objects.get()
    assert one["Location"] == f"/packets/arriving/{intake.pk}/"
    assert (intake.file_name, intake.size, intake.state) == ("滨江.zip", 2, "waiting")
    files = [SimpleUploadedFile("a.zip", b"a"), SimpleUploadedFile("b.zip", b"b")]
    assert office.post("/packets/receive/", {"packets": files})["Location"] == "/packets/"
    assert Intake.objects.count() == 3


def test_an_empty_file_or_none_is_refused_in_words(office: Client) -> None:
    page = text(office.post("/packets/receive/", {"packets": SimpleUploadedFile("空.zip", b"")}, follow=True))
    assert "空文件" in page
    assert "没有选择文件" in text(office.post("/packets/receive/", follow=True))
    assert Intake.objects.count() == 0


def test_progress_is_polled_until_there_is_something_else_to_show(office: Client, edition: Edition, cast: Cast) -> None:
    intake = waiting_intake(edition, cast, state="reading", done_members=3, total_members=9, current_member="甲.docx")
    url = f"/packets/arriving/{intake.pk}/"
    board = text(office.get(url, headers={"HX-Request": "true"}))
    assert f'hx-get="{url}"' in board
    assert "<html" not in board
    assert "已读 3 / 9 个文件" in board
    assert "甲.docx" in board
    Intake.objects.filter(pk=intake.pk).update(state="needs_unit")
    assert office.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_finished_intake_leads_to_its_packet(office: Client, edition: Edition, cast: Cast, bring: object) -> None:
    packet = bring(1)  # type: ignore[operator]
    intake = waiting_intake(edition, cast, state="done", packet=packet)
    answer = office.get(f"/packets/arriving/{intake.pk}/", follow=True)
    assert answer.redirect_chain == [(f"/packets/{packet.pk}/", 302)]
    assert "此前已经收到" in text(answer)


def test_the_unit_is_asked_for_and_answered(office: Client, edition: Edition, cast: Cast) -> None:
    intake = waiting_intake(edition, cast, state="needs_unit")
    url = f"/packets/arriving/{intake.pk}/"
    assert len(re.findall(r'<option value="\w+"', text(office.get(url)))) == 29
    assert "材料.zip：请指明报送单位" in text(office.get("/"))
    assert "请选择报送这个材料包的单位" in text(office.post(f"{url}answer/", {"unit": "nowhere"}, follow=True))
    office.post(f"{url}answer/", {"unit": "330108"})
    intake.refresh_from_db()
    assert (intake.state, intake.unit_code) == ("waiting", "330108")
    assert "并没有等待您答复" in text(office.post(f"{url}answer/", {"unit": "330108"}, follow=True))


def test_a_late_packet_is_accepted_with_a_reason_only(office: Client, edition: Edition, cast: Cast) -> None:
    intake = waiting_intake(edition, cast, state="failed", failure_code="late", failure="已过截止时间。")
    url = f"/packets/arriving/{intake.pk}/"
    assert "逾期受理" in text(office.get(url))
    office.post(f"{url}answer/", {"late_reason": "  "})
    intake.refresh_from_db()
    assert intake.state == "failed"
    office.post(f"{url}answer/", {"late_reason": "邮路中断"})
    intake.refresh_from_db()
    assert (intake.state, intake.late_reason, intake.failure) == ("waiting", "邮路中断", "")


def test_a_failed_intake_says_what_to_do(office: Client, edition: Edition, cast: Cast) -> None:
    intake = waiting_intake(edition, cast, state="failed", failure_code="unreadable", failure="压缩包设了密码。")
    page = text(office.get(f"/packets/arriving/{intake.pk}/"))
    assert "压缩包设了密码。" in page
    assert "怎么办：" in page


def test_lists_that_the_filter_empties_offer_to_take_it_away(office: Client, bring: object) -> None:
    bring(1)  # type: ignore[operator]
    assert "没有符合条件的人选" in text(office.get("/dossiers/?q=zzz"))
    assert "没有符合条件的材料包" in text(office.get("/packets/?unit=330102"))


def test_the_ledger_is_filtered_by_kind_and_sorted(office: Client, bring: object) -> None:
    bring(1, unit="330106")  # type: ignore[operator]
    page = text(office.get("/?kind=district_union&sort=count"))
    assert page.count("quota-bar") == 13
    ledger = page[page.index('id="ledger"') :]
    assert ledger.index("西湖区总工会") < ledger.index("上城区总工会")


def test_every_page_takes_the_same_queries_for_one_row_and_for_three(
    office: Client, bring: object, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, three = bring(1), bring(2, 3, 4, unit="330102")  # type: ignore[operator]
    bring(2, 3, 4, unit="330102", motto="改了。")  # type: ignore[operator]
    bring(2, 3, 4, unit="330102", motto="又改了。")  # type: ignore[operator]
    once, thrice = (packet.revisions.first().dossier_id for packet in (one, three))
    office.get("/")
    for first, second, queries in (
        (f"/dossiers/{once}/", f"/dossiers/{thrice}/", 9),
        (f"/packets/{one.pk}/receipt/", f"/packets/{three.pk}/receipt/", 6),
    ):
        for path in (first, second):
            with django_assert_num_queries(queries):
                assert office.get(path).status_code == 200


def test_the_list_of_packets_is_paged_at_the_same_cost(
    office: Client, bring: object, edition: Edition, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = bring(1)  # type: ignore[operator]
    values = {
        key: value for key, value in Packet.objects.values().get().items() if key not in ("id", "sequence", "sha256")
    }
    Packet.objects.bulk_create(Packet(**values, sequence=n, sha256=f"{n:064d}") for n in range(2, 61))
    for number in range(25):
        waiting_intake(edition, cast, file_name=f"材料{number}.zip")
    with django_assert_num_queries(8):
        page = text(office.get("/packets/"))
    assert len(re.findall(r'<a class="number-plain" href="/packets/\d+/"', page)) == 50
    after = re.search(r'rel="next" href="([^"]+)"', page)
    assert after is not None
    with django_assert_num_queries(7):
        last = text(office.get(f"/packets/{after[1]}"))
    assert len(re.findall(r'<a class="number-plain" href="/packets/\d+/"', last)) == 10
    assert f'href="/packets/{first.pk}/"' in last


def test_odd_words_in_the_address_of_the_packets_narrow_to_nothing_or_are_unsaid(office: Client, bring: object) -> None:
    bring(1)  # type: ignore[operator]
    shown = {query: "2023-330108-001" in text(office.get(f"/packets/?{query}")) for query in (
        "verdict=clean", "verdict=blocked", "verdict=nonsense", "verdict=%00", "unit=330108", "unit=nowhere", "unit=%00x",
        "after=nonsense", "before=WzEsMl0",
    )}  # fmt: skip
    assert shown == {
        "verdict=clean": True,
        "verdict=blocked": False,
        "verdict=nonsense": True,
        "verdict=%00": True,
        "unit=330108": True,
        "unit=nowhere": False,
        "unit=%00x": False,
        "after=nonsense": True,
        "before=WzEsMl0": True,
    }


def test_forms_of_another_site_change_nothing(cast: Cast, edition: Edition, bring: object) -> None:
    bring(1)  # type: ignore[operator]
    intake = waiting_intake(edition, cast, state="needs_unit")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.organiser)
    entries = Entry.objects.count()
    posts = (
        "/packets/receive/",
        f"/packets/arriving/{intake.pk}/answer/",
        "/edition/",
        "/language/",
        "/register/verify/",
    )
    posts += (f"/dossiers/{Dossier.objects.get().pk}/reveal/", "/account/login/", "/account/logout/")
    assert {path: strict.post(path).status_code for path in posts} == dict.fromkeys(posts, 403)
    assert Entry.objects.count() == entries


def test_a_reason_with_a_nul_is_kept_without_it(office: Client, edition: Edition, cast: Cast) -> None:
    intake = waiting_intake(edition, cast, state="failed", failure_code="late")
    office.post(f"/packets/arriving/{intake.pk}/answer/", {"late_reason": "邮路\0中断"})
    intake.refresh_from_db()
    assert intake.late_reason == "邮路中断"


def test_the_discipline_office_sees_a_stuck_file_but_is_asked_nothing(
    client: Client, edition: Edition, cast: Cast
) -> None:
    intake = waiting_intake(edition, cast, state="needs_unit")
    client.force_login(cast.discipline)
    page = text(client.get(f"/packets/arriving/{intake.pk}/"))
    assert "answer/" not in page
    assert "材料.zip" in page
