"""The register as files; that an outsider can check them is told in test_verification."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.register.export import HOW_TO_CHECK, export_register
from jiangbang.register.keys import signer
from jiangbang.register.models import Entry
from jiangbang.register.queries import head

pytestmark = pytest.mark.django_db


def test_the_export_holds_every_entry_as_its_leaf(tmp_path: Path) -> None:
    for number in range(3):
        create_account(f"user{number}", role=Role.SYSTEM, password=None)
    assert export_register(tmp_path / "a" / "b") == 3
    lines = (tmp_path / "a" / "b" / "entries.jsonl").read_bytes().splitlines()
    assert lines == [entry.leaf() for entry in Entry.objects.order_by("index")]
    assert [json.loads(line)["index"] for line in lines] == [0, 1, 2]


def test_beside_the_entries_lie_head_key_and_explanation(tmp_path: Path) -> None:
    create_account("li", role=Role.SYSTEM, password=None)
    export_register(tmp_path)
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir() if path.name != "entries.jsonl"} == {
        "checkpoint": head().checkpoint,
        "key.pub": f"{signer().verifier}\n",
        "README.txt": HOW_TO_CHECK,
        "register.json": '{"size": 1}\n',
    }


def test_an_empty_register_is_exported_too(tmp_path: Path) -> None:
    assert export_register(tmp_path) == 0
    assert (tmp_path / "entries.jsonl").read_bytes() == b""


def test_an_older_export_is_written_over(tmp_path: Path) -> None:
    create_account("one", role=Role.SYSTEM, password=None)
    export_register(tmp_path)
    create_account("two", role=Role.SYSTEM, password=None)
    assert export_register(tmp_path) == 2
    assert len((tmp_path / "entries.jsonl").read_bytes().splitlines()) == 2


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        export_register(tmp_path / "file")
