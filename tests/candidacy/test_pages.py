"""Controls and class groups as the page offers them."""

from __future__ import annotations

from jiangbang.candidacy.pages import Control, class_groups
from jiangbang.kernel.edition import Choice

CLASSES = (
    Choice("01", "制造业", "Manufacturing"),
    Choice("0101", "计算机制造", "Computers"),
    Choice("03", "应用业", "Applications"),
    Choice("0301", "软件开发", "Software"),
)


def control(shown: str, limit: int | None) -> Control:
    return Control("x", "栏", "", "text", shown, 0, False, limit, (), (), False, "", ())


def test_classes_are_grouped_under_their_heads() -> None:
    groups = class_groups(CLASSES, "0301 软件开发")
    assert [(group.label, group.choices) for group in groups] == [
        ("01 制造业", (("0101 计算机制造", "0101 计算机制造"),)),
        ("03 应用业", (("0301 软件开发", "0301 软件开发"),)),
    ]


def test_a_class_of_another_list_stays_as_it_was_written() -> None:
    assert class_groups(CLASSES, "人工智能")[0].choices == (("人工智能", "人工智能"),)


def test_a_counter_counts_as_people_do_and_keeps_still_until_it_matters() -> None:
    assert (control("一\n二", 400).count, control("一", 50).quiet, control("一" * 40, 50).quiet) == (2, True, False)
    assert (control("一", 400).quiet, control("一", None).quiet) == (False, False)
