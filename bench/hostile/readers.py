"""Every reader fed in one process: none may raise what it does not announce, take long, grow, or write.

    python -m bench.hostile.readers CASES SEED SECONDS

The process gives up writing first (RLIMIT_FSIZE), prints one JSON object, and ends by itself after SECONDS.
"""

from __future__ import annotations

import io
import json
import random
import resource
import signal
import string
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench.hostile.mails import one_mail
from bench.hostile.mutants import KINDS, mutant, originals

# One case may take so long; the house's own limit for one member of a packet.
LONGEST = 30
# Of a hundred cases so many are papers and mails; the others are the short readers, a thousand times faster.
PAPERS_OF_100 = 4
Reader = Callable[[bytes], object]


class Slow(Exception):
    """A reader took longer than LONGEST."""


def papers() -> dict[str, tuple[Reader, tuple[type[BaseException], ...]]]:
    """Readers of papers and mails, with what each may raise."""
    from jiangbang.commands.speaking import bundled_form
    from jiangbang.papers import mail_reading, name_list_reading, table_reading
    from jiangbang.papers.archive import Refused
    from jiangbang.papers.bundles import Bundle
    from jiangbang.papers.kinds import ARCHIVES, kind_of
    from jiangbang.papers.limits import LIMITS
    from jiangbang.papers.member_reading import read_member
    from jiangbang.papers.photo import describe_photo
    from jiangbang.papers.scan import ScanRefused, pages_of
    from jiangbang.papers.xlsx import UnreadableWorkbook

    form = bundled_form()

    def archive(data: bytes) -> None:
        kind = kind_of(data)
        if kind in ARCHIVES:
            bundle = Bundle(io.BytesIO(data), "a.zip", kind, LIMITS)
            for _entry, _content in bundle.read(bundle.entries):
                pass

    def mail(data: bytes) -> None:
        # the reader maps its input: a file made before writing was given up
        if len(data) > MAIL_ROOM:
            return
        reader = mail_reading._Reader(LIMITS)
        for _frame in reader.message(data, 0, len(data), ()):  # type: ignore[arg-type]
            pass

    def cells(data: bytes) -> None:
        for _grid in name_list_reading._grids(data):
            pass

    nothing: tuple[type[BaseException], ...] = ()
    return {
        "form": (lambda data: read_member("附件2推荐表.docx", data, form), nothing),
        "roster": (lambda data: read_member("附件3汇总表.xlsx", data, form), nothing),
        "archive": (archive, (Refused,)),
        "image": (lambda data: (describe_photo(data), list(pages_of(data))), (ScanRefused,)),
        "pdf": (lambda data: list(pages_of(data)), (ScanRefused,)),
        "table": (table_reading.rows_of, (UnreadableWorkbook,)),
        "list": (cells, (name_list_reading._Refused,)),
        "mail": (mail, nothing),
    }


MAIL_ROOM = 8 * 1024 * 1024


def lines() -> dict[str, tuple[Callable[[str], object], tuple[type[BaseException], ...], str]]:
    """Readers of what people type, scan or paste: with what each may raise, and a right example."""
    from jiangbang.kernel import credit_code, identity, notes, statement
    from jiangbang.kernel.cel_syntax import ClauseError
    from jiangbang.kernel.clauses import compile_clause
    from jiangbang.kernel.draw import DrawError, read_plan
    from jiangbang.kernel.names import fold_name
    from jiangbang.kernel.ranking.scores import ScoresError
    from jiangbang.kernel.ranking.sheet import read_sheet
    from jiangbang.papers.name_list_lines import read_line
    from jiangbang.papers.normalise import clean_lines, clean_name, clean_text, read_identity

    signer = notes.Signer("jiangbang.register", b"\1" * 32)
    note = notes.sign_note(notes.checkpoint_text("jiangbang.register", 7, b"\2" * 32), signer)
    weights = {"a": Fraction(1)}

    def checkpoint(text: str) -> None:
        notes.parse_checkpoint(notes.open_note(text, [signer.verifier]))

    def clause(text: str) -> None:
        compile_clause(text, {"age", "titles"}).evaluate({"age": 40, "titles": ["x"]})

    def plan(text: str) -> None:
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return
        read_plan(document)

    def number(text: str) -> None:
        identity.examine(read_identity(text))
        credit_code.examine(credit_code.fold_code(text))

    def words(text: str) -> None:
        fold_name(clean_name(text))
        clean_text(text)
        clean_lines(text.splitlines())
        read_line(text, people=True, only_people=False)

    return {
        "checkpoint": (checkpoint, (ValueError,), note),
        "token": (lambda text: statement.check_token(statement.token_in(text), []), (), "#" + "A1" * 60),
        "clause": (clause, (ClauseError,), "age >= 18 && titles.exists(t, t == 'x') ? true : size(titles) > 3"),
        "plan": (plan, (DrawError,), '{"format":"jiangbang-draw/1","pool":[{"id":"E1","fields":["a"]}],"panels":[]}'),
        "scores": (
            lambda text: read_sheet(text.splitlines(), weights),
            (ScoresError,),
            "dossier,expert,a\nD1,P1,40\nD1,P2,50",
        ),
        "numbers": (number, (), "330106198001011234"),
        "words": (words, (), "1．李艳　杭州数字工匠有限公司（高级技师）2023年"),
    }


LETTERS = string.printable + "０１Ｘ李艳𠮷\u202e\u200b\ufeff，。（）〔〕①é\0\x1f" + "{}[]()\"'\\|^$*+?." * 3


def twisted(text: str, lot: random.Random) -> str:
    """A line changed in some places."""
    out = list(text)
    for _turn in range(lot.randint(1, 8)):
        place = lot.randint(0, len(out))
        what = lot.random()
        if what < 0.4:
            out[place:place] = [lot.choice(LETTERS)]
        elif what < 0.6:
            out[place : place + lot.randint(1, 9)] = []
        elif what < 0.8:
            out[place:place] = out[max(0, place - lot.randint(1, 12)) : place] * lot.choice((1, 2, 40))
        else:
            out[place:place] = str(lot.choice((0, -1, 2**31, 2**63, 10**30, "1e309", "NaN")))
    return "".join(out)


def fuzz(cases: int, *, seed: int, seconds: float) -> dict[str, Any]:
    """Feed so many cases, or as many as go into `seconds`."""
    of_papers, of_lines = papers(), lines()
    found, ends = Counter[str](), time.monotonic() + seconds
    faults: dict[str, str] = {}
    slowest, done = 0.0, 0
    names = {
        "form": ("form",),
        "roster": ("roster", "table", "list"),
        "archive": ("archive",),
        "image": ("image",),
        "pdf": ("pdf",),
    }
    for number in range(cases):
        lot = random.Random(f"{seed}:{number}")
        started = time.monotonic()
        if started > ends:
            break
        if number % 100 < PAPERS_OF_100:
            kind = lot.choice((*KINDS, "mail"))
            data = (
                one_mail(lot, number)
                if kind == "mail"
                else mutant(kind, lot.choice(originals()[kind]), lot, number).data
            )
            name = lot.choice(names.get(kind, (kind,)))
            reader, may = of_papers[name]
            _try(name, lambda reader=reader, data=data: reader(data), may, found, faults, number)
        else:
            name = lot.choice(list(of_lines))
            read, may, example = of_lines[name]
            text = twisted(example, lot)
            _try(name, lambda read=read, text=text: read(text), may, found, faults, number)
        slowest = max(slowest, time.monotonic() - started)
        done += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "cases": done,
        "by reader": dict(found),
        "unforeseen": faults,
        "slowest": round(slowest, 2),
        "peak MB": peak,
    }


def _try(
    name: str,
    case: Callable[[], object],
    may: tuple[type[BaseException], ...],
    found: Counter[str],
    faults: dict[str, str],
    number: int,
) -> None:
    found[name] += 1
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        case()
    except may:
        found[f"{name} refused"] += 1
    except MemoryError:
        found[f"{name} out of memory"] += 1
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        last = traceback.extract_tb(error.__traceback__)[-1]
        faults.setdefault(
            f"{name}: {type(error).__name__} at {Path(last.filename).name}:{last.lineno}",
            f"case {number}: {error}"[:200],
        )
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _slow(_signal: int, _frame: object) -> None:
    raise Slow


def main() -> None:
    cases, seed, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    warnings.simplefilter("ignore")
    originals()
    papers()
    tempfile.tempdir = "/nonexistent"
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (3 * 1024**3, 3 * 1024**3))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _slow)
    sys.setrecursionlimit(1000)
    # a pipe is no file: this may be written
    sys.stdout.write(json.dumps(fuzz(cases, seed=seed, seconds=seconds), ensure_ascii=False))


if __name__ == "__main__":
    main()
