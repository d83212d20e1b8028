"""A revoked certificate stays revoked, and the register is the list."""

from __future__ import annotations

import pytest
from django.utils import timezone
from nomination.readings import Cast

from jiangbang.conferral import revoking
from jiangbang.conferral.revoking import revoke_certificate, revoked_numbers
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


def test_a_revocation_stands_in_the_register_and_in_the_list(edition: Edition, cast: Cast) -> None:
    assert revoked_numbers() == {}
    for number in ("1号", "2号"):
        revoke_certificate(edition, number=number, resolution="撤〔2023〕1号", by=cast.organiser)
    today = timezone.localdate()
    assert list(revoked_numbers().items()) == [("2号", today), ("1号", today)]
    entry = Entry.objects.latest("index")
    facts = {"number": "2号", "resolution": "撤〔2023〕1号"}
    assert (entry.type, entry.edition, entry.facts) == ("certificate.revoked", edition.key, facts)


def test_the_list_is_one_query_however_long(edition: Edition, cast: Cast, django_assert_num_queries: object) -> None:
    for number in ("1号", "2号", "3号"):
        revoke_certificate(edition, number=number, resolution="撤〔2023〕1号", by=cast.organiser)
        with django_assert_num_queries(1):  # type: ignore[operator]
            found = revoked_numbers()
    assert len(found) == 3


def test_who_may_not_and_what_is_missing(edition: Edition, cast: Cast) -> None:
    revoke_certificate(edition, number="1号", resolution="撤〔2023〕1号", by=cast.organiser)
    codes = []
    for number, resolution, by in (
        ("2号", "撤〔2023〕1号", cast.discipline),
        (" ", "撤〔2023〕1号", cast.organiser),
        ("2号", "", cast.organiser),
        (" 1号 ", "撤〔2023〕2号", cast.organiser),
    ):
        with pytest.raises(Refused) as refused:
            revoke_certificate(edition, number=number, resolution=resolution, by=by)
        codes.append(refused.value.code)
    assert codes == ["permission", "number", "resolution", "revoked"]
    assert list(revoked_numbers()) == ["1号"]


def test_a_register_that_cannot_be_written_revokes_nothing(
    edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_facts: object) -> None:
        raise RuntimeError("register away")

    monkeypatch.setattr(revoking, "record", fails)
    with pytest.raises(RuntimeError):
        revoke_certificate(edition, number="1号", resolution="撤〔2023〕1号", by=cast.organiser)
    assert revoked_numbers() == {}
