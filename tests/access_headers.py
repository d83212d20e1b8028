"""What every answer of the house must say to the browser, and what the few exceptions say instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from access_table import TABLE, expected

from jiangbang.web.headers import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
# Open data of the public pages: other sites may fetch it, and frame the bare roll.
OPEN_DATA: Final = (
    *("roll_csv", "roll_json", "statistics_csv", "verify_keys", "verify_revoked"),
    *(f"register_{one}" for one in ("checkpoint", "key", "consistency", "inclusion")),
)
FRAMED: Final = ("roll_embed",)
# Foreign bytes that a browser shows: nothing in them runs. `sandbox` alone would let them load what they like.
FENCED: Final = ("default-src 'none'; sandbox", "default-src 'none'; img-src 'self'; object-src 'self'; sandbox")
PUBLIC: Final = frozenset(name for name, line in TABLE.items() if expected(line)["GET", "anonymous"] == "200")
# What may be kept by whoever stands between, and how long at most, in seconds.
LONGEST_KEPT: Final = 86_400


def faults_of(name: str, answer: Any, *, where: str) -> Iterator[str]:
    """Everything that is missing or too loose in the headers of this answer."""
    headers = answer.headers
    good = answer.status_code == 200
    wanted = {**ALWAYS, "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY"}
    if good and name in OPEN_DATA + FRAMED:
        wanted["Cross-Origin-Resource-Policy"] = "cross-origin"
    if name in FRAMED:
        del wanted["X-Frame-Options"]
    yield from (f"{where}: {key} is {headers.get(key)!r}" for key, said in wanted.items() if headers.get(key) != said)
    if ("Access-Control-Allow-Origin" in headers) != (good and name in OPEN_DATA):
        yield f"{where}: Access-Control-Allow-Origin is {headers.get('Access-Control-Allow-Origin')!r}"
    if stray := {"Server", "X-Powered-By"} & set(headers):
        yield f"{where}: tells {sorted(stray)}"
    yield from (f"{where}: {fault}" for fault in _of_policy(name, headers.get("Content-Security-Policy", ""), good))
    yield from (f"{where}: {fault}" for fault in _of_type(answer))
    if fault := _of_cache(answer, open_to_all=good and name in PUBLIC):
        yield f"{where}: {fault}"


def _of_policy(name: str, policy: str, good: bool) -> Iterator[str]:
    if "unsafe-" in policy or "http:" in policy or "script-src *" in policy:
        yield f"loose policy {policy!r}"
    if name in FRAMED and good:
        if not {"frame-ancestors *", "object-src 'none'", "base-uri 'none'"} <= set(policy.split("; ")):
            yield f"framed page with {policy!r}"
    elif policy not in (CONTENT_SECURITY_POLICY, *FENCED):
        yield f"policy {policy!r}"


def _of_type(answer: Any) -> Iterator[str]:
    kind: str = answer.headers.get("Content-Type", "")
    body = answer.streaming or answer.content
    if body and not kind:
        yield "a body without a type"
    if re.match(r"text/|application/(?:.*\+)?xml", kind) and "charset=utf-8" not in kind.lower():
        yield f"text without a charset: {kind!r}"
    if "javascript" in kind:
        yield f"a script from a page: {kind!r}"


def _of_cache(answer: Any, *, open_to_all: bool) -> str:
    """What is said to somebody is kept by nobody; what everybody reads may be kept for a day at most, and gives nobody a cookie."""
    said: str = answer.headers.get("Cache-Control", "")
    if "no-store" in said and "private" in said:
        return ""
    ages = [int(age) for age in re.findall(r"(?:s-maxage|max-age)=(\d+)", said)]
    if open_to_all and "public" in said and all(age <= LONGEST_KEPT for age in ages) and (ages or "no-cache" in said):
        return "Set-Cookie on what a cache keeps" if answer.cookies else ""
    return f"Cache-Control {said!r}"
