"""`jiangbang work`: do what is to be done later, without a web server; on as many hosts as wanted."""

from __future__ import annotations

import signal
import threading

import click

from jiangbang.commands.ready import make_ready


@click.command()
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 64), help="Jobs done at the same time.")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def work(threads: int, once: bool) -> int:
    """Work on the queue until told to stop (Ctrl+C); the jobs at hand are finished first."""
    make_ready()
    from jiangbang.queue.worker import drain, housekeep, work_forever  # noqa: PLC0415 — after django.setup()

    if once:
        housekeep()
        click.echo(f"{drain()} jobs done")
        return 0
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    click.echo(f"Working with {threads} threads  (stop with Ctrl+C)")
    work_forever(stop, threads=threads)
    return 0
