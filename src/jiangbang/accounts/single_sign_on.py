"""Single sign-on by OpenID Connect: a provider vouches for people who have an account here already. Strangers get none.

A person of the provider is tied to an account in one of three ways: he takes up an invitation through the provider; he is signed in and
ties it himself; or the operator names a claim (`JIANGBANG_OIDC_CLAIM`) whose value is the user name here. Only the provider's
subject is kept, no claim.
"""

from __future__ import annotations

from typing import Any, Final

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from jiangbang.accounts import acts, invitations
from jiangbang.accounts.models import User
from jiangbang.register.acts import Refused

PROVIDER: Final = "sso"
# the token of the invitation that is being taken up through the provider
INVITATION_KEY: Final = "sso_invitation"
CLAIMS: Final = "_sso_claims"


class KnownOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth's sign-in by a provider, for people with an account only."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:  # noqa: ARG002
        """Keep the claims for this one request, and nothing of them in the database."""
        said = sociallogin.account.extra_data
        request.__dict__[CLAIMS] = {**said.get("id_token", {}), **said.get("userinfo", {})}
        sociallogin.account.extra_data = {}
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Tie the provider's person to an account of ours. Raises ImmediateHttpResponse with the page that says why not."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        user = _invited(request) or _claimed(request.__dict__.get(CLAIMS, {}))
        if user is None:
            raise ImmediateHttpResponse(render(request, "account/sso_unknown.html", status=403))
        with transaction.atomic():
            sociallogin.connect(request, user)
            acts.factor_added(user, "sso")

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
        raise ImmediateHttpResponse(_trouble(request))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: object) -> str:  # noqa: ARG002
        return "/account/"


def _invited(request: HttpRequest) -> User | None:
    """The account of the invitation that is being taken up, made now; None where none is, or where it does not open any more."""
    token = request.session.pop(INVITATION_KEY, "")
    if not token:
        return None
    try:
        return invitations.accept(token)[1]
    except Refused:
        return None


def _claimed(claims: dict[str, Any]) -> User | None:
    """The open account whose user name is the value of the claim that the operator trusts. A mail address counts verified only."""
    name: str = settings.JIANGBANG_OIDC_CLAIM
    value = claims.get(name)
    if not name or not isinstance(value, str) or not value:
        return None
    if name == "email" and claims.get("email_verified") is not True:
        return None
    return User.objects.filter(username__iexact=value, is_active=True).first()


def sign_in(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider; where it does not answer, a page that says so."""
    return _asking(views.login, request, provider_id)


def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider."""
    return _asking(views.callback, request, provider_id)


def _asking(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = view(request, provider_id)
    except requests.RequestException:
        return _trouble(request)
    return answer


def _trouble(request: HttpRequest) -> HttpResponse:
    return render(request, "account/sso_trouble.html", status=502)
