"""`jiangbang backup` and `jiangbang restore`."""

from __future__ import annotations

from pathlib import Path

import click

from jiangbang.commands.ready import make_ready, wake
from jiangbang.commands.speaking import json_option, print_json, progress_bar

passphrase_option = click.option(
    "--passphrase",
    envvar="JIANGBANG_KEYS_PASSPHRASE",
    help="Of the file with the keys; asked for where it is not given (better: JIANGBANG_KEYS_PASSPHRASE).",
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--keys",
    type=click.Path(path_type=Path),
    help="Also write the keys to this file, under a passphrase. Keep it elsewhere.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Take no copy: read every byte of one (FOLDER, or the newest in it) and say whether it is whole.",
)
@passphrase_option
@json_option
def backup(folder: Path, keys: Path | None, check: bool, passphrase: str | None, as_json: bool) -> int:
    """Take a copy of everything but the keys into a dated folder of FOLDER, while the house works. Exit 1 when a checked one is damaged."""
    if check:
        return _check(folder, as_json)
    make_ready()
    from django.conf import settings  # noqa: PLC0415 — settings and models exist only after django.setup()

    from jiangbang.backup.keys import keep_keys  # noqa: PLC0415
    from jiangbang.backup.manifest import CopyError, read_manifest  # noqa: PLC0415
    from jiangbang.backup.taking import take_copy  # noqa: PLC0415

    try:
        with progress_bar("copy") as bar:
            made = take_copy(folder, progress=bar)
        kept = keep_keys(Path(settings.JIANGBANG_HOME), keys, _passphrase(passphrase, new=True)) if keys else 0
    except CopyError as error:
        raise click.ClickException(str(error)) from None
    manifest = read_manifest(made)
    if as_json:
        print_json({"copy": str(made), "files": manifest.files, "register": manifest.register_size, "keys": kept})
        return 0
    size = (manifest.files_bytes + manifest.database_bytes) / 1024**2
    click.echo(f"{made}: database, {manifest.files} files, {size:.1f} MB, {manifest.register_size} register entries")
    if keys:
        click.echo(f"{keys}: {kept} keys under the passphrase. Keep it apart from the copies.")
    else:
        click.echo("The keys are not in it: without them nobody can read the copy. See --keys.")
    return 0


def _check(folder: Path, as_json: bool) -> int:
    wake()
    from jiangbang.backup.manifest import MANIFEST, CopyError, check_copy  # noqa: PLC0415
    from jiangbang.backup.taking import newest_copy  # noqa: PLC0415

    copy = folder if (folder / MANIFEST).is_file() else newest_copy(folder)
    try:
        if copy is None:
            raise CopyError(f"{folder} holds no copy")
        with progress_bar("check") as bar:
            wrong = check_copy(copy, progress=bar)
    except CopyError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        print_json({"copy": str(copy), "whole": not wrong, "problems": wrong})
    else:
        click.echo("\n".join(f"✗ {one}" for one in wrong) or f"✓ {copy} is whole")
    return int(bool(wrong))


@click.command()
@click.argument("copy", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--keys", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The file that backup --keys made."
)
@passphrase_option
@json_option
def restore(copy: Path, keys: Path | None, passphrase: str | None, as_json: bool) -> int:
    """Put a copy back into an installation that holds nothing yet, then verify register and files. Exit 1 when something is missing."""
    wake()
    from django.conf import settings  # noqa: PLC0415 — settings and models exist only after django.setup()

    from jiangbang.backup.keys import lay_keys, open_keys  # noqa: PLC0415
    from jiangbang.backup.manifest import CopyError  # noqa: PLC0415
    from jiangbang.backup.restoring import missing_files, put_copy_back  # noqa: PLC0415

    try:
        opened = open_keys(keys, _passphrase(passphrase, new=False)) if keys else {}
        with progress_bar("restore") as bar:
            manifest = put_copy_back(copy, progress=bar)
        lay_keys(opened, Path(settings.JIANGBANG_HOME))
    except CopyError as error:
        raise click.ClickException(str(error)) from None
    make_ready()
    from jiangbang.register.keys import keep_checkpoint  # noqa: PLC0415
    from jiangbang.register.verification import verify_register  # noqa: PLC0415

    report, missing = verify_register(), missing_files()
    if report.whole and manifest.head:
        keep_checkpoint(manifest.head)
    whole = report.whole and not missing
    if as_json:
        print_json({"made_at": manifest.made_at, "register": report.size, "missing": missing, "whole": whole})
        return int(not whole)
    click.echo(f"The copy of {manifest.made_at} is back: {manifest.files} files, {report.size} register entries.")
    for problem in (*report.problems, *(f"the stored file {sha256} is missing" for sha256 in missing)):
        click.echo(f"✗ {problem}")
    click.echo("✓ register and files are whole" if whole else "✗ something is missing; use another copy")
    return int(not whole)


def _passphrase(given: str | None, *, new: bool) -> str:
    return given or str(click.prompt("Passphrase of the keys", hide_input=True, confirmation_prompt=new, err=True))
