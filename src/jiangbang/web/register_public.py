"""The register to whoever asks: its signed head, its key, and proofs; none of it says what an entry holds.

An outsider compares heads with `jiangbang register witness`; the formats are C2SP's, so that other programs can too. What never changes
may be kept for a day by every cache on the way. The rest of the cost is bounded here: a proof reads some hundred hashes, and few are made
at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiangbang.kernel.log_proof import hash_lines
from jiangbang.register.keys import signer
from jiangbang.register.proofs import Altered, Tree, present_tree
from jiangbang.register.queries import head

# seconds
FRESH: Final = 10
KEY_FRESH: Final = 300
FOR_EVER: Final = 86_400
# Proofs made at the same time in one process: the other threads go on serving pages, whoever asks for how many.
AT_ONCE: Final = 2
WAIT: Final = 0.5
_making = BoundedSemaphore(AT_ONCE)


def text(lines: Iterable[str], cache: str, status: int = 200) -> HttpResponse:
    """A plain text that any page may read."""
    answer = HttpResponse("".join(lines), content_type="text/plain; charset=utf-8", status=status)
    answer["Cache-Control"] = cache
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The signed head as it stands (C2SP tlog-checkpoint). One query."""
    note = head().checkpoint
    return text([note], f"public, max-age={FRESH}") if note else _refused("nothing was entered yet", 404)


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """The verifier key (C2SP signed-note)."""
    return text([f"{signer().verifier}\n"], f"public, max-age={KEY_FRESH}")


@require_safe
def consistency(_request: HttpRequest, old: int, new: int) -> HttpResponse:
    """The proof that the first `old` entries are the beginning of the first `new`: one base64 hash a line, RFC 9162 §2.1.4."""
    return _proved(
        lambda tree: [f"{line}\n" for line in hash_lines(tree.consistency(old, new))],
        f"public, max-age={FOR_EVER}, immutable",
    )


@require_safe
def inclusion(_request: HttpRequest, index: int) -> HttpResponse:
    """The proof that an entry stands at this place (C2SP tlog-proof), without the entry: its holder has it."""
    return _proved(lambda tree: [str(tree.inclusion(index))], f"public, max-age={FRESH}")


def _proved(make: Callable[[Tree], list[str]], cache: str) -> HttpResponse:
    """Five queries at most. 404 for what the register never was, 409 where the rows do not give the signed head, 503 when busy."""
    if not _making.acquire(timeout=WAIT):
        answer = _refused("busy, ask again", 503)
        answer["Retry-After"] = "1"
        return answer
    try:
        return text(make(present_tree()), cache)
    except ValueError as error:
        return _refused(str(error), 404)
    except Altered:
        return _refused("the entries do not give the signed checkpoint", 409)
    finally:
        _making.release()


def _refused(sentence: str, status: int) -> HttpResponse:
    return text([sentence + "\n"], "no-store", status)
