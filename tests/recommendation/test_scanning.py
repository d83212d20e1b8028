"""Scans: kept as they came, shown upright and straight, matched by name, turned, replaced, erased with the person."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from papers.pages import as_bytes, form_page
from PIL import Image
from recommendation.people import UNIT, People, again, digest, drafted, sealed_form, with_unit

from jiangbang.candidacy import acts as candidacy_acts
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.nomination import evidence
from jiangbang.programme.models import Edition
from jiangbang.recommendation import queries, scanning
from jiangbang.recommendation.models import ScanPage
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidacy(edition: Edition, people: People) -> Candidacy:
    return with_unit(edition, people.unit, 1)


def code_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.code


def test_a_photo_is_kept_and_shown_straight(candidacy: Candidacy, people: People) -> None:
    upload = sealed_form(askew=2.5)
    data = upload.read()
    upload.seek(0)
    (scan,) = scanning.bring_scan(candidacy, [upload], by=people.unit)
    assert evidence.read_bytes(scan.sha256) == data
    (page,) = scanning.pages_ready(scan, candidacy)
    assert abs(page.angle + 2.5) <= 0.3
    picture = Image.open(io.BytesIO(scanning.page_picture(page, candidacy)))
    assert (picture.format, picture.size) == ("JPEG", (page.width, page.height))
    entry = Entry.objects.order_by("-index")[0]
    assert (entry.type, entry.facts) == ("scan.added", {"kind": "unit_scan", "sha256": digest(data), "pages": 1})
    assert queries.readiness(again(candidacy)).sealed


def test_several_photos_are_the_pages_of_one_form(candidacy: Candidacy, people: People) -> None:
    scans = scanning.bring_scan(candidacy, [sealed_form("1.jpg", 1.0), sealed_form("2.jpg", -1.0)], by=people.unit)
    assert [scan.file_name for scan in scans] == ["1.jpg", "2.jpg"]


def test_a_pdf_has_its_pages(candidacy: Candidacy, people: People) -> None:
    data = as_bytes(form_page(1), "PDF", save_all=True, append_images=[form_page(2)])
    (scan,) = scanning.bring_scan(candidacy, [SimpleUploadedFile("盖章.pdf", data)], by=people.unit)
    assert [page.number for page in scanning.pages_ready(scan, candidacy)] == [1, 2]
    assert scan.media_type == "application/pdf"


def test_a_new_scan_takes_the_place_of_the_old_which_is_kept(candidacy: Candidacy, people: People) -> None:
    (first,) = scanning.bring_scan(candidacy, [sealed_form("old.jpg")], by=people.unit)
    (second,) = scanning.bring_scan(candidacy, [sealed_form("new.jpg", 3.0)], by=people.colleague)
    first.refresh_from_db()
    assert first.replaced_at is not None
    standing = Attachment.objects.filter(candidacy=candidacy, kind="unit_scan", replaced_at__isnull=True)
    assert list(standing) == [second]
    assert Entry.objects.order_by("-index")[0].facts["replaces"] == 1


def test_pages_are_turned_and_turned_back(candidacy: Candidacy, people: People) -> None:
    (scan,) = scanning.bring_scan(candidacy, [sealed_form()], by=people.unit)
    upright = scanning.pages_ready(scan, candidacy)[0]
    scanning.turn_scan(scan, candidacy, 1, by=people.unit)
    lying = scanning.pages_ready(scan, candidacy)[0]
    assert (lying.turn, lying.width, lying.height) == (1, upright.height, upright.width)
    scanning.turn_scan(scan, candidacy, 3, by=people.unit)
    assert scanning.pages_ready(scan, candidacy)[0].turn == 0
    assert code_of(lambda: scanning.turn_scan(scan, candidacy, 1, by=people.other)) == "permission"


@pytest.mark.parametrize(
    ("name", "data"), [("a.txt", b"no picture"), ("empty.jpg", b""), ("half.jpg", as_bytes(form_page(), "JPEG")[:5000])]
)
def test_what_cannot_be_shown_is_refused_and_nothing_kept(
    candidacy: Candidacy, people: People, name: str, data: bytes
) -> None:
    with pytest.raises(Refused) as refused:
        scanning.bring_scan(candidacy, [sealed_form(), SimpleUploadedFile(name, data)], by=people.unit)
    assert refused.value.code == "scan"
    assert name in str(refused.value)
    assert (Attachment.objects.count(), ScanPage.objects.count()) == (0, 0)


def test_bringing_is_refused(edition: Edition, candidacy: Candidacy, people: People) -> None:
    assert code_of(lambda: scanning.bring_scan(candidacy, [], by=people.unit)) == "no_file"
    begun = drafted(edition, people.unit, 2)
    assert code_of(lambda: scanning.bring_scan(begun, [sealed_form()], by=people.unit)) == "not_with_unit"
    for who in ("other", "organiser", "stranger"):
        attempt = lambda who=who: scanning.bring_scan(candidacy, [sealed_form()], by=getattr(people, who))  # noqa: E731
        assert code_of(attempt) == "permission"


def test_a_failing_register_undoes_it(candidacy: Candidacy, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_entries: object) -> None:
        raise RuntimeError("the register cannot be written")

    monkeypatch.setattr(register_acts, "_append", fail)
    with pytest.raises(RuntimeError):
        scanning.bring_scan(candidacy, [sealed_form()], by=people.unit)
    assert (Attachment.objects.count(), ScanPage.objects.count()) == (0, 0)


def test_a_scan_that_the_candidate_brought_is_made_ready_when_it_is_looked_at(
    candidacy: Candidacy, people: People
) -> None:
    data = as_bytes(form_page(), "PNG")
    scan = Attachment.objects.create(
        candidacy=candidacy,
        kind="employer_scan",
        sha256=evidence.keep_bytes(data),
        file_name="单位.png",
        media_type="image/png",
        size=len(data),
        added_by=people.unit,
        added_at=candidacy.updated_at,
    )
    assert len(scanning.pages_ready(scan, candidacy)) == 1
    assert ScanPage.objects.count() == 1


def test_withdrawing_erases_the_pages_too(candidacy: Candidacy, people: People) -> None:
    scanning.bring_scan(candidacy, [sealed_form()], by=people.unit)
    candidacy_acts.withdraw(again(candidacy), by=people.unit)
    assert (Attachment.objects.count(), ScanPage.objects.count()) == (0, 0)


def test_files_are_matched_by_the_longest_name_in_their_own() -> None:
    people = [Candidacy(name=name) for name in ("王伟", "王伟强", "李艳")]
    meant = scanning.match_files(["王伟强.pdf", "推荐表-王伟 盖章.jpg", "王伟、李艳.jpg", "IMG_001.jpg"], people)
    found = {name: one.name if one else None for name, one in meant.items()}
    assert found == {
        "王伟强.pdf": "王伟强",
        "推荐表-王伟 盖章.jpg": "王伟",
        "王伟、李艳.jpg": None,
        "IMG_001.jpg": None,
    }
    twins = [Candidacy(name="李艳"), Candidacy(name="李艳")]
    assert scanning.match_files(["李艳.pdf"], twins) == {"李艳.pdf": None}


def test_every_fault_of_a_scan_has_its_sentence() -> None:
    from typing import get_args

    from jiangbang.papers.scan import ScanFault

    sentences = {scanning.scan_sentence(reason, "x.jpg") for reason in get_args(ScanFault)}
    assert len(sentences) == len(get_args(ScanFault))
    assert all("x.jpg" in sentence for sentence in sentences)


def test_units_are_apart(edition: Edition, people: People) -> None:
    assert [one.unit_code for one in queries.standing_candidacies(edition, UNIT)] == []
