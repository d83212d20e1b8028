"""Posting, sending again, wording."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import transaction
from outbox.conftest import EDITION

from jiangbang.accounts.models import User
from jiangbang.outbox import acts, sealing
from jiangbang.outbox.acts import Attachment, edit_template, post_message, resend_message
from jiangbang.outbox.models import Message, Wording
from jiangbang.outbox.templates import TEMPLATES, Text, UnknownTemplateError, Variable, declare, discover
from jiangbang.queue.models import Job
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def invitation() -> object:
    # before: what is discovered meanwhile would be forgotten with the test's own
    discover()
    with mock.patch.dict(TEMPLATES):
        yield declare(
            "test.invitation",
            purpose="Invitation",
            variables=(Variable("unit", "unit", "滨江"), Variable("link", "link", "https://example", secret=True)),
            zh=Text("请 {unit} 登录", "{unit}：请点开 {link}\n"),
            en=Text("{unit}, sign in", "{unit}: open {link}\n"),
        )


def posted(by: User, **more: object) -> Message:
    told = {
        "to": "lin@example.com",
        "name": "林",
        "edition": EDITION,
        "context": {"unit": "滨江区总工会", "link": "https://house.example/i/s3cret"},
        **more,
    }
    return post_message("test.invitation", by=by, **told)  # type: ignore[arg-type]


def refused(code: str) -> object:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_a_posted_message_is_sealed_queued_and_registered(organiser: User) -> None:
    message = posted(organiser)
    message.refresh_from_db()
    assert (message.state, message.channel, message.language, message.subject) == (
        "waiting",
        "email",
        "zh",
        "请 滨江区总工会 登录",
    )
    assert sealing.unseal(message.pk, "address", message.sealed_address) == b"lin@example.com"
    sent, shown = sealing.bodies(message.pk, message.sealed_body)
    assert sent == "滨江区总工会：请点开 https://house.example/i/s3cret\n"
    assert shown == "滨江区总工会：请点开 ••••••\n"
    assert b"s3cret" not in bytes(message.sealed_body)
    assert Job.objects.get().arguments == {"message": str(message.pk), "times": 1}
    entry = Entry.objects.get(type="message.posted")
    assert (entry.subject, entry.facts) == (
        f"message:{message.pk}",
        {"template": "test.invitation", "language": "zh", "channel": "email"},
    )


def test_an_equal_key_is_one_message(organiser: User) -> None:
    first = posted(organiser, key="unit:330108")
    assert posted(organiser, key="unit:330108") == first
    assert (Message.objects.count(), Job.objects.count()) == (1, 1)
    assert posted(organiser, key="unit:330108", edition="programme/2024") != first


def test_files_go_sealed_with_a_message(organiser: User) -> None:
    message = posted(organiser, attachments=[Attachment("回执.pdf", "application/pdf", b"%PDF")])
    enclosure = message.enclosures.get()
    assert (enclosure.file_name, enclosure.size) == ("回执.pdf", 4)
    assert sealing.unseal(message.pk, "enclosure", enclosure.sealed) == b"%PDF"


@pytest.mark.parametrize(
    "address", ["", "nobody", "https://127.0.0.1/send", "http://oapi.dingtalk.com/x", "a@b.c" * 99]
)
def test_what_is_no_address_is_refused(organiser: User, address: str) -> None:
    with refused("address"):
        posted(organiser, to=address)
    assert Message.objects.count() == 0


def test_too_large_files_are_refused(organiser: User) -> None:
    with refused("too_large"):
        posted(organiser, attachments=[Attachment("a", "b", b"0" * (acts.MAX_ENCLOSED + 1))])


def test_a_context_that_does_not_fit_is_a_fault(organiser: User) -> None:
    with pytest.raises(UnknownTemplateError, match=r"test\.invitation wants link, unit; given were unit"):
        posted(organiser, context={"unit": "滨江"})
    with pytest.raises(UnknownTemplateError, match="no template"):
        post_message("nobody.declared", to="a@example.com", name="", edition=EDITION, context={}, by=organiser)


def test_a_message_of_an_undone_change_never_was(organiser: User) -> None:
    with transaction.atomic():
        posted(organiser)
        transaction.set_rollback(True)
    assert (Message.objects.count(), Job.objects.count()) == (0, 0)


def test_a_failing_register_undoes_each_act(organiser: User) -> None:
    message = posted(organiser)
    Message.objects.update(state="given_up")
    with mock.patch.object(register_acts, "_append", side_effect=OSError):
        with pytest.raises(OSError):
            posted(organiser)
        with pytest.raises(OSError):
            resend_message(message, by=organiser)
        with pytest.raises(OSError):
            edit_template(
                "test.invitation", edition=EDITION, language="zh", text=Text("新", "{unit} {link}"), by=organiser
            )
    assert (Message.objects.get().state, Wording.objects.count(), Job.objects.count()) == ("given_up", 0, 1)


def test_a_line_end_in_a_value_makes_no_header(organiser: User) -> None:
    message = posted(organiser, context={"unit": "滨江\r\nBcc: x@example.com", "link": "x"})
    assert message.subject == "请 滨江 Bcc: x@example.com 登录"


def test_a_value_that_looks_like_a_variable_is_not_filled_again(organiser: User) -> None:
    message = posted(organiser, context={"unit": "{link}", "link": "s3cret"})
    assert sealing.bodies(message.pk, message.sealed_body)[1] == "{link}：请点开 ••••••\n"


def test_a_given_up_message_is_sent_again_under_its_own_name(organiser: User) -> None:
    message = posted(organiser)
    Message.objects.update(state="given_up", last_error="no")
    resend_message(message, by=organiser)
    again = Message.objects.get()
    assert (again.state, again.times, again.last_error, again.message_id) == ("waiting", 2, "", message.message_id)
    assert Job.objects.count() == 2
    assert Entry.objects.get(type="message.resent").facts == {"template": "test.invitation", "times": 2}


def test_a_copy_of_a_sent_message_has_a_name_of_its_own(organiser: User) -> None:
    message = posted(organiser)
    Message.objects.update(state="sent", sent_at="2023-03-20T09:00:00Z")
    resend_message(message, by=organiser)
    assert Message.objects.get().message_id == message.message_id.replace(".1@", ".2@")


def test_a_failed_message_is_hurried(organiser: User) -> None:
    message = posted(organiser)
    Message.objects.update(state="failed")
    Job.objects.update(run_at="2099-01-01T00:00:00Z")
    resend_message(message, by=organiser)
    assert Job.objects.get().run_at.year < 2099
    assert Message.objects.get().times == 1


def test_resending_is_refused(organiser: User, discipline: User) -> None:
    message = posted(organiser)
    with refused("on_its_way"):
        resend_message(message, by=organiser)
    with refused("permission"):
        resend_message(message, by=discipline)


def edited(by: User, subject: str, body: str, language: str = "zh") -> Wording:
    return edit_template("test.invitation", edition=EDITION, language=language, text=Text(subject, body), by=by)


def test_an_edited_template_words_the_editions_next_messages(organiser: User) -> None:
    assert edited(organiser, "致 {unit}", "请看 {link}\r\n\r\n谢谢 ").version == 1
    assert edited(organiser, "致 { unit }", "请看 {link}").version == 2
    message = posted(organiser)
    assert (message.subject, sealing.bodies(message.pk, message.sealed_body)[1]) == ("致 滨江区总工会", "请看 ••••••\n")
    assert posted(organiser, edition="programme/2024").subject == "请 滨江区总工会 登录"
    assert posted(organiser, language="en").subject == "滨江区总工会, sign in"
    facts = Entry.objects.filter(type="template.edited").latest("index").facts
    assert (facts["template"], facts["language"], facts["version"], len(facts["sha256"])) == (
        "test.invitation",
        "zh",
        2,
        64,
    )


@pytest.mark.parametrize(
    ("subject", "body", "code"),
    [
        ("致 {unit}", "{unit.__class__}", "unknown_variable"),
        ("致 {who}", "x", "unknown_variable"),
        ("{link}", "x", "secret_in_subject"),
        (" ", "x", "empty"),
        ("x", " \n", "empty"),
        ("x" * 301, "x", "too_long"),
        ("x", "x" * 20_001, "too_long"),
        ("请 {unit} 登录", "{unit}：请点开 {link}", "unchanged"),
    ],
)
def test_wordings_that_cannot_be_sent_are_refused(organiser: User, subject: str, body: str, code: str) -> None:
    with refused(code):
        edited(organiser, subject, body)
    assert Wording.objects.count() == 0


def test_only_the_office_words_messages(discipline: User) -> None:
    with refused("permission"):
        edited(discipline, "x", "y")
