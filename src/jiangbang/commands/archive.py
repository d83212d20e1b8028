"""`jiangbang archive make` and `jiangbang archive verify`."""

from __future__ import annotations

import importlib.resources
import runpy
import zipfile
from pathlib import Path

import click

from jiangbang.commands.ready import make_ready
from jiangbang.commands.speaking import json_option, print_json, progress_bar


@click.group()
def archive() -> None:
    """Make and check the archive of an edition."""


@archive.command("make")
@click.argument("edition_name", metavar="EDITION")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A new file, .zip."
)
@click.option(
    "--full", is_flag=True, help="With every dossier in clear and every packet: for the office's archive room."
)
@json_option
def archive_make(edition_name: str, output: Path, full: bool, as_json: bool) -> int:
    """Write the archive of an edition. The register keeps the hash of its list of files."""
    make_ready()
    from jiangbang.accounts.acts import console_account  # noqa: PLC0415 — models exist only after django.setup()
    from jiangbang.archive.archiving import note_taken_archive  # noqa: PLC0415
    from jiangbang.archive.building import build_archive, files_of  # noqa: PLC0415
    from jiangbang.programme.queries import find_edition  # noqa: PLC0415
    from jiangbang.register.acts import Refused  # noqa: PLC0415

    edition = find_edition(edition_name)
    if edition is None:
        raise click.ClickException(f"there is no edition {edition_name}; see `jiangbang programme load`")
    if output.exists():
        raise click.ClickException(f"{output} exists; give another name")
    draft = output.with_name(f".{output.name}.part")
    try:
        # personal fields are in a full one: nobody but its owner reads it
        draft.touch(mode=0o600)
        with progress_bar("files") as bar:
            total = files_of(edition, full=full)
            built = build_archive(edition, draft, full=full, progress=lambda done: bar(min(done, total), total))
        note_taken_archive(edition, built, full=full, by=console_account())
        draft.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror or error}") from None
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    finally:
        draft.unlink(missing_ok=True)
    told = {"file": str(output), "files": built.files, "size": built.size, "manifest": built.manifest, "full": full}
    if as_json:
        print_json(told)
    else:
        click.echo(f"{output}: {built.files} files, {built.size} bytes, manifest {built.manifest}")
    return 0


@archive.command("verify")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@json_option
def archive_verify(path: Path, as_json: bool) -> int:
    """Check an archive, packed or unpacked, with the script that lies in every archive; exit 1 when anything was altered."""
    script = importlib.resources.files("jiangbang.archive") / "data" / "verify.py"
    check = runpy.run_path(str(script))["check"]
    try:
        faults = list(check(path.resolve()))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise click.ClickException(f"{path} is no archive of an edition") from None
    if as_json:
        print_json({"whole": not faults, "faults": faults})
    else:
        for fault in faults:
            click.echo(f"✗ {fault}")
        click.echo("ALTERED" if faults else "whole")
    return 1 if faults else 0
