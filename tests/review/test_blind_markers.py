"""Neither side learns who the other is: addresses, exports, messages, file names and file properties are searched for marks."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pypdfium2
import pytest
from access_places import PLACES, Arguments, Stage
from access_table import TABLE
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast, make_reading, person
from review.cards import WHOLE, at_work, first_card
from review.panels import confirmed
from test_access_matrix import player

from jiangbang.nomination import acts as nomination_acts
from jiangbang.outbox.models import Message
from jiangbang.outbox.sealing import bodies
from jiangbang.programme.models import Edition
from jiangbang.review import assigning
from jiangbang.review.models import Seat
from jiangbang.review.profiles import Profile, profile_of
from jiangbang.screening.acts import begin_screening
from jiangbang.screening.models import Screening

pytestmark = pytest.mark.django_db

# In every field that leads to the person; the free texts say them again, as people do.
MARKS = {
    "name": "欧阳暗号",
    "native_place": "暗号故里",
    "political_status": "暗号党派",
    "telephone": "0571-87654321",
    "mobile": "19912345678",
    "employer_and_position": "暗号智联科技有限公司 暗号总监",
    "address": "暗号路77号",
    "remarks": "暗号备注",
}
PARTS = ("暗号", "990101198506", "87654321", "19912345678", "77号", "photo.jpg")
TEXTS = {
    "deeds": "欧阳暗号同志在暗号智联科技有限公司带队攻关，电话19912345678，地址暗号路77号，身份证990101198506150011。",
    "achievements": ["暗号智联科技有限公司2022年度优秀成果", "欧阳 暗号工作室", "主持研发国产芯片封装缺陷检测系统"],
}


def all_text(answer: HttpResponse) -> str:
    """The whole of an answer: its headers, and what its body says, unpacked where it is a paper."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    told = [str(dict(answer.headers))]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            told += [name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    elif body.startswith(b"%PDF"):
        with contextlib.suppress(pypdfium2.PdfiumError):
            document = pypdfium2.PdfDocument(body)
            told += [str(document.get_metadata_dict()), *(page.get_textpage().get_text_range() for page in document)]
    else:
        told.append(body.decode("utf-8", "replace"))
    return "\n".join(told)


@pytest.fixture
def marked(edition: Edition, cast: Cast) -> Edition:
    """Dossiers full of marks, before a panel that is at work."""
    records = [person(number, **{**MARKS, **TEXTS}) for number in range(2)]
    nomination_acts.receive_packet(
        make_reading(records), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    begin_screening(edition, by=cast.organiser)
    Screening.objects.update(state=Screening.State.ELIGIBLE)
    for seat in confirmed(edition, cast.organiser):
        Seat.objects.filter(pk=seat.pk).update(declared_at=seat.asked_at)
    assigning.assign_dossiers(edition, by=cast.organiser)
    assigning.release_cards(edition, by=cast.organiser)
    return edition


def test_no_mark_of_a_dossier_reaches_its_experts(marked: Edition, client: Client) -> None:
    seat, judge = at_work()
    card = first_card(seat)
    client.force_login(judge)
    page = f"/review/mine/cards/{card.pk}/"
    sent = {f"score-{key}": value for key, value in WHOLE.items()}
    script = {"HTTP_X_REQUESTED_WITH": "fetch"}
    answers = [
        *(client.get(f"/review/mine/{name}") for name in ("", "profile/", "relations/", "cards/")),
        *(client.get(f"/review/mine/cards/sheet.{kind}") for kind in ("xlsx", "pdf")),
        client.post(page, {**sent, "score-economy": "999"}, **script),  # type: ignore[arg-type]
        client.post(page, {**sent, "version": "9"}, **script),  # type: ignore[arg-type]
        client.post(page, sent, follow=True),
        client.post("/review/mine/cards/sheet/", {"file": io.BytesIO(b"\0")}, follow=True),
        client.post(f"{page}recuse/", {"kind": "teacher", "reason": ""}, follow=True),
        client.post("/review/mine/cards/sign/", follow=True),
        client.get(f"/dossiers/?q={MARKS['name']}"),
        client.get(f"/dossiers/{card.reviewed_id}/"),
    ]
    texts = [all_text(answer).replace(f"q={MARKS['name']}", "") for answer in answers]
    assert "主持研发国产芯片封装缺陷检测系统" in texts[3]
    assert "主持研发国产芯片封装缺陷检测系统" in texts[5].replace("\r\n", "").replace("\n", "")
    assert [(number, part) for number, text in enumerate(texts) for part in PARTS if part in text] == []


def test_no_message_to_an_expert_bears_a_mark(marked: Edition) -> None:
    messages = Message.objects.filter(template__startswith="review.")
    assert messages.count() > 11
    told = [one.subject + "".join(bodies(one.pk, one.sealed_body)) for one in messages]
    assert [part for text in told for part in PARTS if part in text] == []


@pytest.fixture
def stage(edition: Edition, cast: Cast) -> Stage:
    return Stage(cast, edition)


@pytest.mark.parametrize("role", ["unit", "candidate", "employer", "screener", "department", "member", "anonymous"])
def test_no_mark_of_an_expert_reaches_anybody_but_the_office(stage: Stage, role: str) -> None:
    places: dict[str, Arguments] = {}
    for made in PLACES:
        places |= made(stage)
    profiles: list[Profile] = [profile_of(seat.entry.expert) for seat in Seat.objects.select_related("entry__expert")]
    marks = [mark for one in profiles for mark in (one.name, one.employer, one.mobile, one.email)]
    user, client = player(role, stage), Client()
    if user is not None:
        client.force_login(user)
    found, met = [], 0
    for name in TABLE:
        answer = client.get(reverse(name, kwargs=places.get(name)))
        met += answer.status_code == 200
        text = all_text(answer)  # type: ignore[arg-type]
        found += [(name, mark) for mark in marks if mark in text]
    assert met > 3
    assert found == []
