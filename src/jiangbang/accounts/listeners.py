"""What follows when allauth has changed a password or a factor: the register's entry, the sessions that end."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from jiangbang.accounts import acts, gate, sessions
from jiangbang.accounts.models import User


def on_password_changed(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:  # noqa: ARG001 — a signal's signature
    """Every other session of the person has ended; this one got a new key."""
    sessions.renamed(request, user)
    gate.look(request, user)


def on_factor_kept(sender: Any, instance: Authenticator, created: bool, **_kwargs: Any) -> None:  # noqa: ARG001
    """In the transaction of the page that set it up: factor and entry stand or fall together."""
    if created:
        acts.factor_added(instance.user, instance.type)


def on_factor_gone(sender: Any, instance: Authenticator, **_kwargs: Any) -> None:  # noqa: ARG001
    acts.factor_removed(instance.user, instance.type)
