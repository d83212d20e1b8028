"""allauth in this house: sign-up is closed, wrong passwords wait, passwords change by an act."""

from __future__ import annotations

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import ngettext

from jiangbang.accounts import acts, step_up, throttle, watch
from jiangbang.accounts.models import User
from jiangbang.accounts.network import client_address


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth with its sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 — allauth's signature
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take a try before the password is looked at. Raises ValidationError with the time that is left to wait."""
        self._counted = throttle.counters(request, str(credentials.get("username") or ""))
        wait = throttle.take(self._counted)
        if wait:
            minutes = math.ceil(wait.total_seconds() / 60)
            watch.made_to_wait(request, str(credentials.get("username") or ""), minutes)
            raise ValidationError(
                ngettext(
                    "Too many wrong passwords from here. Try again in %(minutes)s minute; browsers in which you signed in before "
                    "are not affected.",
                    "Too many wrong passwords from here. Try again in %(minutes)s minutes; browsers in which you signed in before "
                    "are not affected.",
                    minutes,
                )
                % {"minutes": minutes},
                code="too_many_login_attempts",
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            throttle.give_back(self._counted)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        watch.failed(request, str(credentials.get("username") or ""))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        throttle.remember(request, response, user)
        return response

    def set_password(self, user: User, password: str) -> None:
        acts.change_password(user, password)

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:  # noqa: ARG002
        """allauth asks again where the house would: the last proof is too old."""
        return not step_up.is_fresh(self.request)
