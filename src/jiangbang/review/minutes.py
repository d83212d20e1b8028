"""The minutes of a draw as an official paper. It names the experts, so it is the office's and leaves the house registered."""

from __future__ import annotations

import hashlib
from datetime import datetime

from jiangbang.kernel.draw import seed_of
from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.review import PanelSpec, ReviewSpec
from jiangbang.papers.paper import Block, Facts, Heading, Paper, Signature, Table, TableColumn, Text
from jiangbang.review.drawing import published, witness_names
from jiangbang.review.models import Draw, Seat
from jiangbang.review.profiles import profile_of

KIND = "评审专家抽取记录"


def minutes(drawn: Draw, rules: ReviewSpec) -> Paper:
    """The paper of a draw that was held. It is written in Chinese: it is an official paper of the programme."""
    edition, spec = drawn.edition, drawn.edition.spec
    assert drawn.held_at is not None
    witnesses = witness_names(drawn)
    entries = list(drawn.document["witnesses"])
    secret = str(drawn.document["secret"])
    blocks: list[Block] = [
        Facts(
            (
                ("届次", edition.name),
                ("锁定时间", _moment(drawn.committed_at, edition.zone)),
                ("抽取时间", _moment(drawn.held_at, edition.zone)),
                ("主持人", str(drawn.held_by)),
                ("专家库人数", f"{len(drawn.document['pool'])} 人（均已同意参加评审）"),
                ("抽取地点", "　"),
            )
        ),
        Heading("一、抽取规则"),
        *(Text(f"{panel.rules.name}：{'；'.join(_rules(panel, spec))}。") for panel in rules.panels),
        Heading("二、随机数的产生"),
        Text("抽取前公布承诺值，锁定专家库、规则和密钥；抽取时由见证人填写内容，现场公开密钥，由二者共同产生随机数。"),
        Facts((("承诺值", drawn.commitment), ("密钥", secret))),
        Table(
            (TableColumn("序号", 6, "center"), TableColumn("见证人", 20), TableColumn("填写内容", 50)),
            tuple(
                (str(number), name, entry)
                for number, (name, entry) in enumerate(zip(witnesses, entries, strict=True), 1)
            ),
        ),
        Heading("三、抽取结果"),
        *_results(drawn, spec),
        Heading("四、复核"),
        Text(
            "任何人可凭公开的 draw.json 复核：运行 jiangbang draw replay draw.json，或运行不依赖本系统的 verify_draw.py。"
        ),
        Facts(
            (
                ("随机数", seed_of(drawn.plan, secret, entries).hex()),
                ("文件指纹", hashlib.sha256(published(drawn)).hexdigest()),
            )
        ),
        Text("主持人（签字）：", indent=False),
        Text("见证人（签字）：", indent=False),
        Signature((edition.name.replace("认定", "组委会办公室"), _day(drawn.held_at, edition.zone))),
    ]
    return Paper(KIND, tuple(blocks), kind=KIND)


def _rules(panel: PanelSpec, spec: EditionSpec) -> list[str]:
    rules, names = panel.rules, {choice.code: choice.label for choice in spec.industry_classes}
    said = [f"正式成员 {rules.seats} 人，备选 {rules.alternates} 人"]
    if rules.most_per_employer is not None:
        said.append(f"同一单位最多 {rules.most_per_employer} 人")
    if rules.outside:
        said.append(f"外地专家至少 {rules.outside} 人")
    said += [f"{names.get(code, code)}至少 {least} 人" for code, least in rules.fields]
    return said


def _results(drawn: Draw, spec: EditionSpec) -> list[Block]:
    names = {choice.code: choice.label for choice in spec.industry_classes}
    columns = (
        TableColumn("类别", 9, "center"),
        TableColumn("编号", 10, "center"),
        TableColumn("姓名", 12, "center"),
        TableColumn("工作单位及职称", 30),
        TableColumn("评审领域", 28),
    )
    blocks: list[Block] = []
    seats = list(drawn.seats.select_related("entry__expert").order_by("panel", "alternate", "place"))
    for panel in drawn.result:
        mine = [seat for seat in seats if seat.panel == panel["name"]]
        blocks += [
            Text(f"{panel['name']}：", indent=False),
            Table(columns, tuple(_line(seat, names) for seat in mine)),
        ]
    return blocks


def _line(seat: Seat, names: dict[str, str]) -> tuple[str, ...]:
    expert, profile = seat.entry.expert, profile_of(seat.entry.expert)
    return (
        f"备选 {seat.place}" if seat.alternate else f"正式 {seat.place}",
        expert.code,
        profile.name,
        f"{profile.employer} {profile.title}".strip(),
        "、".join(names.get(code, code) for code in expert.classes),
    )


def _moment(moment: datetime, zone: object) -> str:
    return f"{moment.astimezone(zone):%Y年%-m月%-d日 %H:%M:%S}"  # type: ignore[arg-type]


def _day(moment: datetime, zone: object) -> str:
    return f"{moment.astimezone(zone):%Y年%-m月%-d日}"  # type: ignore[arg-type]
