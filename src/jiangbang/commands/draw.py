"""`jiangbang draw commit`, `draw run` and `draw replay`: panels by lot, from files that anybody can check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from jiangbang.commands.speaking import json_option, print_json, read_json
from jiangbang.kernel.draw import (
    DrawError,
    ImpossibleDrawError,
    Panel,
    Plan,
    Short,
    commitment,
    draw,
    read_plan,
    seed_of,
)

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
# Shorter secrets can be found by trying.
SHORTEST_SECRET: Final = 16


@click.group("draw")
def draw_group() -> None:
    """Draw panels of experts by lot, and draw them again."""


@draw_group.command("commit")
@click.argument("plan_file", metavar="DRAW.json", type=FILE)
@json_option
def draw_commit(plan_file: Path, as_json: bool) -> int:
    """Print the commitment to publish before the ceremony: it binds secret, pool and rules."""
    document, plan = _read(plan_file)
    value = commitment(plan, _secret(document, plan_file))
    if as_json:
        print_json({"commitment": value})
    else:
        click.echo(value)
    return 0


@draw_group.command("run")
@click.argument("plan_file", metavar="DRAW.json", type=FILE)
@click.option("-o", "target", metavar="OUT.json", required=True, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def draw_run(plan_file: Path, target: Path, as_json: bool) -> int:
    """Draw with the secret and the witnesses' entries in the file; write the file to publish."""
    document, plan = _read(plan_file)
    secret, witnesses = _secret(document, plan_file), _witnesses(document, plan_file)
    value = commitment(plan, secret)
    if document.get("commitment", value) != value:
        raise click.ClickException(f"{plan_file}: secret, pool or rules are not those of the commitment")
    try:
        panels = draw(plan, seed_of(plan, secret, witnesses))
    except ImpossibleDrawError as error:
        return _say_short(error.shortages, as_json)
    published = {**document, "commitment": value, "result": [_as_json(panel) for panel in panels]}
    try:
        target.write_text(json.dumps(published, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from None
    if as_json:
        print_json({"commitment": value, "panels": published["result"]})
    else:
        _say(panels)
    return 0


@draw_group.command("replay")
@click.argument("published", metavar="DRAW.json", type=FILE)
@json_option
def draw_replay(published: Path, as_json: bool) -> int:
    """Draw again from a published file; exit 1 where commitment or panels are not what the file says."""
    document, plan = _read(published)
    secret, witnesses = _secret(document, published), _witnesses(document, published)
    if not isinstance(document.get("commitment"), str) or not isinstance(document.get("result"), list):
        raise click.ClickException(f"{published}: the file has no commitment or no result")
    try:
        panels = draw(plan, seed_of(plan, secret, witnesses))
    except ImpossibleDrawError as error:
        return _say_short(error.shortages, as_json)
    committed = document["commitment"] == commitment(plan, secret)
    same = [_seats(panel) for panel in document["result"]] == [_seats(_as_json(panel)) for panel in panels]
    if as_json:
        print_json(
            {"commitment_holds": committed, "same_panels": same, "panels": [_as_json(panel) for panel in panels]}
        )
    else:
        _say(panels)
        click.echo("the commitment holds" if committed else "✗ the commitment does not fit secret, pool and rules")
        click.echo(
            "the panels are as published" if same else "✗ the panels in the file are not those that the seed gives"
        )
    return 0 if committed and same else 1


def _read(path: Path) -> tuple[dict[str, Any], Plan]:
    document = read_json(path)
    try:
        return document, read_plan(document)
    except DrawError as error:
        raise click.ClickException(f"{path}: {error}") from None


def _secret(document: dict[str, Any], path: Path) -> str:
    secret = document.get("secret")
    if not isinstance(secret, str) or len(secret) < SHORTEST_SECRET:
        raise click.ClickException(f"{path}: the secret is no text of at least {SHORTEST_SECRET} characters")
    return secret


def _witnesses(document: dict[str, Any], path: Path) -> list[str]:
    entries = document.get("witnesses")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, str) for entry in entries):
        raise click.ClickException(f"{path}: witnesses is no list of what they entered")
    return entries


def _as_json(panel: Panel) -> dict[str, Any]:
    return {
        "name": panel.name,
        "members": list(panel.members),
        "alternates": list(panel.alternates),
        "attempts": panel.attempts,
        "exhaustive": panel.exhaustive,
    }


def _seats(panel: Any) -> Any:
    return [panel.get(key) for key in ("name", "members", "alternates")] if isinstance(panel, dict) else None


def _say(panels: tuple[Panel, ...]) -> None:
    for panel in panels:
        click.echo(f"{panel.name}: {', '.join(panel.members)}")
        if panel.alternates:
            click.echo(f"  alternates: {', '.join(panel.alternates)}")


def _say_short(shortages: tuple[Short, ...], as_json: bool) -> int:
    findings = [
        {
            "code": "draw.short",
            "severity": "block",
            "panel": one.panel,
            "rule": one.rule,
            "needed": one.needed,
            "available": one.available,
            "message": _sentence(one),
        }
        for one in shortages
    ]
    if as_json:
        print_json({"findings": findings})
    else:
        for finding in findings:
            click.echo(f"✗ {finding['message']}  ({finding['code']})")
    return 1


def _sentence(one: Short) -> str:
    if one.rule == "together":
        return f"panel {one.panel}: each rule could be kept, but no panel was found that keeps all of them together"
    return f"panel {one.panel}: {one.rule} needs {one.needed}, and the pool left has {one.available}"
