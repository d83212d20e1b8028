"""Where messages go: e-mail addresses, and the addresses of group robots as DingTalk, WeCom and Feishu give them out."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from jiangbang.outbox.models import Channel

# Only these: an address that somebody types must not make the house call machines of its own network.
ROBOT_HOSTS = {
    "oapi.dingtalk.com": Channel.DINGTALK,
    "qyapi.weixin.qq.com": Channel.WECOM,
    "open.feishu.cn": Channel.FEISHU,
}
LONGEST = 320


def channel_of(address: str) -> Channel | None:
    """By what way an address is reached; None where it is none."""
    if len(address) > LONGEST:
        return None
    if address.startswith("https://"):
        return ROBOT_HOSTS.get(urlsplit(address).hostname or "")
    try:
        validate_email(address)
    except ValidationError:
        return None
    return Channel.EMAIL


def shown_address(address: str) -> str:
    """The address as pages show it: a robot's is itself a secret and is cut to its host and end."""
    if not address.startswith("https://"):
        return address
    return f"{urlsplit(address).hostname}/…{address[-4:]}"


def absolute(path: str) -> str:
    """A whole link for a message, from `reverse(…)`."""
    return f"{settings.JIANGBANG_URL}{path}"
