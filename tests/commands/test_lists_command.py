"""`jiangbang lists import`, as scripts see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands.console import Console, refused

from jiangbang.kernel.credit_code import synthetic


def listed(folder: Path, *rows: str, heading: str = "企业名称,统一社会信用代码") -> Path:
    file = folder / "名单.csv"
    file.write_text("\n".join([heading, *rows]), encoding="utf-8-sig")
    return file


def test_a_clean_list_is_imported_and_compared(ready: Console, tmp_path: Path) -> None:
    outcome = ready("lists", "import", listed(tmp_path, f"甲有限公司,{synthetic(1)}"), "--kind", "独角兽企业", "--json")
    assert outcome.status == 0, outcome.err
    told = outcome.json
    assert (told["kind"], told["rows"], told["usable"], told["problems"]) == ("unicorn", 1, 1, [])
    assert (told["columns"]["firm"], told["compared"]) == ("企业名称", {"dossiers": 0, "found": 0, "likely": 0})
    newer = listed(tmp_path, f"乙有限公司,{synthetic(2)}")
    outcome = ready("lists", "import", newer, "--kind", "unicorn", "--replace", told["list"])
    assert (outcome.status, "in force" in outcome.out) == (0, True)


def test_rows_with_something_wrong_are_told_and_exit_with_one(ready: Console, tmp_path: Path) -> None:
    wrong = listed(tmp_path, f"甲有限公司,{synthetic(1)[:-1]}0", f",{synthetic(2)}", f"乙有限公司,{synthetic(3)}")
    outcome = ready("lists", "import", wrong, "--kind", "unicorn", "--dry-run", "--json")
    assert outcome.status == 1
    assert [(one["row"], one["codes"]) for one in outcome.json["problems"]] == [
        (2, ["code_checksum"]),
        (3, ["no_name"]),
    ]
    assert outcome.json["list"] is None
    outcome = ready("lists", "import", wrong, "--kind", "unicorn")
    assert outcome.status == 1
    assert "校验位不符" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--kind", "strange"], "no mark or title"),
        (["--kind", "unicorn", "--edition", "1999"], "no edition"),
        (["--kind", "unicorn", "--replace", "x"], "no list x"),
        (["--kind", "zhejiang_craftsman"], "未找到表头"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(ready: Console, tmp_path: Path, arguments: list[str], words: str) -> None:
    assert words in refused(ready("lists", "import", listed(tmp_path, "甲有限公司,"), *arguments))
