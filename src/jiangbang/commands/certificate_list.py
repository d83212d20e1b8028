"""`jiangbang certificate make`: certificates for a list of people."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from jiangbang.commands.speaking import json_option, print_json, progress_bar

if TYPE_CHECKING:
    from jiangbang.conferral.issuing import Titled
    from jiangbang.kernel.edition import EditionSpec

_HEADINGS: Final = {
    "number": ("number", "编号"),
    "name": ("name", "姓名"),
    "unit": ("unit", "单位"),
    "title": ("title", "称号"),
}


@click.command("make")
@click.argument("source", metavar="LIST.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="An empty or new folder."
)
@click.option("--edition", "edition_name", help="The edition; the default one where none is named.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of issue; else that of the release, or today."
)
@click.option(
    "--kind", type=click.Choice(["signed", "print", "plaque"]), default="signed", help="print and plaque are artwork."
)
@json_option
def certificate_make(
    source: Path, output: Path, edition_name: str | None, day: datetime | None, kind: Any, as_json: bool
) -> int:
    """Issue certificates for a list: number, name, unit, title (编号, 姓名, 单位, 称号). The register knows of each batch."""
    from jiangbang.commands.ready import make_ready  # noqa: PLC0415 — checking a certificate must not pay for Django

    make_ready()
    from jiangbang.accounts.acts import console_account  # noqa: PLC0415 — models exist only after django.setup()
    from jiangbang.conferral.certificates import day_of_issue  # noqa: PLC0415
    from jiangbang.conferral.issuing import files_of, issue_certificates, prepare  # noqa: PLC0415
    from jiangbang.papers.signature import SignatureError  # noqa: PLC0415
    from jiangbang.programme.queries import default_edition, find_edition  # noqa: PLC0415
    from jiangbang.register.acts import Refused  # noqa: PLC0415

    edition = find_edition(edition_name) if edition_name else default_edition()
    if edition is None:
        raise click.ClickException(f"there is no edition {edition_name or ''}; see `jiangbang programme load`")
    if output.exists() and any(output.iterdir()):
        raise click.ClickException(f"{output} is not empty; give another folder")
    by, issued = console_account(), day.date() if day else day_of_issue(edition)
    try:
        batch = prepare(edition, _people(source, edition.spec), issued, by=by)
        issue_certificates(edition, batch, by=by)
        output.mkdir(parents=True, exist_ok=True)
        with progress_bar("certificates") as bar:
            for done, (name, content) in enumerate(files_of(batch, kind), 1):
                (output / name).write_bytes(content)
                bar(done, len(batch.sheets), name)
    except (Refused, SignatureError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror or error}") from None
    told = {"count": len(batch.sheets), "issued": issued.isoformat(), "key": batch.issuer.key.id.hex(), "kind": kind}
    if as_json:
        print_json({**told, "sha256": batch.fingerprint})
    else:
        click.echo(f"{output}: {told['count']} files ({kind}), issued {told['issued']}")
    return 0


def _people(source: Path, spec: EditionSpec) -> list[Titled]:
    """The list as people. Fails with one sentence that names the line."""
    from jiangbang.conferral.issuing import Titled  # noqa: PLC0415

    data = source.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    rows = csv.reader(io.StringIO(text))
    heading = [cell.strip().lower() for cell in next(rows, [])]
    places = {
        key: next((heading.index(one) for one in names if one in heading), None) for key, names in _HEADINGS.items()
    }
    missing = [" / ".join(_HEADINGS[key]) for key, place in places.items() if place is None and key != "unit"]
    if missing:
        raise click.ClickException(f"{source} has no column {missing[0]}")
    keys = {name: title.key for title in spec.titles for name in (title.key, title.label, title.label_en)}
    people = []
    for line, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {
            key: row[place].strip() if place is not None and place < len(row) else "" for key, place in places.items()
        }
        if cells["title"] not in keys:
            raise click.ClickException(f"{source}, line {line}: the edition has no title “{cells['title']}”")
        people.append(Titled(cells["number"], cells["name"], cells["unit"], keys[cells["title"]]))
    return people
