"""Where a request comes from."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from jiangbang.accounts.network import client_address, client_network, network_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.9"),
        # nobody was named as proxy: what a client writes is not believed
        (0, "198.51.100.7", "10.0.0.9"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.1, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.1, 198.51.100.7, 10.0.0.8", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.9"),
        (1, "", "10.0.0.9"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(
    settings: LazySettings, proxies: int, forwarded: str, address: str
) -> None:
    settings.JIANGBANG_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", headers=headers)
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_a_client_is_an_address_or_a_network_of_the_sixth_version(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_request_without_an_address_has_no_network() -> None:
    assert client_network(RequestFactory().get("/", REMOTE_ADDR="")) == ""
