"""Evidence before experts: nothing by itself; what the office releases comes as pages drawn anew, without name, properties and text."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from nomination.readings import Cast
from PIL import Image
from review.cards import at_work, first_card, released
from review.experts import account_of
from review.test_pool import code

from jiangbang.accounts.models import User
from jiangbang.candidacy import attaching
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.nomination import evidence
from jiangbang.nomination.models import Dossier
from jiangbang.papers.uploads import Seen
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.review import blind_copies
from jiangbang.review.models import BlindCopy, Card, Seat

pytestmark = pytest.mark.django_db
MARK = "AnHao7788"


def paper(kind: str = "PDF") -> bytes:
    """Two pages (one as JPEG) whose properties name somebody."""
    out, page = io.BytesIO(), Image.new("RGB", (600, 800), "white")
    exif = Image.Exif()
    exif[0x013B] = MARK
    if kind == "PDF":
        page.save(out, "PDF", title=MARK, author=MARK, save_all=True, append_images=[page])
    else:
        page.save(out, kind, exif=exif, comment=MARK.encode())
    assert MARK.encode() in out.getvalue().replace(b"\0", b"")
    return out.getvalue()


def upload(data: bytes, name: str = f"{MARK}.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def attached(dossier: Dossier, by: User, kind: str = "evidence", claim: str = "achievements.a1") -> Attachment:
    """A file that the candidate sent with the dossier."""
    revision = dossier.accepted_revision
    assert revision is not None
    candidacy, _new = Candidacy.objects.get_or_create(
        edition=dossier.edition, unit_code=dossier.unit_code, person=revision.person, name=dossier.name, state="submitted",
        dossier=dossier, handed_at=timezone.now(), defaults={"invited_at": timezone.now(), "updated_at": timezone.now()},
    )  # fmt: skip
    data = paper("JPEG")
    seen = Seen("picture", "image/jpeg", None)
    made = attaching.keep(candidacy, kind, claim, f"{MARK}.jpg", seen, evidence.keep_bytes(data), len(data), by=by)
    Attachment.objects.filter(pk=made.pk).update(added_at=revision.created_at)
    return made


@pytest.fixture
def work(edition: Edition, cast: Cast) -> tuple[Card, User]:
    """A card, and the account of its expert."""
    released(edition, cast.organiser, 1)
    seat, judge = at_work()
    return first_card(seat), judge


@pytest.fixture
def card(work: tuple[Card, User]) -> Card:
    return work[0]


@pytest.fixture
def dossier(card: Card) -> Dossier:
    rows = Dossier.objects.select_related("edition", "accepted_revision__person")
    return rows.get(pk=card.reviewed_id)


def test_a_redacted_copy_is_drawn_anew_and_shown_to_the_dossiers_experts(
    client: Client, cast: Cast, work: tuple[Card, User], dossier: Dossier
) -> None:
    card, judge = work
    client.force_login(cast.organiser)
    page, send = f"/review/papers/{dossier.pk}/", {"claim": "achievements", "checked": "yes"}
    client.post(f"{page}release/", {**send, "checked": "", "file": upload(paper())})
    client.post(f"{page}release/", send)
    client.post(f"{page}release/", {**send, "file": upload(b"no paper")})
    assert BlindCopy.objects.count() == 0
    client.post(f"{page}release/", {**send, "file": upload(paper())})
    made = BlindCopy.objects.get()
    assert (len(made.pages), made.redacted, made.claim) == (2, True, "achievements")
    facts = Entry.objects.get(type="evidence.released").facts
    assert facts == {"claim": "achievements", "sha256": made.sha256, "pages": 2, "redacted": True}
    assert "涂改" not in client.get(page).content.decode()
    assert client.get(f"/review/papers/copies/{made.pk}/2.jpg").status_code == 200
    assert client.get(f"/review/papers/copies/{made.pk}/3.jpg").status_code == 404
    desk, picture = Client(), f"/review/mine/cards/{card.pk}/papers/{made.pk}/1.jpg"
    desk.force_login(judge)
    text = desk.get("/review/mine/cards/").content.decode()
    assert picture in text
    answer = desk.get(picture)
    shown = Image.open(io.BytesIO(answer.content))
    assert (shown.format, dict(shown.getexif()), shown.info.get("comment")) == ("JPEG", {}, None)
    assert not any(MARK in told or MARK.encode() in answer.content for told in (text, str(answer.headers)))
    client.post(f"/review/papers/copies/{made.pk}/withdraw/")
    assert desk.get(picture).status_code == 404
    assert picture not in desk.get("/review/mine/cards/").content.decode()
    assert Entry.objects.filter(type="evidence.withdrawn").count() == 1


def test_the_candidates_file_is_never_handed_out_and_may_be_released_as_it_is(
    client: Client, cast: Cast, work: tuple[Card, User], dossier: Dossier
) -> None:
    sent, sealed = attached(dossier, cast.organiser), attached(dossier, cast.organiser, kind="employer_scan")
    judge = work[1]
    client.force_login(judge)
    for address in (f"/dossiers/{dossier.pk}/evidence/", f"/dossiers/{dossier.pk}/evidence/{sent.pk}/"):
        assert client.get(address).status_code == 403
    assert MARK not in client.get("/review/mine/cards/").content.decode()
    client.force_login(cast.organiser)
    page = f"/review/papers/{dossier.pk}/"
    assert str(sealed.pk) not in client.get(page).content.decode()
    client.post(f"{page}release/", {"checked": "yes", "original": str(sent.pk)})
    made = BlindCopy.objects.get()
    assert (made.redacted, made.sha256, made.claim) == (False, sent.sha256, "achievements")
    assert MARK.encode() not in evidence.read_bytes(made.pages[0])
    assert client.post(f"{page}release/", {"checked": "yes", "original": str(sealed.pk)}).status_code == 404
    assert blind_copies.counts([dossier.pk]) == {dossier.pk: {"sent": 1, "shown": 1}}


def test_refusals(cast: Cast, card: Card, dossier: Dossier) -> None:
    release, office = blind_copies.release_redacted, cast.organiser
    assert code(release, dossier, "", upload(paper()), by=cast.discipline) == "permission"
    assert code(release, dossier, "employer_scan", upload(paper()), by=office) == "claim"
    assert code(release, dossier, "", upload(b""), by=office) == "scan"
    data = paper()
    made = release(dossier, "", upload(data), by=office)
    assert code(release, dossier, "", upload(data), by=office) == "released"
    assert code(blind_copies.withdraw_copy, made, by=cast.discipline) == "permission"
    blind_copies.withdraw_copy(made, by=office)
    assert code(blind_copies.withdraw_copy, made, by=office) == "withdrawn"
    sealed = attached(dossier, office, kind="employer_scan")
    assert code(blind_copies.release_original, dossier, sealed, by=office) == "absent"


def test_whoever_has_not_the_card_does_not_see_its_papers(
    client: Client, cast: Cast, card: Card, dossier: Dossier
) -> None:
    made = blind_copies.release_redacted(dossier, "", upload(paper()), by=cast.organiser)
    other = Seat.objects.filter(state="confirmed").exclude(cards__reviewed=card.reviewed).select_related("entry")[0]
    client.force_login(account_of(other.entry))
    for pk in (card.pk, made.pk):
        assert client.get(f"/review/mine/cards/{pk}/papers/{made.pk}/1.jpg").status_code == 404
    assert client.get(f"/review/papers/copies/{made.pk}/1.jpg").status_code == 403
