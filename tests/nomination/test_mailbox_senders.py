"""Whose mail it is, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nomination.mailbox_cases import SENDER, UNIT, contact, letter

from jiangbang.accounts.models import User
from jiangbang.nomination.mailbox_senders import Decision, decide, units_of
from jiangbang.papers.mail import Attached, MailReading, Remark
from jiangbang.papers.mail_packets import PacketPlan
from jiangbang.programme.models import Edition

OWN = frozenset({"box@award.example"})
ZIP = Attached("a.zip", "zip", 9, "0" * 64, Path("a"))

pytestmark = pytest.mark.django_db


def decided(
    edition: Edition, units: set[str], *names: str, remarks: tuple[Remark, ...] = (), **changes: Any
) -> Decision:
    plans = tuple(PacketPlan(name, (ZIP,)) for name in names)
    reading = MailReading(letter(**changes), (ZIP,) if names else (), remarks)
    return decide(reading, plans, spec=edition.spec, units=frozenset(units), own=OWN)


def test_a_contact_s_packet_is_received_for_its_unit_and_answered(edition: Edition) -> None:
    assert decided(edition, {UNIT}, "材料.zip") == Decision("taken", unit=UNIT, hint=UNIT, answer=True)


def test_a_contact_of_two_units_says_by_the_name_which(edition: Edition) -> None:
    assert decided(edition, {UNIT, "330102"}, "滨江+数字工匠推荐.zip").unit == UNIT
    assert decided(edition, {UNIT, "330102"}, "材料.zip").reason == "several_units"


@pytest.mark.parametrize(
    ("units", "name", "changes", "reason", "hint"),
    [
        (set(), "滨江+数字工匠推荐.zip", {}, "unknown_sender", UNIT),
        (set(), "材料.zip", {"subject": "滨江+数字工匠推荐"}, "unknown_sender", UNIT),
        (set(), "材料.zip", {}, "unknown_sender", ""),
        ({"330102"}, "滨江+数字工匠推荐.zip", {}, "other_unit", UNIT),
        ({UNIT}, "a.zip", {"sender": ""}, "no_sender", UNIT),
        ({UNIT}, "a.zip", {"doubtful": True}, "doubtful", UNIT),
    ],
)
def test_what_is_in_doubt_waits_for_a_person_and_is_not_answered(
    edition: Edition, units: set[str], name: str, changes: dict[str, Any], reason: str, hint: str
) -> None:
    assert decided(edition, units, name, **changes) == Decision("held", reason, hint=hint)


def test_a_contact_is_told_why_there_was_nothing_to_receive_and_a_stranger_is_not(edition: Edition) -> None:
    link = (Remark("link", "pan.baidu.com"),)
    assert decided(edition, {UNIT}, remarks=link) == Decision("held", "link", "pan.baidu.com", hint=UNIT, answer=True)
    assert decided(edition, set(), remarks=link) == Decision("held", "link", "pan.baidu.com")


def test_a_machine_s_mail_is_set_aside_unless_it_brings_a_packet(edition: Edition) -> None:
    machine = {"automatic": True, "answerable": False}
    assert decided(edition, {UNIT}, **machine) == Decision("aside", "automatic")
    assert decided(edition, {UNIT}, "a.zip", **machine) == Decision("taken", unit=UNIT, hint=UNIT, answer=False)


def test_our_own_mail_is_set_aside(edition: Edition) -> None:
    assert decided(edition, {UNIT}, "a.zip", sender="box@award.example") == Decision("aside", "own")


def test_addresses_are_those_of_the_units_accounts_whatever_their_case(edition: Edition) -> None:
    user = contact(address="Office@Union.example")
    contact("330102", "other@union.example")
    assert units_of(edition, SENDER) == frozenset({UNIT})
    assert units_of(edition, "") == units_of(edition, "nobody@x.example") == frozenset()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert units_of(edition, SENDER) == frozenset()


def test_a_unit_that_the_edition_does_not_know_is_none(edition: Edition) -> None:
    contact("999999")
    assert units_of(edition, SENDER) == frozenset()
