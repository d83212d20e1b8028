"""bench/trust: figures against targets, and that docs/security.md quotes what can be measured."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bench.trust import __main__ as runner
from bench.trust._figures import Figure, Target, at_least, at_most, exactly, printed


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (at_least(3), 3, True),
        (at_least(3), 2, False),
        (at_most(3), 4, False),
        (exactly(0), 0, True),
        (exactly(0), 1, False),
    ],
)
def test_a_figure_is_held_against_its_target(target: Target, value: float, met: bool) -> None:
    assert Figure("x", value, target).is_met is met


def test_what_could_not_be_measured_is_a_miss() -> None:
    (figure,) = printed(["-c", "raise SystemExit(1)"], {"doubled effects": exactly(0)})
    assert (figure.value, figure.is_met) == (None, False)
    assert runner.rows([figure])[0] == {
        "figure": "doubled effects",
        "measured": "not measured",
        "target": "= 0",
        "": "MISSED",
    }


def test_a_script_prints_its_figures_as_json() -> None:
    (figure,) = printed(["-c", """print('{"kills": 1042}')"""], {"kills": at_least(1000)})
    assert runner.rows([figure]) == [{"figure": "kills", "measured": "1,042", "target": "≥ 1,000", "": ""}]


@pytest.mark.parametrize("name", runner.names())
def test_every_part_has_figures_and_a_title(name: str) -> None:
    part = importlib.import_module(f"bench.trust.{name}")
    assert callable(part.figures)
    assert (Path(part.__file__ or "").read_text("utf-8").splitlines()[0]).endswith('."""')
