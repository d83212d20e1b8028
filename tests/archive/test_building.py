"""An archive is whole by its own script, and every change of it is told apart; the public one names nobody who was not named."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from nomination.readings import Cast

from jiangbang.archive import building
from jiangbang.archive.archiving import order_archive
from jiangbang.archive.building import build_archive
from jiangbang.archive.models import Archive
from jiangbang.conferral.award_models import Award
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused

pytestmark = pytest.mark.django_db


def verified(path: Path) -> tuple[int, list[str]]:
    """What the archive's own script says of it, as a stranger runs it."""
    script = building.VERIFY if path.suffix == ".zip" else path / "verify.py"
    done = subprocess.run([sys.executable, "-I", script, path], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.split("\n")[:-2]


def flip(path: Path, at: int = -2, bits: int = 1) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= bits
    path.write_bytes(data)


def without_a_line(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))


def signed_anew(folder: Path) -> None:
    """Whoever holds the register's key writes a manifest over whatever lies there: the register still says otherwise."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    with building.Package(folder.parent / "other.zip", manifest["edition"]) as package:
        for one in manifest["files"]:
            package.add(one["path"], (folder / one["path"]).read_bytes())
        package.close()
    with zipfile.ZipFile(folder.parent / "other.zip") as other:
        for name in ("manifest.json", "manifest.note"):
            other.extract(name, folder)


def awards_less_one(folder: Path) -> None:
    path = folder / "data/awards.json"
    path.write_text(json.dumps(json.loads(path.read_bytes())[1:]), "utf-8")


def swapped_lines(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))


# what is done to an unpacked archive, whether its manifest is signed anew by who holds the key, and the script's answer
CHANGES: tuple[tuple[Callable[[Path], object], bool, str], ...] = (
    (lambda folder: flip(folder / "papers/decision.pdf"), False, "altered: papers/decision.pdf"),
    (lambda folder: (folder / "data/units.csv").unlink(), False, "missing: data/units.csv"),
    (lambda folder: (folder / "data/more.csv").write_text("x"), False, "added: data/more.csv"),
    (lambda folder: (folder / "manifest.json").unlink(), False, "manifest: not signed"),
    (lambda folder: flip(folder / "register/key.pub", 20), False, "manifest: not signed"),
    (lambda folder: flip(folder / "manifest.json"), False, "manifest: not signed"),
    (lambda folder: flip(folder / "manifest.note", -20), False, "manifest: not signed"),
    (lambda folder: without_a_line(folder / "register/entries.jsonl"), False, "altered: register/entries.jsonl"),
    (
        lambda folder: flip(folder / "register/leaf-hashes.bin"),
        True,
        "register: the leaves do not give the signed root",
    ),
    (lambda folder: flip(folder / "register/checkpoint", 40), True, "register: the checkpoint is not signed"),
    (lambda folder: swapped_lines(folder / "register/entries.jsonl"), True, "register: line 2 is out of order"),
    (awards_less_one, True, "awards: 2 titles, the register says 3"),
)


def test_an_archive_is_whole_and_every_change_is_told_apart(
    edition: Edition, held: Sequence[Award], tmp_path: Path
) -> None:
    packed, folder = tmp_path / "edition.zip", tmp_path / "edition"
    built = build_archive(edition, packed)
    assert verified(packed) == (0, [])
    for change, signed, answer in CHANGES:
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(folder)
        change(folder)
        if signed:
            signed_anew(folder)
        status, faults = verified(folder)
        assert (status, any(one.startswith(answer) for one in faults)) == (1, True), (answer, faults)
        shutil.rmtree(folder)
    assert build_archive(edition, tmp_path / "again.zip") == built
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()
    assert (
        subprocess.run([sys.executable, "-I", building.VERIFY, tmp_path], capture_output=True, check=False).returncode
        == 2
    )


def test_a_byte_changed_inside_the_zip_is_told_with_its_file(
    edition: Edition, held: Sequence[Award], tmp_path: Path
) -> None:
    packed, damaged = tmp_path / "edition.zip", tmp_path / "damaged.zip"
    build_archive(edition, packed)
    with zipfile.ZipFile(packed) as archive:
        starts = {one.filename: one.header_offset + 30 + len(one.filename.encode()) + 40 for one in archive.infolist()}
    check = runpy.run_path(str(building.VERIFY))["check"]
    # deflated: the stream breaks, or its sum does; stored: its sum does
    for name in ("data/edition.json", "papers/decision.pdf", "register/leaf-hashes.bin"):
        for bit in range(8):
            damaged.write_bytes(packed.read_bytes())
            flip(damaged, starts[name], 1 << bit)
            assert list(check(damaged)) == [f"altered: {name}"]


def test_the_public_archive_has_no_personal_field_and_the_full_one_every_record(
    edition: Edition, held: Sequence[Award], tmp_path: Path
) -> None:
    dossier = Dossier.objects.select_related("accepted_revision").filter(edition=edition, award=held[0]).get()
    assert dossier.accepted_revision is not None
    record = full_record(dossier.accepted_revision)
    canaries = [str(record[key]).encode() for key in ("id_number", "mobile", "address") if record[key]]
    assert canaries
    found: dict[bool, Any] = {}
    for full in (False, True):
        path = tmp_path / f"{full}.zip"
        build_archive(edition, path, full=full)
        with zipfile.ZipFile(path) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
            found[full] = [all(one in content for one in canaries), held[0].number.encode() in content]
            assert held[2].name.encode() not in archive.read("data/dossiers.json")
            records = [name for name in archive.namelist() if name.startswith("records/")]
            assert all(archive.read(name)[:4] == b"%PDF" for name in archive.namelist() if name.startswith("papers/"))
            assert all(b"pdfaid" in archive.read(name) for name in archive.namelist() if name.startswith("papers/"))
        assert verified(path) == (0, [])
        assert len(records) == (Dossier.objects.filter(accepted_revision__isnull=False).count() if full else 0)
    assert found == {False: [False, True], True: [True, True]}


def test_a_revoked_title_leaves_its_number_and_no_name(
    edition: Edition, held: Sequence[Award], cast: Cast, tmp_path: Path
) -> None:
    Award.objects.filter(pk=held[0].pk).update(state="revoked")
    build_archive(edition, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        rows = json.loads(archive.read("data/awards.json"))
    assert (rows[0]["number"], rows[0]["name"], rows[0]["state"]) == (held[0].number, "", "revoked")
    # the row was changed beside the acts: the register knows of no revocation
    assert verified(tmp_path / "a.zip") == (1, ["awards: 1 revoked titles, the register says 0"])


def test_an_edition_that_is_worked_on_is_not_archived(
    edition: Edition, held: Sequence[Award], cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def acting(*arguments: Any) -> Any:
        Archive.objects.all().delete()
        order_archive(edition, by=cast.organiser)
        return real(*arguments)

    real = building._build
    monkeypatch.setattr(building, "_build", acting)
    with pytest.raises(Refused) as refused:
        build_archive(edition, tmp_path / "a.zip")
    assert (refused.value.code, (tmp_path / "a.zip").exists()) == ("changing", False)
