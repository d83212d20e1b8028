"""Every reason that a reader gives has its English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from jiangbang.papers.findings import Finding
from jiangbang.papers.reasons import english_reason

PAPERS = Path(__file__).resolve().parents[2] / "src" / "jiangbang" / "papers"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# calls and names through which readers state reasons
STATING = re.compile(
    r"unreadable|too_large|Refused|Unreadable|Damaged|_bad|Package|ChildDied|^_?REASONS", re.IGNORECASE
)


def stated_reasons() -> set[str]:
    """Chinese texts, f-strings with {} for their fields, that stand in a call of STATING, in a `reason` or in a REASONS table."""
    found = set()
    for path in PAPERS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for part in _stating_parts(node):
                for leaf in ast.walk(part):
                    if isinstance(leaf, ast.JoinedStr):
                        found.add(
                            "".join("{}" if isinstance(v, ast.FormattedValue) else str(v.value) for v in leaf.values)
                        )  # type: ignore[attr-defined]
                    elif isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                        found.add(leaf.value)
    return {text for text in found if CHINESE.search(text)}


def _stating_parts(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Call) and STATING.search(ast.unparse(node.func)):
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node, ast.keyword) and node.arg == "reason":
        return [node.value]
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if re.search(r"reason|REASONS", ast.unparse(target)):
            return [node.value]
    return []


def test_reasons_are_found_in_the_code() -> None:
    assert {"文件是空的", "应为11位手机号码", "部件 {} 残缺"} <= stated_reasons()


def test_every_stated_reason_has_its_english() -> None:
    # pieces of f-strings are found as constants too: a piece of a known reason is no reason of its own
    whole = {text for text in stated_reasons() if english_reason(text.replace("{}", "7")) != text.replace("{}", "7")}
    pieces = {piece for text in whole for piece in text.split("{}")}
    assert sorted(stated_reasons() - whole - pieces - {"应有", "等", "无名", "（无名）"}) == []


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("文件是空的", "the file is empty"),
        ("共2500个文件，最多2000个", "it holds 2500 files; at most 2000 are taken"),
        ("部件 word/document.xml 残缺", "its part word/document.xml is cut off"),
        ("谁也没说过的话", "谁也没说过的话"),
    ],
)
def test_a_reason_is_said_in_english(chinese: str, english: str) -> None:
    assert english_reason(chinese) == english


def test_a_finding_in_english_has_no_chinese_reason() -> None:
    finding = Finding("packet.member_unreadable", where="a.docx", params={"reason": "文件是空的"})
    assert "the file is empty" in finding.message("en")
    assert CHINESE.search(finding.message("en")) is None
