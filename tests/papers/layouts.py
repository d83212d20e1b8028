# ruff: noqa: E501
"""Nomination forms as people lay them out: each layout makes a `.docx` of a record, to be read back exactly.

Written as WordprocessingML by hand, so that no library decides what a document may look like.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_R = "http://purl.oclc.org/ooxml/officeDocument/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)

Record = dict[str, Any]
MOTTO_HINT = "(您认为最能反映工匠精神或者感悟最深的一句话)"
LIST_HINT = "(主要成果和曾获荣誉请选择最主要的填写,各不超过3项)"

RECORD: Record = {
    "name": "徐𠅤",
    "gender": "female",
    "birth_month": "1980-06",
    "education": "硕士研究生",
    "political_status": "九三学社社员",
    "id_number": "99010119800610479X",
    "native_place": "安徽黄山",
    "skill_level": "高级技师/一级",
    "professional_title": "无",
    "talent_class": "E类",
    "industry_class": "0301 软件开发",
    "years_in_industry": 20,
    "telephone": "0571-27458763",
    "mobile": "19972521198",
    "employer_and_position": "湘湖机器人有限公司 平台研发主管",
    "address": "杭州市滨江路75号2室",
    "motto": "慢一点，准一点，稳一点。",
    "achievements": [
        "牵头设计水质监测终端，获发明专利三项",
        "1.5亿元节能改造项目负责人",
        "2021年主持研发跨境电商风控引擎",
    ],
    "honours": ["2018年浙江省青年岗位能手", "2020年全国工业互联网技能竞赛二等奖"],
    "deeds": "参与起草城市交通信号自适应控制平台，形成行业标准一项。带队攻关“城市大脑”<V2> & 仓储调度算法。",
}
BLANK_OPINION = {"text": None, "sealed": False, "date": None}
OPINIONS = {
    "employer": {"text": "同意推荐。", "sealed": False, "date": "2023-03-26"},
    "unit": {"text": "同意推荐。", "sealed": False, "date": "2023-03-02"},
    "leading_group": BLANK_OPINION,
}
LABELS = {
    "name": "姓名",
    "gender": "性别",
    "birth_month": "出生年月",
    "education": "学历",
    "political_status": "政治面貌",
    "id_number": "身份证号",
    "native_place": "籍贯",
    "skill_level": "技能等级",
    "professional_title": "职称等级",
    "talent_class": "人才认定等级",
    "industry_class": "行业细分",
    "years_in_industry": "从业年限",
    "telephone": "联系电话",
    "mobile": "手机号码",
    "employer_and_position": "工作单位及职务",
    "address": "通讯地址",
    "motto": "工匠宣言",
    "achievements": "主要成果",
    "honours": "曾获荣誉",
    "deeds": "主要事迹",
}
OPINION_LABELS = (
    "所在单位意见",
    "推荐单位（区县市工会、产业工会或行业主管部门等）意见",
    "杭州数字工匠认定工作领导小组意见",
)
OPINION_TEXTS = (
    "同意推荐。\n(盖章)         2023年3月26日",
    "同意推荐。\n（盖章）  2023年03月02日",
    "\n(盖章)         年    月    日",
)
SHORT_ROWS = (
    ("name", "gender", "birth_month"),
    ("education", "political_status"),
    ("id_number", "native_place"),
    ("skill_level", "professional_title", "talent_class"),
    ("industry_class", "years_in_industry"),
    ("telephone", "mobile"),
    ("employer_and_position",),
    ("address",),
    ("motto",),
)


# -- pictures ----------------------------------------------------------------------------------------------------------------


def png(width: int, height: int, shade: int = 90) -> bytes:
    """A grey picture of this size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))

    rows = b"".join(b"\x00" + bytes([shade]) * width for _ in range(height))
    head = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PHOTO = png(413, 579)
SEAL = png(300, 300, 200)
LOGO = png(600, 120, 30)


def inline_picture(relation: str = "rIdPhoto") -> str:
    return _drawing(f'<wp:inline><wp:extent cx="900000" cy="1260000"/>{_graphic(relation)}</wp:inline>')


def floating_picture(relation: str = "rIdPhoto") -> str:
    return _drawing(
        '<wp:anchor behindDoc="0"><wp:positionH relativeFrom="page"><wp:posOffset>5000000</wp:posOffset></wp:positionH>'
        f'<wp:extent cx="900000" cy="1260000"/>{_graphic(relation)}</wp:anchor>'
    )


def _drawing(content: str) -> str:
    return f"<w:r><w:drawing>{content}</w:drawing></w:r>"


def _graphic(relation: str) -> str:
    return (
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="{relation}"><a:extLst><a:ext uri="{{96DAC541}}"><x:svgBlip xmlns:x="urn:x" r:embed="rIdSvg"/>'
        "</a:ext></a:extLst></a:blip></pic:blipFill></pic:pic></a:graphicData></a:graphic>"
    )


def vml_picture(relation: str = "rIdPhoto") -> str:
    return f'<w:r><w:pict><v:shape style="width:70pt;height:99pt"><v:imagedata r:id="{relation}" o:title=""/></v:shape></w:pict></w:r>'


# -- words and tables --------------------------------------------------------------------------------------------------------


def run(text: str) -> str:
    """One run; a line feed is a line break in the paragraph."""
    pieces = [f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\n")]
    return f'<w:r><w:rPr><w:sz w:val="24"/></w:rPr>{"<w:br/>".join(pieces)}</w:r>'


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def paragraphs(text: str) -> str:
    return "".join(paragraph(run(line)) for line in text.split("\n"))


def cell(content: str, span: int = 1, properties: str = "") -> str:
    """A cell of ready-made blocks, or of plain text."""
    blocks = content if content.startswith("<") else paragraphs(content)
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="1000" w:type="dxa"/>{spans}{properties}</w:tcPr>{blocks}</w:tc>'


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


# -- values as written ---------------------------------------------------------------------------------------------------------


def written(record: Record, key: str) -> str:
    value = record[key]
    if value is None:
        return ""
    if key == "gender":
        return {"male": "男", "female": "女"}[value]
    if key == "birth_month":
        return f"{value[:4]}年{int(value[5:])}月"
    if key == "years_in_industry":
        return f"{value}年"
    return str(value)


def numbered(items: Iterable[str], style: str = "{}、") -> str:
    return "\n".join(style.format(number) + item for number, item in enumerate(items, 1))


def joint(record: Record, style: str = "{}、") -> str:
    return f"主要成果：\n{numbered(record['achievements'], style)}\n曾获荣誉：\n{numbered(record['honours'], style)}"


Cells = Callable[[str, str], str]


def plain(label: str, value: str) -> str:
    """Label cell and value cell."""
    return cell(label) + cell(value, 3)


def short_rows(
    record: Record, make: Cells = plain, label: Callable[[str], str] = str, photo: str | None = None
) -> list[str]:
    """The rows of short values, the photo in a cell at the right over the first three."""
    rows = []
    for index, keys in enumerate(SHORT_ROWS):
        pairs = "".join(make(label(LABELS[key]), written(record, key)) for key in keys)
        if photo is not None and index < 3:
            pairs += cell(paragraph(photo) if index == 0 else "<w:p/>", 1, RESTART if index == 0 else CONTINUE)
        rows.append(row(pairs))
    return rows


def long_rows(record: Record, make: Cells = plain, label: Callable[[str], str] = str, style: str = "{}、") -> list[str]:
    """Achievements, honours and deeds in rows of their own."""
    return [
        row(make(label("主要成果"), numbered(record["achievements"], style))),
        row(make(label("曾获荣誉"), numbered(record["honours"], style))),
        row(make(label("主要事迹"), record["deeds"])),
    ]


def opinion_rows(make: Cells = plain, label: Callable[[str], str] = str) -> list[str]:
    return [row(make(label(name), text)) for name, text in zip(OPINION_LABELS, OPINION_TEXTS, strict=True)]


def whole(record: Record, make: Cells = plain, label: Callable[[str], str] = str, style: str = "{}、") -> list[str]:
    return [
        *short_rows(record, make, label, inline_picture()),
        *long_rows(record, make, label, style),
        *opinion_rows(make, label),
    ]


# -- packages ------------------------------------------------------------------------------------------------------------------


def document(body: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>'


def package(
    body: str,
    *,
    strict: bool = False,
    part: str = "word/document.xml",
    encoding: str = "utf-8",
    header: str = "",
    extra: dict[str, bytes] | None = None,
) -> bytes:
    """A `.docx` around a body. Pictures: rIdPhoto, rIdSeal, rIdLogo."""
    content, office = document(body), R
    if strict:
        content, office = content.replace(W, STRICT_W).replace(R, STRICT_R), STRICT_R
        for name in ("wordprocessingDrawing", "main", "picture"):
            content = content.replace(
                f"http://schemas.openxmlformats.org/drawingml/2006/{name}",
                f"http://purl.oclc.org/ooxml/drawingml/{name}",
            )
    content = content.replace('encoding="UTF-8"', f'encoding="{"UTF-16" if "16" in encoding else "UTF-8"}"')
    folder, _, file = part.rpartition("/")
    pictures = "".join(
        f'<Relationship Id="rId{name}" Type="{office}/image" Target="media/{name.lower()}.png"/>'
        for name in ("Photo", "Seal", "Logo")
    )
    head = f'<Relationship Id="rIdHeader" Type="{office}/header" Target="header1.xml"/>' if header else ""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" Target="/{part}"/></Relationships>',
        )
        archive.writestr(part, content.encode(encoding))
        archive.writestr(
            f"{folder}/_rels/{file}.rels", f'<Relationships xmlns="{relations}">{pictures}{head}</Relationships>'
        )
        for name, data in (("photo", PHOTO), ("seal", SEAL), ("logo", LOGO)):
            archive.writestr(f"{folder}/media/{name}.png", data)
        if header:
            archive.writestr(f"{folder}/header1.xml", f"<w:hdr {NAMESPACES}>{header}</w:hdr>")
            archive.writestr(
                f"{folder}/_rels/header1.xml.rels", f'<Relationships xmlns="{relations}">{pictures}</Relationships>'
            )
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return stream.getvalue()


TITLE = paragraph(run("附件2")) + paragraph(run("首届“杭州数字工匠”推荐表"))


def form(*rows: str, **options: Any) -> bytes:
    """A title and one table."""
    return package(TITLE + table(*rows), **options)


# -- the layouts -----------------------------------------------------------------------------------------------------------------

Layout = Callable[[Record], bytes]
LAYOUTS: dict[str, Layout] = {}


def layout(function: Layout) -> Layout:
    LAYOUTS[function.__name__] = function
    return function


@layout
def official(record: Record) -> bytes:
    return form(*whole(record))


@layout
def labels_with_spaces(record: Record) -> bytes:
    return form(*whole(record, label=lambda label: "　".join(label) if len(label) == 2 else "  ".join(label)))


@layout
def labels_with_colons(record: Record) -> bytes:
    return form(*whole(record, label=lambda label: f" {label} ："))


@layout
def labels_over_paragraphs(record: Record) -> bytes:
    return form(
        *whole(record, label=lambda label: f"{label[:2]}\n{label[2:]}" if len(label) > 2 else f"{label[0]}\n{label[1]}")
    )


@layout
def labels_with_line_breaks(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        return cell(paragraph(run(f"{label[:1]}\n{label[1:]}"))) + cell(value)

    return form(*whole(record, make))


@layout
def labels_with_numbers_and_stars(record: Record) -> bytes:
    return form(*whole(record, label=lambda label: f"*{label}（必填）"))


@layout
def label_and_value_in_one_cell(record: Record) -> bytes:
    return form(*whole(record, lambda label, value: cell(f"{label}：{value}", 2)))


@layout
def label_on_the_first_line_of_the_cell(record: Record) -> bytes:
    return form(*whole(record, lambda label, value: cell(f"{label}\n{value}", 2)))


@layout
def values_below_labels(record: Record) -> bytes:
    rows = []
    for keys in SHORT_ROWS:
        rows.append(row(*(cell(LABELS[key]) for key in keys)))
        rows.append(row(*(cell(written(record, key)) for key in keys)))
    for label, value in (
        ("主要成果", numbered(record["achievements"])),
        ("曾获荣誉", numbered(record["honours"])),
        ("主要事迹", record["deeds"]),
        *zip(OPINION_LABELS, OPINION_TEXTS, strict=True),
    ):
        rows += [row(cell(label, 3)), row(cell(value, 3))]
    return package(TITLE + paragraph(inline_picture()) + table(*rows))


@layout
def one_header_row_over_one_value_row(record: Record) -> bytes:
    keys = [key for keys in SHORT_ROWS for key in keys]
    head = row(*(cell(LABELS[key]) for key in keys), cell("照片"))
    values = row(*(cell(written(record, key)) for key in keys), cell(paragraph(inline_picture())))
    return form(head, values, *long_rows(record), *opinion_rows())


@layout
def one_column_of_labels(record: Record) -> bytes:
    keys = [key for keys in SHORT_ROWS for key in keys]
    rows = [row(cell(LABELS[key]), cell(written(record, key))) for key in keys]
    rows.insert(3, row(cell("照片"), cell(paragraph(inline_picture()))))
    return form(*rows, *long_rows(record), *opinion_rows())


@layout
def rows_in_another_order(record: Record) -> bytes:
    rows = whole(record)
    return form(*rows[3:], *rows[:3])


@layout
def another_column_count(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        return cell(label, 2) + cell(value, 5)

    return form(*whole(record, make))


@layout
def values_split_over_runs(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        lines = "".join(paragraph("".join(map(run, line))) for line in value.split("\n"))
        return cell(label) + cell(lines or "<w:p/>")

    return form(*whole(record, make))


@layout
def values_split_over_two_cells(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        middle = value.index(" ") if "公司 " in value else len(value) // 2
        return cell(label) + cell(value[:middle]) + cell(value[middle:])

    return form(*short_rows(record, make, photo=inline_picture()), *long_rows(record), *opinion_rows())


@layout
def identity_number_in_eighteen_cells(record: Record) -> bytes:
    rows = whole(record)
    rows[2] = row(
        cell("身份证号"),
        *(cell(sign) for sign in record["id_number"]),
        cell("籍贯"),
        cell(written(record, "native_place")),
    )
    return form(*rows)


@layout
def joint_cell_with_sublabels(record: Record) -> bytes:
    rows = [
        *short_rows(record, photo=inline_picture()),
        row(plain("主要成果\n\n曾获荣誉", f"{LIST_HINT}\n{joint(record)}")),
    ]
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def joint_cell_without_sublabels(record: Record) -> bytes:
    value = f"{numbered(record['achievements'])}\n{numbered(record['honours'])}"
    rows = [*short_rows(record, photo=inline_picture()), row(plain("主要成果/曾获荣誉", value))]
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def joint_label_over_two_cells(record: Record) -> bytes:
    first = row(cell("主要成果及荣誉", 1, RESTART), cell(numbered(record["achievements"]), 3))
    second = row(cell("<w:p/>", 1, CONTINUE), cell(numbered(record["honours"]), 3))
    return form(
        *short_rows(record, photo=inline_picture()),
        first,
        second,
        row(plain("主要事迹", record["deeds"])),
        *opinion_rows(),
    )


@layout
def one_item_per_row_beside_a_merged_label(record: Record) -> bytes:
    rows = short_rows(record, photo=inline_picture())
    for label, key in (("主要成果", "achievements"), ("曾获荣誉", "honours")):
        for index, item in enumerate(record[key]):
            first = index == 0
            rows.append(
                row(
                    cell(label if first else "<w:p/>", 1, RESTART if first else CONTINUE),
                    cell(f"（{index + 1}）{item}", 5),
                )
            )
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def hints_left_in_other_punctuation(record: Record) -> bytes:
    full = LIST_HINT.replace("(", "（").replace(")", "）").replace(",", "，")
    rows = short_rows(record, photo=inline_picture())
    rows[-1] = row(plain("工匠宣言", f"（{MOTTO_HINT[1:-1]}）\n{written(record, 'motto')}"))
    rows.append(row(plain("主要成果", f"{full}\n{numbered(record['achievements'])}")))
    rows.append(row(plain("曾获荣誉", f"（请填写最主要的荣誉，不超过3项）\n{numbered(record['honours'])}")))
    return form(*rows, row(plain("主要事迹（400字以内）", record["deeds"])), *opinion_rows())


@layout
def hint_split_over_runs_and_after_the_value(record: Record) -> bytes:
    rows = whole(record)
    hint = "".join(map(run, (MOTTO_HINT[:5], MOTTO_HINT[5:9], MOTTO_HINT[9:])))
    rows[8] = row(cell("工匠宣言"), cell(paragraph(run(record["motto"])) + paragraph(hint)))
    return form(*rows)


NUMBERINGS = ("{}.", "{}、", "{}．", "（{}）", "({})", "{})", "{} ", "【{}】")
for _name, _style in zip(
    ["dot", "comma", "wide_dot", "wide_brackets", "brackets", "half_bracket", "space", "square"],
    NUMBERINGS,
    strict=True,
):
    LAYOUTS[f"numbered_with_{_name}"] = lambda record, style=_style: form(*whole(record, style=style))


def _styled(signs: str) -> Layout:
    def build(record: Record) -> bytes:
        rows = short_rows(record, photo=inline_picture())
        for label, key in (("主要成果", "achievements"), ("曾获荣誉", "honours")):
            rows.append(
                row(plain(label, "\n".join(sign + item for sign, item in zip(signs, record[key], strict=False))))
            )
        return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())

    return build


for _name, _signs in (("circled", "①②③"), ("bracketed_signs", "⑴⑵⑶"), ("dotted_signs", "⒈⒉⒊"), ("bullets", "●●●")):
    LAYOUTS[f"numbered_with_{_name}"] = _styled(_signs)


@layout
def numbered_with_chinese_numerals(record: Record) -> bytes:
    rows = short_rows(record, photo=inline_picture())
    for label, key in (("主要成果", "achievements"), ("曾获荣誉", "honours")):
        rows.append(
            row(plain(label, "\n".join(f"{sign}、{item}" for sign, item in zip("一二三", record[key], strict=False))))
        )
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def items_on_one_line(record: Record) -> bytes:
    rows = short_rows(record, photo=inline_picture())
    for label, key, gap in (("主要成果", "achievements", " "), ("曾获荣誉", "honours", "；")):
        rows.append(row(plain(label, gap.join(f"{n}、{item}" for n, item in enumerate(record[key], 1)))))
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def items_numbered_by_word(record: Record) -> bytes:
    properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    rows = short_rows(record, photo=inline_picture())
    for label, key in (("主要成果", "achievements"), ("曾获荣誉", "honours")):
        rows.append(row(cell(label), cell("".join(paragraph(run(item), properties) for item in record[key]))))
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def items_continued_on_the_next_line(record: Record) -> bytes:
    rows = short_rows(record, photo=inline_picture())
    for label, key in (("主要成果", "achievements"), ("曾获荣誉", "honours")):
        lines = "\n".join(f"（{n}）{item[:9]}\n{item[9:]}" for n, item in enumerate(record[key], 1))
        rows.append(row(plain(label, lines)))
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def unnumbered_items(record: Record) -> bytes:
    return form(*whole(record, style=""))


@layout
def legacy_horizontal_merge(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        merged = cell("<w:p/>", 1, '<w:hMerge w:val="continue"/>')
        return cell(label) + cell(value, 1, '<w:hMerge w:val="restart"/>') + merged + merged

    return form(*whole(record, make))


@layout
def vertically_merged_values(record: Record) -> bytes:
    rows = short_rows(record, photo=inline_picture())
    for label, value in (
        ("主要成果", numbered(record["achievements"])),
        ("曾获荣誉", numbered(record["honours"])),
        ("主要事迹", record["deeds"]),
    ):
        rows.append(row(cell(label, 1, RESTART), cell(value, 3, RESTART)))
        rows.append(row(cell("<w:p/>", 1, CONTINUE), cell("<w:p/>", 3, CONTINUE)))
    return form(*rows, *opinion_rows())


@layout
def group_column_at_the_left(record: Record) -> bytes:
    rows = whole(record)
    grouped = []
    for index, xml in enumerate(rows):
        side = cell("基本情况" if index == 0 else "<w:p/>", 1, RESTART if index == 0 else CONTINUE)
        grouped.append(xml.replace("<w:tr>", f"<w:tr>{side}", 1))
    return form(*grouped)


@layout
def unknown_fields_between(record: Record) -> bytes:
    rows = whole(record)
    others = plain("民族", "汉族") + plain("毕业院校", "某某大学")
    rows[1] = rows[1].replace("<w:tr>", f"<w:tr>{others}", 1)
    rows[3] = rows[3].replace("</w:tr>", f"{plain('外语水平', '英语六级')}</w:tr>", 1)
    rows.insert(5, row(plain("是否工会会员", "是"), plain("社保缴纳地", "杭州")))
    rows.insert(6, row(plain("获奖作品链接", "无")))
    return form(*rows)


@layout
def whole_form_in_a_nested_table(record: Record) -> bytes:
    return form(row(cell(table(*whole(record)) + "<w:p/>")))


@layout
def values_in_nested_tables(record: Record) -> bytes:
    rows = short_rows(record, photo=inline_picture())
    for label, key in (("主要成果", "achievements"), ("曾获荣誉", "honours")):
        inner = table(*(row(cell(f"{n}、{item}")) for n, item in enumerate(record[key], 1)))
        rows.append(row(cell(label), cell(inner + "<w:p/>")))
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def several_tables(record: Record) -> bytes:
    rows = whole(record)
    return package(TITLE + "".join(table(*part) + paragraph("") for part in (rows[:4], rows[4:9], rows[9:])))


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


@layout
def content_controls_everywhere(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        blocks = "".join(control(paragraph(control(run(line)))) for line in value.split("\n"))
        return cell(label) + control(cell(blocks))

    rows = [control(xml) for xml in whole(record, make)]
    return package(TITLE + control(table(*rows)))


@layout
def placeholders_of_content_controls(record: Record) -> bytes:
    rows = whole(record)
    place = control(run("单击或点击此处输入文字。"), "<w:showingPlcHdr/>")
    rows[8] = row(cell("工匠宣言"), cell(paragraph(place + run(record["motto"]))))
    return form(*rows)


@layout
def smart_tags_links_and_simple_fields(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        wrapped = []
        for line in value.split("\n"):
            third = len(line) // 3
            a, b, c = line[:third], line[third : 2 * third], line[2 * third :]
            wrapped.append(
                paragraph(
                    f'<w:smartTag w:element="place"><w:smartTagPr/>{run(a)}</w:smartTag><w:hyperlink r:id="rIdX">{run(b)}'
                    f'</w:hyperlink><w:fldSimple w:instr=" AUTHOR ">{run(c)}</w:fldSimple>'
                )
            )
        return cell(label) + cell("".join(wrapped))

    return form(*whole(record, make))


def sign(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


@layout
def complex_fields(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        code = '<w:r><w:instrText xml:space="preserve"> FORMTEXT </w:instrText></w:r>'
        lines = [
            paragraph(sign("begin") + code + run("代码") + sign("separate") + run(line) + sign("end"))
            for line in value.split("\n")
        ]
        return cell(label) + cell("".join(lines))

    return form(*whole(record, make))


@layout
def tracked_changes(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        lines = []
        for line in value.split("\n"):
            half = len(line) // 2
            gone = '<w:del w:id="1" w:author="甲"><w:r><w:delText>旧文</w:delText></w:r></w:del>'
            moved = f'<w:moveFrom w:id="3">{run("移走")}</w:moveFrom>'
            new = f'<w:ins w:id="2" w:author="甲">{run(line[:half])}</w:ins><w:moveTo w:id="4">{run(line[half:])}</w:moveTo>'
            lines.append(paragraph(gone + new + moved))
        return cell(label) + cell("".join(lines))

    rows = whole(record, make)
    rows.insert(0, f'<w:tr><w:trPr><w:del w:id="9" w:author="甲"/></w:trPr>{plain("姓名", "旧人")}</w:tr>')
    return form(*rows)


@layout
def deleted_paragraph_marks(record: Record) -> bytes:
    mark = '<w:rPr><w:del w:id="1" w:author="甲"/></w:rPr>'
    rows = whole(record)
    half = len(record["deeds"]) // 2
    rows[11] = row(
        cell("主要事迹"), cell(paragraph(run(record["deeds"][:half]), mark) + paragraph(run(record["deeds"][half:])))
    )
    return form(*rows)


@layout
def alternate_content(record: Record) -> bytes:
    rows = whole(record)
    shape = floating_picture().removeprefix("<w:r>").removesuffix("</w:r>")
    branch = vml_picture().removeprefix("<w:r>").removesuffix("</w:r>")
    both = f'<mc:AlternateContent><mc:Choice Requires="wps">{shape}</mc:Choice><mc:Fallback>{branch}</mc:Fallback></mc:AlternateContent>'
    value = f'<mc:AlternateContent><mc:Choice Requires="w14">{run(record["address"])}</mc:Choice><mc:Fallback>{run("旧式地址")}</mc:Fallback></mc:AlternateContent>'
    rows[0] = rows[0].replace(inline_picture(), f"<w:r>{both}</w:r>")
    rows[7] = row(cell("通讯地址"), cell(paragraph(value)))
    return form(*rows)


def text_box(content: str, old: bool) -> str:
    if old:
        return f'<w:r><w:pict><v:shape style="position:absolute"><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
    return _drawing(
        f'<wp:anchor><a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>'
    )


@layout
def values_in_text_boxes(record: Record) -> bytes:
    def make(label: str, value: str) -> str:
        return cell(label) + cell(paragraph(text_box(paragraphs(value), old=len(label) % 2 == 0)))

    return form(*short_rows(record, make, photo=inline_picture()), *long_rows(record), *opinion_rows())


@layout
def whole_form_in_a_text_box(record: Record) -> bytes:
    return package(TITLE + paragraph(text_box(table(*whole(record)) + "<w:p/>", old=False)))


@layout
def photo_in_a_text_box(record: Record) -> bytes:
    rows = [
        *short_rows(record, photo=text_box(paragraph(inline_picture()), old=False)),
        *long_rows(record),
        *opinion_rows(),
    ]
    return form(*rows)


@layout
def paragraphs_without_a_table(record: Record) -> bytes:
    lines = ["    ".join(f"{LABELS[key]}：{written(record, key)}" for key in keys) for keys in SHORT_ROWS]
    lines.insert(2, "民族：汉族    邮箱：a@example.org")
    lines += ["主要成果：", numbered(record["achievements"]), "曾获荣誉：", numbered(record["honours"])]
    lines += [f"主要事迹：{record['deeds']}"]
    lines += [f"{label}：{text}" for label, text in zip(OPINION_LABELS, OPINION_TEXTS, strict=True)]
    return package(TITLE + paragraph(floating_picture()) + "".join(paragraphs(line) for line in lines))


@layout
def labels_on_lines_of_their_own(record: Record) -> bytes:
    lines = [line for keys in SHORT_ROWS for key in keys for line in (LABELS[key] + "：", written(record, key))]
    lines += ["主要成果：", numbered(record["achievements"]), "曾获荣誉：", numbered(record["honours"]), "主要事迹："]
    lines += [record["deeds"]]
    lines += [line for pair in zip(OPINION_LABELS, OPINION_TEXTS, strict=True) for line in pair]
    return package(TITLE + paragraph(inline_picture()) + "".join(paragraphs(line) for line in lines))


@layout
def floating_photo_in_another_cell(record: Record) -> bytes:
    rows = [*short_rows(record, photo=run("照片")), *long_rows(record), *opinion_rows()]
    return form(rows[0].replace("徐𠅤", "徐𠅤</w:t></w:r>" + floating_picture() + "<w:r><w:t>", 1), *rows[1:])


@layout
def floating_photo_outside_the_table(record: Record) -> bytes:
    rows = [*short_rows(record, photo=run("贴照片处（二寸）")), *long_rows(record), *opinion_rows()]
    return package(TITLE + paragraph(inline_picture("rIdLogo")) + table(*rows) + paragraph(floating_picture()))


@layout
def photo_in_the_header(record: Record) -> bytes:
    rows = [*short_rows(record, photo=run("照片")), *long_rows(record), *opinion_rows()]
    return form(*rows, header=paragraph(inline_picture("rIdLogo") + floating_picture()))


@layout
def photo_as_vml(record: Record) -> bytes:
    return form(*short_rows(record, photo=vml_picture()), *long_rows(record), *opinion_rows())


@layout
def photo_beside_its_label(record: Record) -> bytes:
    rows = [*short_rows(record), *long_rows(record), *opinion_rows()]
    rows.insert(1, row(cell("照 片"), cell(paragraph(inline_picture()))))
    return form(*rows)


@layout
def logo_certificate_and_photo(record: Record) -> bytes:
    rows = whole(record)
    rows[10] = rows[10].replace("</w:tc></w:tr>", paragraph(inline_picture("rIdSeal")) + "</w:tc></w:tr>")
    return package(paragraph(inline_picture("rIdLogo")) + TITLE + table(*rows))


@layout
def tabs_soft_hyphens_and_symbols(record: Record) -> bytes:
    rows = whole(record)
    phone = "<w:r><w:t>0571</w:t><w:noBreakHyphen/><w:t>2745</w:t><w:softHyphen/><w:t>8763</w:t></w:r>"
    employer = "<w:r><w:t>湘湖机器人有限公司</w:t><w:tab/><w:t>平台研发主管</w:t></w:r>"
    address = "<w:r><w:t>杭州市滨江路</w:t><w:br/><w:t>75号2室\u200b</w:t></w:r>"
    rows[5] = row(cell("联系电话"), cell(paragraph(phone)), plain("手机号码", "199 7252 1198"))
    rows[6] = row(cell("工作单位及职务"), cell(paragraph(employer)))
    rows[7] = row(cell("通讯地址"), cell(paragraph(address)))
    return form(*rows)


@layout
def choices_ticked_in_symbol_fonts(record: Record) -> bytes:
    rows = whole(record)
    box = '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
    tick = '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
    rows[0] = row(
        plain("姓名", "徐　　𠅤"), cell("性别"), cell(paragraph(box + run("男 ") + tick + run("女"))),
        plain("出生年月", "１９８０．６"), cell(paragraph(inline_picture())),
    )  # fmt: skip
    rows[1] = row(plain("学历", "□本科 ☑硕士研究生 □博士研究生"), plain("政治面貌", "□中共党员 □群众 ☑九三学社社员"))
    return form(*rows)


@layout
def choices_ticked_by_hand(record: Record) -> bytes:
    rows = whole(record)
    rows[0] = row(
        plain("姓 名", "徐 𠅤"),
        plain("性 别", "男 女√"),
        plain("出生年月", "198006"),
        cell(paragraph(inline_picture())),
    )
    return form(*rows)


@layout
def choices_as_legacy_check_boxes(record: Record) -> bytes:
    def box(checked: int) -> str:
        data = f'<w:ffData><w:checkBox><w:default w:val="{checked}"/></w:checkBox></w:ffData>'
        return f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>{sign("end")}'

    rows = whole(record)
    gender = paragraph(box(0) + run("男 ") + box(1) + run("女"))
    rows[0] = row(
        plain("姓名", "徐𠅤"),
        cell("性别"),
        cell(gender),
        plain("出生年月", "1980-06"),
        cell(paragraph(inline_picture())),
    )
    return form(*rows)


@layout
def numbers_in_full_width(record: Record) -> bytes:
    rows = whole(record)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    rows[2] = row(plain("身份证号", "990101 19800610 479x".translate(wide)), plain("籍贯", record["native_place"]))
    rows[4] = row(plain("行业细分", record["industry_class"]), plain("从业年限", "二十年"))
    rows[5] = row(plain("联系电话", "０５７１－２７４５８７６３"), plain("手机号码", "+86 199-7252-1198"))
    return form(*rows)


@layout
def ruby_and_hidden_text(record: Record) -> bytes:
    rows = whole(record)
    ruby = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('xú')}</w:rt><w:rubyBase>{run('徐')}</w:rubyBase></w:ruby></w:r>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    rows[0] = rows[0].replace(run("徐𠅤"), ruby + hidden + run("𠅤"), 1)
    return form(*rows)


@layout
def labels_of_other_prints(record: Record) -> bytes:
    names = {
        "出生年月": "出生日期", "学历": "文化程度", "政治面貌": "政治面目", "身份证号": "公民身份号码", "职称等级": "专业技术职称",
        "行业细分": "所属行业", "从业年限": "从事数字经济行业年限", "联系电话": "办公电话", "手机号码": "联系电话（手机）",
        "工作单位及职务": "工作单位、职务", "通讯地址": "联系地址", "主要成果": "主要业绩成果", "曾获荣誉": "所获荣誉", "主要事迹": "先进事迹",
        OPINION_LABELS[0]: "用人单位\n意见（盖章）", OPINION_LABELS[1]: "推荐单位意见", OPINION_LABELS[2]: "认定工作领导小组\n审定意见",
    }  # fmt: skip
    return form(*whole(record, label=lambda label: names.get(label, label)))


@layout
def deeds_over_two_rows(record: Record) -> bytes:
    rows = whole(record)
    half = record["deeds"].index("。") + 1
    rows[11] = row(cell("主要事迹", 1, RESTART), cell(record["deeds"][:half])) + row(
        cell("<w:p/>", 1, CONTINUE), cell(record["deeds"][half:])
    )
    return form(*rows)


@layout
def strict_ooxml(record: Record) -> bytes:
    return form(*whole(record), strict=True)


@layout
def document_part_of_another_name(record: Record) -> bytes:
    return form(*whole(record), part="content/main2.xml")


@layout
def utf16_xml(record: Record) -> bytes:
    return form(*whole(record), encoding="utf-16")


@layout
def utf8_with_byte_order_mark(record: Record) -> bytes:
    return form(*whole(record), encoding="utf-8-sig")


@layout
def label_and_value_parted_by_spaces(record: Record) -> bytes:
    rows = [
        *[row(*(cell(f"{LABELS[key]}   {written(record, key)}") for key in keys)) for keys in SHORT_ROWS],
        *long_rows(record),
        *opinion_rows(),
    ]
    return form(row(cell("照片"), cell(paragraph(inline_picture()))), *rows)


@layout
def labels_written_downwards(record: Record) -> bytes:
    return form(*whole(record, label=lambda label: "\n".join(label)))


@layout
def joint_cell_with_bracketed_sublabels(record: Record) -> bytes:
    value = f"（一）主要成果\n{numbered(record['achievements'], '{}.')}\n（二）曾获荣誉\n{numbered(record['honours'], '{}.')}"
    rows = [*short_rows(record, photo=inline_picture()), row(plain("主要成果、曾获荣誉", value))]
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def joint_cell_with_sublabels_on_the_items_lines(record: Record) -> bytes:
    value = f"成果：{numbered(record['achievements'])}\n荣誉：{numbered(record['honours'])}"
    rows = [*short_rows(record, photo=inline_picture()), row(plain("主要成果 曾获荣誉", value))]
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def joint_cell_with_line_breaks_in_one_paragraph(record: Record) -> bytes:
    rows = short_rows(record, photo=inline_picture())
    rows.append(row(cell("主要成果\n\n曾获荣誉"), cell(paragraph(run(joint(record))))))
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def items_ended_by_semicolons(record: Record) -> bytes:
    rows = short_rows(record, photo=inline_picture())
    for label, key in (("主要成果", "achievements"), ("曾获荣誉", "honours")):
        rows.append(row(plain(label, "\n".join(f"{n}. {item}；" for n, item in enumerate(record[key], 1)))))
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def items_below_their_header_side_by_side(record: Record) -> bytes:
    rows = [*short_rows(record, photo=inline_picture()), row(cell("主要成果", 2), cell("曾获荣誉", 2))]
    pairs = max(len(record["achievements"]), len(record["honours"]))
    for n in range(pairs):
        cells = [record[key][n] if n < len(record[key]) else "" for key in ("achievements", "honours")]
        rows.append(row(*(cell(f"{n + 1}、{text}" if text else "", 2) for text in cells)))
    return form(*rows, row(plain("主要事迹", record["deeds"])), *opinion_rows())


@layout
def photo_and_its_label_in_one_cell(record: Record) -> bytes:
    return form(*short_rows(record, photo=run("照片") + inline_picture()), *long_rows(record), *opinion_rows())


@layout
def photo_cell_at_the_left(record: Record) -> bytes:
    rows = [*short_rows(record), *long_rows(record), *opinion_rows()]
    for index in range(3):
        side = cell(paragraph(inline_picture()) if index == 0 else "<w:p/>", 1, RESTART if index == 0 else CONTINUE)
        rows[index] = rows[index].replace("<w:tr>", f"<w:tr>{side}", 1)
    return form(*rows)


@layout
def first_rows_indented_by_empty_cells(record: Record) -> bytes:
    rows = whole(record)
    return form(*(xml.replace("<w:tr>", f"<w:tr>{cell('<w:p/>')}", 1) for xml in rows))


@layout
def rows_as_wps_writes_them(record: Record) -> bytes:
    exception = '<w:tblPrEx><w:tblCellMar><w:left w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPrEx><w:trPr><w:trHeight w:val="600"/></w:trPr>'
    mark = '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>'
    rows = [xml.replace("<w:tr>", f"<w:tr>{exception}", 1) for xml in whole(record)]
    rows[5] = rows[5].replace("<w:r>", f"{mark}<w:r>", 2)
    return form(*rows)


@layout
def tab_stops_in_paragraphs(record: Record) -> bytes:
    stops = '<w:tabs><w:tab w:val="left" w:pos="420"/><w:tab w:val="left" w:pos="840"/></w:tabs>'
    return form(*(xml.replace("<w:pPr>", f"<w:pPr>{stops}") for xml in whole(record)))


@layout
def other_words_before_and_after(record: Record) -> bytes:
    before = paragraphs("填报单位：滨江区总工会    填报日期：2023年3月20日")
    after = paragraphs("注：1.本表一式两份；2.照片为近期免冠照片。\n联系人：李四  联系电话：0571-00000000")
    return package(TITLE + before + table(*whole(record)) + after)


@layout
def contact_fields_under_a_group_label(record: Record) -> bytes:
    rows = whole(record)
    rows[5] = row(
        cell("联系方式"),
        cell("联系电话"),
        cell(written(record, "telephone")),
        cell("手机号码"),
        cell(written(record, "mobile")),
    )
    return form(*rows)


# -- long fields outside of the tables -----------------------------------------------------------------------------------------

LONG_VALUES: tuple[tuple[str, Callable[[Record], str]], ...] = (
    ("工匠宣言", lambda record: written(record, "motto")),
    ("主要成果", lambda record: numbered(record["achievements"])),
    ("曾获荣誉", lambda record: numbered(record["honours"])),
    ("主要事迹", lambda record: record["deeds"]),
    *((name, lambda _, text=text: text) for name, text in zip(OPINION_LABELS, OPINION_TEXTS, strict=True)),
)


def short_table(record: Record) -> str:
    """The short fields, without the motto."""
    return table(*short_rows(record, photo=inline_picture())[:-1])


def headed(record: Record, headings: Iterable[str]) -> str:
    """Headings as given, each followed by the paragraphs of its value."""
    pairs = zip(headings, LONG_VALUES, strict=True)
    return "".join(paragraphs(heading) + paragraphs(value(record)) for heading, (_, value) in pairs)


def _headings(style: str) -> list[str]:
    return [style.format(name=name, n="一二三四五六七"[n], d=n + 1) for n, (name, _) in enumerate(LONG_VALUES)]


for _name, _style in (
    ("numbered", "{n}、{name}"), ("bare", "{name}"), ("bracketed", "（{n}）{name}"), ("with_colons", "{d}. {name}："),
):  # fmt: skip
    LAYOUTS[f"table_then_{_name}_headings"] = lambda record, style=_style: package(
        TITLE + short_table(record) + headed(record, _headings(style))
    )


@layout
def table_between_headings(record: Record) -> bytes:
    headings = [f"{n}、{name}" for n, (name, _) in zip("二三四五六七八", LONG_VALUES, strict=True)]
    return package(TITLE + paragraphs("一、基本情况") + short_table(record) + headed(record, headings))


@layout
def headings_over_framed_values(record: Record) -> bytes:
    blocks = "".join(
        paragraphs(heading) + table(row(cell(value(record)))) + paragraph("")
        for heading, (_, value) in zip(_headings("{n}、{name}"), LONG_VALUES, strict=True)
    )
    return package(TITLE + short_table(record) + blocks)


@layout
def joint_heading_with_headings_below(record: Record) -> bytes:
    lists = f"（一）主要成果\n{numbered(record['achievements'], '{}.')}\n（二）曾获荣誉\n{numbered(record['honours'], '{}.')}"
    body = f"一、工匠宣言\n{written(record, 'motto')}\n二、主要成果及荣誉\n{lists}\n三、主要事迹\n{record['deeds']}"
    return package(TITLE + short_table(record) + paragraphs(body) + table(*opinion_rows()))


# -- what offices make of the paper ----------------------------------------------------------------------------------------------


@layout
def deeds_continued_on_the_next_page(record: Record) -> bytes:
    rows = whole(record)
    half = record["deeds"].index("。") + 1
    rows[11] = row(plain("主要事迹", record["deeds"][:half]))
    further = row(plain("主要事迹（续）", record["deeds"][half:]))
    return package(TITLE + table(*rows[:12]) + paragraph("") + table(further, *rows[12:]))


@layout
def labels_repeated_on_the_next_page(record: Record) -> bytes:
    rows = whole(record)
    rows[9] = row(plain("主要成果", f"1、{record['achievements'][0]}"))
    rest = "\n".join(f"{n}、{item}" for n, item in enumerate(record["achievements"][1:], 2))
    further = row(plain("主要成果", rest)) if rest else ""
    return package(TITLE + table(*rows[:10]) + paragraph("") + table(further, *rows[10:]))


@layout
def gender_beside_the_name(record: Record) -> bytes:
    rows = whole(record)
    gender = written(record, "gender")
    rows[0] = row(
        plain("姓名（性别）", f"{record['name']}（{gender}）"), plain("出生年月", written(record, "birth_month")),
        cell(paragraph(inline_picture()), 1, RESTART),
    )  # fmt: skip
    return form(*rows)


@layout
def running_numbers_before_labels(record: Record) -> bytes:
    keys = [key for keys in SHORT_ROWS for key in keys]
    pairs = [(LABELS[key], written(record, key)) for key in keys[:-1]]
    pairs += [(name, value(record)) for name, value in LONG_VALUES]
    rows = [row(cell("序号"), cell("项目"), cell("填写内容"))]
    rows += [row(cell(str(n)), cell(name), cell(value)) for n, (name, value) in enumerate(pairs, 1)]
    return form(*rows, row(cell(str(len(rows))), cell("照片"), cell(paragraph(inline_picture()))))


@layout
def photo_beside_a_nested_table(record: Record) -> bytes:
    inner = table(*short_rows(record)[:3])
    outer = row(cell(inner + "<w:p/>", 4), cell(paragraph(inline_picture())))
    return form(outer, *short_rows(record)[3:], *long_rows(record), *opinion_rows())


@layout
def month_in_cells_of_its_own(record: Record) -> bytes:
    rows = whole(record)
    year, month = record["birth_month"].split("-")
    rows[0] = row(
        plain("姓名", record["name"]), plain("性别", written(record, "gender")), cell("出生年月"),
        *(cell(text) for text in (year, "年", month, "月")), cell(paragraph(inline_picture()), 1, RESTART),
    )  # fmt: skip
    return form(*rows)


@layout
def underlined_blanks_in_paragraphs(record: Record) -> bytes:
    lines = ["  ".join(f"{LABELS[key]}：__{written(record, key)}__" for key in keys) for keys in SHORT_ROWS]
    return package(
        TITLE
        + paragraph(inline_picture())
        + "".join(map(paragraphs, lines[:-1]))
        + headed(record, _headings("{n}、{name}"))
    )


@layout
def deleted_photo_word_and_floating_picture(record: Record) -> bytes:
    gone = '<w:del w:id="1" w:author="甲"><w:r><w:delText>照片</w:delText></w:r></w:del>'
    rows = [*short_rows(record, photo=gone), *long_rows(record), *opinion_rows()]
    return package(paragraph(floating_picture()) + TITLE + table(*rows))


@layout
def month_before_year_and_ticks_in_brackets(record: Record) -> bytes:
    rows = whole(record)
    rows[0] = row(
        plain("姓名", "徐𠅤"), plain("性别", "[ ]男 [x]女"), plain("出生年月", "06/1980"),
        cell(paragraph(inline_picture()), 1, RESTART),
    )  # fmt: skip
    rows[1] = row(plain("学历", "( )本科 (√)硕士研究生"), plain("政治面貌", "[ ]群众 [X]九三学社社员"))
    return form(*rows)
