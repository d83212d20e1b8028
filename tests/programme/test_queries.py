"""Finding editions and units by what people call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiangbang.kernel.edition import EditionSpec, load_edition
from jiangbang.kernel.form import FormSpec
from jiangbang.programme.bundles import read_bundle
from jiangbang.programme.queries import find_unit

BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"


@pytest.fixture(scope="module")
def spec() -> EditionSpec:
    document = read_bundle(BUNDLED).documents[0]
    return load_edition(document["edition"], FormSpec.from_document(document["form"]), document["classes"])


@pytest.mark.parametrize(
    ("called", "code"),
    [
        ("滨江", "330108"),
        ("滨江区", "330108"),
        ("滨江区总工会", "330108"),
        ("杭州市滨江区总工会", "330108"),
        ("330108", "330108"),
        ("Binjiang Federation of Trade Unions", "330108"),
        ("桐庐", "330122"),
        ("桐庐县总工会", "330122"),
        ("建德市总工会", "330182"),
        ("经信", "I01"),
        ("市经信工会", "I01"),
        ("市经信局", "D02"),
        (" 上城 ", "330102"),
    ],
)
def test_a_unit_is_found_by_what_people_call_it(spec: EditionSpec, called: str, code: str) -> None:
    unit = find_unit(spec, called)
    assert unit is not None
    assert unit.code == code


@pytest.mark.parametrize("called", ["", "市", "宁波", "江"])
def test_an_unknown_name_finds_no_unit(spec: EditionSpec, called: str) -> None:
    assert find_unit(spec, called) is None
