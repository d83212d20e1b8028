"""A person's sessions: kept as rows beside Django's own, so that he sees from where he is signed in and can end what is not his."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from jiangbang.accounts.models import SignIn, User
from jiangbang.accounts.network import client_network

# How exact "last seen" is: a row is written at most this often for each session.
SEEN_EVERY: Final = 300
SEEN_KEY: Final = "seen_at"
BEGAN_KEY: Final = "began_at"

# In this order: the names that a browser also bears of others come later.
BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def begin(request: HttpRequest, user: User) -> None:
    """Keep a row for the session that has just begun."""
    if request.session.session_key is None:
        request.session.save()
    agent, now = str(request.META.get("HTTP_USER_AGENT", "")), timezone.now()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "began_at": now,
            "seen_at": now,
            "network": client_network(request),
            "browser": _named(agent, BROWSERS),
            "system": _named(agent, SYSTEMS),
        },
    )
    request.session[SEEN_KEY] = request.session[BEGAN_KEY] = int(time.time())


def is_over(request: HttpRequest) -> bool:
    """Whether the session has lived as long as any may, however busy it is. One that nobody uses ends earlier (SESSION_COOKIE_AGE)."""
    began: int = request.session.get(BEGAN_KEY, 0)
    return time.time() - began > settings.JIANGBANG_SESSION_HOURS * 3600


def seen(request: HttpRequest) -> None:
    """Note that the session lives, at most every five minutes."""
    now = int(time.time())
    if now - request.session.get(SEEN_KEY, 0) < SEEN_EVERY:
        return
    request.session[SEEN_KEY] = now
    SignIn.objects.filter(session_key=request.session.session_key).update(seen_at=timezone.now())


def went(request: HttpRequest) -> None:
    """The session is about to end: its row goes."""
    SignIn.objects.filter(session_key=request.session.session_key).delete()


def renamed(request: HttpRequest, user: User) -> None:
    """The session got a new key (Django gives it one when the password changes); all others of the person are gone."""
    for one in sessions_of(user, alive_only=False):
        if one.session_key != request.session.session_key:
            Session.objects.filter(session_key=one.session_key).delete()
            one.delete()
    begin(request, user)


def sessions_of(user: AbstractBaseUser, *, alive_only: bool = True) -> list[SignIn]:
    """The person's sessions, last seen first; those that ran out are left out."""
    rows = SignIn.objects.filter(user_id=user.pk).order_by("-seen_at")
    if alive_only:
        alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
        rows = rows.filter(session_key__in=alive)
    return list(rows)


def forget_old() -> int:
    """Delete rows and sessions that ran out; for the clockwork."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    return SignIn.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]


def _named(agent: str, names: Iterable[tuple[str, str]]) -> str:
    return next((name for mark, name in names if re.search(rf"\b{mark}", agent)), "")


def on_signed_in(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:  # noqa: ARG001 — Django's signature
    """Signal: somebody has signed in, by whatever way."""
    begin(request, user)


def on_signed_out(sender: Any, request: HttpRequest, user: User | None, **_kwargs: Any) -> None:  # noqa: ARG001
    """Signal: somebody signs out."""
    if user is not None and hasattr(request, "session"):
        went(request)
