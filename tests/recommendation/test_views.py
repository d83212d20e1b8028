"""The pages of a unit's workspace: whose they are, what they show, what they send, and how often they ask the database."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from nomination.packet_files import make_packet
from recommendation.people import (
    OTHER_UNIT,
    UNIT,
    People,
    State,
    again,
    drafted,
    invited,
    ready,
    sealed_form,
    unit_of,
    with_unit,
)

from jiangbang.accounts.models import Membership, Role
from jiangbang.candidacy.models import Candidacy
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.programme.models import Edition
from jiangbang.recommendation import queries, submitting
from jiangbang.recommendation.models import Return

pytestmark = pytest.mark.django_db

# Session, user, edition, roles, scopes, then the page's own.
QUERIES = {"unit_desk": 15, "unit_order": 8, "unit_scans": 10, "unit_submit": 13}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def as_unit(client: Client, people: People) -> Client:
    client.force_login(people.unit)
    client.cookies["jiangbang_language"] = "en"
    return client


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def submitted(edition: Edition, people: People, number: int = 1) -> Candidacy:
    one = ready(edition, people.unit, number)
    prepared = submitting.prepare(edition, unit_of(edition), [one], by=people.unit)
    submitting.submit_packet(prepared, declaration="属实", by=people.unit)
    return again(one)


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_the_unit_s_people_begin_at_their_desk(as_unit: Client) -> None:
    assert as_unit.get("/")["Location"] == "/unit/"


def test_another_unit_s_people_do_not_exist(client: Client, edition: Edition, people: People) -> None:
    mine, sent = with_unit(edition, people.unit, 1), submitted(edition, people, 2)
    packet, dossier = Packet.objects.get(), sent.dossier
    assert dossier is not None
    client.force_login(people.other)
    assert mine.name not in page(client, "unit_desk")
    for name, pk in (("unit_person", mine.pk), ("unit_packet", packet.pk), ("unit_receipt", packet.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404
    assert client.post(reverse("unit_opinion", args=[mine.pk]), {"text": "x"}).status_code == 404
    assert client.post(reverse("unit_scan_bring", args=[mine.pk])).status_code == 404


def test_who_works_for_two_units_chooses(as_unit: Client, edition: Edition, people: People) -> None:
    Membership.objects.create(user=people.unit, edition=edition.key, role=Role.UNIT, scope=OTHER_UNIT)
    one = invited(edition, people.unit, 1)
    assert one.name in as_unit.get("/unit/", {"unit": UNIT}).content.decode()
    assert one.name not in as_unit.get("/unit/", {"unit": OTHER_UNIT}).content.decode()
    assert one.name not in page(as_unit, "unit_desk")
    assert one.name not in as_unit.get("/unit/", {"unit": "330109"}).content.decode()


# --- desk -------------------------------------------------------------------------------------------------------------


def test_the_unit_is_called_in_the_reader_s_language(as_unit: Client) -> None:
    assert "Binjiang Federation of Trade Unions</a>" in page(as_unit, "unit_order")
    as_unit.cookies["jiangbang_language"] = "zh-hans"
    assert "滨江</a>" in page(as_unit, "unit_order")


def test_an_empty_desk_says_what_to_do(as_unit: Client) -> None:
    shown = page(as_unit, "unit_desk")
    assert "Nobody has been invited yet" in shown
    assert "Submit the packet" not in shown


def test_the_desk_shows_how_far_everybody_is(as_unit: Client, edition: Edition, people: People) -> None:
    made = [make(edition, people.unit, n) for n, make in enumerate((invited, drafted, with_unit, ready), 1)]
    shown = page(as_unit, "unit_desk")
    assert all(one.name in shown for one in made)
    assert "ready to submit" in shown
    assert "your opinion" in shown
    assert "4 / 10–30" in shown
    only = as_unit.get("/unit/", {"state": "invited"}).content.decode()
    assert made[0].name in only
    assert made[1].name not in only
    assert "Nobody is in this state" in as_unit.get("/unit/", {"state": "returned"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_no_list_asks_more_for_more_people(as_unit: Client, edition: Edition, people: People, count: int) -> None:
    for number in range(1, count + 1):
        with_unit(edition, people.unit, number)
    page(as_unit, "unit_desk")
    asked = {}
    for name in QUERIES:
        with CaptureQueriesContext(connection) as found:
            page(as_unit, name)
        asked[name] = len(found)
    assert asked == QUERIES


# --- order ------------------------------------------------------------------------------------------------------------


def test_the_order_is_saved_from_the_page(as_unit: Client, edition: Edition, people: People) -> None:
    two = [invited(edition, people.unit, number) for number in (1, 2)]
    sent = {"version": "0", "person": [str(two[1].pk), str(two[0].pk)]}
    assert as_unit.post("/unit/order/", sent).status_code == 302
    assert [again(one).rank for one in two] == [2, 1]


def test_buttons_move_without_a_script(as_unit: Client, edition: Edition, people: People) -> None:
    three = [invited(edition, people.unit, number) for number in (1, 2, 3)]
    pks = [str(one.pk) for one in three]
    as_unit.post("/unit/order/", {"version": "0", "person": pks, "move": f"up:{pks[2]}"})
    assert [again(one).rank for one in three] == [1, 3, 2]
    as_unit.post("/unit/order/", {"version": "1", "person": [pks[0], pks[2], pks[1]], "move": f"up:{pks[0]}"})
    assert [again(one).rank for one in three] == [1, 3, 2]


def test_the_later_of_two_sees_both_orders(as_unit: Client, edition: Edition, people: People) -> None:
    two = [invited(edition, people.unit, number) for number in (1, 2)]
    pks = [str(one.pk) for one in two]
    as_unit.post("/unit/order/", {"version": "0", "person": pks})
    answer = as_unit.post("/unit/order/", {"version": "0", "person": pks[::-1]})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Your order, not saved" in shown
    assert 'name="version" value="1"' in shown


@pytest.mark.parametrize("sent", [{}, {"version": "x"}, {"version": "0", "person": ["no uuid"]}, {"version": "9" * 30}])
def test_nonsense_orders_are_told(as_unit: Client, edition: Edition, people: People, sent: dict[str, object]) -> None:
    invited(edition, people.unit, 1)
    assert as_unit.post("/unit/order/", sent).status_code in (200, 409)


# --- inviting ---------------------------------------------------------------------------------------------------------


def test_a_list_is_shown_before_anything_is_sent(as_unit: Client) -> None:
    answer = as_unit.post("/unit/invite/", {"people": "赵一鸣\t云栖数据\t19900000001\n钱多多\t智联\t123"})
    shown = answer.content.decode()
    assert "1 line to mend" in shown
    assert "A mobile number has eleven digits" in shown
    assert not Candidacy.objects.exists()
    assert "There is nobody in the list" in as_unit.post("/unit/invite/", {"people": " "}).content.decode()


def test_the_checked_list_is_invited_once(as_unit: Client) -> None:
    sent = {"people": "姓名\t单位\t手机\t邮箱\n赵一鸣\t云栖数据\t19900000001\t\n钱多多\t智联\t\tqian@example.org"}
    shown = as_unit.post("/unit/invite/send/", sent).content.decode()
    assert "2 people invited" in shown
    assert shown.count("/invitation/") == 2
    assert shown.count('class="qr"') == 2
    again_ = as_unit.post("/unit/invite/send/", sent).content.decode()
    assert "invited somebody of this name already" in again_
    assert Candidacy.objects.count() == 2
    for one in Candidacy.objects.select_related("edition", "person"):
        assert queries.answers_of(one)["employer_and_position"].value in ("云栖数据", "智联")


def test_a_list_with_mistakes_invites_nobody(as_unit: Client) -> None:
    answer = as_unit.post("/unit/invite/send/", {"people": "赵一鸣\t云栖\t19900000001\n钱多多\t智联\t123"})
    assert "Nobody was invited" in answer.content.decode()
    assert not Candidacy.objects.exists()


def test_a_new_link_is_shown(as_unit: Client, edition: Edition, people: People) -> None:
    one = invited(edition, people.unit, 1)
    shown = as_unit.post(reverse("unit_invite_again", args=[one.pk]), {"address": ""}).content.decode()
    assert "/invitation/" in shown
    assert one.name in shown


def test_somebody_without_an_address_is_entered(as_unit: Client) -> None:
    without = as_unit.post("/unit/enter/", {"name": "赵一鸣", "consent": ["processing"]})
    assert "Without the candidate&#x27;s signed consent" in without.content.decode()
    assert not Candidacy.objects.exists()
    answer = as_unit.post("/unit/enter/", {"name": "赵一鸣", "consent": ["processing", "sensitive"]})
    made = Candidacy.objects.get()
    assert answer["Location"] == reverse("unit_person", args=[made.pk])
    assert made.state == State.DRAFTING
    assert "Fill in for the candidate" in page(as_unit, "unit_person", made.pk)


# --- one person -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [invited, drafted, with_unit, ready])
def test_a_person_s_page_has_what_can_be_done(
    as_unit: Client, edition: Edition, people: People, make: Callable[..., Candidacy]
) -> None:
    one = make(edition, people.unit, 1)
    shown = page(as_unit, "unit_person", one.pk)
    wanted = {invited: "New link", drafted: "Fill in", with_unit: "Give the opinion", ready: "Submit the packet"}
    assert wanted[make] in shown  # type: ignore[index]
    assert "In the register" in shown


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("unit_opinion", {"text": "同意", "date": "2023-03-20"}, "The opinion is saved"),
        ("unit_opinion", {"text": "", "date": "2023-03-20"}, "Write the employer"),
        ("unit_facts", {"fact.union_member": "yes", "csrf": "x"}, "What you declare is saved"),
        ("unit_facts", {}, "Nothing was changed"),
        ("unit_give_back", {"remark": "补充业绩"}, "is with the candidate again"),
        ("unit_give_back", {"remark": ""}, "Say what is to be changed"),
        ("unit_reopen", {}, "has not been submitted"),
        ("unit_withdraw", {}, "The candidacy is withdrawn"),
        ("unit_attest", {"consent": ["processing", "sensitive"]}, "has been opened already"),
    ],
)
def test_what_is_done_is_said(
    as_unit: Client, edition: Edition, people: People, name: str, sent: dict[str, object], said: str
) -> None:
    one = with_unit(edition, people.unit, 1)
    answer = as_unit.post(reverse(name, args=[one.pk]), sent, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("unit_person", args=[one.pk])
    assert said in answer.content.decode()


def test_one_opinion_for_all_who_have_none(as_unit: Client, edition: Edition, people: People) -> None:
    given, lacking = ready(edition, people.unit, 1), with_unit(edition, people.unit, 2)
    answer = as_unit.post("/unit/opinions/", {"text": "同意推荐", "date": "2023-03-19"}, follow=True)
    assert "The opinion stands on 1 form." in answer.content.decode()
    assert queries.readiness(again(lacking)).opinion["date"] == "2023-03-19"  # type: ignore[index]
    assert queries.readiness(again(given)).opinion["date"] == "2023-03-20"  # type: ignore[index]
    answer = as_unit.post("/unit/opinions/", {"text": "同意推荐", "date": "2023-03-19"}, follow=True)
    assert "No form lies with you" in answer.content.decode()


# --- scans ------------------------------------------------------------------------------------------------------------


def test_a_scan_is_brought_looked_at_and_taken_away(as_unit: Client, edition: Edition, people: People) -> None:
    one = with_unit(edition, people.unit, 1)
    upload = sealed_form()
    data = upload.read()
    upload.seek(0)
    assert as_unit.post(reverse("unit_scan_bring", args=[one.pk]), {"scan": upload}).status_code == 302
    scan = one.attachments.get(kind="unit_scan")
    assert reverse("unit_scan_page", args=[scan.pk, 1]) in page(as_unit, "unit_person", one.pk)
    picture = as_unit.get(reverse("unit_scan_page", args=[scan.pk, 1]))
    assert (picture["Content-Type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert as_unit.get(reverse("unit_scan_page", args=[scan.pk, 2])).status_code == 404
    assert as_unit.get(reverse("unit_scan_original", args=[scan.pk])).content == data
    assert as_unit.post(reverse("unit_scan_turn", args=[scan.pk]), {"to": "left"}).status_code == 302
    assert scan.scan_pages.get().turn == 3
    as_unit.force_login(people.other)
    for name, args in (("unit_scan_page", [scan.pk, 1]), ("unit_scan_original", [scan.pk])):
        assert as_unit.get(reverse(name, args=args)).status_code == 404


def test_many_scans_are_matched_by_their_names(as_unit: Client, edition: Edition, people: People) -> None:
    two = [with_unit(edition, people.unit, number) for number in (1, 2)]
    sent = {
        "scan": [
            sealed_form(f"{two[0].name}.jpg"),
            sealed_form("IMG_1.jpg"),
            SimpleUploadedFile(f"{two[1].name}.jpg", b"no picture"),
        ]
    }
    shown = as_unit.post("/unit/scans/", sent, follow=True).content.decode()
    assert "The sealed form of 1 person is kept." in shown
    assert "IMG_1.jpg: nobody" in shown
    assert f"{two[1].name}: {two[1].name}.jpg is neither" in shown


# --- the packet -------------------------------------------------------------------------------------------------------


def test_submitting_leads_to_the_receipt(as_unit: Client, edition: Edition, people: People) -> None:
    one, other = ready(edition, people.unit, 1), ready(edition, people.unit, 2)
    answer = as_unit.post("/unit/submit/", {"person": [str(one.pk)], "declared": "yes"})
    packet = Packet.objects.get()
    assert answer["Location"] == reverse("unit_receipt", args=[packet.pk])
    shown = page(as_unit, "unit_receipt", packet.pk)
    assert packet.number in shown
    assert "Place in the register" in shown
    assert (again(one).state, again(other).state) == (State.SUBMITTED, State.WITH_UNIT)
    assert "Nothing must be mended" in page(as_unit, "unit_packet", packet.pk)
    answer = as_unit.post("/unit/submit/", {"person": [str(one.pk)], "declared": "yes"}, follow=True)
    assert Packet.objects.count() == 1


@pytest.mark.parametrize(("sent", "said"), [({}, "Confirm that the unit"), ({"declared": "yes"}, "Choose whom")])
def test_submitting_nothing_is_told(as_unit: Client, sent: dict[str, str], said: str) -> None:
    assert said in as_unit.post("/unit/submit/", sent).content.decode()


def test_another_unit_s_person_is_not_submitted(as_unit: Client, edition: Edition, people: People) -> None:
    one = ready(edition, people.unit, 1)
    Candidacy.objects.filter(pk=one.pk).update(unit_code=OTHER_UNIT)
    answer = as_unit.post("/unit/submit/", {"person": [str(one.pk)], "declared": "yes"})
    assert "Choose whom" in answer.content.decode()


def test_forms_to_be_sealed_come_in_one_archive(as_unit: Client, edition: Edition, people: People) -> None:
    assert as_unit.get("/unit/forms.zip")["Location"] == "/unit/"
    one = with_unit(edition, people.unit, 1)
    answer = as_unit.get("/unit/forms.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"附件2推荐表（{one.name}）.docx"]


def test_a_packet_made_by_hand_is_for_the_unit_itself(
    as_unit: Client, edition: Edition, people: People, tmp_path: object
) -> None:
    from pathlib import Path

    path, _records = make_packet(Path(str(tmp_path)), edition.spec.form, 1, unit="上城")
    answer = as_unit.post("/unit/packets/", {"packets": SimpleUploadedFile(path.name, path.read_bytes())})
    intake = Intake.objects.get()
    assert (intake.unit_code, intake.brought_by) == (UNIT, people.unit)
    assert answer["Location"] == reverse("unit_packet_arriving", args=[intake.pk])
    assert path.name in page(as_unit, "unit_packet_arriving", intake.pk)
    polled = as_unit.get(answer["Location"], headers={"HX-Request": "true"})
    assert "board" in polled.content.decode()
    Intake.objects.update(state="failed", failure="It is damaged.")
    assert "It is damaged." in page(as_unit, "unit_packet_arriving", intake.pk)
    assert as_unit.get(answer["Location"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    as_unit.force_login(people.other)
    assert as_unit.get(answer["Location"]).status_code == 404


def test_no_file_is_told(as_unit: Client) -> None:
    assert "No file was chosen" in as_unit.post("/unit/packets/", follow=True).content.decode()


# --- returns ----------------------------------------------------------------------------------------------------------


def test_the_office_returns_and_sees_the_answer_as_a_difference(
    client: Client, edition: Edition, people: People
) -> None:
    one = submitted(edition, people)
    dossier = Dossier.objects.get()
    client.cookies["jiangbang_language"] = "en"
    client.force_login(people.organiser)
    assert reverse("dossier_returns", args=[dossier.pk]) in page(client, "dossier_detail", dossier.pk)
    href = reverse("dossier_returns", args=[dossier.pk])
    for sent, said in (
        ({"items": "", "due": "2023-04-03"}, "Say what is to be mended"),
        ({"items": "照片", "due": "2023-02-31"}, "Give a day"),
        ({"items": "照片", "due": "2023-03-01"}, "Give a day"),
    ):
        assert said in client.post(href, sent).content.decode()
    assert client.post(href, {"items": "补充证书\n\n改正格言", "due": "2023-04-03"}).status_code == 302
    assert "not answered yet" in page(client, "dossier_returns", dossier.pk)
    client.force_login(people.unit)
    assert "改正格言" in page(client, "unit_desk")
    assert "改正格言" in page(client, "unit_person", one.pk)
    made = Return.objects.get()
    assert (made.returned_by, again(one).state) == (people.organiser, State.RETURNED)
