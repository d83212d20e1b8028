"""The result: titles by election, direct titles outside the seats, the reserve by votes and ranking, bound shares checked."""

from __future__ import annotations

from copy import deepcopy

import pytest
from decision.group import SMALL, held, named, ruled, shortlisted, sitting
from nomination.readings import Cast

from jiangbang.decision import resolving
from jiangbang.decision.models import Meeting, Place, Result
from jiangbang.decision.resolving import draft_of, resolve_result, resolved_of, share_sentence
from jiangbang.nomination.acts import declare_facts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.screening.models import Screening

SHARES = [
    {"label": "技术岗位", "label_en": "technical posts", "expression": "in_technical_post", "at_least": "35/100"},
    {"label": "企业负责人", "label_en": "leaders", "expression": "institution_or_soe_leader", "at_most": "10/100"},
]


def with_direct_title(edition: Edition) -> Edition:
    """The edition with a title that is taken directly, outside the seats."""
    document = deepcopy(edition.document)
    document["edition"]["title"].append(
        {"key": "direct", "label": "直接认定", "label_en": "direct", "direct": True, "rule": "true"}
    )
    edition.document, edition.sha256 = document, document_hash(document)
    edition.save(update_fields=["document", "sha256"])
    return edition


@pytest.fixture
def sat(edition: Edition, cast: Cast) -> Meeting:
    """Six on the shortlist, the last with a direct title; two titles, one prize; two on the reserve list."""
    people = shortlisted(edition, cast.organiser, 6)
    Dossier.objects.filter(pk=people[-1].pk).update(direct_title="direct")
    made = ruled(with_direct_title(edition), seats={"craftsman": 2, "nominee": 1}, **SMALL, reserve=2)
    named(made, cast.organiser)
    return sitting(made, cast.organiser)


def rows(result: Result) -> list[tuple[str, bool, int, str]]:
    found = result.places.order_by("pk").values_list("title", "reserve", "position", "dossier__reviewed__code")
    return list(found)


def test_the_result_is_what_the_rounds_came_to(sat: Meeting, cast: Cast) -> None:
    edition = sat.edition
    for by, code in ((cast.discipline, "permission"), (cast.organiser, "not_voted")):
        with pytest.raises(Refused) as refused:
            resolve_result(edition, by=by)
        assert refused.value.code == code
    first = held(sat, ["D02 D01", "D02 D03", "D01 D02"], cast.organiser)
    assert first.candidates == ["D01", "D02", "D03", "D04", "D05"]
    with pytest.raises(Refused) as refused:
        resolve_result(edition, by=cast.organiser)
    assert refused.value.code == "unfinished"
    held(sat, ["D05", "D05", "D04"], cast.organiser)
    result = resolve_result(edition, by=cast.organiser)
    assert result.resolution == "数匠审〔2023〕1号"
    assert rows(result) == [
        ("craftsman", False, 1, "D02"),
        ("craftsman", False, 2, "D01"),
        ("nominee", False, 1, "D05"),
        ("direct", False, 1, "D06"),
        ("craftsman", True, 1, "D04"),
        ("craftsman", True, 2, "D03"),
    ]
    assert [one.votes for one in resolved_of(edition, result)] == [3, 2, 2, None, 1, 0]
    facts = Entry.objects.latest("index").facts
    assert (facts["count"], facts["reserve"], len(facts["sha256"])) == (4, 2, 64)
    with pytest.raises(Refused) as refused:
        resolve_result(edition, by=cast.organiser)
    assert refused.value.code == "exists"


def test_seats_stay_empty_only_with_a_reason(sat: Meeting, cast: Cast) -> None:
    held(sat, ["D01", "D01", "D02"], cast.organiser)
    draft = draft_of(sat.edition)
    assert (draft.empty, draft.unfinished) == ({"craftsman": 1, "nominee": 1}, True)
    result = resolve_result(sat.edition, reason="宁缺毋滥", by=cast.organiser)
    assert (result.deviation, Place.objects.filter(reserve=False).count()) == ("宁缺毋滥", 2)


def test_a_bound_share_is_checked_with_what_is_short(sat: Meeting, cast: Cast) -> None:
    edition = ruled(sat.edition, **SMALL, reserve=2, share=SHARES)
    for dossier in Dossier.objects.filter(edition=edition).select_related("edition", "person"):
        technical = dossier.name.endswith("丑")
        declare_facts(
            dossier,
            {"in_technical_post": technical, "institution_or_soe_leader": False},
            source=DeclaredFact.Source.OFFICE,
            by=cast.organiser,
        )
    assert Screening.objects.filter(edition=edition, state="eligible").count() == 6
    held(sat, ["D01 D02", "D01 D02", "D01 D02"], cast.organiser)
    held(sat, ["D03", "D03", "D03"], cast.organiser)
    technical, leaders = draft_of(edition).shares
    assert (technical.met, technical.total, technical.short, leaders.holds) == (0, 4, 2, True)
    assert share_sentence(technical) == "技术岗位：4 人中 0 人，规定不少于 7/20，还差 2 人"
    with pytest.raises(Refused, match="还差 2 人") as refused:
        resolve_result(edition, by=cast.organiser)
    assert refused.value.code == "share"
    assert resolve_result(edition, reason="领导小组同意", by=cast.organiser).deviation == "领导小组同意"


def test_a_failing_register_undoes_the_resolution(sat: Meeting, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    held(sat, ["D01 D02", "D01 D02", "D01 D02"], cast.organiser)

    def broken(*_args: object, **_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(resolving, "record", broken)
    with pytest.raises(RuntimeError):
        resolve_result(sat.edition, reason="x", by=cast.organiser)
    assert (Result.objects.count(), Place.objects.count()) == (0, 0)
