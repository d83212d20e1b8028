"""The command line. A contract: scripts and checks rely on it (`docs/operator.md`).

Exit status: 0 done and clean, 1 done with findings that block, 2 could not be done (one sentence on standard error).
`--json` prints one JSON document on standard output and nothing else.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

# Each command lives in a module of its own and is imported when it is called: `form read` must not pay for Django.
COMMANDS = {
    "up": "jiangbang.commands.up:up",
    "programme": "jiangbang.commands.programme:programme",
    "form": "jiangbang.commands.papers:form",
    "roster": "jiangbang.commands.papers:roster",
    "packet": "jiangbang.commands.packet:packet",
    "assign": "jiangbang.commands.assign:assign_command",
    "mailbox": "jiangbang.commands.mailbox:mailbox",
    "draw": "jiangbang.commands.draw:draw_group",
    "rank": "jiangbang.commands.rank:rank_command",
    "lists": "jiangbang.commands.lists:lists",
    "register": "jiangbang.commands.register:register",
    "certificate": "jiangbang.commands.certificate:certificate",
    "archive": "jiangbang.commands.archive:archive",
    "rehearse": "jiangbang.commands.rehearse:rehearse",
    "web": "jiangbang.commands.web:web",
    "work": "jiangbang.commands.work:work",
    "backup": "jiangbang.commands.backup:backup",
    "restore": "jiangbang.commands.backup:restore",
    "doctor": "jiangbang.commands.doctor:doctor",
}


class Lazy(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 — click's signature
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jiangbang", prog_name="jiangbang")
def jiangbang() -> None:
    """Run a formal recognition programme from its opening letter to its closing roll."""


def main() -> None:
    """Entry point: runs the command and turns every failure into one sentence and an exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangbang.settings")
    try:
        status = jiangbang.main(prog_name="jiangbang", standalone_mode=False)
    except click.ClickException as error:
        _say(error.format_message())
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        _say("stopped")
        sys.exit(130)
    except SystemExit as error:
        # the settings refuse what they cannot use with a sentence
        _say(error.code if isinstance(error.code, str) else "stopped")
        sys.exit(2)
    except BrokenPipeError:
        # the reader of our output went away: nothing to say, nobody to say it to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:  # never a traceback: whatever it is, the person gets a sentence
        if os.environ.get("JIANGBANG_DEBUG") == "1":
            raise
        _say(f"{type(error).__name__}: {' '.join(str(error).split()) or 'no more is known'}")
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def _say(sentence: str) -> None:
    print(f"jiangbang: {' '.join(sentence.split())}", file=sys.stderr)  # noqa: T201 — the command line's own voice
