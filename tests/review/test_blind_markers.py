"""Neither side learns who the other is: addresses, exports, messages, file names and file properties are searched for marks."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from functools import partial
from operator import attrgetter

import pypdfium2
import pytest
from access_house import player
from access_places import PLACES, Arguments, Stage
from access_table import TABLE
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from nomination.readings import Cast, make_reading, person
from review.cards import WHOLE, at_work, first_card
from review.panels import confirmed, eligible_dossiers
from review.test_blind_copies import MARK, attached

from jiangbang.accounts.models import User
from jiangbang.candidacy.models import Attachment
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import Dossier, Packet
from jiangbang.outbox.models import Message
from jiangbang.outbox.sealing import bodies
from jiangbang.programme.models import Edition
from jiangbang.register.acts import act
from jiangbang.review import assigning, blind_copies, discussing, ranking, scoring
from jiangbang.review.models import BlindCopy, Card, Discussion, Reviewed, Seat
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
PARTS = (
    *("暗号", "990101198506", "87654321", "19912345678", "77号", "photo.jpg"),
    # the unit that recommended, the name and the properties of a file
    *("330108", "滨江区", MARK),
)
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
    for dossier in Dossier.objects.select_related("edition", "accepted_revision__person"):
        blind_copies.release_original(dossier, attached(dossier, cast.organiser), by=cast.organiser)
    return edition


def everything(client: Client, keys: Sequence[object]) -> Iterator[tuple[str, int, str]]:
    """Every address of the house that takes nothing, or the key of an object: what it answers, with its status."""
    for name in TABLE:
        for kwargs in (None, *({"pk": key} for key in keys)):
            with contextlib.suppress(NoReverseMatch):
                answer = client.get(address := reverse(name, kwargs=kwargs))
                yield address, answer.status_code, all_text(answer)  # type: ignore[arg-type]


def talked_over(edition: Edition, office: User) -> None:
    """All cards are signed, far apart, and asked for again; each expert has said something."""
    for reviewed in Reviewed.objects.all():
        cards = reviewed.cards.select_related("reviewed__edition", "seat__entry__expert")
        for place, card in enumerate(cards):
            card.scores = dict.fromkeys(WHOLE, 60 + 8 * place)
            card.save()
            act("card.signed")(scoring._sign)(card, scoring.filled(card), by=office)
    discussing.open_discussions(edition, by=office)


def test_nothing_that_an_expert_can_reach_names_a_candidate_or_another_expert(
    marked: Edition, cast: Cast, client: Client
) -> None:
    seat, judge = at_work()
    talked_over(marked, cast.organiser)
    other = Card.objects.exclude(seat=seat).select_related("seat__entry__expert")[0]
    discussing.add_remark(first_card(seat), "我认为可以", by=judge)
    client.force_login(judge)
    own = first_card(seat)
    copy = BlindCopy.objects.get(dossier=own.reviewed_id)
    keys = [own.pk, other.pk, own.reviewed_id, Packet.objects.get().pk, Attachment.objects.earliest("pk").pk]
    others = Seat.objects.exclude(pk=seat.pk).select_related("entry__expert")
    profiles = [profile_of(one.entry.expert) for one in others]
    marks = [mark for one in profiles for mark in (one.name, one.employer, one.mobile, one.email)]
    met = list(everything(client, keys))
    picture = f"/review/mine/cards/{own.pk}/papers/{copy.pk}/1.jpg"
    answer = client.get(picture)
    met.append((picture, answer.status_code, str(answer.headers) + answer.content.decode("latin-1")))
    assert sum(status == 200 for _address, status, _text in met) > 8
    assert "复议" in next(text for address, _status, text in met if address == "/review/mine/cards/")
    assert [(address, part) for address, _status, text in met for part in (*PARTS, *marks) if part in text] == []


@pytest.mark.parametrize(
    "name", ["draw.json", *(f"files/{one}" for one in ("scores.csv", "ranking.csv", "first_scores.csv"))]
)
def test_no_published_file_names_anybody(marked: Edition, cast: Cast, client: Client, name: str) -> None:
    talked_over(marked, cast.organiser)
    for discussion in Discussion.objects.all():
        discussing.end_discussion(discussion, reason="到期", by=cast.organiser)
    ranking.publish_ranking(ranking.compute_ranking(marked, by=cast.organiser), by=cast.organiser)
    text = all_text(client.get(f"/proof/{marked.key}/{name}"))  # type: ignore[arg-type]
    profiles = [profile_of(seat.entry.expert) for seat in Seat.objects.select_related("entry__expert")]
    marks = [mark for one in profiles for mark in (one.name, one.employer, one.mobile, one.email)]
    assert len(text) > 200
    assert [part for part in (*PARTS, *marks) if part in text.replace(marked.key, "")] == []
    # scores stand beside marks that lead to no number of the pool or the draw
    codes = [seat.entry.expert.code for seat in Seat.objects.select_related("entry__expert")]
    assert name == "draw.json" or not any(code in text for code in codes)


def test_codes_are_given_in_an_order_of_their_own(
    edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the order in which dossiers came nor names nor units may be read from the codes: the order is whatever chance makes it."""
    dossiers = eligible_dossiers(edition, cast.organiser, 3)
    orders = []
    for backwards in (True, False):
        chance = partial(list.sort, key=attrgetter("name"), reverse=backwards)
        monkeypatch.setattr(assigning.secrets.SystemRandom, "shuffle", lambda _self, row, chance=chance: chance(row))
        made = assigning._codes(edition, sorted(dossiers, key=lambda one: one.name))
        orders.append([one.dossier_id for one in sorted(made.values(), key=lambda one: one.code)])
        Reviewed.objects.all().delete()
    assert orders[0] == orders[1][::-1]


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
