"""Addresses of accounts: of allauth's only those that the house has, at addresses of the house's own choice."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_http_methods
from django.views.generic import RedirectView

from jiangbang.accounts import single_sign_on

# allauth's forms take PUT for POST; the house is entered by GET and POST only
page = require_http_methods(["GET", "HEAD", "POST"])
# allauth sends here what the house shows on the page of the account
to_account = login_required(page(RedirectView.as_view(pattern_name="account")))


def leaving(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Signing out: the browser forgets every page that it kept. A ballot's slip and text that was not sent yet are the person's."""

    @wraps(view)
    def left(request: HttpRequest) -> HttpResponseBase:
        response = view(request)
        if request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return left


def own(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for whoever is signed in; what it changes is in the register with it, or neither is."""
    return login_required(page(transaction.atomic(view)))


urlpatterns = [
    path("login/", page(views.login), name="account_login"),
    path("logout/", page(leaving(views.logout)), name="account_logout"),
    path("inactive/", page(views.account_inactive), name="account_inactive"),
    # closed: says so
    path("signup/", page(views.signup), name="account_signup"),
    path("reauthenticate/", page(views.reauthenticate), name="account_reauthenticate"),
    path("password/change/", page(views.password_change), name="account_change_password"),
    # where the page above sends an account that has no password yet
    path("password/set/", page(views.password_set), name="account_set_password"),
    # single sign-on
    path("sso/<slug:provider_id>/", page(single_sign_on.sign_in), name="openid_connect_login"),
    path("sso/<slug:provider_id>/back/", page(single_sign_on.back), name="openid_connect_callback"),
    path("sso/", to_account, name="socialaccount_connections"),
    # second factors
    path("factors/", to_account, name="mfa_index"),
    path("code/", page(factors.authenticate), name="mfa_authenticate"),
    path("reauthenticate/code/", page(factors.reauthenticate), name="mfa_reauthenticate"),
    path("app/set-up/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("app/take-off/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    # passkeys
    path("passkeys/", to_account, name="mfa_list_webauthn"),
    path("passkeys/sign-in/", page(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/new/", own(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/name/", own(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", own(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("reauthenticate/passkey/", page(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
]
