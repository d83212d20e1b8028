"""Files by the pages: sent, shown to whom they may be, removed."""

from __future__ import annotations

import json

import pytest
from candidacy.drafting import Players, pdf, photo, picture
from candidacy.test_views import enter, text
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiangbang.candidacy import files
from jiangbang.candidacy.models import Attachment, Candidacy

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}


def test_a_photo_is_placed_and_shown_to_the_employer_too(client: Client, handed: Candidacy, players: Players) -> None:
    for player in (players.candidate, players.unit, players.employer):
        answer = enter(client, player).get(f"/candidacies/{handed.pk}/photo/")
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, picture(), "image/jpeg")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_placed_photo_answers_with_its_findings(client: Client, draft: Candidacy, players: Players) -> None:
    address = f"/candidacies/{draft.pk}/photo/"
    said = json.loads(
        text(enter(client, players.candidate).post(address, {"file": photo(size=(100, 140))}, headers=FETCH))
    )
    assert said["findings"]["photo"][0]["severity"] == "warn"
    answer = client.post(address, {"file": SimpleUploadedFile("a.jpg", b"nothing")}, headers=FETCH)
    assert (answer.status_code, json.loads(text(answer))["code"]) == (422, "wrong_kind")
    assert json.loads(text(client.post(address, headers=FETCH)))["code"] == "nothing"


def test_without_a_photo_there_is_none(client: Client, draft: Candidacy, players: Players) -> None:
    assert enter(client, players.candidate).get(f"/candidacies/{draft.pk}/photo/").status_code == 404


def test_evidence_comes_back_as_the_claims_list(client: Client, draft: Candidacy, players: Players) -> None:
    address = f"/candidacies/{draft.pk}/files/"
    sent = {"claim": "skill_level", "file": pdf("证书.pdf")}
    page = text(enter(client, players.candidate).post(address, sent, headers={"HX-Request": "true"}))
    assert "证书.pdf" in page
    wrong = {"claim": "skill_level", "file": SimpleUploadedFile("木马.exe", b"MZ")}
    assert "木马.exe" in text(client.post(address, wrong, headers={"HX-Request": "true"}))
    assert Attachment.objects.filter(claim="skill_level").count() == 1


def test_a_file_is_viewed_and_removed(client: Client, draft: Candidacy, players: Players) -> None:
    kept = files.add_evidence(draft, "skill_level", pdf("证书.pdf"), by=players.candidate)
    address = f"/candidacies/{draft.pk}/files/{kept.pk}/"
    answer = enter(client, players.candidate).get(address)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer.content.startswith(b"%PDF")
    assert enter(client, players.employer).get(address).status_code == 403
    enter(client, players.candidate).post(f"{address}remove/")
    assert client.get(address).status_code == 404


def test_anothers_file_is_not_reached_through_ones_own_form(client: Client, draft: Candidacy, players: Players) -> None:
    kept = files.add_evidence(draft, "skill_level", pdf(), by=players.candidate)
    Attachment.objects.filter(pk=kept.pk).update(replaced_at=kept.added_at)
    assert enter(client, players.candidate).get(f"/candidacies/{draft.pk}/files/{kept.pk}/").status_code == 404
