"""Extending a deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.programme.acts import extend_deadline
from jiangbang.programme.models import Edition, Extension
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
DUE = datetime(2023, 3, 31, 23, 59, 59, tzinfo=CHINA)
LATER = datetime(2023, 4, 3, 17, 0, tzinfo=CHINA)


def test_everybody_gets_more_time_with_name_and_reason(edition: Edition, cast: Cast) -> None:  # noqa: F811
    before = edition.sha256
    extension = extend_deadline(edition, to=LATER, reason=" 系统检修 ", by=cast.organiser)
    edition.refresh_from_db()
    assert (edition.deadline.at, edition.deadline.announced, edition.sha256) == (LATER, DUE, before)
    assert (extension.reason, extension.extended_by, extension.previous) == ("系统检修", cast.organiser, DUE)
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.subject, entry.edition) == (
        "edition.deadline_extended",
        f"edition:{edition.pk}",
        edition.key,
    )
    assert entry.facts == {
        "deadline": "2023-04-03T09:00:00.000000Z",
        "previous": "2023-03-31T15:59:59.000000Z",
        "reason": "系统检修",
    }


def test_a_deadline_may_be_extended_again_but_never_shortened(edition: Edition, cast: Cast) -> None:  # noqa: F811
    extend_deadline(edition, to=LATER, reason="系统检修", by=cast.organiser)
    with pytest.raises(Refused) as refusal:
        extend_deadline(edition, to=LATER, reason="更早", by=cast.organiser)
    assert refusal.value.code == "not_later"
    extend_deadline(edition, to=LATER + timedelta(days=1), reason="再延", by=cast.organiser)
    assert [one.reason for one in edition.extensions.all()] == ["再延", "系统检修"]


@pytest.mark.parametrize(
    ("who", "to", "reason", "code"),
    [
        ("discipline", LATER, "因故", "permission"),
        ("system", LATER, "因故", "permission"),
        ("stranger", LATER, "因故", "permission"),
        ("organiser", LATER, " \n", "no_reason"),
        ("organiser", DUE, "因故", "not_later"),
        ("organiser", DUE + timedelta(milliseconds=500), "因故", "not_later"),
    ],
)
def test_an_extension_is_refused(
    edition: Edition,  # noqa: F811
    cast: Cast,  # noqa: F811
    who: str,
    to: datetime,
    reason: str,
    code: str,
) -> None:
    with pytest.raises(Refused) as refusal:
        extend_deadline(edition, to=to, reason=reason, by=getattr(cast, who))
    edition.refresh_from_db()
    assert (refusal.value.code, edition.extended_to, Extension.objects.count()) == (code, None, 0)


def test_time_that_has_gone_by_cannot_be_given(edition: Edition, cast: Cast) -> None:  # noqa: F811
    with mock.patch.object(Edition, "now", return_value=LATER), pytest.raises(Refused) as refusal:
        extend_deadline(edition, to=LATER, reason="因故", by=cast.organiser)
    assert refusal.value.code == "past"


def test_a_failed_register_takes_the_extension_back(edition: Edition, cast: Cast) -> None:  # noqa: F811
    with mock.patch.object(register_acts, "_append", side_effect=RuntimeError), pytest.raises(RuntimeError):
        extend_deadline(edition, to=LATER, reason="因故", by=cast.organiser)
    edition.refresh_from_db()
    assert (edition.extended_to, Extension.objects.count()) == (None, 0)
