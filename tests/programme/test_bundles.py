"""A programme's folder: read, resolved, checked."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jiangbang.kernel.edition import EditionSpec, load_edition
from jiangbang.kernel.form import FormSpec
from jiangbang.programme.bundles import BundleError, read_bundle

BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "programme"))


def edition(slug: str, folder: Path = BUNDLED) -> EditionSpec:
    for document in read_bundle(folder).documents:
        if document["edition"]["slug"] == slug:
            return load_edition(document["edition"], FormSpec.from_document(document["form"]), document["classes"])
    raise KeyError(slug)


def test_the_first_edition_says_what_the_letter_says() -> None:
    spec = edition("2023")
    assert [(title.key, title.seats) for title in spec.titles] == [("craftsman", 50), ("nominee", 10)]
    assert [title.may_stand_again for title in spec.titles] == [False, True]
    assert spec.deadline == datetime(2023, 3, 31, 15, 59, 59, tzinfo=UTC)
    assert [stage.key for stage in spec.stages] == [
        "nomination",
        "screening",
        "review",
        "consultation",
        "decision",
        "notice",
        "conferral",
    ]
    assert (spec.stages[0].opens, spec.stages[0].closes) == (date(2022, 12, 20), date(2023, 3, 31))
    assert len(spec.industry_classes) == 37
    assert [clause.code for clause in spec.clauses] == [
        "G1",
        "G2",
        "G3",
        "G4",
        "G5",
        "G6",
        "C1",
        "C2",
        "C3",
        "C4",
        "X1",
        "X2",
        "X3",
    ]
    assert [clause.code for clause in spec.clauses if clause.waivable] == ["G1", "G2", "G4", "G5", "X2", "X3"]


@pytest.mark.parametrize(
    ("code", "low", "high", "hard"),
    [
        ("330102", 10, 20, False),
        ("330108", 10, 30, True),
        ("330110", 10, 30, True),
        ("330106", 10, 30, True),
        ("I01", 0, 5, False),
        ("D02", 8, 12, False),
        ("A01", 8, 12, False),
    ],
)
def test_quotas_advise_or_bind_as_the_letter_words_them(code: str, low: int, high: int, hard: bool) -> None:
    unit = edition("2023").unit(code)
    assert (unit.quota_min, unit.quota_max, unit.hard) == (low, high, hard)


def test_all_thirteen_districts_stand_in_the_edition() -> None:
    assert sum(unit.kind == "district_union" for unit in edition("2023").units) == 13


def test_departments_asked_depend_on_the_category() -> None:
    routes = {row["category"]: row["departments"] for row in edition("2023").document["consultation"]}
    assert len(routes["enterprise_technical_lead"]) == 7
    assert routes["other"] == ["公安", "发改（信用）"]


def test_the_second_edition_gives_direct_titles_outside_the_seats() -> None:
    spec = edition("2024")
    assert [(title.key, title.seats, title.direct) for title in spec.titles] == [
        ("craftsman", 59, False),
        ("craftsman_direct", None, True),
    ]
    assert [unit.code for unit in spec.units] == [unit.code for unit in edition("2023").units]


def test_every_field_has_label_class_and_both_languages() -> None:
    for field in edition("2023").form:
        assert field.label
        assert field.label_en
        assert field.personal_data in ("open", "personal", "sensitive")
    assert edition("2023").form.keys_of("sensitive") == ("photo", "id_number", "telephone", "mobile", "address")


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("2023.toml", 'expression = "union_member"', 'expression = "union_membr"', "union_membr"),
        ("2023.toml", 'expression = "union_member"', 'expression = "union_member &&"', "2023.toml"),
        ("2023.toml", 'kind = "district_union"', 'kind = "district"', "unknown kind 'district'"),
        ("2023.toml", "deadline = 2023-03-31T23:59:59+08:00", "deadline = 2023-03-31T23:59:59", "offset"),
        ("2023.toml", "closes = 2023-04-07", "closes = 2023-03-07", "screening closes before it opens"),
        ("2023.toml", "[packet]", "[packet", "cannot be read"),
        ("form.toml", 'key = "gender"', 'key = "name"', "same key"),
        ("form.toml", 'label_en = "Gender"', 'labelled = "Gender"', "labelled"),
        ("2024.toml", 'extends = "2023"', 'extends = "2022"', "2022.toml is missing"),
        ("2024.toml", 'extends = "2023"', 'extends = "2024"', "circle"),
        ("programme.toml", 'slug = "hangzhou-digital-craftsman"', 'slug = "other"', "belongs to programme"),
        ("programme.toml", 'default_edition = "2023"', "", "default_edition"),
    ],
)
def test_a_faulty_folder_is_refused_with_one_sentence(folder: Path, file: str, old: str, new: str, words: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BundleError) as refusal:
        read_bundle(folder)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value).strip()


def test_an_edition_adds_rows_to_a_table_that_it_takes_over() -> None:
    first, second = edition("2023"), edition("2024")
    assert [clause.code for clause in second.clauses] == [*(clause.code for clause in first.clauses), "X4"]
    assert [title.key for title in second.earlier_titles] == [
        *(title.key for title in first.earlier_titles),
        "digital_craftsman",
        "digital_craftsman_nominee",
    ]
    assert [title.edition for title in second.earlier_titles if title.edition] == ["2023", "2023"]
    assert second.priorities == first.priorities


def test_the_letters_twelve_priority_marks_are_declared() -> None:
    marks = edition("2023").priorities
    assert (len(marks), [mark.key for mark in marks if mark.subject == "person"]) == (
        12,
        ["jianbing", "lingyan", "municipal_major_project"],
    )
