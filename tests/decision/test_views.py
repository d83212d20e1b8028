"""The office's pages and the members' pages of the decision, from naming to resolving."""

from __future__ import annotations

import io
import re

import pytest
from decision.group import SMALL, account_of, held, named, ruled, shortlisted, sitting, vote
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from pdfminer.high_level import extract_text
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.decision import ballots, meeting, voting
from jiangbang.decision.models import Attendance, Meeting, Member, MemberRecusal, Result, Round
from jiangbang.kernel.ballot_box import fingerprint, new_slip
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.models import Message
from jiangbang.programme.models import Edition


@pytest.fixture
def small(edition: Edition, cast: Cast) -> Edition:
    """Three bodies with a member and a substitute each; five on the shortlist, two titles and one prize."""
    shortlisted(edition, cast.organiser, 5)
    return ruled(edition, seats={"craftsman": 2, "nominee": 1}, **SMALL)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(cast.organiser)


def text(client: Client, name: str, **arguments: object) -> str:
    answer = client.get(reverse(name, kwargs=arguments or None))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_office_names_invites_calls_and_opens(small: Edition, office: Client, cast: Cast) -> None:
    assert "应有成员 3 人，已登记 0 人" in text(office, "decision_desk")
    for body, name in (("甲会", "王甲"), ("乙局", "李乙"), ("丙局", "赵丙")):
        office.post(reverse("decision_member_name"), {"body": body, "name": name, "email": "lin@example.cn"})
    refused = office.post(reverse("decision_member_name"), {"body": "甲会", "name": "孙"}, follow=True)
    assert "甲会有 1 名成员，已全部登记" in refused.content.decode()
    first = Member.objects.get(number=1)
    shown = office.post(reverse("decision_member_invite", args=[first.pk])).content.decode()
    assert "/invitation/" in shown
    assert Message.objects.get().template == "decision.invited"
    call = {"begins": "2023-04-22T09:30", "place": "三楼", "agenda": "表决"}
    assert (
        "请填写会议日期" in office.post(reverse("decision_call"), {**call, "begins": "x"}, follow=True).content.decode()
    )
    office.post(reverse("decision_call"), call)
    assert Message.objects.filter(template="decision.called").count() == 3
    office.post(reverse("decision_meeting_change"), {"to": "sitting"})
    office.post(reverse("decision_present"), {"seat": str(first.pk)})
    assert "尚未达到" not in text(office, "decision_meeting")
    there = Attendance.objects.get()
    assert (there.source, there.sat_by) == ("office", first)
    office.post(reverse("decision_absent", args=[there.pk]), {"reason": "误登"})
    assert not Attendance.objects.exists()
    office.post(reverse("decision_meeting_change"), {"to": "closed"})
    assert Meeting.objects.get().state == "closed"
    office.post(reverse("decision_call"), {**call, "place": "四楼"})
    assert "?meeting=1" in office.get(reverse("decision_meeting")).content.decode()
    first_minutes, second_minutes = (
        office.get(reverse("decision_paper", args=["minutes", "pdf"]) + q) for q in ("?meeting=1", "")
    )
    assert (first_minutes.status_code, second_minutes.status_code) == (200, 404)


def test_a_member_signs_in_reads_recuses_votes_and_finds_the_own_ballot(
    small: Edition, office: Client, cast: Cast
) -> None:
    members = named(small, cast.organiser)
    called = sitting(small, cast.organiser, there=2)
    substitute = members[-1]
    tablet = signed_in(account_of(substitute, cast.organiser))
    assert "您代谁出席" in text(tablet, "decision_mine")
    tablet.post(reverse("decision_sign_in"), {"seat": str(members[-2].pk)})
    there = called.attendances.get(sat_by=substitute)
    assert (there.seat, there.source) == (members[-2], "own")
    listed = text(tablet, "decision_candidates")
    assert "D01" in listed
    one = voting.next_round(small).candidates[0].dossier  # type: ignore[union-attr]
    record = text(tablet, "decision_candidate", pk=one.pk)
    assert ("慢一点，准一点，稳一点。" in record, "99010119850615" in record) == (True, False)
    tablet.post(reverse("decision_recuse", args=[one.pk]), {"kind": "other", "reason": "同乡"})
    assert MemberRecusal.objects.get().dossier == one
    office.post(reverse("decision_round_open"))
    opened = Round.objects.get()
    assert "您已回避" in text(tablet, "decision_ballot")
    slip = new_slip()
    sent: dict[str, object] = {"round": str(opened.pk), "slip": slip}
    assert tablet.post(reverse("decision_slip"), sent).json() == {"code": "done"}
    wrong = tablet.post(reverse("decision_put"), {**sent, "mark": ["D01"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "recused")
    assert tablet.post(reverse("decision_put"), {**sent, "mark": ["D02"]}).json() == {"code": "done"}
    assert tablet.post(reverse("decision_put"), {**sent, "mark": ["D02"]}).json()["code"] == "used"
    board = text(office, "decision_hall")
    assert "1 / 3" in board
    for member in members[:4:2]:
        vote(opened, member, "D01 D02")
    office.post(reverse("decision_round_end", args=[opened.pk]), {"to": "closed"})
    shown = tablet.get(reverse("decision_check", args=[opened.pk])).content.decode()
    assert fingerprint(slip) in shown
    assert slip not in shown


def test_a_round_is_closed_with_a_reason_or_annulled(small: Edition, office: Client, cast: Cast) -> None:
    named(small, cast.organiser)
    sitting(small, cast.organiser)
    office.post(reverse("decision_round_open"))
    end = reverse("decision_round_end", args=[Round.objects.get().pk])
    assert "还有 3 张选票未投" in office.post(end, {"to": "closed"}, follow=True).content.decode()
    office.post(end, {"to": "annulled", "reason": "网络故障"})
    assert "选票未开启" in text(office, "decision_rounds")
    assert Round.objects.get().state == "annulled"


def test_the_result_is_resolved_with_its_papers(small: Edition, office: Client, cast: Cast) -> None:
    members = named(small, cast.organiser)
    sat = sitting(small, cast.organiser)
    held(sat, ["D01 D02", "D01 D02", "D01 D02"], cast.organiser)
    refused = office.post(reverse("decision_resolve"), {"number": ""}, follow=True).content.decode()
    assert "还应再表决一轮" in refused
    held(sat, ["D03", "D03", "D04"], cast.organiser)
    office.post(reverse("decision_resolve"), {"number": "数匠审〔2023〕7号"})
    result = Result.objects.get()
    places = result.places.order_by("pk").values_list("title", "reserve", "position", "dossier__reviewed__code")
    assert list(places) == [
        ("craftsman", False, 1, "D01"),
        ("craftsman", False, 2, "D02"),
        ("nominee", False, 1, "D03"),
        ("craftsman", True, 1, "D04"),
        ("craftsman", True, 2, "D05"),
    ]
    member = signed_in(account_of(members[0], cast.organiser))
    assert "领导小组已审定，公示前保密" in text(member, "decision_mine")
    names = list(result.places.order_by("pk").values_list("dossier__name", flat=True))
    for paper in ("resolution", "minutes"):
        written = office.get(reverse("decision_paper", args=[paper, "pdf"])).content
        plain = re.sub(r"\s", "", extract_text(io.BytesIO(written)))
        assert [name for name in names if name not in plain] == []
        assert "签字" in plain
        assert office.get(reverse("decision_paper", args=[paper, "docx"])).content[:2] == b"PK"
    assert office.get(reverse("decision_paper", args=["other", "pdf"])).status_code == 404
    assert "字库缺字" not in text(office, "decision_result")
    Dossier.objects.filter(name=names[0]).update(name="王𰀀")
    assert "字库缺字：𰀀" in text(office, "decision_result")


def test_an_open_vote_is_given_on_the_page(small: Edition, office: Client, cast: Cast) -> None:
    edition = ruled(small, mode="open")
    members = named(edition, cast.organiser)
    sitting(edition, cast.organiser)
    office.post(reverse("decision_round_open"))
    tablet = signed_in(account_of(members[0], cast.organiser))
    tablet.post(reverse("decision_cast"), {"mark": ["D01"]})
    assert "您已表决，不能更改" in text(tablet, "decision_ballot")
    assert Round.objects.get().voters.filter(served=True).count() == 1


def test_a_member_of_no_group_and_one_who_was_not_there(small: Edition, office: Client, cast: Cast) -> None:
    stranger = User.objects.create(username="nobody")
    Membership.objects.create(user=stranger, role=Role.MEMBER, edition=small.key, scope="甲会")
    assert signed_in(stranger).get(reverse("decision_mine")).status_code == 403
    members = named(small, cast.organiser)
    sitting(small, cast.organiser, there=2)
    office.post(reverse("decision_round_open"))
    late = members[4]
    meeting.record_presence(Meeting.objects.get(), late, by=cast.organiser)
    tablet = signed_in(account_of(late, cast.organiser))
    assert "您不参加本轮表决" in text(tablet, "decision_ballot")
    answer = tablet.post(reverse("decision_slip"), {"round": str(Round.objects.get().pk), "slip": new_slip()})
    assert answer.json()["code"] == "not_voter"
    assert ballots.recused_codes(late) == frozenset()


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_pages_ask_the_same_of_the_database_however_much_there_is(
    small: Edition, office: Client, cast: Cast, rounds: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    named(small, cast.organiser)
    sat = sitting(small, cast.organiser)
    for _number in range(rounds):
        held(sat, ["", "", ""], cast.organiser)
    counts = {"decision_members": 8, "decision_meeting": 10, "decision_rounds": 16, "decision_hall": 16}
    for name, count in counts.items():
        with django_assert_num_queries(count):
            text(office, name)
