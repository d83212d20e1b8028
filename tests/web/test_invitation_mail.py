"""Invitations and fresh links by message."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.accounts.invitations import accept, address_index, invite
from jiangbang.accounts.models import Invitation, Role, User
from jiangbang.outbox.models import Message
from jiangbang.outbox.sealing import bodies
from jiangbang.programme.models import Edition
from jiangbang.queue.models import Job
from jiangbang.web.invitation_mail import post_fresh_links, post_link

pytestmark = pytest.mark.django_db
HERE = "hangzhou-digital-craftsman/2023"
ADDRESS = "zhang@example.cn"


def made(cast: Cast, role: Role = Role.CANDIDATE, address: str = ADDRESS) -> tuple[Invitation, str]:  # noqa: F811
    return invite(role=role, edition=HERE, scope="330108", name="张三", address=address, by=cast.organiser)


def body_of(message: Message) -> str:
    return bodies(message.pk, message.sealed_body)[0]


def token_in(message: Message) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000/invitation/([\w-]{43})/", body_of(message))
    assert found is not None
    return found[1]


def test_the_message_carries_the_link_and_only_its_body_does(cast: Cast, edition: Edition) -> None:  # noqa: F811
    invitation, token = made(cast)
    assert post_link(invitation, token)
    message = Message.objects.get()
    assert token_in(message) == token
    assert token not in repr(Message.objects.values().get()) + bodies(message.pk, message.sealed_body)[1]
    assert (message.template, message.edition, message.name) == ("accounts.invitation", HERE, "张三")
    assert [word for word in ("张三", "推荐人选", "organiser") if word not in body_of(message)] == []


@pytest.mark.parametrize("address", ["", "13900000000", "no address"])
def test_without_an_address_of_mail_nothing_is_posted(cast: Cast, edition: Edition, address: str) -> None:  # noqa: F811
    assert not post_link(*made(cast, address=address))
    assert not Message.objects.exists()


def test_the_office_sends_the_link_with_the_invitation(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    client.force_login(cast.organiser)
    sent = {"name": "赵评审", "address": ADDRESS, "role": "expert", "days": "3"}
    client.post("/people/invite/", sent)
    assert not Message.objects.exists()
    page = client.post("/people/invite/", {**sent, "send": "yes"}).content.decode()
    assert ("正在通过邮件发送" in page, token_in(Message.objects.get()) in page) == (True, True)


def test_a_fresh_link_goes_to_the_address_and_leads_back(cast: Cast, edition: Edition) -> None:  # noqa: F811
    _invitation, token = made(cast)
    user = accept(token)[1]
    assert post_fresh_links(address_index(" ZHANG@example.cn"), "zh") == 1
    assert accept(token_in(Message.objects.get(template="accounts.fresh_link")))[1] == user


def test_nobody_else_gets_a_fresh_link(cast: Cast, edition: Edition) -> None:  # noqa: F811
    made(cast, Role.SCREENER, "office@example.cn")
    for address in ("nobody@example.cn", "office@example.cn", ""):
        assert post_fresh_links(address_index(address), "zh") == 0
    assert not Message.objects.exists()


def test_the_page_answers_alike_whether_the_address_is_known(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    made(cast)
    pages = [client.post("/invitation/", {"address": address}).content for address in (ADDRESS, "nobody@example.cn")]
    answers = [re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page) for page in pages]
    assert answers[0] == answers[1]
    jobs = Job.objects.filter(name="web.fresh_links").order_by("pk")
    assert [set(job.arguments) for job in jobs] == [{"index", "language"}] * 2
    assert ADDRESS not in repr(list(jobs.values()))
    assert (Message.objects.count(), User.objects.filter(username__startswith="z").count()) == (0, 0)


def test_asking_too_often_has_to_wait(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    pages = [client.post("/invitation/", {"address": ADDRESS}).content.decode() for _ in range(4)]
    assert ["次数过多" in page for page in pages] == [False, False, False, True]
    assert "请填写收到邀请的地址" in client.post("/invitation/", {"address": " "}).content.decode()
