"""`jiangbang packet check` and `jiangbang packet receive`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jiangbang.commands.ready import make_ready
from jiangbang.commands.speaking import json_option, language, print_json, progress_bar, say_findings
from jiangbang.papers.judgement import Judgement

PATH = click.Path(exists=True, path_type=Path)
# what is received is kept whole, as it came: a folder would have to be packed by us first
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def packet() -> None:
    """Judge or receive a unit's packet."""


@packet.command("check")
@click.argument("path", type=PATH)
@click.option("--edition", "edition_name", help="The edition; the default one where none is named.")
@click.option("--unit", "unit_name", help="The unit; else as the packet's name or roster says.")
@json_option
def packet_check(path: Path, edition_name: str | None, unit_name: str | None, as_json: bool) -> int:
    """Judge a packet, store nothing of it."""
    judgement = _Desk(edition_name).judged(path, unit_name)
    _answer(judgement, as_json, {})
    return _status(judgement)


@packet.command("receive")
@click.argument("path", type=FILE)
@click.option("--unit", "unit_name", required=True, help="The unit that sent it: code, name or short name.")
@click.option("--edition", "edition_name", help="The edition; the default one where none is named.")
@click.option("--late-reason", default="", help="Why it is accepted after the deadline; kept in the register.")
@json_option
def packet_receive(path: Path, unit_name: str, edition_name: str | None, late_reason: str, as_json: bool) -> int:
    """Judge a packet and keep it: clean dossiers are accepted, blocked ones wait."""
    desk = _Desk(edition_name)
    judgement, extra = desk.received(path, unit_name, late_reason)
    _answer(judgement, as_json, extra)
    return _status(judgement)


class _Desk:
    """An edition ready to judge and receive. Made after Django is set up, hence the late imports."""

    def __init__(self, edition_name: str | None) -> None:
        make_ready()
        from jiangbang.programme.queries import default_edition, find_edition  # noqa: PLC0415 — after django.setup()

        edition = find_edition(edition_name) if edition_name else default_edition()
        if edition is None:
            raise click.ClickException(f"there is no edition {edition_name or ''}; see `jiangbang programme load`")
        self.edition = edition

    def judged(self, path: Path, unit_name: str | None) -> Judgement:
        from jiangbang.nomination.acts import judge_packet  # noqa: PLC0415
        from jiangbang.nomination.intake import unit_hint  # noqa: PLC0415
        from jiangbang.programme.queries import find_unit  # noqa: PLC0415

        reading = self._read(path, keep=False)
        unit = self._unit(unit_name) if unit_name else find_unit(self.edition.spec, unit_hint(reading) or "")
        return judge_packet(reading, edition=self.edition, unit=unit)

    def received(self, path: Path, unit_name: str, late_reason: str) -> tuple[Judgement, dict[str, Any]]:
        from django.db.utils import OperationalError  # noqa: PLC0415
        from django.utils import timezone  # noqa: PLC0415

        from jiangbang.accounts.acts import console_account  # noqa: PLC0415
        from jiangbang.nomination import acts, deadlines, evidence  # noqa: PLC0415
        from jiangbang.register.acts import Refused  # noqa: PLC0415

        unit = self._unit(unit_name)
        by = console_account()
        try:
            # arrival counts, not the end of reading; a rehearsed edition has its own now
            arrived = None if self.edition.spec.clock else timezone.now()
            deadlines.check_deadline(self.edition, arrived or self.edition.now(), by=by, late_reason=late_reason)
            reading = self._read(path, keep=True)
            evidence.keep_file(path, reading.sha256)
            kept, judgement = acts.receive_packet(
                reading, edition=self.edition, unit=unit, by=by, late_reason=late_reason, received_at=arrived
            )
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from None
        except (OSError, OperationalError) as error:
            # SQLite says "database or disk is full" in its own way
            raise click.ClickException(f"nothing was received: {getattr(error, 'strerror', None) or error}") from None
        already = judgement is None
        if judgement is None:
            judgement = acts.judge_packet(reading, edition=self.edition, unit=unit)
        return judgement, {
            "receipt": {
                "number": kept.number,
                "received_at": kept.received_at.isoformat(),
                "accepted": kept.accepted_count,
                "waiting": kept.waiting_count,
                "already_received": already,
            }
        }

    def _read(self, path: Path, *, keep: bool) -> Any:
        from jiangbang.nomination.intake import read_packet  # noqa: PLC0415

        with progress_bar(path.name) as bar:
            return read_packet(path, self.edition.spec.form, name=path.name, keep=keep, progress=bar)

    def _unit(self, name: str) -> Any:
        from jiangbang.programme.queries import find_unit  # noqa: PLC0415

        unit = find_unit(self.edition.spec, name)
        if unit is None:
            known = "、".join(one.short_name for one in self.edition.spec.units)
            raise click.ClickException(f"the edition has no unit “{name}”; it has {known}")
        return unit


def _answer(judgement: Judgement, as_json: bool, extra: dict[str, Any]) -> None:
    if as_json:
        print_json({**judgement.as_json(language()), **extra})
        return
    if "receipt" in extra:
        receipt = extra["receipt"]
        click.echo(f"{receipt['number']}  accepted {receipt['accepted']}, waiting {receipt['waiting']}")
        if receipt["already_received"]:
            click.echo("The same bytes were received before; nothing was changed.")
    click.echo(f"{judgement.verdict}: {len(judgement.dossiers)} dossiers")
    say_findings(judgement.findings, err=False)
    for dossier in judgement.dossiers:
        worth_saying = [found for found in dossier.findings if found.severity != "note"]
        if worth_saying:
            click.echo(f"{dossier.record.get('name') or '—'}  {dossier.source or '—'}")
            say_findings(worth_saying, err=False)


def _status(judgement: Judgement) -> int:
    if judgement.verdict == "unreadable":
        reasons = [found.message(language()) for found in judgement.findings if found.severity == "block"]
        raise click.ClickException(reasons[0] if reasons else "the packet holds neither a form nor a roster")
    return 0 if judgement.verdict == "clean" else 1
