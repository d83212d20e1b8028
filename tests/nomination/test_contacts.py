"""Contacts of the units: pasted, kept, removed; found by address."""

from __future__ import annotations

from unittest import mock

import pytest
from nomination.readings import Cast

from jiangbang.nomination.contact_models import UnitContact
from jiangbang.nomination.contacts import (
    ContactRow,
    address_of,
    keep_contacts,
    read_rows,
    remove_contact,
    units_at,
)
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
LIN = ContactRow("330108", "林一", "Lin@example.com")


@pytest.mark.parametrize(
    "line",
    [
        "滨江区总工会\t林一\tLin@example.com",
        "Lin@example.com\t330108\t林一",
        "滨江，林一，Lin@example.com",
        "单位\t姓名\t邮箱\n\n杭州市滨江区总工会  林一  Lin@example.com\n",
    ],
)
def test_a_pasted_table_is_read(edition: Edition, line: str) -> None:
    assert read_rows(line, edition.spec) == [LIN]


def test_a_contact_without_a_name_bears_its_units(edition: Edition) -> None:
    assert [row.name for row in read_rows("330108\tlin@example.com", edition.spec)] == ["滨江"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("滨江\t林\tlin@example.com\n滨江\t陈\t没有", "address", "第 2 行"),
        ("单位\t姓名\t邮箱\n某某\t林\tlin@example.com", "unknown_unit", "第 2 行"),
        ("单位\t姓名\t邮箱", "empty", "没有读到"),
        ("", "empty", "没有读到"),
        ("x\n" * 1001, "too_many", "1,000"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_its_line(edition: Edition, text: str, code: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        read_rows(text, edition.spec)
    assert refusal.value.code == code


def test_contacts_are_kept_sealed_and_once(edition: Edition, cast: Cast) -> None:
    assert keep_contacts(edition, [LIN, LIN, ContactRow("330110", "林一", LIN.address)], by=cast.organiser) == 2
    contact = UnitContact.objects.get(unit_code="330108")
    assert (contact.name, address_of(contact, edition)) == ("林一", "Lin@example.com")
    assert b"example" not in bytes(contact.sealed_address)
    assert units_at(edition, "lin@EXAMPLE.com") == {"330108", "330110"}
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.facts) == ("contacts.kept", {"units": ["330108", "330110"], "count": 2})
    assert keep_contacts(edition, [LIN], by=cast.organiser) == 0
    assert Entry.objects.latest("index") == entry
    assert keep_contacts(edition, [ContactRow("330108", "林二", "lin@example.com")], by=cast.organiser) == 1
    assert set(UnitContact.objects.values_list("unit_code", "name")) == {("330108", "林二"), ("330110", "林一")}


def test_a_removed_contact_is_gone(edition: Edition, cast: Cast) -> None:
    keep_contacts(edition, [LIN], by=cast.organiser)
    contact = UnitContact.objects.get()
    remove_contact(contact, by=cast.organiser)
    remove_contact(UnitContact(pk=contact.pk or 1, edition=edition, unit_code="330108"), by=cast.organiser)
    assert UnitContact.objects.count() == 0
    assert Entry.objects.filter(type="contacts.removed").count() == 1


def test_only_the_office_keeps_contacts(edition: Edition, cast: Cast) -> None:
    keep_contacts(edition, [LIN], by=cast.organiser)
    for who in (cast.discipline, cast.system, cast.stranger):
        with pytest.raises(Refused):
            keep_contacts(edition, [LIN], by=who)
        with pytest.raises(Refused):
            remove_contact(UnitContact.objects.get(), by=who)


def test_a_failing_register_undoes_both(edition: Edition, cast: Cast) -> None:
    keep_contacts(edition, [LIN], by=cast.organiser)
    with mock.patch.object(register_acts, "_append", side_effect=OSError):
        with pytest.raises(OSError):
            keep_contacts(edition, [ContactRow("330110", "陈", "chen@example.com")], by=cast.organiser)
        with pytest.raises(OSError):
            remove_contact(UnitContact.objects.get(), by=cast.organiser)
    assert UnitContact.objects.get().name == "林一"
