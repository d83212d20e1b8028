"""The sandbox: each right is really gone, each death has one reason, and the words between the two sides are checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers.packets import official_form

from jiangbang.papers import sandbox
from jiangbang.papers.findings import Finding
from jiangbang.papers.limits import Limits
from jiangbang.papers.reading import FormReading, Photo
from jiangbang.papers.sandbox import Child, ChildDied
from jiangbang.papers.wire import (
    BrokenFrame,
    form_from_json,
    form_reading_from_json,
    form_reading_to_json,
    form_to_json,
    pack,
    unpack,
)

LOCKED = """
import json, os, socket, sys
from jiangbang.papers.child import readable_paths
from jiangbang.papers.lockdown import Profile, lock_down
held = lock_down(Profile(address_space=600 * 1024 * 1024, cpu=20, threads=16, readable=readable_paths()))
def attempt(act):
    try:
        act()
    except OSError:
        return "refused"
    return "done"
folder = sys.argv[1]
print(json.dumps({
    "held": held,
    "connect": attempt(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), 2)),
    "unix socket": attempt(lambda: socket.socket(socket.AF_UNIX)),
    "write": attempt(lambda: open(folder + "/new", "w")),
    "overwrite": attempt(lambda: open(folder + "/old", "r+")),
    "delete": attempt(lambda: os.unlink(folder + "/old")),
    "make a folder": attempt(lambda: os.mkdir(folder + "/f")),
    "read a secret": attempt(lambda: open(folder + "/old").read()),
    "fork": attempt(os.fork),
    "execute": attempt(lambda: os.execv("/bin/true", ["true"])),
    "kill": attempt(lambda: os.kill(os.getppid(), 0)),
}))
"""


def test_every_right_is_gone(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("secret")
    run = subprocess.run(
        [sys.executable, "-I", "-c", LOCKED, str(tmp_path), "9"], capture_output=True, text=True, check=True
    )
    answers = json.loads(run.stdout)
    held = answers.pop("held")
    if not (held["seccomp"] and held["landlock"]):
        pytest.skip(f"this machine grants only {held}")
    assert answers == dict.fromkeys(answers, "refused")
    assert (tmp_path / "old").read_text() == "secret"
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_layers_are_reported() -> None:
    layers = sandbox.layers()
    assert set(layers) == {"limits", "no_new_privs", "namespaces", "landlock", "seccomp"}
    assert layers["limits"]
    assert layers["no_new_privs"]


def test_unknown_operation_and_missing_input_end_in_a_reason() -> None:
    with Child("read_packet", {"form": form_to_json(official_form()), "name": "x"}) as child:
        with pytest.raises(ChildDied) as died:
            list(child)
        assert died.value.reason == "refused"


def test_silent_child_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x")
    with path.open("rb") as file:
        child = Child("layers", {}, input=file.fileno(), limits=Limits(silence=0.0001))
        with pytest.raises(ChildDied) as died:
            list(child)
    assert died.value.reason == "time"
    assert child.process.poll() is not None
    child.close()


def test_child_sees_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANGBANG_SECRET_KEY", "secret")
    assert "secret" not in sandbox._environment().values()


@given(
    kind=st.text(max_size=20),
    values=st.dictionaries(st.text(max_size=9), st.text(max_size=40)),
    blobs=st.lists(st.binary()),
)
def test_frames_are_read_back(kind: str, values: dict[str, str], blobs: list[bytes]) -> None:
    stream = b"".join(pack(kind, values, blobs))
    frame = unpack(_reader(stream))
    assert frame is not None
    assert (frame.kind, frame.values, list(frame.blobs)) == (kind, values, blobs)


@given(st.binary(min_size=1, max_size=200))
def test_noise_is_no_frame(noise: bytes) -> None:
    with pytest.raises(BrokenFrame):
        unpack(_reader(noise))


def test_form_crosses_unchanged() -> None:
    form = official_form()
    assert form_from_json(json.loads(json.dumps(form_to_json(form)))) == form


def test_reading_crosses_unchanged() -> None:
    form = official_form()
    photo = Photo("image/png", 3, 4, "ab", b"bytes")
    finding = Finding("form.layout_unknown", where="x", params={"reason": "y"})
    reading = FormReading("x.docx", {**form.empty_record(), "name": "罗𬱖"}, photo, (finding,))
    values, blobs = form_reading_to_json(reading)
    assert form_reading_from_json(json.loads(json.dumps(values)), blobs, form) == reading


@pytest.mark.parametrize("change", [{"record": {"name": "x"}}, {"findings": [{"code": "no.such"}]}])
def test_reading_with_other_keys_is_refused(change: dict[str, object]) -> None:
    form = official_form()
    values, blobs = form_reading_to_json(FormReading("x", form.empty_record(), None, ()))
    with pytest.raises(BrokenFrame):
        form_reading_from_json({**values, **change}, blobs, form)


def _reader(data: bytes):  # type: ignore[no-untyped-def]
    position = 0

    def read(size: int) -> bytes:
        nonlocal position
        piece = data[position : position + size]
        position += len(piece)
        return piece

    return read
