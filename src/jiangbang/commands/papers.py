"""`jiangbang form …` and `jiangbang roster …`: single papers, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jiangbang.commands import photo_drawer
from jiangbang.commands.speaking import bundled_edition, bundled_form, json_option, print_json, read_json, say_findings
from jiangbang.kernel.form import FieldSpec, FormSpec, Record
from jiangbang.papers.findings import Finding
from jiangbang.papers.form_checks import check_record
from jiangbang.papers.nomination_form import write_form
from jiangbang.papers.packet import read_one_form, read_one_roster
from jiangbang.papers.roster_writer import write_roster

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)

# A paper with one of these could not be read at all.
UNREADABLE = frozenset(
    {"packet.member_unreadable", "packet.encrypted", "packet.macro", "packet.too_large", "form.layout_unknown"}
)


@click.group()
def form() -> None:
    """Read and write one nomination form."""


@form.command("read")
@click.argument("file", type=FILE)
@json_option
def form_read(file: Path, as_json: bool) -> int:
    """Read one form (docx, doc, wps, …) into a record."""
    edition = bundled_edition()
    reading = read_one_form(file, edition.form)
    _refuse_unreadable(file, reading.findings)
    if reading.photo is not None:
        photo_drawer.keep(reading.photo.sha256, reading.photo.data)
    findings = reading.findings + tuple(
        found
        for found in check_record(
            reading.record, edition.form, source=file.name, industry_classes=edition.industry_classes
        )
        if found not in reading.findings
    )
    if as_json:
        print_json(reading.record)
    else:
        _show(reading.record, edition.form)
    say_findings(findings)
    return int(any(found.severity == "block" for found in findings))


@form.command("write")
@click.argument("record_file", metavar="RECORD.json", type=FILE)
@click.option("-o", "--output", type=OUT, required=True, help="The docx to write.")
@click.option(
    "--photo", "photo_file", type=FILE, help="The photo; else it is found by its hash among photos read lately."
)
def form_write(record_file: Path, output: Path, photo_file: Path | None) -> int:
    """Write a record as the official form."""
    spec = bundled_form()
    record = _record(read_json(record_file), spec, record_file)
    photo = photo_file.read_bytes() if photo_file else _photo_of(record)
    _write(output, write_form(record, spec, photo=photo))
    return 0


def _photo_of(record: Record) -> bytes | None:
    described = record.get("photo")
    if not isinstance(described, dict) or "sha256" not in described:
        return None
    found = photo_drawer.find(str(described["sha256"]))
    if found is None:
        click.echo("jiangbang: the record names a photo that is not at hand; give it with --photo", err=True)
    return found


@click.group()
def roster() -> None:
    """Read and write a roster."""


@roster.command("read")
@click.argument("file", type=FILE)
@json_option
def roster_read(file: Path, as_json: bool) -> int:
    """Read a roster (xlsx, xls, et, docx) into rows."""
    spec = bundled_form()
    reading = read_one_roster(file, spec)
    if not reading.rows:
        _refuse_unreadable(file, reading.findings)
    if as_json:
        print_json(
            {
                "source": reading.source,
                "unit": reading.unit,
                "rows": [
                    {"row": row.number, **row.record, "title_and_skill": row.title_and_skill} for row in reading.rows
                ],
            }
        )
    else:
        click.echo(f"{reading.unit or '—'}: {len(reading.rows)}")
        for row in reading.rows:
            click.echo(f"{row.number:>4}  {row.record.get('name')}  {row.record.get('employer_and_position')}")
    say_findings(reading.findings)
    return int(any(found.severity == "block" for found in reading.findings))


@roster.command("write")
@click.argument("records_file", metavar="RECORDS.json", type=FILE)
@click.option("-o", "--output", type=OUT, required=True, help="The xlsx or docx to write.")
@click.option("--unit", default=None, help="The reporting unit; else the one in the file.")
def roster_write(records_file: Path, output: Path, unit: str | None) -> int:
    """Write records as the official roster."""
    kind = output.suffix.lower().lstrip(".")
    if kind not in ("xlsx", "docx"):
        raise click.ClickException(f"{output}: a roster is written as .xlsx or .docx")
    spec = bundled_form()
    document = read_json(records_file)
    named = document.get("unit") if isinstance(document, dict) else None
    rows = document.get("rows") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise click.ClickException(f"{records_file} holds no list of records")
    records = [_record(row, spec, records_file) for row in rows]
    _write(output, write_roster(records, spec, unit=unit or named or "", kind="xlsx" if kind == "xlsx" else "docx"))
    return 0


def _record(document: Any, spec: FormSpec, path: Path) -> Record:
    """A record from JSON: unknown keys are refused, absent ones are null."""
    if not isinstance(document, dict):
        raise click.ClickException(f"{path} holds no record: a JSON object is expected")
    known = {field.key for field in spec}
    unknown = set(document) - known - {"row", "title_and_skill"}
    if unknown:
        raise click.ClickException(f"{path}: unknown field {', '.join(sorted(unknown))}")
    for field in spec:
        if not _fits(field, document.get(field.key)):
            raise click.ClickException(f"{path}: the field {field.key} holds a value of the wrong kind")
    record = {**spec.empty_record(), **{key: value for key, value in document.items() if key in known}}
    joint = document.get("title_and_skill")
    if isinstance(joint, str) and not record.get("professional_title") and not record.get("skill_level"):
        # a roster's joint column, read by `roster read`, is written back as it stood
        record["professional_title"] = joint
    return record


def _fits(field: FieldSpec, value: Any) -> bool:
    """Whether a JSON value can stand in this field. What a reader could not normalise is text in any field of text or number."""
    if value is None:
        return True
    if field.kind == "items":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if field.kind == "image":
        return isinstance(value, dict)
    if field.kind == "opinions":
        return isinstance(value, dict) and all(isinstance(one, dict) for one in value.values())
    return isinstance(value, str) or (field.kind == "integer" and type(value) is int)


def _refuse_unreadable(file: Path, findings: tuple[Finding, ...]) -> None:
    for found in findings:
        if found.code in UNREADABLE:
            raise click.ClickException(f"{file.name}: {found.message()}")


def _write(output: Path, data: bytes) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from None


def _show(record: Record, spec: FormSpec) -> None:
    for field in spec:
        value = record[field.key]
        if isinstance(value, list):
            value = "；".join(map(str, value))
        elif isinstance(value, dict):
            value = "、".join(f"{key} {inner}" for key, inner in value.items())
        click.echo(f"{field.label}：{'' if value is None else value}")
