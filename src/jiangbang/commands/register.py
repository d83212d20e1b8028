"""`jiangbang register verify` and `jiangbang register export`; what an outsider calls, witness and proof, lies beside."""

from __future__ import annotations

from pathlib import Path

import click

from jiangbang.commands.ready import make_ready
from jiangbang.commands.register_proof import register_proof
from jiangbang.commands.speaking import json_option, print_json, progress_bar
from jiangbang.commands.witness import register_witness


@click.group()
def register() -> None:
    """Check and export the append-only register."""


@register.command("verify")
@json_option
def register_verify(as_json: bool) -> int:
    """Recompute the whole register; exit 1 when anything in it was altered."""
    make_ready()
    from jiangbang.register.verification import verify_register  # noqa: PLC0415 — models exist only after django.setup()

    with progress_bar("register") as bar:
        report = verify_register(bar)
    if as_json:
        print_json(report.as_json())
    else:
        click.echo(f"{'whole' if report.whole else 'ALTERED'}: {report.size} entries, root {report.root}")
        for problem in report.problems:
            click.echo(f"✗ {problem}")
    return 0 if report.whole else 1


@register.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def register_export(directory: Path) -> int:
    """Write entries, checkpoint and key for an outsider to check."""
    make_ready()
    from jiangbang.register.export import export_register  # noqa: PLC0415

    try:
        count = export_register(directory)
    except OSError as error:
        raise click.ClickException(f"{directory}: {error.strerror}") from None
    click.echo(f"{count} entries in {directory}")
    return 0


register.add_command(register_witness)
register.add_command(register_proof)
