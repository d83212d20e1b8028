"""The register to outsiders: signed head, key and proofs, with constant cost, and the witness who lives on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.commands.register_sources import Address
from jiangbang.commands.witness import register_witness
from jiangbang.kernel import merkle, notes
from jiangbang.kernel.log_proof import LogProof, check_log_proof, read_hashes
from jiangbang.register import keys, proofs
from jiangbang.register.models import Entry, Head
from jiangbang.register.queries import head, present_leaves
from jiangbang.web import register_public

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def other_register() -> Iterator[None]:
    """Nothing is remembered of another test's register."""
    proofs._runs.clear()
    yield
    proofs._runs.clear()


def grown(count: int) -> list[bytes]:
    """A register of so many entries, rightly signed, without walking through so many acts; its leaf hashes."""
    create_account("first", role=Role.SYSTEM, password=None)
    start, now = head().size, timezone.now()
    rows = [
        Entry(index=index, at=now, type="draft.edited", actor="user:1", edition="e", subject="s", facts={"as": "unit"})
        for index in range(start, count)
    ]
    for row in rows:
        row.leaf_hash = row.computed_hash()
    Entry.objects.bulk_create(rows)
    frontier = merkle.Frontier().extend(
        present := list(map(bytes, Entry.objects.order_by("index").values_list("leaf_hash", flat=True)))
    )
    note = notes.sign_note(notes.checkpoint_text(keys.ORIGIN, frontier.size, frontier.root()), keys.signer())
    Head.objects.update(size=frontier.size, frontier=[node.hex() for node in frontier.hashes], checkpoint=note)
    return present


def test_head_and_key_are_given_to_anybody(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert client.get("/register/checkpoint").status_code == 404
    grown(3)
    with django_assert_num_queries(1):
        answer = client.get("/register/checkpoint")
    assert answer.content.decode() == head().checkpoint
    assert (answer["Content-Type"], answer["Cache-Control"], answer["Access-Control-Allow-Origin"]) == (
        "text/plain; charset=utf-8",
        "public, max-age=10",
        "*",
    )
    with django_assert_num_queries(0):
        key = client.get("/register/key.pub").content.decode().strip()
    assert notes.open_note(head().checkpoint, [notes.Verifier.parse(key)])


@pytest.mark.parametrize("size", [1, 3, 255, 256, 257, 700])
def test_every_proof_holds_whatever_the_size(client: Client, size: int) -> None:
    hashes = grown(size)
    entry_of = {entry.index: entry.leaf() for entry in Entry.objects.all()}
    for old in {0, 1, 2, 128, 255, 256, 257, 511, 512, 513, size - 1, size}:
        if 0 <= old <= size:
            answer = client.get(f"/register/consistency/{old}/{size}")
            assert read_hashes(answer.content.decode().splitlines()) == merkle.consistency_proof(old, size, hashes)
            assert answer["Cache-Control"] == "public, max-age=86400, immutable"
    for index in {0, size // 2, size - 1}:
        proof = LogProof.parse(client.get(f"/register/inclusion/{index}").content.decode())
        assert proof.path == merkle.inclusion_proof(index, size, hashes)
        assert proof.entry == b""
        assert check_log_proof(proof, entry_of[index], [keys.signer().verifier]).size == size


def test_a_proof_costs_the_same_however_large_the_register(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    hashes = grown(1100)
    # the first one reads them all, once; later ones a few hundred hashes
    client.get("/register/inclusion/5")
    for address in ("inclusion/5", "inclusion/1099", "consistency/300/1100", "consistency/511/800"):
        with (
            django_assert_max_num_queries(5),
            mock.patch.object(proofs, "leaf_hashes", wraps=proofs.leaf_hashes) as read,
        ):
            assert client.get(f"/register/{address}").status_code == 200
        assert sum(call.args[1] - call.args[0] for call in read.call_args_list) <= 3 * proofs.RUN
    assert proofs.present_tree().consistency(511, 800) == merkle.consistency_proof(511, 800, hashes)


def test_what_the_register_never_was_is_not_proved(client: Client) -> None:
    grown(5)
    for address in ("consistency/3/6", "consistency/4/3", "inclusion/5", f"consistency/1/{10**30}"):
        answer = client.get(f"/register/{address}")
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


def test_rows_that_do_not_give_the_signed_head_prove_nothing(client: Client) -> None:
    grown(600)
    assert client.get("/register/inclusion/3").status_code == 200
    note = head().checkpoint.replace("\n600\n", "\n601\n")
    for wrong in ({"size": 601}, {"checkpoint": note}, {"checkpoint": "no note"}):
        kept = Head.objects.values("size", "checkpoint").get()
        Head.objects.update(**wrong)
        assert client.get("/register/inclusion/3").status_code == 409
        Head.objects.update(**kept)
    # what was remembered of another register, before a copy was restored, does not stand in the way
    proofs._runs[:] = [b"\x01" * 32] * 2
    assert client.get("/register/inclusion/3").status_code == 200


def test_few_proofs_are_made_at_a_time(client: Client) -> None:
    grown(3)
    with mock.patch.object(register_public, "WAIT", 0.01):
        for _one in range(register_public.AT_ONCE):
            register_public._making.acquire()
        answer = client.get("/register/inclusion/1")
        for _one in range(register_public.AT_ONCE):
            register_public._making.release()
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert client.get("/register/inclusion/1").status_code == 200


def test_a_witness_follows_the_public_address(client: Client, tmp_path: Path) -> None:
    def from_our_pages(self: Address, path: str) -> tuple[int, str]:
        answer = client.get("/" + (self._base + path).split("/", 3)[3])
        return answer.status_code, answer.content.decode()

    def run() -> int:
        arguments = [str(tmp_path), "--from", "https://register.example/"]
        status: int = register_witness.main(arguments, standalone_mode=False)
        return status

    with mock.patch.object(Address, "_once", from_our_pages):
        grown(20)
        assert run() == 0
        for number in range(3):
            create_account(f"more{number}", role=Role.SYSTEM, password=None)
        assert run() == 0
        kept = (tmp_path / "checkpoint").read_text("utf-8")
        assert kept == head().checkpoint
        # the installation's administrator rewrites the past with the key in his hand, and goes on
        forged = [merkle.leaf_hash(b"forged"), *present_leaves()[1][1:]]
        frontier = merkle.Frontier().extend([*forged, merkle.leaf_hash(b"next")])
        note = notes.sign_note(notes.checkpoint_text(keys.ORIGIN, frontier.size, frontier.root()), keys.signer())
        Head.objects.update(checkpoint=note)
        assert run() == 1
    assert (tmp_path / "checkpoint").read_text("utf-8") == kept
    assert [path.read_text("utf-8") for path in tmp_path.glob("found-*")] == [note]
