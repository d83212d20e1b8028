"""`jiangbang web`: the pages alone, as a service runs them; `jiangbang work` does what is to be done later."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiangbang.commands.handed_over import handed_over
from jiangbang.commands.ready import make_ready

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jiangbang.accounts.models import User

# One page takes one thread for tens of milliseconds; each thread holds one database connection.
THREADS = 4
APPLICATION = "jiangbang.wsgi:application"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def web(host: str, port: int) -> int:
    """Serve the pages; nothing else. Where systemd hands over a socket, that one; else --host and --port."""
    make_ready()
    from jiangbang.web.collecting import collect_static  # noqa: PLC0415 — after django.setup()

    collect_static()
    if first := first_account():
        # not the password: what a service says is kept in the journal
        click.echo(f"First account: organiser; its password lies in {first[1]}: sign in, change it, delete the file")
    server = ["jiangbang.commands.handed_over"] if handed_over() else ["granian", *granian_arguments(host, port)]
    sys.stdout.flush()
    # in place: whoever watches over this process watches over the server
    os.execv(sys.executable, [sys.executable, "-m", *server])  # noqa: S606 — our own interpreter, our own arguments


def granian_arguments(host: str, port: int) -> list[str]:
    """What granian's command line is given: bounded threads, no web sockets, only warnings."""
    return [
        *("--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", os.environ.get("JIANGBANG_WORKERS", "1")),
        *("--blocking-threads", os.environ.get("JIANGBANG_THREADS", str(THREADS))),
        *("--no-ws", "--log-level", "warning", APPLICATION),
    ]


def real_accounts() -> QuerySet[User]:
    """Accounts that can sign in with a password."""
    from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX  # noqa: PLC0415 — after django.setup()

    from jiangbang.accounts.models import User  # noqa: PLC0415

    return User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def first_account() -> tuple[str, Path] | None:
    """Give an installation without accounts one organiser. Returns the password and the file of the home that keeps it, or nothing."""
    from django.conf import settings  # noqa: PLC0415

    from jiangbang.accounts.acts import create_account  # noqa: PLC0415
    from jiangbang.accounts.models import Role  # noqa: PLC0415

    if real_accounts().exists():
        return None
    password = secrets.token_urlsafe(12)
    create_account("organiser", role=Role.ORGANISER, password=password, display_name="主办方")
    note = Path(settings.JIANGBANG_HOME) / "first-sign-in.txt"
    note.write_text(f"organiser\n{password}\n", encoding="utf-8")
    note.chmod(0o600)
    return password, note
