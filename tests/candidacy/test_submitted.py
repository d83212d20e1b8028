"""Evidence of a submitted candidacy: the office sees what stood when it was submitted, and every look is registered."""

from __future__ import annotations

import pytest
from candidacy.drafting import Players, pdf
from django.test import Client
from django.utils import timezone
from recommendation.people import UNIT, ready

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.candidacy import attaching
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.proofs import proofs_of
from jiangbang.candidacy.submitted import open_evidence, submitted_files
from jiangbang.nomination import evidence
from jiangbang.nomination.models import Dossier
from jiangbang.papers.uploads import Seen
from jiangbang.programme.models import Edition
from jiangbang.recommendation import submitting
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


def attach(candidacy: Candidacy, claim: str, name: str, players: Players, kind: str = "evidence") -> Attachment:
    data = pdf(name, more=name.encode()).read()
    sha256, seen = evidence.keep_bytes(data), Seen("pdf", "application/pdf", None)
    return attaching.keep(candidacy, kind, claim, name, seen, sha256, len(data), by=players.unit)


@pytest.fixture
def dossier(edition: Edition, players: Players) -> Dossier:
    candidacy = ready(edition, players.unit, 1)
    attach(candidacy, "achievements.a1", "专利证书.pdf", players)
    attach(candidacy, "fact.union_member", "会员证𬱖.pdf", players)
    attach(candidacy, "", "单位盖章.pdf", players, kind="employer_scan")
    prepared = submitting.prepare(edition, edition.spec.unit(UNIT), [candidacy], by=players.unit)
    submitting.submit_packet(prepared, declaration="属实", by=players.unit)
    return Dossier.objects.get()


def test_the_files_stand_by_their_claims_on_the_offices_pages(
    client: Client, dossier: Dossier, players: Players
) -> None:
    client.force_login(players.organiser)
    page = client.get(f"/dossiers/{dossier.pk}/evidence/").content.decode()
    assert [name in page for name in ("专利证书.pdf", "会员证𬱖.pdf", "单位盖章.pdf")] == [True] * 3
    shown = proofs_of(submitted_files(dossier), dossier.edition.spec)
    assert [[one.file_name for one in proof.files] for proof in shown] == [
        ["专利证书.pdf"],
        ["会员证𬱖.pdf"],
        ["单位盖章.pdf"],
    ]
    assert f"/dossiers/{dossier.pk}/evidence/" in client.get(f"/dossiers/{dossier.pk}/").content.decode()


def test_a_look_at_a_file_is_registered(client: Client, dossier: Dossier, players: Players) -> None:
    client.force_login(players.discipline)
    file = submitted_files(dossier)[0]
    answer = client.get(f"/dossiers/{dossier.pk}/evidence/{file.pk}/")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "application/pdf",
        "nosniff",
    )
    assert answer.content == evidence.read_bytes(file.sha256)
    entry = Entry.objects.get(type="evidence.opened")
    assert (entry.subject, entry.facts["kind"], entry.facts["claim"]) == (
        dossier.subject,
        "evidence",
        "achievements.a1",
    )


def test_who_may_not_gets_nothing_and_no_entry(client: Client, dossier: Dossier, players: Players) -> None:
    address = f"/dossiers/{dossier.pk}/evidence/{submitted_files(dossier)[0].pk}/"
    expert = create_account("some-expert", role=Role.EXPERT, password=None, edition=dossier.edition.key)
    for user, status in ((expert, 403), (players.unit, 403), (players.stranger, 404)):
        client.force_login(user)
        assert client.get(address).status_code == status
    with pytest.raises(Refused) as refused:
        open_evidence(dossier, submitted_files(dossier)[0], by=players.unit)
    assert (refused.value.code, Entry.objects.filter(type="evidence.opened").count()) == ("permission", 0)


def test_what_changes_afterwards_is_no_evidence_of_what_was_submitted(dossier: Dossier, players: Players) -> None:
    candidacy = Candidacy.objects.get()
    before = {one.file_name for one in submitted_files(dossier)}
    attach(candidacy, "fact.union_member", "后来的.pdf", players)
    attaching.drop(candidacy, candidacy.attachments.filter(file_name="专利证书.pdf"))
    attaching.drop(candidacy, candidacy.attachments.filter(file_name="后来的.pdf"))
    assert {one.file_name for one in submitted_files(dossier)} == before
    assert set(candidacy.attachments.filter(replaced_at__isnull=True).values_list("file_name", flat=True)) == {
        "会员证𬱖.pdf",
        "单位盖章.pdf",
    }
    dropped = candidacy.attachments.get(file_name="专利证书.pdf")
    assert dropped.replaced_at is not None
    assert dropped.replaced_at <= timezone.now()
    assert evidence.read_bytes(dropped.sha256).startswith(b"%PDF")


def test_who_came_by_file_has_none(client: Client, dossier: Dossier, players: Players) -> None:
    Candidacy.objects.update(dossier=None, state="with_unit")
    client.force_login(players.organiser)
    assert "没有附件" in client.get(f"/dossiers/{dossier.pk}/evidence/").content.decode()
