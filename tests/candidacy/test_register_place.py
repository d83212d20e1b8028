"""Where a dossier stands in the register: its candidate, its unit and the office see it and take the proof away; nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from candidacy.drafting import Players
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from recommendation.people import UNIT, ready

from jiangbang.accounts.models import Membership, User
from jiangbang.candidacy.models import Candidacy
from jiangbang.commands.register_proof import register_proof
from jiangbang.kernel.log_proof import LogProof, check_log_proof
from jiangbang.nomination.dossiers import full_record, sealed_values
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.recommendation import submitting
from jiangbang.register import keys
from jiangbang.register.acts import act, record
from jiangbang.register.canonical import commitment
from jiangbang.register.models import Entry, Head

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(edition: Edition, players: Players) -> Dossier:
    candidacy = ready(edition, players.unit, 1)
    prepared = submitting.prepare(edition, edition.spec.unit(UNIT), [candidacy], by=players.unit)
    submitting.submit_packet(prepared, declaration="属实", by=players.unit)
    Candidacy.objects.update(user=None)
    Membership.objects.filter(user=players.candidate).update(scope=str(candidacy.pk))
    return Dossier.objects.get()


def test_candidate_unit_and_office_see_the_place_and_others_do_not(
    client: Client, dossier: Dossier, players: Players, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page = f"/dossiers/{dossier.pk}/place/"
    entry = Entry.objects.get(type="dossier.accepted")
    for user in (players.candidate, players.unit, players.organiser, players.discipline):
        client.force_login(user)
        with django_assert_max_num_queries(12):
            shown = client.get(page).content.decode()
        assert f"共 {Head.objects.get().size} 条，此为第 {entry.index + 1} 条" in shown
        assert (bytes(entry.leaf_hash).hex() in shown, str(keys.signer().verifier) in shown) == (True, True)
        assert client.get(f"{page}proof").status_code == 200
    for user, status in (
        (players.other_unit, 403), (players.other_candidate, 403), (players.employer, 403), (players.stranger, 404)
    ):  # fmt: skip
        client.force_login(user)
        assert [client.get(address).status_code for address in (page, f"{page}proof")] == [status, status]


def test_the_file_is_checked_offline_and_its_commitment_is_of_what_was_submitted(
    client: Client, dossier: Dossier, players: Players, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client.force_login(players.candidate)
    answer = client.get(f"/dossiers/{dossier.pk}/place/proof")
    entry = Entry.objects.get(type="dossier.accepted")
    assert answer["Content-Disposition"] == f'attachment; filename="jiangbang-{entry.index}.tlog-proof"'
    proof = LogProof.parse(answer.content.decode())
    assert check_log_proof(proof, entry.leaf(), [keys.signer().verifier]).size == Head.objects.get().size
    assert dossier.revision is not None
    record, (_secret, salt) = full_record(dossier.revision), sealed_values(dossier.revision)
    assert commitment(record, salt).encode() in proof.entry
    file = tmp_path / "proof"
    file.write_bytes(answer.content)
    key = str(keys.signer().verifier)
    assert register_proof.main(["check", str(file), "--key", key], standalone_mode=False) == 0
    assert "dossier.accepted" in capsys.readouterr().out


@act("dossier.held")
def hold(dossier: Dossier, *, by: User) -> None:
    """What the unit knows of its quota, and its candidate does not yet."""
    facts = {"packet": "p", "revision": 1, "commitment": "c" * 64, "photo": ""}
    record("dossier.held", by=by, edition=dossier.edition.key, subject=dossier.subject, facts=facts)


def test_it_is_linked_from_its_holders_pages_tells_the_candidate_no_quota_and_says_when_altered(
    client: Client, dossier: Dossier, players: Players
) -> None:
    candidacy = Candidacy.objects.get()
    page = f"/dossiers/{dossier.pk}/place/"
    for user, address in (
        (players.candidate, f"/candidacies/{candidacy.pk}/"),
        (players.unit, f"/unit/people/{candidacy.pk}/"),
        (players.unit, f"/unit/packets/{dossier.revision.packet_id if dossier.revision else 0}/"),
        (players.organiser, f"/dossiers/{dossier.pk}/"),
    ):
        client.force_login(user)
        assert f'href="{page}"' in client.get(address).content.decode(), address
    hold(dossier, by=players.organiser)
    for user, shown in ((players.unit, "dossier.held"), (players.candidate, "dossier.accepted")):
        client.force_login(user)
        assert shown.encode() in LogProof.parse(client.get(f"{page}proof").content.decode()).entry
    head = Head.objects.get()
    Head.objects.update(checkpoint=head.checkpoint.replace(f"\n{head.size}\n", f"\n{head.size + 1}\n"))
    assert [client.get(address).status_code for address in (page, f"{page}proof")] == [409, 409]
