"""Changed papers, malformed mails and fuzzed readers, a few of each; `script/hostile` runs thousands, and a million at night."""

from __future__ import annotations

import json
import random

from bench.hostile import mails, mutants
from bench.hostile.__main__ import child, good

PAPERS, MAILS, CASES = 20, 25, 1_500


def test_changed_papers_and_malformed_mails_end_in_sentences() -> None:
    told = child("paths", PAPERS, MAILS, 7)
    assert (told["mutants of papers"], told["malformed mails"]) == (PAPERS, MAILS)
    assert sum(told["answers"].values()) >= PAPERS + MAILS
    # most were refused, or nothing was tried
    assert told["answers"].get("packet.member_unreadable", 0) > 0
    assert good(told), json.dumps(told, ensure_ascii=False)


def test_no_reader_raises_what_it_does_not_announce() -> None:
    told = child("readers", CASES, 7, 120)
    assert told["cases"] == CASES
    assert told["unforeseen"] == {}
    assert told["by reader"]["clause refused"] > 0


def test_the_same_seed_gives_the_same_papers_and_mails() -> None:
    first, second = (list(mutants.mutants(10, seed=3)) for _turn in range(2))
    assert first == second
    assert len({one.data for one in first}) == 10
    assert mails.one_mail(random.Random("1"), 0) == mails.one_mail(random.Random("1"), 0)
