"""`jiangbang lists import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from jiangbang.commands.ready import make_ready
from jiangbang.commands.speaking import json_option, print_json

if TYPE_CHECKING:
    from jiangbang.programme.models import Edition


@click.group()
def lists() -> None:
    """Lists of firms that bear a mark, and of people who hold a title."""


@lists.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind",
    required=True,
    help="A key or label of the edition's marks and titles; `marks` or `titles` where rows say which.",
)
@click.option("--edition", "edition_name", help="The edition; the default one where none is named.")
@click.option("--title", default="", help="What the list is called; else the file's name.")
@click.option("--replace", "replaces", help="The key of the list in force whose place this one takes.")
@click.option("--dry-run", is_flag=True, help="Read and show; keep nothing.")
@json_option
def lists_import(
    file: Path, kind: str, edition_name: str | None, title: str, replaces: str | None, dry_run: bool, as_json: bool
) -> int:
    """Read a list (xlsx, xls, csv, docx), put it in force, and compare every dossier with it.

    Exit 1 when rows have something wrong.
    """
    make_ready()
    edition = _edition(edition_name)
    found = _kind(edition, kind)
    told = _preview(file, edition, found, title) if dry_run else _imported(file, edition, found, title, replaces)
    if as_json:
        print_json(told)
    else:
        _say(told)
    return int(bool(told["problems"]))


def _edition(name: str | None) -> Edition:
    from jiangbang.programme.queries import default_edition, find_edition  # noqa: PLC0415 — after django.setup()

    edition = find_edition(name) if name else default_edition()
    if edition is None:
        raise click.ClickException(f"there is no edition {name or ''}; see `jiangbang programme load`")
    return edition


def _kind(edition: Edition, said: str) -> str:
    """The kind's key, from its key or its label. Fails with one sentence that names them all."""
    from jiangbang.screening.lists_words import kind_words  # noqa: PLC0415

    spec, words = edition.spec, kind_words(edition.spec)
    labels = {one.label: one.key for one in spec.priorities} | {one.label: one.key for one in spec.earlier_titles}
    if said in words:
        return said
    if said in labels:
        return labels[said]
    raise click.ClickException(f"the edition has no mark or title “{said}”; it has {', '.join(words)}")


def _preview(file: Path, edition: Edition, kind: str, title: str) -> dict[str, Any]:
    from jiangbang.register.acts import Refused  # noqa: PLC0415
    from jiangbang.screening.lists import read_list  # noqa: PLC0415

    try:
        with file.open("rb") as opened:
            reading = read_list(opened, edition.spec, kind, title=f"{title} {file.name}")
    except Refused as refusal:
        raise click.ClickException(f"{file.name}: {refusal}") from None
    wrong = [(row.number, row.person or row.firm, row.problems, row.of) for row in reading.rows if row.problems]
    return {
        "list": None,
        "kind": kind,
        "columns": dict(reading.columns),
        "rows": len(reading.rows),
        "usable": sum(row.usable for row in reading.rows),
        "passed_over": reading.passed_over,
        "problems": _problems(wrong),
    }


def _imported(file: Path, edition: Edition, kind: str, title: str, replaces: str | None) -> dict[str, Any]:
    from jiangbang.accounts.acts import console_account  # noqa: PLC0415
    from jiangbang.register.acts import Refused  # noqa: PLC0415
    from jiangbang.screening import lists as acts  # noqa: PLC0415
    from jiangbang.screening.lists_comparing import compare  # noqa: PLC0415

    by = console_account()
    try:
        brought = acts.bring_list(
            edition,
            file.read_bytes(),
            file_name=file.name,
            kind=kind,
            title=title,
            replaces=_replaced(edition, replaces),
            by=by,
            channel="cli",
        )
        acts.import_list(brought, by=by)
        compared = compare(edition, by=by)
    except Refused as refusal:
        raise click.ClickException(f"{file.name}: {refusal}") from None
    except OSError as error:
        raise click.ClickException(f"nothing was imported: {error.strerror or error}") from None
    wrong = brought.rows.exclude(problems=[]).order_by("pk").values_list("number", "name", "problems", "repeats")
    return {
        "list": str(brought.pk),
        "kind": kind,
        "columns": dict(brought.columns),
        "rows": brought.row_count,
        "usable": brought.usable_count,
        "passed_over": brought.passed_over,
        "problems": _problems(
            list(dict.fromkeys((number, name, tuple(codes), of) for number, name, codes, of in wrong))
        ),
        "compared": {"dossiers": compared.dossiers, "found": compared.found, "likely": compared.near},
    }


def _replaced(edition: Edition, key: str | None) -> Any:
    from jiangbang.screening.lists_queries import list_of  # noqa: PLC0415

    if not key:
        return None
    try:
        found = list_of(edition, UUID(key))
    except ValueError:
        found = None
    if found is None:
        raise click.ClickException(f"the edition has no list {key}")
    return found


def _problems(rows: list[Any]) -> list[dict[str, Any]]:
    from jiangbang.screening.lists_words import problem_sentences  # noqa: PLC0415

    return [
        {"row": number, "name": name or None, "codes": list(codes), "says": problem_sentences(codes, of)}
        for number, name, codes, of in rows
    ]


def _say(told: dict[str, Any]) -> None:
    columns = ", ".join(f"{heading} → {key}" for key, heading in told["columns"].items()) or "none: lines of text"
    click.echo(f"columns     {columns}")
    click.echo(
        f"rows        {told['rows']}, of which {told['usable']} can be compared; {told['passed_over']} lines passed over"
    )
    for one in told["problems"]:
        click.echo(f"! row {one['row']}  {one['name'] or '—'}  {'; '.join(one['says'])}")
    if told["list"] is None:
        click.echo("Nothing was kept (--dry-run).")
        return
    compared = told["compared"]
    click.echo(f"in force    {told['list']}")
    click.echo(f"compared    {compared['dossiers']} dossiers: {compared['found']} found, {compared['likely']} likely")
