"""Group robots: real apprise against an HTTP server of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from outbox.conftest import EDITION

from jiangbang.accounts.models import User
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import channel_of, shown_address
from jiangbang.outbox.models import Message
from jiangbang.queue import worker

pytestmark = pytest.mark.django_db

DINGTALK = f"https://oapi.dingtalk.com/robot/send?access_token={'a1' * 32}"
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0e3d1c7a-33a1-4a1f-8c9f-1234567890ab"


class Service:
    """What came in, and what is answered."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.status, self.answer = 200, json.dumps({"errcode": 0, "code": 0})


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.posts.append((self.path, body))
            self.send_response(service.status)
            self.end_headers()
            self.wfile.write(service.answer.encode())

        def log_message(self, *_args: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(NotifyDingTalk, "notify_url", here + "/dingtalk?access_token={token}")
    monkeypatch.setattr(NotifyWeComBot, "notify_url", here + "/wecom?key={key}")
    monkeypatch.setattr(NotifyFeishu, "notify_url", here + "/feishu/{token}/")
    yield service
    server.shutdown()
    server.server_close()


def delivered(by: User, to: str) -> Message:
    message = post_message("outbox.trial", to=to, name="群", edition=EDITION, context={"edition": "第一届"}, by=by)
    assert worker.drain() == 1
    message.refresh_from_db()
    return message


@pytest.mark.parametrize(
    ("address", "channel", "path", "where"),
    [
        (DINGTALK, "dingtalk", f"/dingtalk?access_token={'a1' * 32}", ("text", "content")),
        (WECOM, "wecom", "/wecom?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", ("text", "content")),
        (FEISHU, "feishu", "/feishu/0e3d1c7a-33a1-4a1f-8c9f-1234567890ab/", ("content", "text")),
    ],
)
def test_a_message_reaches_the_group(
    organiser: User, service: Service, address: str, channel: str, path: str, where: tuple[str, str]
) -> None:
    message = delivered(organiser, address)
    assert (message.state, message.channel, message.last_error) == ("sent", channel, "")
    ((asked, body),) = service.posts
    assert asked == path
    assert "试发：第一届" in body[where[0]][where[1]]


def test_a_refusal_with_status_200_is_a_refusal(organiser: User, service: Service) -> None:
    service.answer = json.dumps({"errcode": 310000, "errmsg": "keywords not in content"})
    message = delivered(organiser, DINGTALK)
    assert (message.state, message.last_error) == ("given_up", "群机器人拒收：310000 keywords not in content")


def test_a_service_that_is_away_is_tried_again(organiser: User, service: Service) -> None:
    service.status, service.answer = 502, "bad gateway"
    message = delivered(organiser, FEISHU)
    assert (message.state, message.last_error) == ("failed", "无法连接群机器人。")


def test_an_incomplete_address_is_given_up(organiser: User, service: Service) -> None:
    message = delivered(organiser, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=")
    assert message.state == "given_up"
    assert "不完整" in message.last_error
    assert service.posts == []


@pytest.mark.parametrize(
    ("address", "channel"),
    [
        (DINGTALK, "dingtalk"),
        (WECOM, "wecom"),
        (FEISHU, "feishu"),
        ("lin@example.com", "email"),
        ("https://oapi.dingtalk.com.example/robot", None),
        ("https://oapi.dingtalk.com@127.0.0.1/robot", None),
        ("file:///etc/passwd", None),
    ],
)
def test_only_known_services_are_called(address: str, channel: str | None) -> None:
    assert channel_of(address) == channel


def test_a_robots_address_is_shown_cut() -> None:
    assert shown_address(DINGTALK) == "oapi.dingtalk.com/…a1a1"
    assert shown_address("lin@example.com") == "lin@example.com"
