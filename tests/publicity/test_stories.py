"""Stories: one writes, another reviews; who does not agree any more is not read about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.conferral.award_models import Award
from jiangbang.programme.models import Edition
from jiangbang.publicity.consents import record_consent, withdraw_consent
from jiangbang.publicity.models import StoryVersion
from jiangbang.publicity.stories import publish_story, review_story, take_story_down, write_story
from jiangbang.register.acts import Refused

pytestmark = pytest.mark.django_db
TEXT = {"headline": "一行代码一生匠心", "text": "## 起步\n\n<script>alert(1)</script>他说：**慢就是快**。"}


@pytest.fixture
def award(held: Sequence[Award], cast: Cast) -> Award:
    record_consent(held[0].dossier, paper="同意书", photo=False, by=cast.organiser)
    return held[0]


@pytest.fixture
def second(cast: Cast) -> User:
    user = User.objects.create_user("second-of-publicity")
    Membership.objects.create(user=user, role=Role.ORGANISER)
    return user


def read(client: Client, edition: Edition) -> str:
    answer = client.get(reverse("publicity_stories", args=[edition.programme, edition.slug]))
    assert answer.status_code == 200
    return answer.content.decode()


def code_of(act: Callable[[], Any]) -> str:
    try:
        act()
    except Refused as refusal:
        return refusal.code
    return ""


def test_a_story_is_read_after_another_person_reviewed_it(
    client: Client, edition: Edition, award: Award, cast: Cast, second: User
) -> None:
    write_story(award, **TEXT, by=cast.organiser)
    assert code_of(lambda: review_story(award, 1, by=cast.organiser)) == "same_person"
    assert code_of(lambda: publish_story(award, 1, by=second)) == "changed"
    review_story(award, 1, by=second)
    assert TEXT["headline"] not in read(client, edition)
    publish_story(award, 1, by=cast.organiser)
    page = read(client, edition)
    assert TEXT["headline"] in page
    assert "<strong>慢就是快</strong>" in page
    assert "<script>alert" not in page
    write_story(award, headline="改过的标题", text="新文字", by=second)
    assert code_of(lambda: review_story(award, 1, by=cast.organiser)) == "changed"
    assert TEXT["headline"] in read(client, edition)
    review_story(award, 2, by=cast.organiser)
    publish_story(award, 2, by=cast.organiser)
    after = read(client, edition)
    assert "改过的标题" in after
    assert TEXT["headline"] not in after
    take_story_down(award, by=second)
    assert "改过的标题" not in read(client, edition)
    assert code_of(lambda: take_story_down(award, by=second)) == "absent"


def published(award: Award, writer: User, reviewer: User) -> None:
    write_story(award, **TEXT, by=writer)
    review_story(award, 1, by=reviewer)
    publish_story(award, 1, by=writer)


def test_a_withdrawn_agreement_and_a_revoked_title_take_it_from_the_public(
    client: Client, edition: Edition, award: Award, cast: Cast, second: User
) -> None:
    published(award, cast.organiser, second)
    withdraw_consent(award.dossier, by=second)
    assert TEXT["headline"] not in read(client, edition)
    assert code_of(lambda: write_story(award, headline="再写", text="文字", by=second)) == "agreed"
    record_consent(award.dossier, paper="同意书二", photo=False, by=second)
    assert TEXT["headline"] in read(client, edition)
    Award.objects.filter(pk=award.pk).update(state=Award.State.REVOKED)
    assert TEXT["headline"] not in read(client, edition)
    assert code_of(lambda: write_story(award, headline="再写", text="文字", by=second)) == "title"


def test_what_is_refused_when_writing(award: Award, cast: Cast) -> None:
    assert code_of(lambda: write_story(award, **TEXT, by=cast.discipline)) == "permission"
    assert code_of(lambda: write_story(award, headline=" ", text="文字", by=cast.organiser)) == "headline"
    assert code_of(lambda: write_story(award, headline="题", text="长" * 10_001, by=cast.organiser)) == "text"
    write_story(award, **TEXT, by=cast.organiser)
    assert write_story(award, **TEXT, by=cast.organiser) is None
    assert StoryVersion.objects.count() == 1


def test_the_editor_keeps_what_was_typed_and_goes_through_the_steps(
    office: Client, award: Award, second: User, django_assert_num_queries: Any
) -> None:
    def address(name: str, *more: str) -> str:
        return reverse(f"publicity_story{name}", args=[award.dossier_id, *more])

    answer = office.post(address("_save"), {"headline": "", "text": "打过的字"})
    assert (answer.status_code, "打过的字" in answer.content.decode()) == (422, True)
    assert office.post(address("_save"), TEXT).status_code == 302
    office.force_login(second)
    office.post(address("_change", "review"), {"number": "1"})
    office.post(address("_change", "publish"), {"number": "1"})
    assert StoryVersion.objects.get().state == "published"
    assert office.post(address("_change", "burn"), {"number": "1"}).status_code == 404
    office.get(address(""))
    with django_assert_num_queries(7):
        office.get(address(""))
    for text in ("二", "三"):
        office.post(address("_save"), {"headline": "题", "text": text})
    office.get(address(""))
    with django_assert_num_queries(7):
        office.get(address(""))
