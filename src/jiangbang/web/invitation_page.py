"""The page behind an invitation's link. Looking at it changes nothing (mail scanners open every link); its button lets in."""

from __future__ import annotations

import math
from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from jiangbang.accounts import invitations, single_sign_on, throttle
from jiangbang.accounts.models import Invitation, Role, User
from jiangbang.accounts.policy import LINK_ROLES
from jiangbang.nomination.pages import unit_names
from jiangbang.programme.chosen import SESSION_KEY
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_edition
from jiangbang.queue.jobs import enqueue
from jiangbang.register.acts import Refused
from jiangbang.web.tasks import send_fresh_links

# Gone is what a link is that was used, taken back or is too old; the others say nothing about what exists.
STATUS = {"used": 410, "revoked": 410, "expired": 410, "withdrawn": 410, "closed": 410, "unknown": 404, "clash": 409}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("token")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET: who invites to what. POST: let in, with the account of whoever is signed in or with a new one."""
    found = invitations.find(token)
    person = request.user if isinstance(request.user, User) else None
    try:
        invitations.check(found)
        if request.method == "POST" and request.POST.get("as") == "sso" and settings.JIANGBANG_OIDC_ISSUER:
            # the provider says who it is; the invitation is taken up when it has
            request.session[single_sign_on.INVITATION_KEY] = token
            return single_sign_on.sign_in(request, single_sign_on.PROVIDER)
        if request.method == "POST":
            return _enter(request, token, person if request.POST.get("as") == "me" else None)
    except Refused as refusal:
        if found is not None and refusal.code == "used" and person is not None and found.account_id == person.pk:
            return HttpResponseRedirect("/")
        return _refused(request, found, refusal)
    assert found is not None
    return render(request, "account/invitation.html", {**told(found), "person": person, "again": found.account_id})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("address")
def again(request: HttpRequest) -> HttpResponse:
    """Ask for a fresh link. The answer is the same for every address."""
    address = request.POST.get("address", "").replace("\0", "").strip()[:254]
    context: dict[str, Any] = {"address": address}
    if request.method == "POST":
        index = invitations.address_index(address)
        wait = throttle.take(throttle.link_counters(request, index))
        if not index:
            context["trouble"] = _("Give the address at which you were invited.")
        elif wait:
            minutes = math.ceil(wait.total_seconds() / 60)
            context["trouble"] = _("Too many links were asked for. Try again in %(minutes)s minutes.") % {
                "minutes": minutes
            }
        else:
            enqueue(send_fresh_links, index=index, language="en" if get_language() == "en" else "zh")
            context["asked"] = True
    return render(request, "account/link_again.html", context)


def _enter(request: HttpRequest, token: str, person: User | None) -> HttpResponseBase:
    found, user = invitations.accept(token, as_user=person)
    if user != request.user:
        logout(request)
        # through allauth's door: whoever has set up a second factor is asked for it here too
        answer: HttpResponseBase = perform_login(request, user, redirect_url="/")
    else:
        answer = HttpResponseRedirect("/")
    if found.edition:
        request.session[SESSION_KEY] = found.edition
    return answer


def told(found: Invitation) -> dict[str, Any]:
    """What a page says of an invitation: role, edition, unit, who invites."""
    edition = find_edition(found.edition) if found.edition else None
    return {
        "invitation": found,
        "name": invitations.addressee(found).name,
        "role": Role(found.role).label,
        "edition": edition,
        "scope": scope_label(edition, found.role, found.scope),
    }


def scope_label(edition: Edition | None, role: str, scope: str) -> str:
    """What a role is held for, in words; candidacies and experts have no words of their own here."""
    if role in LINK_ROLES or role == Role.EXPERT:
        return ""
    names = unit_names(edition.spec) if edition and role == Role.UNIT else {}
    return names.get(scope, scope)


def _refused(request: HttpRequest, found: Invitation | None, refusal: Refused) -> HttpResponse:
    """Why the link does not open, and what to do next."""
    context: dict[str, Any] = {
        "refusal": refusal,
        "code": refusal.code,
        "invitation": found,
        "inviter": found.invited_by if found else None,
        "by_link": found is not None and found.role in LINK_ROLES,
    }
    return render(request, "account/invitation_refused.html", context, status=STATUS[refusal.code])
