"""Photo, evidence and scans: what is kept, what is refused, and that it falls with its entry."""

from __future__ import annotations

import pytest
from candidacy.drafting import Players, again, agree, pdf, photo, picture
from candidacy.test_acts import after_the_deadline, refused, said, without_register
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks

from jiangbang.candidacy import acts, attaching, files, handing
from jiangbang.candidacy.drafts import answer_of, answers_of
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.queries import attachments_of, evidence_by_claim, record_of
from jiangbang.nomination import evidence
from jiangbang.nomination.models import StoredFile
from jiangbang.papers.nomination_form import write_form

pytestmark = pytest.mark.django_db


def first_item(candidacy: Candidacy, key: str = "achievements") -> str:
    answer = answer_of(candidacy, key)
    assert answer is not None
    return f"{key}.{answer.value[0]['id']}"


def test_a_photo_is_looked_at_kept_and_described(draft: Candidacy, players: Players) -> None:
    saved = files.place_photo(draft, photo(), by=players.candidate)
    (kept,) = attachments_of(draft, "photo")
    assert saved.value == {"media_type": "image/jpeg", "width": 413, "height": 579, "sha256": kept.sha256}
    assert evidence.read_bytes(kept.sha256) == picture()
    assert ("draft.file_added", {"kind": "photo", "sha256": kept.sha256, "size": kept.size}) in said(draft.subject)


def test_the_newest_photo_counts(draft: Candidacy, players: Players) -> None:
    for colour in ("#111111", "#222222"):
        files.place_photo(draft, photo(colour=colour), by=players.candidate)
    (counts,) = attachments_of(draft, "photo")
    assert answers_of(draft)["photo"].value["sha256"] == counts.sha256
    assert Attachment.objects.filter(kind="photo", replaced_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", b"GIF89a" + b"\0" * 40),
        ("a.jpg", b"<html>no picture</html>"),
        ("cut.jpg", picture()[:400]),
        ("a.png", b"%PDF-1.4\n%%EOF"),
    ],
)
def test_what_is_no_whole_picture_is_refused(draft: Candidacy, players: Players, name: str, data: bytes) -> None:
    upload = SimpleUploadedFile(name, data, "image/jpeg")
    assert refused(lambda: files.place_photo(draft, upload, by=players.candidate)) == "wrong_kind"
    assert Attachment.objects.count() == StoredFile.objects.count() == 0


def test_a_photo_is_sensitive(invited: Candidacy, players: Players) -> None:
    agree(invited, players.candidate, "processing")
    before = set(default_storage.listdir("evidence")[0]) if default_storage.exists("evidence") else set()
    assert refused(lambda: files.place_photo(invited, photo(colour="#010203"), by=players.candidate)) == "no_consent"
    after = set(default_storage.listdir("evidence")[0]) if default_storage.exists("evidence") else set()
    assert after == before


def test_size_is_limited(draft: Candidacy, players: Players) -> None:
    large = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"\0" * attaching.LARGEST)
    assert refused(lambda: files.place_photo(draft, large, by=players.candidate)) == "too_large"
    assert refused(lambda: files.place_photo(draft, SimpleUploadedFile("a.jpg", b""), by=players.candidate)) == "empty"


def test_evidence_stays_with_its_entry_when_the_order_changes(draft: Candidacy, players: Players) -> None:
    acts.save_field(draft, "achievements", ["甲", "乙"], expected=0, by=players.candidate)
    claim = first_item(draft)
    kept = files.add_evidence(draft, claim, pdf("甲的证书.pdf"), by=players.candidate)
    items = answers_of(draft)["achievements"].value
    acts.save_field(draft, "achievements", items[::-1], expected=1, by=players.candidate)
    assert answers_of(draft)["achievements"].value == items[::-1]
    assert evidence_by_claim(draft) == {claim: [kept]}
    assert (kept.file_name, kept.media_type) == ("甲的证书.pdf", "application/pdf")


def test_pdf_pictures_and_word_prove_a_claim(draft: Candidacy, players: Players) -> None:
    word = SimpleUploadedFile("证明.docx", write_form(record_of(draft), draft.edition.spec.form, photo=None))
    for upload in (pdf(), photo(), photo("a.png", kind="PNG"), word):
        files.add_evidence(draft, "skill_level", upload, by=players.candidate)
    assert [one.media_type.rpartition("/")[2][-8:] for one in attachments_of(draft, "evidence")] == [
        "pdf",
        "jpeg",
        "png",
        "document",
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", b"MZ\x90\0 no paper"), ("a.exe", b"\x7fELF"), ("a.pdf", b"<html><body>"), ("a.docx", b"PK\3\4")],
)
def test_other_files_prove_nothing(draft: Candidacy, players: Players, name: str, data: bytes) -> None:
    upload = SimpleUploadedFile(name, data)
    assert refused(lambda: files.add_evidence(draft, "skill_level", upload, by=players.candidate)) == "wrong_kind"


@pytest.mark.parametrize(
    "claim", ["", "motto", "mobile", "achievements", "achievements.nothere", "fact.years_in_industry", "x"]
)
def test_files_are_for_claims_only(draft: Candidacy, players: Players, claim: str) -> None:
    assert refused(lambda: files.add_evidence(draft, claim, pdf(), by=players.candidate)) == "unknown_claim"


def test_files_of_one_claim_are_counted(draft: Candidacy, players: Players) -> None:
    for number in range(attaching.PER_CLAIM):
        files.add_evidence(draft, "fact.union_member", pdf(more=str(number).encode()), by=players.candidate)
    assert refused(lambda: files.add_evidence(draft, "fact.union_member", pdf(), by=players.candidate)) == "too_many"


def test_removing_lets_the_bytes_go(
    draft: Candidacy, players: Players, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    one = files.add_evidence(draft, "skill_level", pdf(more=b"once"), by=players.candidate)
    other = files.add_evidence(draft, "fact.union_member", pdf(more=b"once"), by=players.candidate)
    with django_capture_on_commit_callbacks(execute=True):
        files.remove_file(draft, one.pk, by=players.candidate)
    assert default_storage.exists(evidence.storage_name(one.sha256))
    with django_capture_on_commit_callbacks(execute=True):
        files.remove_file(draft, other.pk, by=players.candidate)
    assert not default_storage.exists(evidence.storage_name(one.sha256))
    assert said(draft.subject)[-1] == (
        "draft.file_removed",
        {"kind": "evidence", "claim": "fact.union_member", "sha256": other.sha256},
    )
    assert refused(lambda: files.remove_file(draft, one.pk, by=players.candidate)) == "absent"


def test_a_photo_is_not_removed_as_evidence(whole: Candidacy, players: Players) -> None:
    (kept,) = attachments_of(whole, "photo")
    assert refused(lambda: files.remove_file(whole, kept.pk, by=players.candidate)) == "absent"


@pytest.mark.parametrize("who", ["employer", "other_candidate", "other_unit", "organiser", "stranger"])
def test_others_may_not_touch_files(draft: Candidacy, players: Players, who: str) -> None:
    player = getattr(players, who)
    kept = files.add_evidence(draft, "skill_level", pdf(), by=players.candidate)
    assert refused(lambda: files.place_photo(draft, photo(), by=player)) == "permission"
    assert refused(lambda: files.add_evidence(draft, "skill_level", pdf(), by=player)) == "permission"
    assert refused(lambda: files.add_scan(draft, pdf(), by=player)) == "permission"
    assert refused(lambda: files.remove_file(draft, kept.pk, by=player)) == "absent"


def test_files_too_freeze_at_the_deadline(draft: Candidacy, players: Players) -> None:
    kept = files.add_evidence(draft, "skill_level", pdf(), by=players.candidate)
    with after_the_deadline(draft.edition):  # type: ignore[attr-defined]
        assert refused(lambda: files.place_photo(draft, photo(), by=players.candidate)) == "late"
        assert refused(lambda: files.add_evidence(draft, "skill_level", pdf(), by=players.candidate)) == "late"
        assert refused(lambda: files.remove_file(draft, kept.pk, by=players.candidate)) == "late"


def test_scans_are_for_the_time_with_the_employer(handed: Candidacy, players: Players) -> None:
    kept = [files.add_scan(handed, pdf(more=str(n).encode()), by=players.candidate) for n in range(attaching.PER_CLAIM)]
    assert refused(lambda: files.add_scan(handed, pdf(), by=players.candidate)) == "too_many"
    files.remove_file(handed, kept[0].pk, by=players.unit)
    handing.confirm_by_scan(handed, by=players.unit)
    assert refused(lambda: files.add_scan(handed, pdf(), by=players.candidate)) == "not_with_employer"
    assert refused(lambda: files.remove_file(handed, kept[1].pk, by=players.candidate)) == "not_with_employer"


def test_files_fall_with_their_entries(draft: Candidacy, players: Players) -> None:
    kept = files.add_evidence(draft, "skill_level", pdf(), by=players.candidate)
    with without_register():  # type: ignore[attr-defined]
        for call in (
            lambda: files.place_photo(draft, photo(), by=players.candidate),
            lambda: files.add_evidence(draft, "skill_level", pdf(), by=players.candidate),
            lambda: files.remove_file(draft, kept.pk, by=players.candidate),
        ):
            with pytest.raises(OSError, match="full"):
                call()
    assert list(again(draft).attachments.all()) == [kept]
    assert "photo" not in answers_of(draft)
