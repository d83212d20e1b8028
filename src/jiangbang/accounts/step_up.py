"""Step-up: what shows or takes away what is sealed wants a person who has proved lately that it is he (password, passkey, code, link).

    @login_required
    @require_POST
    @step_up.required
    def reveal(request, pk): ...

Signing in counts. Later the person is asked again and then is where he was: a link that was followed leads back to the page that it
stood on; a form that was sent is sent again for him, so that nothing he wrote is lost (files excepted: they are sent anew).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

SESSION_KEY = "proved_at"
# set while somebody is away to prove who he is: told when he comes back that nothing is in his way now
AWAY_KEY = "proof_asked"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def prove(request: HttpRequest) -> None:
    """Remember that whoever holds this session has just proved who he is."""
    request.session[SESSION_KEY] = int(time.time())
    if request.session.pop(AWAY_KEY, False):
        messages.success(request, _("It is you. Go on with what you were about to do."))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the last proof lies within the window of the settings."""
    proved: int = request.session.get(SESSION_KEY, 0)
    return 0 <= time.time() - proved < settings.JIANGBANG_STEP_UP_MINUTES * 60


def required(view: View) -> View:
    """A view that asks for a fresh proof first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if is_fresh(request) else ask(request)

    return cast(View, guarded)


def ask(request: HttpRequest) -> HttpResponseBase:
    """Send the person to the page that asks for a proof, and from there back to where he is."""
    methods: list[dict[str, Any]] = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        return render(request, "account/sign_in_again.html", status=403)
    by_script = request.headers.get("HX-Request") == "true"
    if request.method != "GET" and not by_script:
        # allauth keeps the form in the session and sends it again after the proof
        raise ReauthenticationRequired
    request.session[AWAY_KEY] = True
    asking = f"{methods[0]['url']}?{urlencode({'next': _page_before(request)})}"
    # a fragment's place is no place for a form: the browser is told to leave the page
    return HttpResponse(headers={"HX-Redirect": asking}) if by_script else HttpResponseRedirect(asking)


def _page_before(request: HttpRequest) -> str:
    """The page of ours on which the person pressed something; the desk where the browser does not say."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(said)
    return parts.path + (f"?{parts.query}" if parts.query else "")
