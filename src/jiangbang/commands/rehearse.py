"""`jiangbang rehearse`: a synthetic edition through the acts, from the packets to the titles."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from jiangbang.commands.ready import make_ready
from jiangbang.commands.speaking import json_option, print_json, progress_bar

if TYPE_CHECKING:
    from jiangbang.rehearsal.stages import Summary
    from jiangbang.rehearsal.whole import Until

# More than any edition has seen; beyond it synthetic identity numbers would repeat.
MOST = 32_000
# back to the first column, and clear the line
CLEAR = "\r\x1b[2K"
LATER = ("shortlist", "consultation", "decision", "notice", "conferral", "archive", "next")


@click.command()
@click.option("--dossiers", required=True, type=click.IntRange(1, MOST), help="How many people are recommended.")
@click.option("--seed", required=True, type=int, help="The same seed gives the same people and papers.")
@click.option("--edition", "edition_name", help="The edition; the default one where none is named. It must be empty.")
@click.option(
    "--until",
    type=click.Choice(["nomination", *LATER]),
    help="After which stage to stop; the last one, or the nomination with --edition. Beyond it a practice edition is loaded.",
)
@json_option
def rehearse(dossiers: int, seed: int, edition_name: str | None, until: str | None, as_json: bool) -> int:
    """Rehearse a whole programme with synthetic people, through the same acts as a real one, from the packets to the next edition."""
    until = until or ("nomination" if edition_name else LATER[-1])
    if until != "nomination":
        if edition_name:
            raise click.UsageError("--until runs in a practice edition of the default one: leave --edition out")
        return _whole(dossiers, seed, until, as_json)  # type: ignore[arg-type]
    make_ready()
    from jiangbang.programme.queries import find_edition  # noqa: PLC0415 — models exist only after django.setup()
    from jiangbang.rehearsal.stages import CannotRehearseError, rehearse_recommendation  # noqa: PLC0415

    edition = find_edition(edition_name) if edition_name else None
    if edition_name and edition is None:
        raise click.ClickException(f"there is no edition {edition_name}; see `jiangbang programme load`")
    try:
        with progress_bar("rehearsal") as bar:
            summary = rehearse_recommendation(
                dossiers=dossiers, seed=seed, say=lambda _sentence: None, progress=bar, edition=edition
            )
    except CannotRehearseError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"the rehearsal stopped: {error.strerror or error}") from None
    if as_json:
        print_json(summary.as_json())
    else:
        _show(summary)
    return 0 if summary.register_whole else 1


def _whole(dossiers: int, seed: int, until: Until, as_json: bool) -> int:
    make_ready()
    from jiangbang.register.acts import Refused  # noqa: PLC0415 — models exist only after django.setup()
    from jiangbang.register.verification import verify_register  # noqa: PLC0415
    from jiangbang.rehearsal.stages import CannotRehearseError  # noqa: PLC0415
    from jiangbang.rehearsal.whole import rehearse_programme  # noqa: PLC0415

    started, steps = time.perf_counter(), []

    def say(sentence: object) -> None:
        passed = round(time.perf_counter() - started, 1)
        steps.append({"seconds": passed, "said": str(sentence)})
        if not as_json:
            # on a terminal the sentence takes the place of the bar
            click.echo(f"{CLEAR if sys.stderr.isatty() else ''}{passed:7.1f} s  {sentence}")

    try:
        with progress_bar("rehearsal") as bar:
            edition = rehearse_programme(dossiers=dossiers, seed=seed, say=say, until=until, progress=bar)
    except (CannotRehearseError, Refused) as error:
        raise click.ClickException(str(error)) from None
    report = verify_register()
    document: dict[str, Any] = {
        "edition": edition.key,
        "seed": seed,
        "people": dossiers,
        "stage": until,
        "seconds": round(time.perf_counter() - started, 2),
        "steps": steps,
        "register_size": report.size,
        "register_root": report.root,
        "register_whole": not report.problems,
    }
    if as_json:
        print_json(document)
    else:
        whole = "whole" if document["register_whole"] else "ALTERED"
        click.echo(
            f"{edition.key}: {until} reached in {document['seconds']} s; register {whole}, {report.size} entries"
        )
    return 0 if document["register_whole"] else 1


def _show(summary: Summary) -> None:
    click.echo(f"{summary.edition}, seed {summary.seed}: this rehearsal reaches the recommendation stage.")
    click.echo(f"  people      {summary.people} from {summary.units} units")
    twice = f", {summary.already_received} sent a second time and recognised" if summary.already_received else ""
    click.echo(f"  packets     {summary.packets}, of which {summary.corrected} corrected{twice}")
    click.echo(f"  dossiers    {summary.accepted} accepted, {summary.waiting} waiting, {summary.superseded} superseded")
    click.echo("  findings    " + ", ".join(f"{code} {count}" for code, count in summary.findings.items()))
    click.echo(
        f"  register    {summary.register_size} entries, {'whole' if summary.register_whole else 'ALTERED'}, root {summary.register_root}"
    )
    click.echo(f"  seconds     {summary.seconds}")
