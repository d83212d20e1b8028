"""`jiangbang certificate make`, as scripts see it."""

from __future__ import annotations

from pathlib import Path

from commands.console import Console, refused


def listed(folder: Path, *rows: str, heading: str = "编号,姓名,单位,称号", encoding: str = "utf-8-sig") -> Path:
    file = folder / "名单.csv"
    file.write_text("\n".join([heading, *rows]), encoding=encoding)
    return file


def test_a_list_becomes_certificates_that_verify(ready: Console, tmp_path: Path) -> None:
    rows = ("杭数匠〔2023〕1号,王䶮,甲公司,杭州数字工匠", "杭数匠〔2023〕2号,李芳,乙公司,nominee")
    source = listed(tmp_path, *rows, encoding="gb18030")
    assert "no_key" not in refused(ready("certificate", "make", source, "-o", tmp_path / "out"))
    ready("certificate", "keys", "make", "--issuer", "杭州市总工会", "--from", "2023-01-01")
    made = ready("certificate", "make", source, "-o", tmp_path / "out", "--json")
    assert made.status == 0, made.err
    assert (made.json["count"], made.json["issued"]) == (2, "2023-05-01")
    files = sorted((tmp_path / "out").iterdir())
    assert [one.name for one in files] == ["00001-王䶮.pdf", "00002-李芳.pdf"]
    outcome = ready("certificate", "verify", files[1], "--json")
    assert (outcome.json["verdict"], outcome.json["statement"]["title"]) == ("genuine", "“杭州数字工匠”提名奖")
    assert "not empty" in refused(ready("certificate", "make", source, "-o", tmp_path / "out"))


def test_what_is_wrong_with_a_list_is_said_in_one_sentence(ready: Console, tmp_path: Path) -> None:
    said = refused(ready("certificate", "make", listed(tmp_path, "1,王,甲,市长"), "-o", tmp_path / "out"))
    assert "line 2" in said
    said = refused(ready("certificate", "make", listed(tmp_path, heading="姓名,称号"), "-o", tmp_path / "out"))
    assert "number / 编号" in said
    assert (tmp_path / "out").exists() is False
