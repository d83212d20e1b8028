"""A letter is taken back when its conclusion does not stand any more, and whoever was told it is told so."""

from __future__ import annotations

from unittest import mock

import pytest
from django.test import Client
from nomination.readings import Cast
from screening.conftest import Screeners
from screening.test_letters import Make, contact, failed, send  # noqa: F401 — fixtures

from jiangbang.nomination.models import Dossier
from jiangbang.outbox.models import Message
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.screening import acts
from jiangbang.screening.letter_models import Letter
from jiangbang.screening.withdrawing import withdraw_letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contact")]


@pytest.fixture
def lapsed(failed: Make, screeners: Screeners) -> Letter:  # noqa: F811
    """A letter that was sent, and a screening that was taken up again since."""
    dossier: Dossier = failed()
    letter = send(dossier, screeners)
    acts.reopen_screening(dossier, reason="新证据", by=screeners.organiser)
    return letter


def code(letter: Letter, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        withdraw_letter(letter, **more)  # type: ignore[arg-type]
    return refusal.value.code


def test_unit_and_candidate_are_told_and_the_register_keeps_it(lapsed: Letter, screeners: Screeners) -> None:
    assert withdraw_letter(lapsed, candidate="zhang@example.com", by=screeners.organiser) == 2
    lapsed.refresh_from_db()
    assert (lapsed.withdrawn_by, lapsed.withdrawn_at is not None) == (screeners.organiser, True)
    told = Message.objects.filter(template="screening.letter_withdrawn")
    assert sorted(told.values_list("name", flat=True)) == sorted(["林一", lapsed.dossier.name])
    entry = Entry.objects.get(type="letter.withdrawn")
    assert entry.subject == lapsed.dossier.subject
    assert entry.facts == {"number": "数匠初审〔2023〕1号", "count": 2, "on_paper": False}


def test_a_letter_that_stands_is_not_taken_back(failed: Make, screeners: Screeners) -> None:  # noqa: F811
    assert code(send(failed(), screeners), by=screeners.organiser) == "stands"


def test_who_may_not_what_was_done_and_whom_nobody_reaches(lapsed: Letter, screeners: Screeners, cast: Cast) -> None:
    assert code(lapsed, by=screeners.li) == "permission"
    assert code(lapsed, candidate="no address", by=screeners.organiser) == "address"
    withdraw_letter(lapsed, by=screeners.organiser)
    assert code(lapsed, by=screeners.organiser) == "withdrawn"


def test_a_failed_register_write_takes_nothing_back(lapsed: Letter, screeners: Screeners) -> None:
    with mock.patch.object(register_acts, "_append", side_effect=OSError("full")), pytest.raises(OSError, match="full"):
        withdraw_letter(lapsed, by=screeners.organiser)
    lapsed.refresh_from_db()
    assert (lapsed.withdrawn_at, Message.objects.filter(template="screening.letter_withdrawn").count()) == (None, 0)


def test_the_page_offers_it_and_says_when_it_was_done(lapsed: Letter, screeners: Screeners, client: Client) -> None:
    client.force_login(screeners.organiser)
    page = f"/screening/{lapsed.dossier_id}/letter/"
    assert f'id="withdraw-{lapsed.pk}"' in client.get(page).content.decode()
    answer = client.post(f"/letters/{lapsed.pk}/withdraw/", follow=True)
    assert "已撤回，并已通知收件人" in answer.content.decode()
    assert f'id="withdraw-{lapsed.pk}"' not in client.get(page).content.decode()
