"""What commands have in common: the home, the edition, printing JSON and findings, progress bars."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import click

from jiangbang.beside import beside
from jiangbang.kernel.edition import EditionSpec, load_edition
from jiangbang.kernel.form import FormSpec
from jiangbang.papers.findings import Finding, Language

PROGRAMMES = Path(os.environ.get("JIANGBANG_PROGRAMMES", beside("programmes")))
BUNDLED = PROGRAMMES / "hangzhou-digital-craftsman"

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def language() -> Language:
    """The language of findings, and after `make_ready` of all that goes through gettext: Chinese unless JIANGBANG_LANGUAGE=en."""
    return "en" if os.environ.get("JIANGBANG_LANGUAGE", "zh").startswith("en") else "zh"


def print_json(document: Any) -> None:
    """One JSON document on standard output, readable by people too."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def read_json(path: Path) -> Any:
    """A JSON file. Fails with one sentence."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise click.ClickException(f"{path} is not JSON: {error}") from None


def say_findings(findings: Iterable[Finding], *, err: bool = True) -> None:
    """One line per finding: severity, sentence, place, code."""
    marks = {"block": "✗", "warn": "!", "note": "·"}
    for finding in findings:
        place = f"  [{finding.where}]" if finding.where else ""
        click.echo(f"{marks[finding.severity]} {finding.message(language())}{place}  ({finding.code})", err=err)


def bundled_form() -> FormSpec:
    """The bundled programme's form, without a database."""
    return FormSpec.from_document(_toml("form.toml"))


def bundled_edition() -> EditionSpec:
    """The bundled programme's default edition, without a database."""
    slug = _toml("programme.toml")["default_edition"]
    return load_edition(_toml(f"{slug}.toml"), bundled_form(), _toml("classes.toml"))


def _toml(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((BUNDLED / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise click.ClickException(f"{BUNDLED / name}: {error.strerror}; set JIANGBANG_PROGRAMMES") from None


class Bar(Protocol):
    """A progress bar that is told how far the work is."""

    def __call__(self, done: int, total: int, current: str = "") -> None: ...


@contextmanager
def progress_bar(label: str) -> Iterator[Bar]:
    """A bar on a terminal (standard error), nothing in a pipe."""
    stream = sys.stderr
    shown: list[Any] = []

    def step(done: int, total: int, current: str = "") -> None:
        if not stream.isatty():
            return
        if not shown:
            shown.append(click.progressbar(length=total, label=label, file=stream, item_show_func=_as_it_is))
            shown[0].__enter__()
        shown[0].length = total
        shown[0].update(done - shown[0].pos, current[-40:])

    try:
        yield step
    finally:
        if shown:
            shown[0].__exit__(None, None, None)


def _as_it_is(item: Any) -> str | None:
    return str(item) if item else None
