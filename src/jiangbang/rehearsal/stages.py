"""Rehearsing the recommendation stage: synthetic people's real papers, brought in through the acts.

The only short cut is the post: packets are written into a temporary folder instead of being mailed. Reading in the child process,
evidence, judging, receiving and the register are the ones of the real thing.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, Protocol

from django.db.models import Count

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination import acts, evidence
from jiangbang.nomination.intake import PacketReading, read_packet
from jiangbang.nomination.models import Dossier, Packet
from jiangbang.papers.judgement import Judgement
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import default_edition
from jiangbang.register.acts import Refused
from jiangbang.register.verification import verify_register
from jiangbang.rehearsal.faults import Slip, mended, spoil
from jiangbang.rehearsal.likenesses import with_likeness
from jiangbang.rehearsal.papers import PacketPapers, packet_archive
from jiangbang.rehearsal.people import SyntheticPerson, make_people
from jiangbang.rehearsal.plan import FAULT_RATE, Visit, plan_stage

ACCOUNT: Final = "rehearsal"
# Packets being made and read at once while one is received. Each holds its people in memory: tens of megabytes.
_AHEAD: Final = 3


class CannotRehearseError(Exception):
    """This edition cannot be rehearsed. The message is one sentence for the person who asked."""


class Bar(Protocol):
    """Told how many packets are done."""

    def __call__(self, done: int, total: int, current: str = "") -> None: ...


@dataclass(slots=True)
class Summary:
    """What a rehearsal did. `findings` counts codes over everything that was judged; the other figures are the edition's at the end."""

    edition: str
    seed: int
    people: int
    stage: str = "nomination"
    packets: int = 0
    corrected: int = 0
    already_received: int = 0
    units: int = 0
    accepted: int = 0
    waiting: int = 0
    superseded: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    register_size: int = 0
    register_root: str = ""
    register_whole: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def rehearse_recommendation(
    *,
    dossiers: int,
    seed: int,
    say: Callable[[str], object],
    progress: Bar | None = None,
    edition: Edition | None = None,
    fault_rate: float = FAULT_RATE,
) -> Summary:
    """Let so many people be recommended in an edition that has received nothing yet, then verify the register.

    The same seed gives the same people, papers and arrivals; keys, salts and the register's times are the installation's own. A
    third of the faulty packets are corrected afterwards, one packet is sent twice, some units have not begun.

    Raises CannotRehearseError when there is no edition, when it holds packets, or when it runs on the real clock.
    """
    started = time.perf_counter()
    edition = edition or default_edition()
    if edition is None:
        raise CannotRehearseError("there is no edition; load one with `jiangbang programme load`")
    visits = _planned(edition, dossiers, seed, fault_rate)
    by = rehearsal_account()
    summary = Summary(edition.key, seed, dossiers)
    codes: Counter[str] = Counter()
    say(f"Rehearsing the recommendation of {dossiers} synthetic people, seed {seed} …")
    with tempfile.TemporaryDirectory(prefix="jiangbang-rehearsal-") as folder:
        for done, (visit, reading) in enumerate(_readings(visits, edition.spec, seed, Path(folder)), 1):
            judgement = _receive(visit, reading, edition, by)
            _count(summary, codes, visit, judgement)
            if progress:
                progress(done, len(visits), reading.file_name)
    summary.findings = dict(sorted(codes.items(), key=lambda item: (-item[1], item[0])))
    _close(summary, edition)
    summary.seconds = round(time.perf_counter() - started, 2)
    say(
        f"{summary.packets} packets received: {summary.accepted} dossiers accepted, {summary.waiting} wait for correction; "
        "this rehearsal reaches the recommendation stage."
    )
    return summary


def _planned(edition: Edition, dossiers: int, seed: int, fault_rate: float) -> list[Visit]:
    if edition.spec.clock is None:
        raise CannotRehearseError(
            f"the edition {edition.key} runs on the real clock, and what the register holds stays there: rehearse in an edition "
            "with a `clock` in its calendar"
        )
    if Packet.objects.filter(edition=edition).exists():
        raise CannotRehearseError(
            f"the edition {edition.key} holds packets already; rehearse in a home of its own (JIANGBANG_HOME=…) or in another edition"
        )
    try:
        return plan_stage(edition.spec, dossiers, seed=seed, fault_rate=fault_rate)
    except ValueError as error:
        raise CannotRehearseError(str(error)) from None


def rehearsal_account(name: str = ACCOUNT) -> User:
    """In whose name it is done: an organiser's account with which nobody can sign in."""
    found = User.objects.filter(username=name).first()
    return found or create_account(name, role=Role.ORGANISER, password=None, display_name="演练")


def _readings(visits: list[Visit], spec: EditionSpec, seed: int, folder: Path) -> Iterator[tuple[Visit, PacketReading]]:
    """Make and read the packets a few ahead of the receiving, in the order of arrival. Threads touch files, never the database."""
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="rehearsal") as pool:
        ahead: list[Future[PacketReading]] = []
        for at in range(len(visits)):
            while len(ahead) < _AHEAD and at + len(ahead) < len(visits):
                ahead.append(pool.submit(_made_and_read, visits[at + len(ahead)], spec, seed, folder))
            try:
                yield visits[at], ahead.pop(0).result()
            except BaseException:
                for waiting in ahead:
                    waiting.cancel()
                raise


def _made_and_read(visit: Visit, spec: EditionSpec, seed: int, folder: Path) -> PacketReading:
    """The packet as a file, its bytes kept as evidence, read in a child process."""
    mailbag = Path(tempfile.mkdtemp(dir=folder))
    path = mailbag / visit.file_name
    path.write_bytes(packet_archive(packet_slips(visit, spec, seed), spec.form, _make_up(visit)))
    reading = read_packet(path, spec.form, name=path.name, keep=True)
    evidence.keep_file(path, reading.sha256)
    path.unlink()
    mailbag.rmdir()
    return reading


def packet_slips(visit: Visit, spec: EditionSpec, seed: int) -> list[Slip]:
    """Who stands in this packet, and with which faults."""

    def people(start: int, count: int) -> list[SyntheticPerson]:
        return make_people(
            count,
            seed=seed,
            form=spec.form,
            classes=spec.industry_classes,
            signed=visit.signed,
            year=spec.deadline.year,
            start=start,
        )

    slips: list[Slip] = []
    for place, made in enumerate(people(visit.start, visit.count)):
        person = with_likeness(made, visit.start + place, lambda number: people(number, 1)[0])
        dice = Random(f"jiangbang fault {seed} {visit.start + place}")  # noqa: S311 — a rehearsal
        slips += spoil(person, visit.faults.get(place), dice)
    if visit.borrowed is not None:
        slips[-1] = Slip.right(people(visit.borrowed, 1)[0])
    return mended(slips) if visit.kind == "corrected" else slips


def _make_up(visit: Visit) -> PacketPapers:
    return PacketPapers(
        unit_name=visit.unit.name,
        folder=Path(visit.file_name).stem,
        roster=visit.roster,
        names=visit.names,
        litter=visit.names == "gb18030",
    )


def _receive(visit: Visit, reading: PacketReading, edition: Edition, by: User) -> Judgement | None:
    try:
        _packet, judgement = acts.receive_packet(reading, edition=edition, unit=visit.unit, by=by, received_at=visit.at)
    except Refused as refusal:
        raise CannotRehearseError(f"{reading.file_name} was refused: {refusal}") from None
    return judgement


def _count(summary: Summary, codes: Counter[str], visit: Visit, judgement: Judgement | None) -> None:
    if judgement is None:
        summary.already_received += 1
        return
    summary.corrected += visit.kind == "corrected"
    codes.update(finding.code for finding in judgement.findings)
    for dossier in judgement.dossiers:
        codes.update(finding.code for finding in dossier.findings)


def _close(summary: Summary, edition: Edition) -> None:
    """The edition's figures as they stand in the database, and the register checked from its first entry."""
    states = dict(Dossier.objects.filter(edition=edition).values_list("state").annotate(Count("pk")))
    summary.accepted = states.get(Dossier.State.ACCEPTED, 0)
    summary.waiting = states.get(Dossier.State.WAITING, 0)
    summary.superseded = states.get(Dossier.State.SUPERSEDED, 0)
    packets = Packet.objects.filter(edition=edition)
    summary.packets = packets.count()
    summary.units = packets.values("unit_code").distinct().count()
    report = verify_register()
    summary.register_size, summary.register_root, summary.register_whole = report.size, report.root, report.whole
