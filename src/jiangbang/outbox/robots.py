"""Group robots of DingTalk, WeCom and Feishu, through apprise."""

from __future__ import annotations

import threading
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

from jiangbang.outbox.addresses import channel_of
from jiangbang.outbox.failures import DeliveryError, RefusedForGood
from jiangbang.outbox.models import Channel

# What the three services call their result; 0 is success.
CODES = ("errcode", "code", "StatusCode")
MAX_ANSWER = 200
_answer = threading.local()


def send(subject: str, address: str, body: str) -> None:
    """Post the message into the group. Raises RefusedForGood, DeliveryError."""
    robot = _robot(address)
    _answer.said = ""
    if robot.notify(title=subject, body=body):
        return
    if said := _answer.said:
        raise RefusedForGood(_("The group's robot refused it: %(said)s") % {"said": said[:MAX_ANSWER]})
    raise DeliveryError(_("The group's robot cannot be reached."))


def _robot(address: str) -> Any:
    """apprise's sender for the address; these three plugins alone, for loading all of them takes seconds.

    Raises RefusedForGood where no service would know the address.
    """
    # half a second, and only the worker needs it
    dingtalk, wecombot, feishu = (
        import_module(f"apprise.plugins.{name}") for name in ("dingtalk", "wecombot", "feishu")
    )
    for plugin in (dingtalk, wecombot, feishu):
        _make_strict(plugin)
    parts = urlsplit(address)
    told = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    try:
        match channel_of(address):
            case Channel.DINGTALK:
                # `secret` is the signing key of a robot that wants one, added to its address by hand
                return dingtalk.NotifyDingTalk(token=told.get("access_token"), secret=told.get("secret"))
            case Channel.WECOM:
                return wecombot.NotifyWeComBot(key=told.get("key"))
            case _:
                return feishu.NotifyFeishu(token=parts.path.rstrip("/").rpartition("/")[2])
    except TypeError:
        sentence = _("The robot's address is not complete. Copy it anew from the group's settings.")
        raise RefusedForGood(sentence) from None


def _make_strict(plugin: ModuleType) -> None:
    """Let apprise see refusals. It takes every answer with status 200 as success, but these services refuse with status 200 and a code."""
    names = vars(plugin)
    if not isinstance(names["requests"], _Strict):
        names["requests"] = _Strict(names["requests"])


class _Strict(ModuleType):
    """`requests` as the plugins use it, whose answers to a refused message do not count as good."""

    def __init__(self, requests: ModuleType) -> None:
        super().__init__("requests")
        self._requests = requests

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        response = self._requests.post(*args, **kwargs)
        try:
            told = response.json()
        except ValueError:
            return response
        if isinstance(told, dict) and any(told.get(name) not in (None, 0, "0") for name in CODES):
            _answer.said = " ".join(
                f"{told.get('errcode', told.get('code', ''))} {told.get('errmsg', told.get('msg', ''))}".split()
            )
            response.status_code = 400
        return response
