"""Score sheets on paper and in Excel: written for an expert, read back and checked."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import xlsxwriter
from django.utils.translation import gettext as _

from jiangbang.kernel.review import ReviewSpec
from jiangbang.papers.normalise import fold_label
from jiangbang.papers.paper import Block, Facts, Heading, NewPage, Paper, Table, TableColumn, Text
from jiangbang.papers.tables import plain_cell
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.review.blind import BlindLine
from jiangbang.review.models import Card
from jiangbang.review.scoring import LONGEST_COMMENT, Filled, filled, read_points

CODE: Final = "编号"
COMMENT: Final = "评语"
KIND: Final = "专家评分表"


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong in which line of a sheet."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet as read: what goes into which card, and what must be mended first."""

    rows: tuple[tuple[Card, Filled], ...]
    problems: tuple[SheetProblem, ...]


def headings(rules: ReviewSpec) -> list[str]:
    """The columns of a sheet."""
    lines = [f"{one.label}（{one.lowest}–{one.highest}）" for one in rules.rubric]
    return [CODE, *lines, *(f"{one.label}{COMMENT}" for one in rules.rubric)]


def write_sheet(cards: Iterable[Card], rules: ReviewSpec) -> bytes:
    """The expert's cards as a workbook: codes, points, comments. It names neither expert nor candidate, in its properties neither."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": KIND, "author": "", "company": ""})
        sheet, head = book.add_worksheet(KIND), book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        wrap, locked = book.add_format({"text_wrap": True}), book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        for place, heading in enumerate(headings(rules)):
            sheet.set_column(place, place, 10 if place == 0 else 14 if place <= len(rules.rubric) else 32)
            sheet.write_string(0, place, heading, head)
        for line, card in enumerate(cards, 1):
            given = filled(card)
            sheet.write_string(line, 0, card.reviewed.code, locked)
            for place, one in enumerate(rules.rubric, 1):
                if one.key in given.scores:
                    sheet.write_number(line, place, given.scores[one.key])
                comment = plain_cell(given.comments.get(one.key, ""))
                sheet.write_string(line, place + len(rules.rubric), comment, wrap)
        for place, one in enumerate(rules.rubric, 1):
            bounds = {"validate": "integer", "criteria": "between", "minimum": one.lowest, "maximum": one.highest}
            sheet.data_validation(1, place, 1000, place, bounds)
    return out.getvalue()


def read_sheet(rows: Sequence[Sequence[str]], cards: Mapping[str, Card], rules: ReviewSpec) -> ReadSheet:
    """A sheet that came back. `cards`: the expert's open cards by code. Every problem has its line; nothing is kept here."""
    if not rows:
        return ReadSheet((), (SheetProblem(1, _("The sheet is empty.")),))
    at = {fold_label(cell).casefold(): place for place, cell in enumerate(rows[0])}
    places = [at.get(fold_label(name).casefold()) for name in headings(rules)]
    if None in places[: len(rules.rubric) + 1]:
        names = "、".join(headings(rules)[: len(rules.rubric) + 1])
        return ReadSheet(
            (), (SheetProblem(1, _("The first line must hold the columns: %(names)s") % {"names": names}),)
        )
    found: dict[str, tuple[Card, Filled]] = {}
    problems = []
    for number, row in enumerate(rows[1:], 2):
        cells = [row[place].strip() if place is not None and place < len(row) else "" for place in places]
        code = cells[0].upper()
        if code not in cards:
            problems.append(SheetProblem(number, _("%(code)s is none of your open cards.") % {"code": code or "—"}))
        elif code in found:
            problems.append(SheetProblem(number, _("%(code)s stands twice.") % {"code": code}))
        else:
            try:
                found[code] = (cards[code], _filled(cells[1:], rules))
            except Refused as refusal:
                problems.append(SheetProblem(number, f"{code}：{refusal}"))
    given = tuple(row for row in found.values() if row[1].scores or row[1].comments)
    return ReadSheet(given, tuple(problems))


def _filled(cells: Sequence[str], rules: ReviewSpec) -> Filled:
    scores, comments = {}, {}
    for place, line in enumerate(rules.rubric):
        points = read_points(line, cells[place])
        if points is not None:
            scores[line.key] = points
        text = cells[place + len(rules.rubric)].removeprefix("'").strip()
        if len(text) > LONGEST_COMMENT:
            raise Refused("too_long", _("A comment has at most 1,000 characters."))
        if text:
            comments[line.key] = text
    return Filled(scores, comments)


def paper_sheet(edition: Edition, pages: Sequence[tuple[Card, Sequence[BlindLine]]], rules: ReviewSpec) -> Paper:
    """The sheets to be filled in by hand: a page for each dossier, blind, with the rubric and room for points and signature."""
    blocks: list[Block] = []
    for card, lines in pages:
        given = filled(card)
        blocks += [
            *([NewPage(KIND)] if blocks else []),
            Facts((("编号", card.reviewed.code), ("届次", edition.name)), pairs=2),
            Heading("评审材料"),
            *(_paper_line(line) for line in lines),
            Heading("评分"),
            Table(
                (
                    TableColumn("评分项目", 12, "center"),
                    TableColumn("权重", 6, "center"),
                    TableColumn("评分参照", 46),
                    TableColumn("得分", 8, "center"),
                    TableColumn("评语（最高、最低分段必填）", 24),
                ),
                tuple(
                    (
                        one.label,
                        str(one.weight),
                        "\n".join(f"{anchor.at} 分起：{anchor.label}" for anchor in one.anchors),
                        str(given.scores.get(one.key, "")),
                        given.comments.get(one.key, ""),
                    )
                    for one in rules.rubric
                ),
            ),
            Text("专家签名：　　　　　　　　　　日期：", indent=False),
        ]
    return Paper(KIND, tuple(blocks), kind=KIND)


def _paper_line(line: BlindLine) -> Text:
    shown = "；".join(line.shown) if isinstance(line.shown, list) else str(line.shown)
    return Text(f"{line.label}：{shown}", indent=False)
