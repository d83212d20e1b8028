"""From the first draft to the accepted dossier: the steps that other stages' drafts add are registered, so that none is imported here.

register_funnel(drafts_by_state)      in an AppConfig.ready()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiangbang.nomination.queries import LedgerLine
from jiangbang.programme.models import Edition


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many people are at a step. Every step is asked with a constant number of queries."""

    label: str | Promise
    count: int


Provider = Callable[[Edition], Sequence[FunnelStep]]
_providers: list[Provider] = []


def register_funnel(provider: Provider) -> None:
    """Let a stage say how many drafts it holds by state, in the order in which a draft walks. Twice is once."""
    if provider not in _providers:
        _providers.append(provider)


def funnel(edition: Edition, lines: Iterable[LedgerLine]) -> list[FunnelStep]:
    """The steps in order; the last two are the dossiers that have come, and those of them that are accepted."""
    lines = list(lines)
    accepted, waiting = sum(line.accepted for line in lines), sum(line.waiting + line.held for line in lines)
    steps = [step for provider in _providers for step in provider(edition)]
    return [*steps, FunnelStep(_("received"), accepted + waiting), FunnelStep(_("accepted"), accepted)]
