"""Acts: change and entry stand or fall together."""

from __future__ import annotations

from unittest import mock

import pytest

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.register import acts
from jiangbang.register.acts import ActError, act, nothing_changed, record
from jiangbang.register.models import Entry, Head

pytestmark = pytest.mark.django_db


def make(username: str = "lin") -> User:
    return create_account(username, role=Role.ORGANISER, password=None)


def test_an_act_appends_its_entry_and_moves_the_head() -> None:
    user = make()
    entry = Entry.objects.get()
    assert (entry.index, entry.type, entry.actor, entry.subject) == (
        0,
        "account.created",
        f"user:{user.pk}",
        f"user:{user.pk}",
    )
    assert entry.facts == {"username": "lin", "role": "organiser"}
    assert bytes(entry.leaf_hash) == entry.computed_hash()
    assert Head.objects.get().size == 1


def test_a_failed_register_write_rolls_the_change_back() -> None:
    with (
        mock.patch.object(acts, "_append", side_effect=RuntimeError("disk")),
        pytest.raises(RuntimeError, match="disk"),
    ):
        make()
    assert (User.objects.count(), Entry.objects.count(), Head.objects.get().size) == (0, 0, 0)


def test_a_failed_act_leaves_no_entry() -> None:
    user = make()

    @act("account.created")
    def fails() -> None:
        record("account.created", by=user, edition="", subject="user:0", facts={"username": "x"})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fails()
    assert Entry.objects.count() == 1


def test_an_act_without_an_entry_is_an_error() -> None:
    @act("account.created")
    def silent() -> None:
        User.objects.create(username="ghost")

    with pytest.raises(ActError, match="without an entry"):
        silent()
    assert not User.objects.filter(username="ghost").exists()


def test_an_act_may_say_that_nothing_changed() -> None:
    @act("account.created")
    def idle() -> str:
        nothing_changed()
        return "as it was"

    assert idle() == "as it was"
    assert Entry.objects.count() == 0


def test_an_unlisted_entry_type_is_an_error_at_definition() -> None:
    with pytest.raises(ActError, match=r"no\.such\.type"):
        act("no.such.type")


@pytest.mark.parametrize(
    ("type_name", "facts", "words"),
    [
        ("packet.received", {}, "did not declare"),
        ("account.created", {"password": "x"}, "may not carry password"),
    ],
)
def test_an_act_writes_only_what_it_declared(type_name: str, facts: dict[str, str], words: str) -> None:
    user = make()

    @act("account.created")
    def strays() -> None:
        record(type_name, by=user, edition="", subject="x", facts=facts)

    with pytest.raises(ActError, match=words):
        strays()


def test_recording_outside_an_act_is_an_error() -> None:
    user = make()
    with pytest.raises(ActError, match="outside an act"):
        record("account.created", by=user, edition="", subject="x", facts={})


def test_an_act_inside_an_act_joins_its_append() -> None:
    user = make()

    @act("account.created")
    def outer() -> None:
        make("second")
        record("account.created", by=user, edition="", subject="outer", facts={})

    outer()
    assert list(Entry.objects.order_by("index").values_list("index", "subject")) == [
        (0, f"user:{user.pk}"),
        (1, f"user:{User.objects.get(username='second').pk}"),
        (2, "outer"),
    ]


def test_entries_carry_no_floats() -> None:
    user = make()

    @act("account.created")
    def floating() -> None:
        record("account.created", by=user, edition="", subject="x", facts={"role": 0.5})

    with pytest.raises(ValueError, match="floating-point"):
        floating()
    assert Entry.objects.count() == 1
