"""What a person has to do before he goes on: choose his own password, set up a second factor. Asked at sign-in, kept in the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from jiangbang.accounts import factors, passwords, sessions, step_up, watch
from jiangbang.accounts.models import User

SESSION_KEY: Final = "gate"
# in this order
PASSWORD: Final = "password"  # noqa: S105 — no password, but what is due
FACTOR: Final = "factor"
LEADS_TO: Final = {PASSWORD: "account_change_password", FACTOR: "factor_due"}
# What stays open: the pages of the account themselves, the language, the pages behind links, what they are painted with.
OPEN: Final = ("/account/", "/language/", "/invitation/", "/static/")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def look(request: HttpRequest, user: User) -> None:
    """See what the person has to do, and keep it in the session."""
    due = [PASSWORD] if passwords.must_change(user) else []
    due += [FACTOR] if factors.is_missing(user) else []
    if due or SESSION_KEY in request.session:
        request.session[SESSION_KEY] = due


class Gate:
    """Lead whoever has something to do first to the page where he does it; and note that sessions live."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/static/") or not request.user.is_authenticated:
            return self.get_response(request)
        if sessions.is_over(request):
            logout(request)
            return self.get_response(request)
        sessions.seen(request)
        if request.session.get(SESSION_KEY):
            # it may have been done on the last page; whoever has nothing to do costs no query here
            assert isinstance(request.user, User)
            look(request, request.user)
        due: list[str] = request.session.get(SESSION_KEY, [])
        if due and not request.path.startswith(OPEN):
            return HttpResponseRedirect(reverse(LEADS_TO[due[0]]))
        response = self.get_response(request)
        if response.status_code == 403:
            watch.refused(request)
        return response


def on_signed_in(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:  # noqa: ARG001 — Django's signature
    """Signal: signing in is a proof, and the moment to see what is due."""
    step_up.prove(request)
    look(request, user)


def on_proved(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:  # noqa: ARG001
    """Signal: the person has been asked again and has proved who he is."""
    if kwargs.get("reauthenticated"):
        step_up.prove(request)
