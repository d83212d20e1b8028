"""Titles go to whoever stood to the end, once, with numbers that nobody else has; what is handed over is ticked once."""

from __future__ import annotations

import pytest
from conferral.conferred import conferred
from nomination.readings import Cast
from notice.noticed import noticed

from jiangbang.conferral.award_models import Award, HandedOver
from jiangbang.conferral.conferring import confer, hand_over, take_back, to_confer
from jiangbang.conferral.queries import awards_of
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry


def code_of(call: object, *arguments: object, **more: object) -> str:
    with pytest.raises(Refused) as refusal:
        call(*arguments, **more)  # type: ignore[operator]
    return refusal.value.code


def test_titles_go_to_whoever_stood_with_numbers_by_the_rule(edition: Edition, cast: Cast) -> None:
    awards = conferred(edition, cast.organiser)
    assert [one.number for one in awards] == ["数匠〔2023〕001号", "数匠〔2023〕002号", "数匠提名〔2023〕001号"]
    entries = {one.dossier_id: (one.name, one.employer) for one in NoticeEntry.objects.all()}
    assert [(one.name, one.employer) for one in awards] == [entries[one.dossier_id] for one in awards]
    last = Entry.objects.latest("index")
    facts = {"count": 3, "first": "数匠〔2023〕001号", "last": "数匠提名〔2023〕001号"}
    assert (last.type, last.facts) == ("titles.conferred", facts)


def test_who_was_struck_or_waits_gets_nothing_and_numbers_go_on(edition: Edition, cast: Cast) -> None:
    notice = noticed(edition, cast.organiser, days_over=True, titles=3)
    entries = list(notice.entries.filter(title="craftsman").order_by("position"))
    NoticeEntry.objects.filter(pk=entries[0].pk).update(state="struck")
    NoticeEntry.objects.filter(pk=entries[2].pk).update(state="stood")
    confer(edition, by=cast.organiser)
    assert [(one.dossier_id, one.position) for one in awards_of(edition)] == [(entries[2].dossier_id, 1)]
    NoticeEntry.objects.filter(pk=entries[1].pk).update(state="stood")
    assert [one.pk for one in to_confer(edition)] == [entries[1].pk]
    (second,) = confer(edition, by=cast.organiser)
    assert (second.dossier_id, second.number) == (entries[1].dossier_id, "数匠〔2023〕002号")
    assert code_of(confer, edition, by=cast.organiser) == "nobody"


def test_only_the_office_confers_and_nobody_twice(edition: Edition, cast: Cast) -> None:
    assert code_of(confer, edition, by=cast.organiser) == "nobody"
    assert code_of(confer, edition, by=cast.system) == "permission"
    conferred(edition, cast.organiser)
    assert code_of(confer, edition, by=cast.organiser) == "nobody"
    assert Award.objects.count() == 3


def test_a_number_that_is_taken_elsewhere_confers_nothing(edition: Edition, cast: Cast) -> None:
    first = conferred(edition, cast.organiser)[0]
    Award.objects.exclude(pk=first.pk).delete()
    Award.objects.filter(pk=first.pk).update(title="other", number="数匠提名〔2023〕001号")
    assert code_of(confer, edition, by=cast.organiser) == "number"
    assert Award.objects.count() == 1


def test_a_tick_is_set_once_and_taken_back(edition: Edition, cast: Cast) -> None:
    award = conferred(edition, cast.organiser)[0]
    for _again in range(2):
        hand_over(award, "证书", by=cast.organiser)
    assert HandedOver.objects.count() == 1
    assert Entry.objects.filter(type="award.handed_over").count() == 1
    take_back(award, "证书", by=cast.organiser)
    take_back(award, "证书", by=cast.organiser)
    assert HandedOver.objects.count() == 0
    assert Entry.objects.filter(type="award.handed_back").count() == 1
    assert code_of(hand_over, award, "锦旗", by=cast.organiser) == "item"
    assert code_of(hand_over, award, "证书", by=cast.discipline) == "permission"
    Award.objects.filter(pk=award.pk).update(state="revoked")
    assert code_of(hand_over, award, "证书", by=cast.organiser) == "revoked"
