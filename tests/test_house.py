"""The rules of the house that no linter knows. Each failure names the file and what to do."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from jiangbang.cli import jiangbang

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "jiangbang"
TESTS = ROOT / "tests"

# Python files over 400 lines, each with its reason.
LONG_FILES: dict[str, str] = {
    "tests/access_table.py": "one line for each address of the house",
    "tests/kernel/test_clauses.py": "one law or example per construct of the language",
    "tests/papers/layouts.py": "one builder per way in which people change the form",
}
LONGEST = 400

# Folders of tests that follow a story, not a module; and modules that test what no single module holds.
STORIES = {"journeys", "hostile", "faults", "deploy"}
BESIDE_THE_MIRROR: dict[str, str] = {
    "tests/test_house.py": "the rules of the house",
    "tests/test_access_matrix.py": "every address for every role",
    "tests/test_messages.py": "script/messages.py",
    "tests/test_released.py": "migrations that were released, by their hash",
    "tests/test_bench.py": "bench/__main__.py",
    "tests/test_trust.py": "bench/trust",
    "tests/test_security.py": "docs/security.md, and what it says of the source",
    "tests/test_security_headers.py": "headers where no address answers",
    "tests/test_sbom.py": "script/sbom.py",
    "tests/decision/test_secrecy.py": "what a dump of the database tells of a secret ballot: nothing",
    "tests/commands/test_cli.py": "what holds for every command",
    "tests/papers/test_samples.py": "the sample packets, through every module of papers",
    "tests/papers/test_hostile_forms.py": "forms built to harm, through reader and sandbox",
    "tests/programmes/test_hangzhou_2023_clauses.py": "the letter's conditions, as programmes/ states them",
    "tests/web/test_pages.py": "the shell's pages, through views, templates and headers",
}
# Read from the environment, but not settings of ours.
NOT_SETTINGS = {
    "DJANGO_SETTINGS_MODULE",
    "PATH",
    "LISTEN_PID",  # systemd's: to whom a socket is handed over
    "LISTEN_FDS",
    "LIBARCHIVE",  # libarchive-c's own: where the library lies
}

# Written in pieces, so that this file is not itself a finding.
ADDRESSES = re.compile(
    "|".join(
        ["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "npm" + "mirror", "deb" + r"\.debian\.org"]
    )
)
MACHINE_PATHS = re.compile("|".join([r"(?<![\w.])/" + name + r"\b/" for name in ("work", "root", "home/[a-z]+")]))


@cache
def committed() -> tuple[Path, ...]:
    """The files under version control that are text; every file of the tree where there is no version control."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())


@cache
def text_of(path: Path) -> str:
    """The file's text; empty for binary files."""
    data = path.read_bytes()
    return "" if b"\0" in data[:4096] else data.decode("utf-8", "replace")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files() -> Iterator[Path]:
    return (path for path in committed() if path.suffix == ".py" and "migrations" not in path.parts)


def hits(pattern: re.Pattern[str], paths: Iterator[Path] | tuple[Path, ...]) -> list[str]:
    """Every line that the pattern finds, as `file:line: text`."""
    return [
        f"{name_of(path)}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_registry_address_is_committed() -> None:
    assert hits(ADDRESSES, committed()) == []


def test_no_path_of_a_developers_machine_is_committed() -> None:
    assert hits(MACHINE_PATHS, committed()) == []


def test_lock_files_name_no_place_to_download_from() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    option = re.compile(r"^\s*-(i|f|-index-url|-extra-index-url|-find-links|-trusted-host)\b")
    assert hits(option, tuple((ROOT / "requirements").glob("*"))) == []


def pins(name: str) -> dict[str, str]:
    """What a compiled requirements file pins: name → version."""
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", text, re.MULTILINE))


def wanted(name: str) -> set[str]:
    """The names in an uncompiled requirements file, as pip writes them."""
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    found = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", match.group()).lower() for match in found if match}


@pytest.mark.parametrize("name", ["base", "dev", "node"])
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    blocks = re.split(r"^(?=[\w.-]+(?:\[[^\]]*\])?==)", text, flags=re.MULTILINE)[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert wanted(f"{name}.in") - set(pins(f"{name}.txt")) == set(), "run script/lock"


def test_development_pins_agree_with_the_base_set() -> None:
    development = pins("dev.txt")
    assert {name: development.get(name) for name in pins("base.txt")} == pins("base.txt")


def test_every_setting_is_documented() -> None:
    read = set()
    for path in (*SOURCE.rglob("*.py"), *(ROOT / "script").iterdir()):
        if path.is_file():
            read |= set(re.findall(r"""environ(?:\.get\(|\[|\.setdefault\()\s*"([A-Z][A-Z_]+)\"""", text_of(path)))
    described = set(re.findall(r"`([A-Z][A-Z_]+)`", text_of(ROOT / "docs" / "operator.md")))
    assert read - NOT_SETTINGS - described == set(), "describe them in docs/operator.md"


def test_every_documented_setting_is_read() -> None:
    table = text_of(ROOT / "docs" / "operator.md")
    described = re.findall(r"^\| `((?:JIANGBANG|DATABASE)_[A-Z_]+)` \|", table, re.MULTILINE)
    source = "\n".join(text_of(path) for path in SOURCE.rglob("*.py"))
    assert [name for name in described if name not in source] == []


def commands(group: click.Command, path: tuple[str, ...] = ("jiangbang",)) -> Iterator[str]:
    """The full name of every command, such as `jiangbang packet check`."""
    if not isinstance(group, click.Group):
        yield " ".join(path)
        return
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(command, (*path, name))


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/operator.md"])
def test_every_command_is_documented(page: str) -> None:
    text = text_of(ROOT / page)
    assert [name for name in commands(jiangbang) if f"`{name}" not in text] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/operator.md"])
def test_every_documented_command_exists(page: str) -> None:
    known = set(commands(jiangbang))
    named = re.findall(r"^\| (.*?) \|", text_of(ROOT / page), re.MULTILINE)
    rows = [name for cell in named for name in re.findall(r"`(jiangbang [a-z]+(?: [a-z]+){0,2})", cell)]
    # after the command's own words others may follow that are its arguments
    assert [name for name in rows if not {" ".join(name.split()[:count]) for count in (2, 3, 4)} & known] == []


def test_reference_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "script/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), "run .venv/bin/python script/reference.py"


def test_the_picture_of_the_house_names_acts_and_entries_that_exist() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*?\|(.*)\|$", text_of(ROOT / "docs/reference/acts.md"), re.MULTILINE)
    known = {(act, entry) for act, entries in rows for entry in re.findall(r"`([\w.]+)`", entries)}
    arrows = re.findall(r'-- "(?:\w+, )?(\w+) · ([\w.]+)" -->', text_of(ROOT / "docs/architecture.md"))
    assert len(arrows) >= 9
    assert [arrow for arrow in arrows if arrow not in known] == []


def test_links_between_documents_lead_somewhere() -> None:
    dead = [
        f"{name_of(path)}: {target}"
        for path in committed()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text_of(path))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert dead == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = text_of(folder / "README.md")
    pages = sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")
    assert [name for name in pages if f"]({name})" not in index] == [], "add a row to docs/decisions/README.md"


INLINE = {
    "script without a source": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
}
# Data for a script, not a script: browsers do not run it.
DATA_ISLAND = re.compile(r"<script[^>]*type=\"application/json\"[^>]*>", re.IGNORECASE)


def test_templates_hold_no_script_and_no_style() -> None:
    found = [
        f"{name_of(path)}: {what}"
        for path in sorted(SOURCE.rglob("*.html"))
        for what, pattern in INLINE.items()
        if pattern.search(DATA_ISLAND.sub("", text_of(path)))
    ]
    assert found == []


def test_python_files_are_short() -> None:
    long = {name_of(path): len(text_of(path).splitlines()) for path in python_files()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST and name not in LONG_FILES} == {}
    assert [name for name in LONG_FILES if long.get(name, 0) <= LONGEST] == [], "no longer long: take it off the list"


def test_no_package_is_named_for_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [name_of(path) for path in python_files() if empty & {path.stem, *path.relative_to(ROOT).parts}] == []


def mirrors(path: Path) -> bool:
    """Whether a test module is named after a module in the folder that it mirrors, or after that with one word more."""
    inside = path.relative_to(TESTS)
    subject = inside.stem.removeprefix("test_")
    modules = {module.stem for module in (SOURCE / inside.parent).rglob("*.py")}
    modules |= {folder.name for folder in (SOURCE / inside.parent).iterdir() if folder.is_dir()}
    return any(subject == module or subject.startswith(f"{module}_") for module in modules)


def test_test_modules_mirror_the_source() -> None:
    astray = [
        name_of(path)
        for path in sorted(TESTS.rglob("test_*.py"))
        if path.relative_to(TESTS).parts[0] not in STORIES
        and name_of(path) not in BESIDE_THE_MIRROR
        and not ((SOURCE / path.relative_to(TESTS).parent).is_dir() and mirrors(path))
    ]
    assert astray == [], "name them after the module that they test, or give a reason in BESIDE_THE_MIRROR"


def asserts(function: ast.AST, asserting: set[str]) -> bool:
    """Whether the function compares anything: assert, pytest.raises, a browser's expect, or a function here that does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in {"pytest.raises", "pytest.warns", "pytest.fail"} or name.split(".")[-1] in asserting:
                return True
            if re.search(r"assert|expect", name.split(".")[-1]):
                return True
    return False


def test_every_test_asserts() -> None:
    functions = [
        (path, node)
        for path in sorted(TESTS.rglob("*.py"))
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef)
    ]
    asserting: set[str] = set()
    # a helper may assert through a helper
    for _ in range(3):
        asserting |= {function.name for _, function in functions if asserts(function, asserting)}
    tests = [(path, function.name) for path, function in functions if function.name.startswith("test_")]
    assert [f"{name_of(path)}: {name}" for path, name in tests if name not in asserting] == []


def test_scripts_may_be_executed() -> None:
    names = ["script/up", "script/test", "script/lint", "script/bench", "script/lock", "script/trust", ".ci/run"]
    assert [name for name in names if not os.access(ROOT / name, os.X_OK)] == []
