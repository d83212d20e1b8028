"""`jiangbang rehearse`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from commands.console import Console, refused

RECORDS = """
import django, json
django.setup()
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Revision
found = [
    [revision.packet.number, revision.source, revision.commitment, full_record(revision)]
    for revision in Revision.objects.select_related("packet", "person", "dossier__edition")
    .order_by("packet__number", "source", "roster_row")
]
print(json.dumps(found))
"""


def records(home: Path) -> Any:
    """Every revision in the home: packet, file, commitment, whole record."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", RECORDS],
        env={**environment, "JIANGBANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_rehearsal_says_what_it_did_and_how_far_it_reaches(ready: Console) -> None:
    outcome = ready("rehearse", "--dossiers", "12", "--seed", "1", "--until", "nomination")
    assert (outcome.status, outcome.err) == (0, "")
    assert "this rehearsal reaches the recommendation stage" in outcome.out
    assert "12" in outcome.out
    assert ready("register", "verify").status == 0


def test_the_document_has_every_figure(ready: Console) -> None:
    outcome = ready("rehearse", "--dossiers", "12", "--seed", "1", "--until", "nomination", "--json")
    document = outcome.json
    assert (outcome.status, document["people"], document["stage"], document["register_whole"]) == (
        0,
        12,
        "nomination",
        True,
    )
    assert document["accepted"] + document["waiting"] == 12
    report = ready("register", "verify", "--json").json
    assert (report["size"], report["root"]) == (document["register_size"], document["register_root"])


def test_the_same_seed_gives_the_same_records_under_other_commitments(tmp_path: Path, ready_home: Path) -> None:
    kept = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        console = Console(tmp_path / name / "home", ready_home)
        assert console("rehearse", "--dossiers", "20", "--seed", "5", "--until", "nomination").status == 0
        kept.append(records(console.home))
    one, two = kept
    assert [row[:2] + row[3:] for row in one] == [row[:2] + row[3:] for row in two]
    assert not {row[2] for row in one} & {row[2] for row in two}


def test_an_empty_home_is_made_ready(empty: Console) -> None:
    assert empty("rehearse", "--dossiers", "3", "--seed", "1", "--until", "nomination").status == 0


def test_an_edition_that_holds_packets_is_not_rehearsed(ready: Console) -> None:
    ready("rehearse", "--dossiers", "3", "--seed", "1", "--until", "nomination")
    before = ready("register", "verify", "--json").out
    assert "holds packets already" in refused(
        ready("rehearse", "--dossiers", "3", "--seed", "2", "--until", "nomination")
    )
    assert ready("register", "verify", "--json").out == before
    assert ready("rehearse", "--dossiers", "3", "--seed", "2", "--edition", "2024").status == 0


def test_an_edition_on_the_real_clock_is_not_rehearsed(ready: Console, programme: Path) -> None:
    text = (programme / "2023.toml").read_text(encoding="utf-8")
    (programme / "2023.toml").write_text(text.replace("clock = 2023-03-20T09:00:00+08:00", ""), encoding="utf-8")
    ready("programme", "load", programme)
    assert "real clock" in refused(ready("rehearse", "--dossiers", "3", "--seed", "1", "--until", "nomination"))


def test_a_rehearsal_is_the_whole_programme(ready: Console) -> None:
    outcome = ready("rehearse", "--dossiers", "20", "--seed", "1", "--json")
    document = outcome.json
    assert (outcome.status, document["edition"], document["stage"]) == (
        0,
        "hangzhou-digital-craftsman/practice",
        "next",
    )
    said = [step["said"] for step in document["steps"]]
    assert "18 dossiers stand on the shortlist." in said
    assert "the script inside finds them whole" in said[-2]
    assert said[-1].startswith("practice-next: ")
    report = ready("register", "verify", "--json").json
    assert (report["size"], report["root"]) == (document["register_size"], document["register_root"])
    assert "--edition out" in refused(
        ready("rehearse", "--dossiers", "3", "--seed", "1", "--until", "notice", "--edition", "2024")
    )


def test_bad_numbers_are_one_sentence(ready: Console) -> None:
    for arguments in (
        ("--dossiers", "0", "--seed", "1"),
        ("--dossiers", "x", "--seed", "1"),
        ("--dossiers", "3"),
        ("--seed", "3"),
        ("--dossiers", "3", "--seed", "1", "--edition", "1999"),
    ):
        refused(ready("rehearse", *arguments))
