"""My account: who I am here, my keys, from where I am signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import acts, factors, sessions
from jiangbang.accounts.models import Membership, Role, SignIn, User
from jiangbang.accounts.passwords import profile
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.web.invitation_page import scope_label


@dataclass(frozen=True, slots=True)
class Keys:
    """With what a person signs in."""

    passkeys: list[Authenticator]
    app: Authenticator | None
    codes_left: int | None
    due: bool


def person_of(request: HttpRequest) -> User:
    """Who asks. The views stand behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_GET
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    user = person_of(request)
    valid_for = profile().valid_for
    context = {
        "roles": roles_of(user),
        "keys": keys_of(user),
        "sso": SocialAccount.objects.filter(user=user).first() if settings.JIANGBANG_OIDC_ISSUER else None,
        "password_until": user.password_changed_at + valid_for if valid_for and user.has_usable_password() else None,
        "sessions": sessions.sessions_of(user),
        "here": request.session.session_key,
    }
    return render(request, "account/account.html", context)


def keys_of(user: User) -> Keys:
    """The person's factors, in one query."""
    held = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    of = {kind: [one for one in held if one.type == kind] for kind in Authenticator.Type}
    codes = of[Authenticator.Type.RECOVERY_CODES]
    return Keys(
        of[Authenticator.Type.WEBAUTHN],
        next(iter(of[Authenticator.Type.TOTP]), None),
        len(codes[0].wrap().get_unused_codes()) if codes else None,
        factors.is_due(user),
    )


def roles_of(user: User) -> list[dict[str, Any]]:
    """The person's roles in every edition, in words."""
    editions = {edition.key: edition for edition in Edition.objects.defer("document")}
    return [
        {
            "role": Role(held.role).label,
            "scope": scope_label(editions.get(held.edition), held.role, held.scope),
            "edition": editions.get(held.edition),
        }
        for held in Membership.objects.filter(user=user).order_by("edition", "role", "scope")
    ]


@login_required
@require_GET
@never_cache
def factor_due(request: HttpRequest) -> HttpResponse:
    """Where whoever must have a second factor is led until he has one."""
    if not factors.is_missing(person_of(request)):
        return redirect("account")
    return render(request, "account/factor_due.html")


@login_required
@require_POST
def rename(request: HttpRequest) -> HttpResponse:
    """Choose another user name."""
    username = request.POST.get("username", "").strip()
    try:
        UnicodeUsernameValidator()(username)
        acts.rename(person_of(request), username)
    except ValidationError:
        messages.error(request, _("A user name has letters, figures and @ . + - _ only."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("account")


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    user = person_of(request)
    if not SignIn.objects.filter(user=user, pk=pk).exclude(session_key=request.session.session_key).exists():
        raise Http404
    acts.end_sessions(user, by=user, only=pk)
    messages.success(request, _("That browser is signed out."))
    return redirect("account")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    user = person_of(request)
    ended = acts.end_sessions(user, by=user, but=request.session.session_key or "")
    messages.success(
        request,
        ngettext("%(count)s browser is signed out.", "%(count)s browsers are signed out.", ended) % {"count": ended},
    )
    return redirect("account")
