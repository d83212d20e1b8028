"""Wrong passwords: each (account, network) waits longer with every one, and a browser that has signed in before keeps tries of its own.

Locking an account after so many failures would hand everybody a switch to lock it with. So failures are counted where they come from:

    device cookie   a browser in which this account signed in before (OWASP device cookies): its own tries, whatever others do
    network         everybody else at one address: tries for this account from there, then growing waits
    spray           everybody without a device cookie at one address, over all accounts: many, for an office has one address

An attacker can use up his own network's tries, never the victim's. A try is taken before the password is looked at, so that many at
once are no way around; the right password gives it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import get_random_string

from jiangbang.accounts.models import Tries, User
from jiangbang.accounts.network import client_network
from jiangbang.accounts.passwords import profile
from jiangbang.vaults import vault

# its path is the door, which `__Host-` does not allow
COOKIE: Final = "__Secure-jiangbang_device" if settings.JIANGBANG_TLS else "jiangbang_device"
COOKIE_DAYS: Final = 180
# Browsers are shared in offices; the one that signed in longest ago is forgotten.
COOKIE_PEOPLE: Final = 5
# Failures of strangers at one address over all accounts, before it waits as a whole.
SPRAY_TRIES: Final = 100
# Fresh links asked for: for one address, and from one network over all addresses.
LINK_TRIES: Final = 3
LINKS_TRIES: Final = 20
FORGOTTEN_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Counter:
    """One thing that is counted: a hash of its name, and how many failures are free."""

    key: str
    free: int


def counters(request: HttpRequest, username: str) -> tuple[Counter, ...]:
    """What a try of this name from this browser counts against."""
    name = username.strip().casefold()[:200]
    if device := _devices(request).get(_name_key(name)):
        return (Counter(_key("device", name, device), profile().free_tries),)
    network = client_network(request)
    return (
        Counter(_key("network", name, network), profile().free_tries),
        Counter(_key("spray", network), SPRAY_TRIES),
    )


def link_counters(request: HttpRequest, address_index: str) -> tuple[Counter, ...]:
    """What asking for a fresh link counts against: the address, and where it is asked from."""
    return (
        Counter(_key("link", address_index), LINK_TRIES),
        Counter(_key("links", client_network(request)), LINKS_TRIES),
    )


def take(counted: tuple[Counter, ...]) -> timedelta:
    """Take one try of each counter; or, where one has to wait, take none and say how long."""
    now = timezone.now()
    with transaction.atomic():
        rows = [_row(counter) for counter in counted]
        wait = max((row.blocked_until - now for row in rows if row.blocked_until), default=timedelta(0))
        if wait > timedelta(0):
            return wait
        for row, counter in zip(rows, counted, strict=True):
            row.failures += 1
            row.last_at = now
            row.blocked_until = now + _waits(row.failures - counter.free) if row.failures >= counter.free else None
            row.save()
    return timedelta(0)


def _row(counter: Counter) -> Tries:
    """The counter's row, locked; begun anew after a day without a failure."""
    now = timezone.now()
    Tries.objects.filter(key=counter.key, last_at__lt=now - FORGOTTEN_AFTER).delete()
    Tries.objects.get_or_create(key=counter.key, defaults={"last_at": now})
    return Tries.objects.select_for_update().get(key=counter.key)


def _waits(beyond: int) -> timedelta:
    """The wait after the free failures and `beyond` more: doubled each time, up to the profile's longest."""
    rules = profile()
    return min(rules.longest_wait, rules.first_wait * (1 << min(beyond, 20)))


def give_back(counted: tuple[Counter, ...]) -> None:
    """The password was right: the account's own counter begins anew; of a network's, only this try is given back, so that an attacker
    with an account of his own cannot clear it."""
    with transaction.atomic():
        Tries.objects.filter(key=counted[0].key).delete()
        for counter in counted[1:]:
            row = Tries.objects.select_for_update().filter(key=counter.key).first()
            if row is not None and row.failures:
                row.failures -= 1
                row.blocked_until = None if row.failures < counter.free else row.blocked_until
                row.save()


def forget_old() -> int:
    """Delete what nobody waits for any more; for the clockwork."""
    return Tries.objects.filter(last_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Give the browser in which somebody signed in its device cookie."""
    name = _name_key(user.username.casefold())
    known = {key: device for key, device in _devices(request).items() if key != name}
    kept = dict([*known.items(), (name, get_random_string(22))][-COOKIE_PEOPLE:])
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=COOKIE),
        max_age=COOKIE_DAYS * 24 * 3600,
        path="/account/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _devices(request: HttpRequest) -> dict[str, str]:
    """Which accounts signed in in this browser: hash of the name → the browser's own secret for it. Forged or old cookies say nothing."""
    try:
        found: dict[str, str] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=timedelta(days=COOKIE_DAYS)
        )
    except signing.BadSignature:
        return {}
    return found


def _name_key(name: str) -> str:
    return _key("name", name)[:16]


def _key(*parts: str) -> str:
    return vault().blind_index("\0".join(parts), "accounts.tries")
