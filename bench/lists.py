"""Lists: 10,000 employers matched with 50,000 firms, by our index and by brute force; and how much a score finds and gets wrong.

A synthetic province of firms, whose brands, trades, places and legal forms are put together as Chinese names are. Employers are
written as people write them: the place left out, another legal form, the trade cut off, one character of the brand mistyped, or
not on the list at all. Beside the index stand comparing with every row by the same score (on a sample: it shows that nothing is
lost), and rapidfuzz's best match by plain ratio over all 50,000, as a spreadsheet add-in would do it. Two of the trades are words
that the kernel does not know.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from bench import _postgres
from jiangbang.kernel.firms import FirmIndex, likeness, parse

ROOT = Path(__file__).resolve().parents[1]
FIRMS, EMPLOYERS, SAMPLE = 50_000, 10_000, 40
PLACES = ("浙江", "杭州", "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "台州", "余杭", "萧山", "")
FORMS = ("有限公司", "股份有限公司", "有限责任公司", "（集团）有限公司")
TRADES = (
    "软件", "信息技术", "智能装备", "网络科技", "电子", "新材料", "数据", "微电子", "通信设备", "生物医药", "机械", "光电科技", "物流",
    "汽车零部件", "宠物用品", "声学计量",
)  # fmt: skip
CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 900)]
THRESHOLDS = (70, 75, 80, 85, 90)
# the threshold of the bundled programme
NEAR = 75
WAYS = (
    "in full",
    "place left out",
    "other legal form",
    "trade cut off",
    "one character of the brand",
    "not on the list",
)


def run() -> dict[str, Any]:
    """Seconds and memory of both, recall by way of writing, and how many rows a person would look at, by threshold."""
    source = random.Random(20231)
    firms = _firms(source)
    asked = _asked(firms, source)
    started = time.perf_counter()
    index = FirmIndex(enumerate(map("".join, firms)), PLACES)
    built = time.perf_counter() - started
    started = time.perf_counter()
    found = [index.find(name, least=NEAR) for name, _, _ in asked]
    seconds = time.perf_counter() - started
    found = [index.find(name, least=min(THRESHOLDS)) for name, _, _ in asked]
    names = ["".join(firm) for firm in firms]
    return {
        "firms": FIRMS,
        "employers": EMPLOYERS,
        "index": {
            "seconds to build": round(built, 2),
            "seconds to match": round(seconds, 2),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
        "by threshold": [_measured(asked, found, least) for least in THRESHOLDS],
        "every row": _brute_force(names, asked, found),
        "plain ratio": _plain(names, asked),
        "through the acts": [_house("SQLite", ""), *_on_postgresql()],
    }


def firms_and_employers() -> tuple[list[str], list[str]]:
    """The same firms and employers, as names."""
    source = random.Random(20231)
    firms = _firms(source)
    return ["".join(firm) for firm in firms], [name for name, _, _ in _asked(firms, source)]


def _house(database: str, url: str) -> dict[str, Any]:
    """The whole thing in the product: reading the file, keeping the rows, comparing dossiers."""
    with tempfile.TemporaryDirectory(prefix="jiangbang-lists-") as folder:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("JIANGBANG_", "DATABASE_"))}
        done = subprocess.run(
            [sys.executable, "-m", "bench._lists_house"],
            env={
                **kept,
                **({"DATABASE_URL": url} if url else {}),
                "JIANGBANG_HOME": folder,
                "DJANGO_SETTINGS_MODULE": "jiangbang.settings",
            },
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return {"database": database, **json.loads(done.stdout.splitlines()[-1])}


def _on_postgresql() -> list[dict[str, Any]]:
    with _postgres.server() as url:
        return [_house("PostgreSQL", url)] if url else []


def _firms(source: random.Random) -> list[tuple[str, str, str, str]]:
    """Place, brand, trade, form; no two brands with the same trade."""
    made: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    while len(made) < FIRMS:
        brand = "".join(source.choices(CHARACTERS, k=source.choice((2, 2, 2, 3, 4))))
        trade = source.choice(TRADES)
        made[brand, trade] = (source.choice(PLACES), brand, trade, source.choice(FORMS))
    return list(made.values())


def _asked(firms: Sequence[tuple[str, str, str, str]], source: random.Random) -> list[tuple[str, str, int | None]]:
    """Employers as people write them: the name, the way in which it differs, and the row that is meant."""
    asked = []
    for number in range(EMPLOYERS):
        row = source.randrange(FIRMS)
        place, brand, trade, form = firms[row]
        way = WAYS[number % len(WAYS)]
        at = source.randrange(len(brand))
        other = brand[:at] + source.choice(CHARACTERS) + brand[at + 1 :]
        unknown = "".join(source.choices(CHARACTERS, k=3))
        written = {
            "in full": place + brand + trade + form,
            "place left out": brand + trade + form,
            "other legal form": place + brand + trade + source.choice([one for one in FORMS if one != form]),
            "trade cut off": place + brand + form,
            "one character of the brand": place + other + trade + form,
            "not on the list": source.choice(PLACES) + unknown + trade + form,
        }
        asked.append((written[way], way, None if way == "not on the list" else row))
    return asked


def _measured(asked: Sequence[tuple[str, str, int | None]], found: Sequence[Any], least: int) -> dict[str, Any]:
    """Recall by way of writing, and rows per employer that are shown though another firm is meant."""
    right, whole, wrong = dict.fromkeys(WAYS, 0), dict.fromkeys(WAYS, 0), dict.fromkeys(WAYS, 0)
    for (_, way, meant), rows in zip(asked, found, strict=True):
        keys = [row.key for row in rows if row.score >= least]
        whole[way] += 1
        right[way] += meant in keys
        wrong[way] += sum(key != meant for key in keys)
    return {
        "from score": least,
        "recall": {way: round(right[way] / whole[way], 3) for way in WAYS if way != "not on the list"},
        "rows of others per 100 employers": round(100 * sum(wrong.values()) / len(asked), 1),
    }


def _brute_force(
    names: Sequence[str], asked: Sequence[tuple[str, str, int | None]], found: Sequence[Any]
) -> dict[str, Any]:
    """The same score against every row, on a sample: what the index finds must be all there is."""
    places = FirmIndex([], PLACES).places
    parsed = [parse(name, places) for name in names]
    started, lost = time.perf_counter(), 0
    for (name, _, _), rows in list(zip(asked, found, strict=True))[:SAMPLE]:
        one = parse(name, places)
        every = {at for at, firm in enumerate(parsed) if likeness(one, firm) >= min(THRESHOLDS)}
        lost += len(every ^ {row.key for row in rows})
    seconds = time.perf_counter() - started
    return {
        "sample": SAMPLE,
        "rows that the index lost": lost,
        "seconds for all, by extrapolation": round(seconds / SAMPLE * EMPLOYERS),
    }


def _plain(names: Sequence[str], asked: Sequence[tuple[str, str, int | None]]) -> dict[str, Any]:
    """rapidfuzz's best match by the ratio of the whole names, on every 25th employer."""
    few = asked[::25]
    started = time.perf_counter()
    best = [process.extractOne(name, names, scorer=fuzz.ratio) for name, _, _ in few]
    seconds = time.perf_counter() - started
    right = {way: [0, 0] for way in WAYS}
    for (_, way, meant), answer in zip(few, best, strict=True):
        right[way][0] += answer is not None and answer[2] == meant
        right[way][1] += 1
    return {
        "seconds for all, by extrapolation": round(seconds * len(asked) / len(few)),
        "best match is right": {
            way: round(hit / of, 3) for way, (hit, of) in right.items() if way != "not on the list"
        },
        "lowest score of a best match of an employer that is on no list, mean": round(
            sum(answer[1] for (_, way, _), answer in zip(few, best, strict=True) if way == "not on the list" and answer)
            / max(1, right["not on the list"][1])
        ),
    }
