"""One log line for each coming, going, failing and refusal: what a watchman needs, and no person's name.

Accounts are numbers, as the register has them. A name that was typed and the network that it came from stand as keyed marks: the same one
is always the same mark, and none leads back to what it stands for without this installation's keys.
"""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest

from jiangbang.accounts.models import User
from jiangbang.accounts.network import client_network
from jiangbang.vaults import vault

log = logging.getLogger("jiangbang.watch")


def mark(text: str, purpose: str) -> str:
    """Twelve hex digits that stand for a text."""
    return vault().blind_index(text.strip().casefold()[:200], f"watch.{purpose}")[:12]


def network(request: HttpRequest) -> str:
    return mark(client_network(request) or "", "network")


def on_signed_in(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:  # noqa: ARG001 — a signal's signature
    """Signal: by which ways, in the order in which they were gone."""
    records: list[dict[str, Any]] = request.session.get("account_authentication_methods", [])
    ways = "+".join(str(one.get("type") or one.get("method")) for one in records) or "link"
    log.info("signed in: account %s by %s from network %s", user.pk, ways, network(request))


def on_signed_out(sender: Any, request: HttpRequest, user: User | None, **_kwargs: Any) -> None:  # noqa: ARG001
    if user is not None:
        log.info("signed out: account %s", user.pk)


def failed(request: HttpRequest, username: str) -> None:
    """A wrong password, or a name that nobody has: told alike here too."""
    log.warning("sign-in failed: name %s from network %s", mark(username, "name"), network(request))


def made_to_wait(request: HttpRequest, username: str, minutes: int) -> None:
    log.warning(
        "sign-in refused: name %s from network %s waits %s min", mark(username, "name"), network(request), minutes
    )


def refused(request: HttpRequest) -> None:
    """Somebody who is signed in met a closed door (403)."""
    match = request.resolver_match
    view = match.view_name if match else "none"
    log.warning("access refused: account %s, %s %s", request.user.pk, request.method, view)
