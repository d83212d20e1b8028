"""`jiangbang up`: migrate, load the bundled programme, make the first account, start web and worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import datetime, time, timedelta

import click

from jiangbang.commands.ready import make_ready
from jiangbang.commands.web import first_account, granian_arguments, real_accounts

# Jobs done at the same time: a long packet must not hold up the mail.
JOBS = 2
# Linux ends the server when we are killed, so that no orphan keeps the port (prctl 1 = PR_SET_PDEATHSIG, 15 = SIGTERM).
END_WITH_PARENT = """\
import ctypes, os, sys
prctl = getattr(ctypes.CDLL(None), "prctl", None)
if prctl:
    prctl(1, 15)
os.execv(sys.executable, [sys.executable, "-m", "granian", *sys.argv[1:]])
"""
DEMO_DOSSIERS = 180
DEMO_SEED = 2023
# the edition whose review is rehearsed, and how many stand in it
REVIEWED_EDITION = "hangzhou-digital-craftsman/2024"
DEMO_REVIEWED = 80
# how many stand in the practice edition, whose leading group is voting
DEMO_PRACTISED = 40
# and in the one whose result stands before the public
DEMO_NOTICED = 30
# and those of the edition whose titles are conferred
DEMO_CONFERRED = 24


@click.command()
@click.option("--demo", is_flag=True, help="Fill the home with a synthetic recommendation stage and show its accounts.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def up(demo: bool, host: str, port: int) -> int:
    """Start Jiangbang: one command, one home, no other service."""
    if demo:
        os.environ["JIANGBANG_DEMO"] = "1"
    _allow_host(host)
    if "JIANGBANG_ORIGINS" not in os.environ:
        # links in messages lead to where this server is
        os.environ.setdefault("JIANGBANG_URL", f"http://{host}:{port}")
    _refuse_taken_port(host, port)
    make_ready()
    from jiangbang.accounts.demonstration import PASSWORD  # noqa: PLC0415 — after django.setup()
    from jiangbang.web.collecting import collect_static  # noqa: PLC0415

    collect_static()
    if demo:
        _demonstration_accounts()
        _fill()
        click.echo(f"Sign in as organiser / {PASSWORD}; the sign-in page lists the other accounts.")
    elif first := first_account():
        password, note = first
        click.echo(f"First account: organiser / {password}  (also in {note}; change it after signing in)")
    stop = threading.Event()
    worker = _start_worker(stop)
    click.echo(f"Jiangbang is at http://{host if host != '0.0.0.0' else '127.0.0.1'}:{port}/  (stop with Ctrl+C)")  # noqa: S104
    try:
        return _serve(host, port)
    finally:
        stop.set()
        worker.join(timeout=10)


def _allow_host(host: str) -> None:
    """Whoever names an address wants to be called by it; "every address" has no name, so the operator gives the names."""
    if "JIANGBANG_HOSTS" in os.environ or host in ("127.0.0.1", "localhost"):
        return
    if host in ("0.0.0.0", "::"):  # noqa: S104 — compared, not bound
        click.echo(
            "Set JIANGBANG_HOSTS to the names under which this machine is called, such as jiangbang.example.", err=True
        )
        return
    os.environ["JIANGBANG_HOSTS"] = f"127.0.0.1,localhost,[::1],{host}"


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} cannot be used ({error.strerror}); choose another with --port"
            ) from None


def _demonstration_accounts() -> None:
    from jiangbang.accounts.acts import create_account  # noqa: PLC0415
    from jiangbang.accounts.demonstration import DEMO_ACCOUNTS  # noqa: PLC0415
    from jiangbang.accounts.models import User  # noqa: PLC0415

    if real_accounts().exclude(username__in=[account.username for account in DEMO_ACCOUNTS]).exists():
        raise click.ClickException(
            "this home holds real accounts; a demonstration has known passwords and wants a home of its own: "
            "JIANGBANG_HOME=/tmp/demo jiangbang up --demo"
        )
    for account in DEMO_ACCOUNTS:
        if not User.objects.filter(username=account.username).exists():
            create_account(
                account.username,
                role=account.role,
                password=account.password,
                display_name=account.display_name,
                edition=account.edition,
                scope=account.scope,
            )


def _fill() -> None:
    from jiangbang.nomination.models import Packet  # noqa: PLC0415

    if Packet.objects.exists():
        return
    from jiangbang.rehearsal.stages import rehearse_recommendation  # noqa: PLC0415

    rehearse_recommendation(dossiers=DEMO_DOSSIERS, seed=DEMO_SEED, say=click.echo)
    _fill_workspace()
    _fill_draft()
    _fill_lists()
    _fill_review()
    _fill_decision()
    _fill_notice()


def _fill_notice() -> None:
    """Two more practice editions: the result of one stands before the public, with objections at every stage; the titles of the other are
    conferred, half of them handed over, most of its people agree to be shown, and the edition after it is made."""
    from jiangbang.accounts.models import User  # noqa: PLC0415
    from jiangbang.programme.queries import default_edition  # noqa: PLC0415
    from jiangbang.rehearsal import practice  # noqa: PLC0415
    from jiangbang.rehearsal.benefits import rehearse_benefits  # noqa: PLC0415
    from jiangbang.rehearsal.clock import stand_at  # noqa: PLC0415
    from jiangbang.rehearsal.conferral import rehearse_conferral  # noqa: PLC0415
    from jiangbang.rehearsal.notice import rehearse_notice  # noqa: PLC0415
    from jiangbang.rehearsal.publicity import rehearse_publicity  # noqa: PLC0415
    from jiangbang.rehearsal.succession import rehearse_next  # noqa: PLC0415
    from jiangbang.rehearsal.whole import rehearse_whole  # noqa: PLC0415

    like = default_edition()
    office, colleague = (User.objects.filter(username=name).first() for name in ("organiser", "colleague"))
    if like is None or office is None or colleague is None:
        return
    for place, (slug, dossiers) in enumerate(((practice.NOTICED, DEMO_NOTICED), (practice.CONFERRED, DEMO_CONFERRED))):
        edition = practice.load_practice(like, by=office, slug=slug)
        edition = rehearse_whole(edition, dossiers=dossiers, seed=DEMO_SEED + 3 + place, by=office, say=click.echo)
        edition = stand_at(edition, practice.at("notice"), by=office)
        notice = rehearse_notice(edition, by=office, publisher=colleague, seed=DEMO_SEED, say=click.echo)
        if slug == practice.CONFERRED:
            edition = rehearse_conferral(notice, by=office, say=click.echo)
            rehearse_publicity(edition, by=office, reviewer=colleague, say=click.echo)
            rehearse_benefits(edition, by=office, say=click.echo)
            rehearse_next(edition, by=office, say=click.echo)


def _fill_decision() -> None:
    """The practice edition stands in a meeting of the leading group with an open round, so that office and member find it at work."""
    from jiangbang.accounts.models import User  # noqa: PLC0415
    from jiangbang.programme.queries import default_edition  # noqa: PLC0415
    from jiangbang.rehearsal import practice  # noqa: PLC0415
    from jiangbang.rehearsal.clock import stand_at  # noqa: PLC0415
    from jiangbang.rehearsal.decision import rehearse_decision  # noqa: PLC0415
    from jiangbang.rehearsal.whole import rehearse_whole  # noqa: PLC0415

    like, office = default_edition(), User.objects.filter(username="organiser").first()
    if like is not None and office is not None:
        edition = practice.load_practice(like, by=office)
        edition = rehearse_whole(
            edition, dossiers=DEMO_PRACTISED, seed=DEMO_SEED + 2, by=office, say=click.echo, until="consultation"
        )
        edition = stand_at(edition, practice.at("decision"), by=office)
        rehearse_decision(edition, by=office, seed=DEMO_SEED, say=click.echo, until="voting")


def _fill_review() -> None:
    """The second edition's review, so that chief and expert find their pages at work."""
    from jiangbang.accounts.models import User  # noqa: PLC0415
    from jiangbang.programme.queries import find_edition  # noqa: PLC0415
    from jiangbang.rehearsal.clock import stand_at  # noqa: PLC0415
    from jiangbang.rehearsal.review import rehearse_review  # noqa: PLC0415

    edition = find_edition(REVIEWED_EDITION)
    office, expert = (User.objects.filter(username=name).first() for name in ("organiser", "expert"))
    if edition is not None and office is not None:
        seed = DEMO_SEED + 1
        rehearse_review(
            edition, dossiers=DEMO_REVIEWED, seed=seed, by=office, say=click.echo, expert=expert, until="judging"
        )
        stage = next(one for one in edition.spec.stages if one.key == "review")
        stand_at(edition, datetime.combine(stage.closes, time(9), edition.zone) - timedelta(days=5), by=office)


def _fill_workspace() -> None:
    """The unit that the demonstration has an account for works in the browser."""
    from jiangbang.accounts.models import Role, User  # noqa: PLC0415
    from jiangbang.programme.queries import default_edition  # noqa: PLC0415
    from jiangbang.rehearsal.workspace import rehearse_workspace  # noqa: PLC0415

    edition = default_edition()
    unit = User.objects.filter(username="unit", memberships__role=Role.UNIT).first()
    if edition is None or unit is None:
        return
    code = unit.memberships.get(role=Role.UNIT).scope
    office = User.objects.get(username="organiser")
    rehearse_workspace(edition, edition.spec.unit(code), seed=DEMO_SEED, by=unit, office=office, say=click.echo)


def _fill_draft() -> None:
    """The candidate that the demonstration has an account for is in the middle of the form."""
    from jiangbang.accounts.models import Role, User  # noqa: PLC0415
    from jiangbang.programme.queries import default_edition  # noqa: PLC0415
    from jiangbang.rehearsal.draft import rehearse_draft  # noqa: PLC0415

    edition = default_edition()
    candidate, unit = (User.objects.filter(username=name).first() for name in ("candidate", "unit"))
    if edition is not None and candidate is not None and unit is not None:
        code = unit.memberships.get(role=Role.UNIT).scope
        rehearse_draft(edition, edition.spec.unit(code), candidate=candidate, seed=DEMO_SEED, by=unit)


def _fill_lists() -> None:
    """The lists with which the office checks marks and earlier titles."""
    from jiangbang.accounts.models import User  # noqa: PLC0415
    from jiangbang.programme.queries import default_edition  # noqa: PLC0415
    from jiangbang.rehearsal.lists import rehearse_lists  # noqa: PLC0415

    edition = default_edition()
    if edition is not None:
        rehearse_lists(edition, seed=DEMO_SEED, by=User.objects.get(username="organiser"), say=click.echo)


def _start_worker(stop: threading.Event) -> threading.Thread:
    from jiangbang.queue.worker import work_forever  # noqa: PLC0415

    worker = threading.Thread(target=work_forever, args=(stop,), kwargs={"threads": JOBS}, name="queue", daemon=True)
    worker.start()
    return worker


def _serve(host: str, port: int) -> int:
    """granian in a process of its own, with bounded threads; ends when it ends, and takes it along when we are told to stop."""
    server = subprocess.Popen(  # noqa: S603 — our own interpreter, our own arguments
        [sys.executable, "-c", END_WITH_PARENT, *granian_arguments(host, port)],
        # Ctrl+C goes to a terminal's whole foreground group: granian would get it twice, and then never ends
        start_new_session=True,
    )

    def pass_on(_number: int, _frame: object) -> None:
        server.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    status = server.wait()
    return 0 if status in (0, -signal.SIGINT, -signal.SIGTERM, 130, 143) else 2
