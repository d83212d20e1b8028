"""Changed papers and malformed mails on the ways that they take in the house: in the locked child, and back as a sentence.

    python -m bench.hostile.paths MUTANTS MAILS SEED

Prints one JSON object of counts. The process has cut itself off from the network before the first of them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.hostile import cage
from bench.hostile.mails import malformed
from bench.hostile.mutants import Mutant, mutants, originals

MAILS_AT_A_TIME = 25


class Watch:
    """The most memory that a reading child held. Every child of the run is counted."""

    def __init__(self) -> None:
        from jiangbang.papers import mail, packet_session, sandbox, scan, uploads

        self.peak, self.children = 0, 0
        watch = self

        class Watched(sandbox.Child):
            def close(self) -> None:
                super().close()
                watch.children += 1
                watch.peak = max(watch.peak, self.peak_memory or 0)

        for module in (mail, packet_session, scan, uploads):
            module.Child = Watched  # type: ignore[attr-defined]


def run(count: int, mails: int, *, seed: int) -> dict[str, Any]:
    """Read so many of each."""
    from django.utils import translation

    found: Counter[str] = Counter()
    slowest, silent, watch = 0.0, [], Watch()
    before = {path: cage.contents(path) for path in cage.watched()}
    with tempfile.TemporaryDirectory() as name, translation.override("en"):
        os.chdir(name)
        for said, seconds in (*_papers(count, seed, Path(name)), *_mails(mails, seed, Path(name))):
            found[said[0]] += 1
            slowest = max(slowest, seconds)
            if not said[1].strip():
                silent.append(said[0])
        strays = [path for path in Path(name).iterdir() if path.name not in ("paper", "mails", "parts")]
    written = sum(len(cage.contents(path) ^ then) for path, then in before.items()) + len(strays)
    return {
        "mutants of papers": count,
        "malformed mails": mails,
        "crashes": sum(number for code, number in found.items() if code.startswith("crash")),
        "refusals without a sentence": len(silent),
        "slowest answer, s": round(slowest, 2),
        "most memory of a child, MB": round(watch.peak / 2**20, 1),
        "children": watch.children,
        "files written outside": written,
        "packets sent": cage.tried(),
        "answers": dict(found.most_common()),
    }


Said = tuple[tuple[str, str], float]


def _papers(count: int, seed: int, folder: Path) -> Iterator[Said]:
    for one in mutants(count, seed=seed):
        path = folder / "paper"
        path.write_bytes(one.data)
        started = time.monotonic()
        try:
            answers = list(_scan(one, path) if one.kind in ("image", "pdf") else _packet(one, path))
        except Exception as error:  # noqa: BLE001 — this is what is looked for
            answers = [(f"crash {type(error).__name__}: {one.kind} {one.how}", str(error) or "—")]
        seconds = time.monotonic() - started
        yield from ((answer, seconds) for answer in answers[:1] or [("read", "read")])
        yield from ((answer, 0.0) for answer in answers[1:])


def _packet(one: Mutant, path: Path) -> Iterator[tuple[str, str]]:
    """What is said of a paper, or of an archive and all that is in it."""
    from jiangbang.commands.speaking import bundled_form
    from jiangbang.papers.packet import read_packet
    from jiangbang.papers.packet_events import FormRead, Found, RosterRead

    for event in read_packet(path, bundled_form(), name=one.name):
        findings = [event.finding] if isinstance(event, Found) else []
        if isinstance(event, FormRead | RosterRead):
            findings += event.reading.findings
        for finding in findings:
            # a reader that met what nobody foresaw says so: that is no refusal, it is a fault to be mended
            unforeseen = "没有料到" in finding.message("zh")
            yield ("crash " if unforeseen else "") + finding.code, finding.message("zh") and finding.message("en")


def _scan(one: Mutant, path: Path) -> Iterator[tuple[str, str]]:
    """What is said of a picture or PDF: as evidence, and page by page as a scan."""
    from jiangbang.candidacy.attaching import EVIDENCE, _wrong_kind
    from jiangbang.papers.sandbox import ChildDied
    from jiangbang.papers.scan import ScanRefused, scan_pages
    from jiangbang.papers.uploads import look_at
    from jiangbang.recommendation.scanning import scan_sentence

    with path.open("rb") as file:
        try:
            seen = look_at(file, limit=10_000_000)
            if seen.media_type not in EVIDENCE:
                yield "wrong_kind", _wrong_kind(one.name, EVIDENCE)
        except ChildDied:
            yield "wrong_kind", _wrong_kind(one.name, EVIDENCE)
        # the child that looked read on the same open file
        file.seek(0)
        try:
            for _page in scan_pages(file.fileno()):
                pass
        except ScanRefused as refused:
            yield f"scan.{refused.reason}", scan_sentence(refused.reason, one.name)


def _mails(count: int, seed: int, folder: Path) -> Iterator[Said]:
    from jiangbang.nomination.mailbox_reasons import remark
    from jiangbang.papers.mail import read_mails

    whole = list(malformed(count, seed=seed))
    parts = folder / "parts"
    parts.mkdir()
    for start in range(0, count, MAILS_AT_A_TIME):
        batch, places, at = whole[start : start + MAILS_AT_A_TIME], [], 0
        for mail in batch:
            places.append((at, len(mail)))
            at += len(mail)
        path = folder / "mails"
        path.write_bytes(b"".join(batch))
        began = time.monotonic()
        with path.open("rb") as file:
            for reading in read_mails(file, places, parts):
                seconds, began = time.monotonic() - began, time.monotonic()
                codes = list(reading.remarks)
                yield (
                    (("mail read", "read"), seconds)
                    if not codes
                    else (_remark(codes[0].code, codes[0].name, remark), seconds)
                )
                yield from ((_remark(one.code, one.name, remark), 0.0) for one in codes[1:])
        for part in parts.iterdir():
            part.unlink()


def _remark(code: str, name: str, words: Any) -> tuple[str, str]:
    fault = code in ("fault", "reader_died")
    return (f"crash mail.{code} {name}" if fault else f"mail.{code}"), words(code, name)


def main() -> None:
    count, mails, seed = (int(one) for one in sys.argv[1:4])
    cut = cage.cut_off()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangbang.settings")
    import django

    django.setup()
    originals()
    told = run(count, mails, seed=seed)
    if not cut:
        # nothing was counted where the system gave us no network of our own
        told["packets sent"] = -1
    sys.stdout.write(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
