"""A holder is recommended for a higher title with forms filled in; what comes of it is an earlier title of the next edition."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
from nomination.readings import Cast
from succession.conftest import PLAN

from jiangbang.benefits.models import Further
from jiangbang.benefits.recommending import note_result, packet_of, recommend_further
from jiangbang.conferral.award_models import Award
from jiangbang.papers.nomination_form import read_form
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.screening.lists_models import ListRow
from jiangbang.succession.copying import copy_edition, next_document
from jiangbang.succession.results import take_results

pytestmark = pytest.mark.django_db
TARGET = "浙江工匠"


def test_a_result_is_an_earlier_title_of_the_next_edition(edition: Edition, held: Sequence[Award], cast: Cast) -> None:
    first = recommend_further(held[0], TARGET, reason="成果突出", by=cast.organiser)
    second = recommend_further(held[1], TARGET, reason="带徒有方", by=cast.organiser)
    assert (first.position, second.position) == (1, 2)
    note_result(first, conferred=True, document="浙工发〔2024〕8号", on=date(2024, 5, 1), by=cast.organiser)
    note_result(second, conferred=False, document="", on=date(2024, 5, 1), by=cast.organiser)
    made = copy_edition(edition, PLAN, seen=document_hash(next_document(edition, PLAN)), by=cast.organiser)
    assert take_results(made, by=cast.organiser) == 4
    assert list(ListRow.objects.filter(kind="zhejiang_craftsman").values_list("name", flat=True)) == [held[0].name]


def test_the_packet_has_a_form_each_and_the_roster(edition: Edition, held: Sequence[Award], cast: Cast) -> None:
    for one in held[:2]:
        recommend_further(one, TARGET, reason="成果突出", by=cast.organiser)
    with zipfile.ZipFile(io.BytesIO(packet_of(edition, TARGET, by=cast.organiser))) as packet:
        forms = [name for name in packet.namelist() if name.endswith(".docx")]
        read = read_form(packet.read(forms[0]), edition.spec.form, source=forms[0])
    assert (len(forms), packet.namelist()[-1]) == (2, f"{TARGET}推荐汇总表.xlsx")
    assert read.record["name"] == held[0].dossier.name
    for target, by, code in (("杭州工匠", cast.organiser, "nobody"), (TARGET, cast.discipline, "permission")):
        with pytest.raises(Refused) as refused:
            packet_of(edition, target, by=by)
        assert refused.value.code == code


def test_what_is_refused(held: Sequence[Award], cast: Cast) -> None:
    made = recommend_further(held[0], TARGET, reason="成果突出", by=cast.organiser)
    Award.objects.filter(pk=held[2].pk).update(state="revoked")
    for award, target, reason, by, code in (
        (held[0], TARGET, "再推", cast.organiser, "twice"),
        (held[1], "劳动模范", "突出", cast.organiser, "target"),
        (held[1], TARGET, " ", cast.organiser, "reason"),
        (held[2], TARGET, "突出", cast.organiser, "title"),
        (held[1], TARGET, "突出", cast.discipline, "permission"),
    ):
        with pytest.raises(Refused) as refused:
            recommend_further(award, target, reason=reason, by=by)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        note_result(made, conferred=True, document="", on=date(2024, 5, 1), by=cast.organiser)
    assert refused.value.code == "document"
    note_result(made, conferred=False, document="", on=date(2024, 5, 1), by=cast.organiser)
    with pytest.raises(Refused) as refused:
        note_result(made, conferred=False, document="", on=date(2024, 5, 1), by=cast.organiser)
    assert (refused.value.code, Further.objects.get().state) == ("decided", "not")
