"""Pages that let an act happen: what the next page says."""

from __future__ import annotations

from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from jiangbang.nomination.performing import perform
from jiangbang.register.acts import Refused


def asked() -> HttpRequest:
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # what the middleware does
    return request


def said(request: HttpRequest) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in get_messages(request)]


def test_what_happened_is_said() -> None:
    request, done = asked(), []
    assert perform(request, lambda: done.append(1), "写好了。")
    assert (done, said(request)) == ([1], [("success", "写好了。")])


def test_nothing_is_said_where_there_is_nothing_to_say() -> None:
    request = asked()
    assert perform(request, lambda: None)
    assert said(request) == []


def test_a_refusal_is_said_in_its_own_words() -> None:
    request = asked()

    def refuse() -> None:
        raise Refused("late", "已过截止时间。")

    assert not perform(request, refuse, "写好了。")
    assert said(request) == [("error", "已过截止时间。")]
