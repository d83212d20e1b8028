"""Where a request comes from, behind as many proxies as the operator says there are."""

from __future__ import annotations

import ipaddress
from typing import Final

from django.conf import settings
from django.http import HttpRequest

# A household or an office has one IPv4 address, or one IPv6 network of this size.
IPV6_PREFIX: Final = 64


def client_address(request: HttpRequest) -> str:
    """The client's address. Of `X-Forwarded-For` only what the trusted proxies themselves wrote is believed: each adds one at the end."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.JIANGBANG_PROXIES
    if proxies == 0:
        return remote
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return told[-proxies] if len(told) >= proxies and told[-proxies] else remote


def network_of(address: str) -> str:
    """The network that counts as one client: the IPv4 address itself, the /64 of an IPv6 address; empty for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)


def client_network(request: HttpRequest) -> str:
    """The client's network, as throttles count it and lists of sign-ins show it."""
    return network_of(client_address(request))
