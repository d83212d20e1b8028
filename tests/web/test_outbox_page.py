"""The outbox's pages: what they show, to whom, with how many queries; secrets never."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from nomination.readings import Cast

from jiangbang.outbox.acts import Attachment, post_message
from jiangbang.outbox.models import Message
from jiangbang.outbox.templates import Text, Variable, declare
from jiangbang.programme.models import Edition
from jiangbang.queue.models import Job

pytestmark = pytest.mark.django_db
SECRET = declare(
    "test.secret",
    purpose="Invitation",
    variables=(Variable("link", "link", "https://x", secret=True),),
    zh=Text("邀请", "请点开 {link}\n"),
    en=Text("Invitation", "{link}\n"),
)
# session, user, roles; edition, editions of the frame; two rights; the count, the rows, the states
QUERIES = 10


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:
    client.force_login(cast.organiser)
    return client


def posted(cast: Cast, edition: Edition, number: int = 1, **more: Any) -> Message:
    told = {"to": f"unit{number}@example.com", "name": f"联络人{number}", **more}
    return post_message(
        "test.secret", edition=edition.key, context={"link": "https://h/i/t0ken"}, by=cast.organiser, **told
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_who_got_what(
    office: Client,
    cast: Cast,
    edition: Edition,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(count):
        posted(cast, edition, number)
    office.get("/messages/")
    with django_assert_num_queries(QUERIES):
        page = office.get("/messages/").content.decode()
    assert page.count("@example.com") == count
    assert "t0ken" not in page


def test_the_list_is_narrowed_by_state_template_name_and_whole_address(
    office: Client,
    cast: Cast,
    edition: Edition,
) -> None:
    first, second = posted(cast, edition, 1), posted(cast, edition, 2)
    Message.objects.filter(pk=second.pk).update(state="given_up", last_error="邮箱已满")

    def shown(query: str) -> list[bool]:
        page = office.get(f"/messages/?{query}").content.decode()
        return [str(message.pk) in page for message in (first, second)]

    assert shown("state=given_up") == [False, True]
    assert shown("template=test.secret") == [True, True]
    assert shown("template=other") == [False, False]
    assert shown("q=联络人1") == [True, False]
    assert shown("q=UNIT2@example.com") == [False, True]
    assert shown("q=unit2@") == [False, False]
    assert shown("state=nonsense&q=%00") == [True, True]
    assert "邮箱已满" in office.get("/messages/").content.decode()


def test_an_empty_outbox_says_what_will_stand_there(office: Client, edition: Edition) -> None:
    assert "还没有发出任何消息" in office.get("/messages/").content.decode()


def test_pages_follow_one_another(office: Client, cast: Cast, edition: Edition) -> None:
    for number in range(51):
        posted(cast, edition, number)
    page = office.get("/messages/")
    assert len(page.context["rows"]) == 50
    assert len(office.get("/messages/", {"after": page.context["page"].after}).context["rows"]) == 1


def test_a_message_shows_its_words_without_the_secret(office: Client, cast: Cast, edition: Edition) -> None:
    message = posted(cast, edition, attachments=[Attachment("回执.pdf", "application/pdf", b"%PDF")])
    page = office.get(f"/messages/{message.pk}/").content.decode()
    assert "请点开 ••••••" in page
    assert "t0ken" not in page
    assert ("回执.pdf" in page, message.message_id.strip("<>") in page) == (True, True)


def test_a_message_that_failed_says_why_and_goes_out_again(office: Client, cast: Cast, edition: Edition) -> None:
    message = posted(cast, edition)
    Message.objects.update(state="given_up", last_error="邮件服务器拒收：550")
    assert "邮件服务器拒收：550" in office.get(f"/messages/{message.pk}/").content.decode()
    answer = office.post(f"/messages/{message.pk}/resend/", follow=True).content.decode()
    assert "消息已重新发送。" in answer
    assert (Message.objects.get().state, Job.objects.count()) == ("waiting", 2)
    assert "这条消息已在发送途中。" in office.post(f"/messages/{message.pk}/resend/", follow=True).content.decode()


def test_all_that_was_given_up_goes_out_again(office: Client, cast: Cast, edition: Edition) -> None:
    for number in range(3):
        posted(cast, edition, number)
    Message.objects.exclude(name="联络人0").update(state="given_up")
    assert "2 条消息已重新发送。" in office.post("/messages/resend/", follow=True).content.decode()
    assert set(Message.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_message_of_another_edition_is_none_of_ours(client: Client, cast: Cast, edition: Edition) -> None:
    message = posted(cast, edition)
    cast.organiser.memberships.update(edition="hangzhou-digital-craftsman/2024")
    client.force_login(cast.organiser)
    assert client.get(f"/messages/{message.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_takes_the_same_queries(
    office: Client,
    cast: Cast,
    edition: Edition,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    message = posted(cast, edition)
    for _ in range(count - 1):
        Message.objects.update(state="sent", sent_at=timezone.now())
        office.post(f"/messages/{message.pk}/resend/")
    office.get("/messages/")
    with django_assert_num_queries(10):
        page = office.get(f"/messages/{message.pk}/")
    assert len(page.context["history"]) == count
