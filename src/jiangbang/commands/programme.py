"""`jiangbang programme load`."""

from __future__ import annotations

from pathlib import Path

import click

from jiangbang.commands.ready import make_ready


@click.group()
def programme() -> None:
    """Load programmes as data."""


@programme.command("load")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the difference and change nothing.")
def programme_load(directory: Path, dry_run: bool) -> int:
    """Load every edition in DIRECTORY; loading the same files twice changes nothing."""
    make_ready()
    from jiangbang.accounts.acts import console_account  # noqa: PLC0415 — models exist only after django.setup()
    from jiangbang.programme.acts import compare_programme, load_programme  # noqa: PLC0415
    from jiangbang.programme.bundles import BundleError  # noqa: PLC0415

    try:
        differences = compare_programme(directory) if dry_run else load_programme(directory, by=console_account())
    except BundleError as error:
        raise click.ClickException(str(error)) from None
    for difference in differences:
        if difference.is_empty:
            click.echo(f"{difference.slug}: unchanged")
        elif difference.is_new:
            click.echo(f"{difference.slug}: {'would be new' if dry_run else 'loaded'}")
        else:
            click.echo(f"{difference.slug}: {'would change' if dry_run else 'changed'}")
            for path in difference.changed:
                click.echo(f"  {path}")
    return 0
