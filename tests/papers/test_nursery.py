"""Children that need no start-up: forked for one request, locked down like any other, gone when the house lets go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from papers.packets import official_form

from jiangbang.papers import nursery, sandbox
from jiangbang.papers.nursery import Keeper, Raised
from jiangbang.papers.packet import read_packet
from jiangbang.papers.sandbox import Child, ChildDied
from jiangbang.papers.wire import form_to_json


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    """A keeper of the test's own, past its first child."""
    made = Keeper()
    monkeypatch.setattr(nursery, "KEEPER", made)
    made.raise_child(None, {})
    yield made
    made.close()


def alive(pid: int) -> bool:
    """Whether the process runs; one that is dead and not yet buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    end = time.monotonic() + 10
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def leading_to(pid: int) -> set[str]:
    """What the process holds open, pipes without their numbers."""
    return {str(path.readlink()).partition(":")[0] for path in Path(f"/proc/{pid}/fd").iterdir()}


def layers() -> dict[str, bool]:
    with Child("layers", {}) as child:
        return {str(name): bool(held) for frame in child for name, held in frame.values.items()}


def test_the_first_child_is_born_and_the_next_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nursery, "KEEPER", Keeper())
    kinds = []
    for _ in range(3):
        with Child("layers", {}) as child:
            kinds.append(type(child.process).__name__)
            list(child)
    nursery.KEEPER.close()
    assert kinds == ["Popen", "Raised", "Raised"]


def test_a_raised_child_gives_up_the_same_rights(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    raised = layers()
    monkeypatch.setattr(keeper, "raise_child", lambda *_: None)
    assert layers() == raised
    assert raised["limits"] is True


def test_a_raised_child_reads_what_a_born_one_reads(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "某区+数字工匠推荐.zip"
    path.write_bytes(b"no archive")
    raised = list(read_packet(path, official_form()))
    monkeypatch.setattr(keeper, "raise_child", lambda *_: None)
    assert list(read_packet(path, official_form())) == raised


def test_a_raised_child_holds_its_input_and_nothing_else_of_the_house(keeper: Keeper, tmp_path: Path) -> None:
    secret = (tmp_path / "secret").open("w")
    os.set_inheritable(secret.fileno(), True)
    given = os.open(tmp_path, os.O_RDONLY)
    raised = keeper.raise_child(given, sandbox._environment())
    assert raised is not None
    # its number is told before it has tidied up
    end = time.monotonic() + 10
    while (kinds := leading_to(raised.pid)) - {"pipe", "/dev/null", str(tmp_path)} and time.monotonic() < end:
        time.sleep(0.02)
    assert kinds == {"pipe", "/dev/null", str(tmp_path)}
    raised.kill()
    assert raised.wait(10) == -signal.SIGKILL
    for handle in (raised.stdin, raised.stdout, secret):
        handle.close()
    os.close(given)


def test_letting_go_ends_the_child(keeper: Keeper) -> None:
    with Child("layers", {}) as child:
        assert isinstance(child.process, Raised)
        os.kill(child.process.pid, signal.SIGSTOP)
        pid = child.process.pid
    assert gone(pid)


@pytest.mark.parametrize(("number", "reason"), [(signal.SIGSEGV, "crash"), (signal.SIGKILL, "memory")])
def test_how_a_raised_child_died_is_told(keeper: Keeper, number: signal.Signals, reason: str) -> None:
    arguments = {"form": form_to_json(official_form()), "name": "x", "skip": [], "expected": None, "unpacked": False}
    given, kept_open = os.pipe()
    with Child("read_packet", arguments, input=given) as child:
        os.kill(child.process.pid, number)
        with pytest.raises(ChildDied) as died:
            list(child)
    assert died.value.reason == reason
    os.close(given)
    os.close(kept_open)


def test_a_nursery_that_was_killed_is_followed_by_another(keeper: Keeper) -> None:
    assert layers()["limits"] is True
    assert keeper._process is not None
    first = keeper._process.pid
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    assert layers()["limits"] is True
    assert keeper._process.pid != first


def test_many_threads_share_one_nursery(keeper: Keeper) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(lambda _: layers(), range(40)))
    assert held == [held[0]] * 40


HOUSE = """
import os, sys
from jiangbang.papers import nursery
from jiangbang.papers.sandbox import Child
children = [Child("layers", {}) for _ in range(3)]
print(nursery.KEEPER._process.pid, *(child.process.pid for child in children), flush=True)
os._exit(0)
"""


def test_the_nursery_and_its_children_end_with_the_house() -> None:
    run = subprocess.run([sys.executable, "-c", HOUSE], capture_output=True, text=True, check=True)
    pids = [int(word) for word in run.stdout.split()]
    assert len(pids) == 4
    assert [gone(pid) for pid in pids] == [True] * 4
