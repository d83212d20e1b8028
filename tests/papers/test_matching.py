"""Which form belongs to which row."""

from __future__ import annotations

from papers.judgement_cases import CANDIDATES, against, everything_loud, form, judged, roster
from papers.roster_cases import edition_spec, identity_number, person

from jiangbang.papers.findings import Finding
from jiangbang.papers.reading import FormReading


def test_mistyped_number_on_the_form_is_matched_by_name() -> None:
    right = str(CANDIDATES[0]["id_number"])
    wrong = right[:10] + right[11] + right[10] + right[12:]
    found = against({"id_number": wrong}, {})
    assert ("roster.mismatch", "id_number") in found
    assert {code for code, _ in found} <= {"roster.mismatch", "id_number.checksum", "field.format"}


def test_two_people_of_one_name_are_not_confused() -> None:
    one = person(
        1,
        name="张伟",
        gender="female",
        id_number=identity_number(300, gender="female", birth="19790203"),
        birth_month="1979-02",
    )
    two = person(2, name="张伟")
    others = CANDIDATES[2:]
    both = judged(list(map(form, [one, two, *others])), [roster(two, one, *others)])
    assert (everything_loud(both), [dossier.roster_row for dossier in both.dossiers[:2]]) == ([], [5, 4])
    apart = judged(list(map(form, [one, *others])), [roster(two, *others)])
    assert everything_loud(apart) == [("roster.form_without_row", None), ("roster.row_without_form", None)]


def test_unreadable_form_is_a_dossier_known_by_its_file() -> None:
    unknown = Finding("form.layout_unknown", where="x", params={"reason": "y"})
    source = f"附件2推荐表（{CANDIDATES[0]['name']}）.docx"
    broken = FormReading(source, edition_spec().form.empty_record(), None, (unknown,))
    judgement = judged([broken, *map(form, CANDIDATES[1:])], [roster(*CANDIDATES)])
    assert everything_loud(judgement) == [("form.layout_unknown", None)]
    assert judgement.dossiers[0].roster_row == 4
