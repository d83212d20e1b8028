"""Papers with everything in them that a paper may have."""

from __future__ import annotations

from jiangbang.papers.paper import Facts, Heading, NewPage, Paper, Signature, Table, TableColumn, Text

# What would be markup in typst, XML or a field of Word, and two characters that poor fonts lack.
HARMFUL = '#panic("x") $x$ *b* _i_ `c` \\ <w:br/> & "q" @ref = [x] #import "paper.typ" 许𬱖䶮'


def sheet(text: str = HARMFUL) -> Paper:
    columns = (TableColumn("条款", 8, "center"), TableColumn("内容", 40), TableColumn("意见", 10, "center"))
    return Paper(
        "初审意见表",
        (
            Facts((("姓名", text), ("推荐单位", "滨江区总工会"), ("结论", "符合")), pairs=2),
            Heading("一、逐条意见"),
            Table(columns, tuple((f"G{number}", f"{text}\n第二行", "符合") for number in range(40))),
            Text(text, small=True),
            NewPage("第二份"),
            Text("另起一页。"),
        ),
        kind="初审意见表",
        foot="内部材料",
    )


def letter(text: str = "经初审，许𬱖同志不符合下列条件。") -> Paper:
    return Paper(
        "关于初审结果的告知书",
        (Text(text), Signature(("杭州市数字经济行业工会联合会", "2023年4月8日"))),
        kind="告知书",
        number="数匠初审〔2023〕3号",
        to="滨江区总工会",
        layout="letter",
    )
