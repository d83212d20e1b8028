"""Findings: what a reading or a judgement has to say, in stable dotted codes.

`CODES` is the closed list: severity and the sentence in Chinese and English. A finding carries parameters, not prose, so that it
is shown in the reader's language. Parameters never hold a value of a personal or sensitive field: findings are kept in clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Literal, TypedDict

from jiangbang.papers.reasons import english_reason

Severity = Literal["block", "warn", "note"]
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of the closed list. The sentences are `str.format` templates over the finding's parameters."""

    severity: Severity
    zh: str
    en: str


class FindingJson(TypedDict):
    """A finding as `packet check --json` prints it."""

    code: str
    severity: Severity
    field: str | None
    clause: str | None
    message: str
    where: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `where` names file and place as a person would: `附件3.xlsx · 第5行 · 身份证号`."""

    code: str
    field: str | None = None
    clause: str | None = None
    where: str | None = None
    params: Mapping[str, str | int] = dataclass_field(default_factory=dict)
    # only `quota.over_range` has two severities; everything else takes its code's
    severity_override: Severity | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unknown finding code {self.code}: add it to CODES")

    @property
    def severity(self) -> Severity:
        return self.severity_override or CODES[self.code].severity

    def message(self, language: Language = "zh") -> str:
        """One sentence: what is wrong, by which rule, and how to mend it."""
        code = CODES[self.code]
        if language == "zh":
            return code.zh.format(**self.params)
        # a parameter in words may have its English twin, `label` and `label_en`
        english = {key.removesuffix("_en"): value for key, value in self.params.items() if key.endswith("_en")}
        if "reason" in self.params and "reason" not in english:
            english["reason"] = english_reason(str(self.params["reason"]))
        return code.en.format(**{**self.params, **english})

    def as_json(self, language: Language = "zh") -> FindingJson:
        return {
            "code": self.code,
            "severity": self.severity,
            "field": self.field,
            "clause": self.clause,
            "message": self.message(language),
            "where": self.where,
        }

    def as_stored(self) -> dict[str, Any]:
        """The form kept in the database; `from_stored` is its inverse."""
        return {
            "code": self.code,
            "field": self.field,
            "clause": self.clause,
            "where": self.where,
            "params": dict(self.params),
            "severity": self.severity,
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Finding:
        return cls(
            stored["code"],
            stored["field"],
            stored["clause"],
            stored["where"],
            stored["params"],
            stored["severity"],
        )


# The sentences' parameters stand in braces; every caller gives exactly these.
CODES: dict[str, Code] = {
    "id_number.checksum": Code(
        "block",
        "身份证号校验码不对（GB 11643）。请对照证件逐位核对后改正。",
        "The identity number's check digit is wrong (GB 11643). Compare it with the card, digit by digit, and correct it.",
    ),
    "id_number.birth_mismatch": Code(
        "block",
        "身份证号中的出生年月与“{label}”不一致。请核对证件，改正其中有误的一处。",
        "The birth month in the identity number differs from “{label}”. Check the card and correct the one that is wrong.",
    ),
    "id_number.gender_mismatch": Code(
        "block",
        "身份证号第17位所示性别与“{label}”不一致。请核对证件，改正其中有误的一处。",
        "The gender in the identity number (digit 17) differs from “{label}”. Check the card and correct the one that is wrong.",
    ),
    "id_number.region_unknown": Code(
        "note",
        "身份证号前六位不在现行行政区划代码表中，仅作提示，不影响受理。",
        "The identity number's first six digits are in no table of regions. This is only a note.",
    ),
    "field.missing": Code(
        "block",
        "“{label}”未填写。请在推荐表中补填。",
        "“{label}” is not filled in. Please fill it in on the form.",
    ),
    "field.too_long": Code(
        "block",
        "“{label}”有{count}字，超过{limit}字的限制。请压缩至{limit}字以内。",
        "“{label}” has {count} characters; the limit is {limit}. Please shorten it.",
    ),
    "field.too_many": Code(
        "block",
        "“{label}”填了{count}项，最多{limit}项。请只保留最主要的{limit}项。",
        "“{label}” has {count} items; at most {limit} are allowed. Keep the most important ones.",
    ),
    "field.format": Code(
        "block",
        "“{label}”的写法无法识别：{reason}。请改正。",
        "“{label}” cannot be understood: {reason}. Please correct it.",
    ),
    "photo.missing": Code(
        "block",
        "推荐表没有贴照片。请在照片栏插入本人近期免冠照片。",
        "The form has no photo. Insert a recent portrait in the photo cell.",
    ),
    "photo.too_small": Code(
        "warn",
        "照片只有{width}×{height}像素，印制证书会模糊。建议换成不小于{min_width}×{min_height}像素的照片。",
        "The photo has only {width}×{height} pixels and would print blurred. One of at least {min_width}×{min_height} is advised.",
    ),
    "roster.missing": Code(
        "block",
        "材料包里没有推荐信息汇总表。请补上汇总表（附件3）后重新报送。",
        "The packet has no roster. Add the roster (annex 3) and send the packet again.",
    ),
    "roster.row_without_form": Code(
        "block",
        "汇总表中有{name}，但材料包里没有此人的推荐表。请补交推荐表，或从汇总表中删去。",
        "The roster lists {name}, but the packet has no form of this person. Add the form or strike the row.",
    ),
    "roster.form_without_row": Code(
        "block",
        "{name}有推荐表，但汇总表中没有此人。请在汇总表中补上一行。",
        "{name} has a form, but no row in the roster. Add the row.",
    ),
    "roster.mismatch": Code(
        "block",
        "推荐表与汇总表的“{label}”不一致。请核对后使两处一致。",
        "Form and roster disagree on “{label}”. Check and make them agree.",
    ),
    "duplicate.in_packet": Code(
        "block",
        "同一身份证号在材料包中出现{count}次：{sources}。请只保留一份。",
        "The same identity number stands {count} times in the packet: {sources}. Keep one.",
    ),
    "duplicate.in_edition": Code(
        "block",
        "此人本届已由{unit}推荐。一人只能由一个单位推荐，请与该单位协商。",
        "This person has already been recommended in this edition by {unit}. One unit only may recommend a person.",
    ),
    "packet.member_unreadable": Code(
        "block",
        "文件无法读取：{reason}。请用 Word 或 WPS 打开检查，另存为 .docx 或 .xlsx 后重新报送。",
        "The file cannot be read: {reason}. Open it in Word or WPS, save it as .docx or .xlsx and send it again.",
    ),
    "packet.path_escape": Code(
        "block",
        "压缩包内的路径“{name}”指向包外，已拒绝。请重新打包。",
        "The archive's path “{name}” points outside the archive and was refused. Pack it again.",
    ),
    "packet.too_large": Code(
        "block",
        "材料包超过限制：{reason}。请拆分或压缩图片后重新报送。",
        "The packet is over a limit: {reason}. Split it or reduce its pictures and send it again.",
    ),
    "packet.encrypted": Code(
        "block",
        "“{name}”设了密码，无法读取。请去掉密码后重新报送。",
        "“{name}” is protected by a password. Remove the password and send it again.",
    ),
    "packet.macro": Code(
        "block",
        "“{name}”含有宏，出于安全不予读取。请另存为不含宏的 .docx 或 .xlsx。",
        "“{name}” contains macros and was not read. Save it as .docx or .xlsx without macros.",
    ),
    "packet.name": Code(
        "warn",
        "文件名“{name}”不符合约定“{convention}”。已照常读取，下次请按约定命名。",
        "The file name “{name}” does not follow “{convention}”. It was read all the same.",
    ),
    "packet.member_unexpected": Code(
        "warn",
        "“{name}”既不是推荐表也不是汇总表，已存档但未读取。",
        "“{name}” is neither a form nor a roster. It is kept but was not read.",
    ),
    "form.layout_unknown": Code(
        "block",
        "认不出这是推荐表：{reason}。请使用附件2的表样。",
        "This is not recognised as the nomination form: {reason}. Use the form of annex 2.",
    ),
    "quota.over_range": Code(
        "warn",
        "{unit}共推荐{count}人，超过{limit}人的名额。",
        "{unit} recommends {count} people; its quota is {limit}.",
    ),
    "quota.under_range": Code(
        "note",
        "{unit}目前推荐{count}人，少于一般的{limit}人。",
        "{unit} has recommended {count} people so far; {limit} are usual.",
    ),
    "clause.not_met": Code(
        "warn",
        "不符合条件{clause}（{label}）。初审时由工作人员定夺。",
        "Condition {clause} ({label}) is not met. The office decides in screening.",
    ),
    "clause.open": Code(
        "note",
        "条件{clause}（{label}）尚不能判定，还缺：{facts}。",
        "Condition {clause} ({label}) is open; still needed: {facts}.",
    ),
}
