"""Response headers of every page: nothing runs in it and nothing is loaded by it but what this server sends."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def _form_targets() -> str:
    """Forms go to us; the one of single sign-on is sent on to its provider, which browsers count as the form's target too."""
    issuer = urlsplit(settings.JIANGBANG_OIDC_ISSUER)
    return f"'self' {issuer.scheme}://{issuer.netloc}" if issuer.netloc else "'self'"


# data: images are the small arrows and ticks inside Tabler's style sheet.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        f"form-action {_form_targets()}",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

# what no page of ours needs of the device, refused by name: whatever is not named here keeps the browser's own default
REFUSED_FEATURES = ("camera", "display-capture", "geolocation", "hid", "microphone", "midi", "payment", "serial", "usb")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SecurityHeaders:
    """Set the policy on every response that does not bring its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        # every page may name people: no shared cache and no disk keeps it unless it says otherwise
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # open data and the embeddable roll say `cross-origin` themselves
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
