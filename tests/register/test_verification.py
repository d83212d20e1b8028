"""Whoever alters rows by hand is found out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.kernel import merkle, notes
from jiangbang.register import keys
from jiangbang.register.export import export_register
from jiangbang.register.models import Entry, Head
from jiangbang.register.verification import verify_register

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def five_entries() -> None:
    for number in range(5):
        create_account(f"user{number}", role=Role.ORGANISER, password=None)


def by_hand(*statements: str) -> None:
    """What somebody with the database's password can do: take the guards away, then change rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER register_entry_no_update")
            cursor.execute("DROP TRIGGER register_entry_no_delete")
        else:
            cursor.execute("ALTER TABLE register_entry DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def guards_back() -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            yield
            cursor.execute("ALTER TABLE register_entry ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        guards = [sql for (sql,) in cursor.fetchall()]
        yield
        for sql in guards:
            cursor.execute(sql.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS"))


def test_an_untouched_register_is_whole() -> None:
    report = verify_register()
    assert (report.whole, report.size, report.problems) == (True, 5, [])
    assert notes.parse_checkpoint(notes.open_note(report.checkpoint, [keys.signer().verifier])).size == 5


@pytest.mark.parametrize("statement", ["UPDATE register_entry SET type = 'x'", "DELETE FROM register_entry"])
def test_the_database_refuses_to_alter_entries(statement: str) -> None:
    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_register().whole


def test_an_altered_row_is_detected() -> None:
    by_hand("""UPDATE register_entry SET facts = '{"role": "organiser", "username": "mallory"}' WHERE "index" = 2""")
    report = verify_register()
    assert any("Entry 2 (account.created) was altered" in problem for problem in report.problems)


def test_a_row_altered_with_a_fitting_hash_is_detected() -> None:
    entry = Entry.objects.get(index=2)
    entry.facts = {"username": "mallory", "role": "organiser"}
    placeholder = "X'%s'" if connection.vendor == "sqlite" else "'\\x%s'::bytea"
    by_hand(
        """UPDATE register_entry SET facts = '{"role": "organiser", "username": "mallory"}', """
        f"""leaf_hash = {placeholder % entry.computed_hash().hex()} WHERE "index" = 2"""
    )
    assert verify_register().problems == [
        "The first 5 entries are not the ones that were signed: "
        "the tree over them differs from the checkpoint kept outside the database.",
        "The signed head is of 5 entries and another tree than the one in the database.",
    ]


def test_a_deleted_row_is_detected() -> None:
    by_hand('DELETE FROM register_entry WHERE "index" = 1')
    assert "Entry 1 is missing; the next row is 2." in verify_register().problems


def test_reordered_rows_are_detected() -> None:
    by_hand(
        'UPDATE register_entry SET "index" = 99 WHERE "index" = 1',
        'UPDATE register_entry SET "index" = 1 WHERE "index" = 3',
        'UPDATE register_entry SET "index" = 3 WHERE "index" = 99',
    )
    problems = verify_register().problems
    assert any("Entry 1 (account.created) was altered" in problem for problem in problems)
    assert any("Entry 3 (account.created) was altered" in problem for problem in problems)


def test_a_cut_register_is_detected() -> None:
    by_hand('DELETE FROM register_entry WHERE "index" = 4')
    assert verify_register().problems == [
        "The register was cut: the checkpoint kept outside the database counts 5 entries, the database holds 4.",
        "The head counts 5 entries, the database holds 4.",
        "The signed head is of 5 entries and another tree than the one in the database.",
    ]


def test_a_whole_database_rolled_back_is_detected() -> None:
    old_head = Head.objects.get()
    create_account("late", role=Role.ORGANISER, password=None)
    by_hand('DELETE FROM register_entry WHERE "index" = 5')
    old_head.save()
    assert verify_register().problems == [
        "The register was cut: the checkpoint kept outside the database counts 6 entries, the database holds 5.",
    ]


def test_an_emptied_register_is_detected() -> None:
    by_hand("DELETE FROM register_entry", "UPDATE register_head SET size = 0, frontier = '[]', checkpoint = ''")
    assert verify_register().problems == [
        "The register was cut: the checkpoint kept outside the database counts 5 entries, the database holds 0."
    ]


def test_a_forged_head_is_detected() -> None:
    forger = notes.Signer(keys.ORIGIN, b"\x07" * 32)
    root = merkle.root([bytes(entry.leaf_hash) for entry in Entry.objects.order_by("index")])
    Head.objects.update(checkpoint=notes.sign_note(notes.checkpoint_text(keys.ORIGIN, 5, root), forger))
    (problem,) = verify_register().problems
    assert problem.startswith("The head is not rightly signed")


def test_a_row_slipped_in_behind_the_head_is_detected() -> None:
    by_hand(
        'INSERT INTO register_entry ("index", at, type, actor, edition, subject, facts, leaf_hash) '
        'SELECT 5, at, type, actor, edition, subject, facts, leaf_hash FROM register_entry WHERE "index" = 4'
    )
    assert verify_register().problems == ["1 rows stand behind the head: they were not appended by an act."]


def test_acts_during_verification_raise_no_alarm() -> None:
    def meanwhile(_done: int, _size: int) -> None:
        create_account("meanwhile", role=Role.ORGANISER, password=None)

    with mock.patch("jiangbang.register.verification._check_head", side_effect=lambda *_: meanwhile(0, 0)):
        assert verify_register().problems == []
    assert (verify_register().size, verify_register().problems) == (6, [])


def test_a_missing_head_is_said() -> None:
    Head.objects.all().delete()
    assert verify_register().problems == ["The register has no head: the row was deleted."]


def test_problems_are_told_in_the_readers_language() -> None:
    Head.objects.all().delete()
    with translation.override("zh-hans"):
        assert verify_register().problems == ["登记簿没有树头：该行已被删除。"]


def test_an_export_can_be_checked_by_an_outsider(tmp_path: Path) -> None:
    assert export_register(tmp_path) == 5
    lines = (tmp_path / "entries.jsonl").read_bytes().splitlines()
    root = merkle.root([merkle.leaf_hash(line) for line in lines])
    verifier = notes.Verifier.parse((tmp_path / "key.pub").read_text().strip())
    signed = notes.parse_checkpoint(notes.open_note((tmp_path / "checkpoint").read_text(), [verifier]))
    assert (signed.size, signed.root) == (5, root)
    assert [json.loads(line)["index"] for line in lines] == [0, 1, 2, 3, 4]
