"""Making an installation ready: the home, the database, the bundled programme. Every command works on an empty home."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import click
import django
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from django.utils import translation

from jiangbang.commands.speaking import BUNDLED, language
from jiangbang.home import private_directory


def wake() -> None:
    """Set Django up. Fails with one sentence when the home cannot be written."""
    os.umask(0o077)
    try:
        django.setup()
        Path(settings.JIANGBANG_HOME).mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise click.ClickException(
            f"the home {os.environ.get('JIANGBANG_HOME', 'var')} cannot be used: {error}"
        ) from None


def make_ready() -> None:
    """Bring the database to the current schema and load the bundled programme where none is loaded. Idempotent.

    From here on what goes through gettext is said in the language of the command line.
    """
    wake()
    translation.activate({"zh": "zh-hans", "en": "en"}[language()])
    # one at a time: two commands may start at once on an empty home
    with (Path(settings.JIANGBANG_HOME) / "ready.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            connection = connections[DEFAULT_DB_ALIAS]
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            # a host is ready when files can be stored: not only after the first one came
            private_directory(Path(settings.JIANGBANG_HOME) / "files")
        except OperationalError as error:
            raise click.ClickException(f"the database cannot be used: {error}") from None
        _load_bundled()


def _load_bundled() -> None:
    from jiangbang.accounts.acts import console_account  # noqa: PLC0415 — models exist only after django.setup()
    from jiangbang.programme.acts import load_programme  # noqa: PLC0415
    from jiangbang.programme.models import Edition  # noqa: PLC0415

    console = console_account()
    if not Edition.objects.exists():
        load_programme(BUNDLED, by=console)
