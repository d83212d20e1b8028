"""What leaves the house for a department: the letter (函) with its list, and the list as an encrypted workbook. Each shows only the fields
that this department needs."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

from jiangbang.consultation.access import rules_of
from jiangbang.consultation.models import Inquiry, Question
from jiangbang.kernel.consultation import Department
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.facts import declared_facts
from jiangbang.papers.letters import letter
from jiangbang.papers.paper import Head, NewPage, Paper, Table, TableColumn, Text
from jiangbang.papers.roster_layout import GENDERS
from jiangbang.papers.tables import Column, write_xlsx

KIND: Final = "征求意见函"
LIST: Final = "征求意见名单"
# shares of the width by heading, for what is short; the rest is wide
_SHARES: Final = {"姓名": 14, "性别": 8, "身份证号": 32}


def inquiry_letter(inquiry: Inquiry) -> Paper:
    """The letter by GB/T 9704 with its list as attachment 1, and a form for an answer on paper as attachment 2."""
    edition, department = inquiry.edition, _department(inquiry)
    rows, labels = people_of(inquiry), column_labels(edition.spec, department)
    office = f"{edition.name.removesuffix('认定')}认定工作领导小组办公室"
    asked = f"{department.asked}的情况" if department.asked else "有关情况"
    text = [
        Text(
            f"{edition.name}已完成专家评审，形成候选人名单。按照认定工作方案，现就名单所列 {len(rows)} 名人选{asked}征求你单位意见。"
        ),
        Text(
            f"请于{_day(inquiry.due)}前，由指定联系人登录系统逐人答复，或将附件 2 填写盖章后寄回（扫描件亦可）。无异议的请注明“无异议”，"
            "有异议的请写明事由并附依据。名单仅用于本次征求意见，请妥善保管，用毕销毁，不得外传。"
        ),
    ]
    paper = letter(
        f"关于征求{edition.name}候选人意见的函",
        text,
        kind=KIND,
        number=inquiry.number,
        to=department.to,
        head=Head((office,), "letter"),
        attachments=(LIST, "答复意见表"),
        signed=(office,),
        day=_day(inquiry.sent_at.astimezone(edition.zone).date()),
    )
    listed = Table(_columns(labels), tuple((str(number), *row) for number, row in enumerate(rows, 1)))
    answers = Table(
        (
            TableColumn("序号", 10, "center"),
            TableColumn("姓名", 20, "center"),
            TableColumn("无异议 / 有异议", 30, "center"),
            TableColumn("事由", 40),
        ),
        tuple((str(number), row[0], "", "") for number, row in enumerate(rows, 1)),
    )
    signature = (
        Text(""),
        Text("经办人：\u3000\u3000\u3000\u3000\u3000\u3000联系电话：", indent=False),
        Text("（盖章）\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日", align="right"),
    )
    blocks = (*paper.blocks, NewPage(LIST, "附件1"), listed, NewPage("答复意见表", "附件2"), answers, *signature)
    return Paper(paper.title, blocks, kind=KIND, number=paper.number, to=paper.to, head=paper.head, layout="letter")


def inquiry_workbook(inquiry: Inquiry, password: str) -> bytes:
    """The list as an Excel workbook that only the password opens (ECMA-376 agile encryption, AES)."""
    labels = column_labels(inquiry.edition.spec, _department(inquiry))
    rows = [(str(number), *row) for number, row in enumerate(people_of(inquiry), 1)]
    columns: list[Column[tuple[str, ...]]] = [
        Column(label, _cell(place), 10 if place == 0 else 26) for place, label in enumerate(("序号", *labels))
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        write_xlsx(columns, rows, inquiry.edition.zone, path, title=LIST)
        sealed = io.BytesIO()
        with path.open("rb") as plain:
            OOXMLFile(plain).encrypt(password, sealed)
    return sealed.getvalue()


def column_labels(spec: EditionSpec, department: Department) -> list[str]:
    """The headings of what a department is shown, in the order of the edition."""
    fields = {field.key: field.label for field in spec.form}
    facts = {fact.key: fact.label for fact in spec.facts}
    return [fields[key] for key in department.fields] + [facts[key] for key in department.facts]


def people_of(inquiry: Inquiry) -> list[tuple[str, ...]]:
    """What the department is shown of each person, in the letter's order and as the dossier stood when it was asked. Three queries."""
    return [values for _question, values in shown_of(inquiry)]


def shown_of(inquiry: Inquiry) -> list[tuple[Question, tuple[str, ...]]]:
    """Each question with what the department is shown of its person."""
    department = _department(inquiry)
    rows = inquiry.questions.select_related("dossier__person", "revision__person", "revision__dossier")
    questions = list(rows.order_by("position"))
    declared = declared_facts([row.dossier for row in questions], keys=department.facts) if department.facts else {}
    found = []
    for row in questions:
        # known already; else reading the sealed values would ask for the edition of each
        row.revision.dossier.edition = inquiry.edition
        record, known = full_record(row.revision), declared.get(row.dossier_id, {})
        values = [_text(key, record.get(key)) for key in department.fields]
        found.append((row, (*values, *(str(known.get(key) or "") for key in department.facts))))
    return found


def _text(key: str, value: object) -> str:
    return GENDERS.get(str(value), "") if key == "gender" else str(value or "")


def _columns(labels: Sequence[str]) -> tuple[TableColumn, ...]:
    number = TableColumn("序号", 8, "center")
    return (number, *(TableColumn(one, _SHARES.get(one, 34), "center" if one in _SHARES else "left") for one in labels))


def _cell(place: int) -> Callable[[tuple[str, ...]], str]:
    return lambda row: row[place]


def _department(inquiry: Inquiry) -> Department:
    """The department as the edition describes it now; by its name alone where the edition does not ask it any more."""
    try:
        return rules_of(inquiry.edition).department(inquiry.department)
    except KeyError:
        return Department(inquiry.department, inquiry.department, "", "", ("name",))


def _day(day: date) -> str:
    return f"{day:%Y年%-m月%-d日}"
