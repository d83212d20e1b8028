"""The puzzle before an objection: solved once, ours, not old."""

from __future__ import annotations

import base64
import json
from unittest import mock

import pytest
from altcha.v1 import solve_challenge
from django.utils import timezone

from jiangbang.notice import captcha
from jiangbang.notice.models import SpentPuzzle
from jiangbang.register.acts import Refused

pytestmark = pytest.mark.django_db


def solved(puzzle: dict[str, object], **changes: object) -> str:
    found = solve_challenge(str(puzzle["challenge"]), str(puzzle["salt"]), "SHA-256", int(str(puzzle["maxnumber"])))
    assert found is not None
    return base64.b64encode(json.dumps({**puzzle, "number": found.number, **changes}).encode()).decode()


def code_of(solution: str) -> str:
    with pytest.raises(Refused) as refusal:
        captcha.spend(solution)
    return refusal.value.code


@pytest.fixture(autouse=True)
def soft(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captcha, "HARDNESS", 50)


def test_a_solved_puzzle_counts_once() -> None:
    solution = solved(captcha.new_puzzle())
    captcha.spend(solution)
    assert code_of(solution) == "captcha_used"
    assert SpentPuzzle.objects.count() == 1


@pytest.mark.parametrize("solution", ["", "not base64", "e30=", base64.b64encode(b"[1]").decode(), "x" * 5000])
def test_what_is_no_solution_is_refused(solution: str) -> None:
    assert code_of(solution) == "captcha"


def test_a_wrong_number_a_foreign_puzzle_and_an_old_one_are_refused() -> None:
    puzzle = captcha.new_puzzle()
    assert code_of(solved(puzzle, number=-1)) == "captcha"
    assert code_of(solved(puzzle, signature="0" * 64)) == "captcha"
    with mock.patch("altcha.v1.time.time", return_value=(timezone.now() + 2 * captcha.VALID).timestamp()):
        assert code_of(solved(puzzle)) == "captcha"


def test_what_no_longer_counts_is_forgotten() -> None:
    captcha.spend(solved(captcha.new_puzzle()))
    assert captcha.forget_spent() == 0
    SpentPuzzle.objects.update(spent_at=timezone.now() - 3 * captcha.VALID)
    assert captcha.forget_spent() == 1
