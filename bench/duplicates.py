"""Near-duplicate deeds: recall and precision at several rates of rewording, and the time for 100,000 dossiers.

A synthetic corpus (a vocabulary with a natural skew, the phrases that all such papers share, texts cut to the roster's 400
characters) in which some texts are reworked from others: words replaced, sentences moved. Beside Jiangbang stand datasketch's MinHashLSH
on the same shingles, with its defaults (128 permutations, threshold 0.9) and at the threshold that is kindest to it here (0.2), and
the brute-force alignment of all pairs of a sample.
"""

from __future__ import annotations

import concurrent.futures
import itertools
import json
import multiprocessing
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasketch import MinHash, MinHashLSH
from rapidfuzz.distance import Indel

from jiangbang.kernel.similarity import ALIKE, SHINGLE, folded
from jiangbang.kernel.sketches import near_duplicates

TEXTS, LARGE = 4_000, 100_000
# of the corpus, how many texts are reworked at each rate: the share of words that another word replaces
RATES = (0.0, 0.1, 0.2, 0.3, 0.4)
REWORKED = 100
SAMPLE = 1_500
COMMON = [chr(code) for code in range(0x4E00, 0x5600)]
PHRASES = (
    "带领团队攻克关键核心技术",
    "形成行业标准",
    "取得显著的社会效益和经济效益",
    "先后荣获多项荣誉",
    "填补国内空白",
)

Words = list[list[str]]


def run() -> dict[str, Any]:
    """Recall by rate of rewording, precision, seconds and peak memory."""
    texts, made = corpus(TEXTS)
    found, seconds = _timed(lambda: {(pair.first, pair.second) for pair in near_duplicates(texts)})
    peer, peer_seconds = _timed(lambda: _datasketch(texts, 0.9))
    kinder, kinder_seconds = _timed(lambda: _datasketch(texts, 0.2))
    everything = set().union(*made.values())
    rows = [
        {
            "words replaced": f"{rate:.0%}",
            "Jiangbang recall": round(len(found & pairs) / len(pairs), 3),
            "datasketch recall": round(len(peer & pairs) / len(pairs), 3),
            "datasketch at 0.2 recall": round(len(kinder & pairs) / len(pairs), 3),
        }
        for rate, pairs in made.items()
    ]
    return {
        "texts": TEXTS,
        "recall": rows,
        "precision": {
            "Jiangbang": _precision(found, everything),
            "datasketch": _precision(peer, everything),
            "datasketch at 0.2": _precision(kinder, everything),
        },
        "seconds": {
            "Jiangbang": round(seconds, 2),
            "datasketch": round(peer_seconds, 2),
            "datasketch at 0.2": round(kinder_seconds, 2),
        },
        "sample": _sample(texts),
        **_of_large(),
    }


def _of_large() -> dict[str, Any]:
    """100,000 texts: Jiangbang and the peer, each in a process of its own that has read them from a file, so that its peak is its own."""
    texts, made = corpus(LARGE)
    everything = set().union(*made.values())
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as kept:
        json.dump(texts, kept, ensure_ascii=False)
        kept.flush()
        of_large, figures = _in_a_process_of_its_own(_large, kept.name)
        of_peer, peer = _in_a_process_of_its_own(_large_peer, kept.name)
    recall = [
        {
            "words replaced": f"{rate:.0%}",
            "Jiangbang recall": round(len(of_large & of) / len(of), 3),
            "datasketch recall": round(len(of_peer & of) / len(of), 3),
        }
        for rate, of in made.items()
    ]
    return {
        "large": {"texts": LARGE, **figures, "precision": _precision(of_large, everything)},
        "large, datasketch": {"texts": LARGE, **peer, "precision": _precision(of_peer, everything)},
        "large, recall": recall,
    }


def _in_a_process_of_its_own(task: Any, path: str) -> Any:
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, task, path).result()


def _measured(task: Any, path: str) -> tuple[set[tuple[int, int]], dict[str, Any]]:
    texts = json.loads(Path(path).read_text("utf-8"))
    before = _peak()
    found, seconds = _timed(lambda: task(texts))
    figures = {"seconds": round(seconds, 1), "pairs": len(found), "peak_mb": _peak(), "peak_mb before": before}
    return found, figures


def _large(texts: Sequence[str]) -> set[tuple[int, int]]:
    return {(pair.first, pair.second) for pair in near_duplicates(texts)}


def _large_peer(texts: Sequence[str]) -> set[tuple[int, int]]:
    return _datasketch(texts, 0.9)


def _peak() -> int:
    """Megabytes. Not `ru_maxrss`: a new process inherits its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def corpus(size: int, seed: int = 1) -> tuple[list[str], dict[float, set[tuple[int, int]]]]:
    """`size` texts, and by rate of rewording the pairs that come from one another."""
    source = random.Random(seed)
    vocabulary = ["".join(source.choices(COMMON, k=source.choice([2, 2, 2, 3, 4]))) for _ in range(6000)]
    weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(len(vocabulary))))

    def words(count: int) -> list[str]:
        return source.choices(vocabulary, cum_weights=weights, k=count)

    originals: list[Words] = [
        [words(source.randint(8, 14)) for _ in range(12)] for _ in range(size - REWORKED * len(RATES))
    ]
    texts = [_written(sentences, source) for sentences in originals]
    made: dict[float, set[tuple[int, int]]] = {}
    for rate in RATES:
        made[rate] = set()
        for of in source.sample(range(len(originals)), REWORKED):
            made[rate].add((of, len(texts)))
            texts.append(_written(_reworked(originals[of], rate, source, words), source))
    return texts, made


def _written(sentences: Words, source: random.Random) -> str:
    parts = []
    for sentence in sentences:
        phrase = f"，{source.choice(PHRASES)}" if source.random() < 0.4 else ""
        parts.append("".join(sentence) + phrase + "。")
    return "".join(parts)[:400]


def _reworked(sentences: Words, rate: float, source: random.Random, words: Any) -> Words:
    """Words replaced at the rate; from the second rate on two sentences change places."""
    changed = [[words(1)[0] if source.random() < rate else word for word in sentence] for sentence in sentences]
    if rate:
        place = source.randrange(len(changed) - 1)
        changed[place], changed[place + 1] = changed[place + 1], changed[place]
    return changed


def _datasketch(texts: Sequence[str], threshold: float) -> set[tuple[int, int]]:
    index, found = MinHashLSH(threshold), set()
    for number, text in enumerate(texts):
        plain, sketch = folded(text), MinHash()
        sketch.update_batch({plain[at : at + SHINGLE].encode() for at in range(len(plain) - SHINGLE + 1)})
        found |= {(other, number) for other in index.query(sketch)}
        index.insert(number, sketch)
    return found


def _sample(texts: Sequence[str]) -> dict[str, Any]:
    """All pairs of a sample aligned by brute force: the pairs that are alike, and how many of them were found."""
    plain = [folded(text) for text in texts[-SAMPLE:]]
    began = time.process_time()
    brute = {
        (one, other)
        for one, other in itertools.combinations(range(len(plain)), 2)
        if Indel.normalized_similarity(plain[one], plain[other], score_cutoff=ALIKE) >= ALIKE
    }
    seconds = time.process_time() - began
    found, own = _timed(lambda: {(pair.first, pair.second) for pair in near_duplicates(texts[-SAMPLE:])})
    return {
        "texts": SAMPLE,
        "alike by brute force": len(brute),
        "of these found": round(len(found & brute) / len(brute), 3) if brute else None,
        "brute force seconds": round(seconds, 1),
        "Jiangbang seconds": round(own, 2),
    }


def _precision(found: set[tuple[int, int]], made: set[tuple[int, int]]) -> float | None:
    """Of the pairs found, how many come from one another (or from one and the same text)."""
    origin: dict[int, int] = {later: first for first, later in made}
    right = sum(origin.get(one, one) == origin.get(other, other) for one, other in found)
    return round(right / len(found), 3) if found else None


def _timed(task: Any) -> tuple[Any, float]:
    began = time.process_time()
    result = task()
    return result, time.process_time() - began
