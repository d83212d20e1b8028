"""What an edition rules about objections, and what stands against one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.objections import FLAWS, ObjectionSpec, flaws_of, read_objections

LAST = date(2026, 3, 6)


def test_a_silent_document_has_the_defaults() -> None:
    assert read_objections({}) == ObjectionSpec(15, 5, 3, 10, "异议〔{year}〕{n}号", False)
    assert read_objections({"objection": {"answer_days": 30, "anonymous": True}}).answer_days == 30


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("answer_days", 0),
        ("answer_days", True),
        ("files", 11),
        ("megabytes", 2.5),
        ("number", "异议"),
        ("anonymous", 1),
    ],
)
def test_a_wrong_value_is_named(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"objection.{key}"):
        read_objections({"objection": {key: value}})


@given(st.integers(-5, 5), st.booleans(), st.booleans(), st.booleans())
def test_each_flaw_is_said_and_only_what_is_wrong(days: int, identified: bool, specific: bool, pursued: bool) -> None:
    spec = ObjectionSpec(anonymous=pursued)
    found = flaws_of(LAST + timedelta(days=days), LAST, identified=identified, specific=specific, spec=spec)
    assert ("late" in found) == (days > 0)
    assert ("anonymous" in found) == (not identified and not pursued)
    assert ("vague" in found) == (not specific)
    assert list(found) == [flaw for flaw in FLAWS if flaw in found]
