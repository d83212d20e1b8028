"""The words by which a unit and a candidate are told that somebody is not eligible; they are the letter, too.

The subject is the letter's title. Its text begins with whom it is addressed to, in a paragraph of its own that ends with a colon, and
ends with who signs and the day, in a paragraph of their own.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

VARIABLES = (
    Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定"),
    Variable("unit", _("name of the recommending unit"), "滨江区总工会"),
    Variable("candidate", _("name of the candidate"), "张工"),
    Variable("number", _("number of the letter"), "初审〔2023〕3号"),
    Variable("clauses", _("the conditions that are not met"), "1. 已获评“浙江工匠”、“杭州工匠”的不予推荐（条款X1）。"),
    Variable("grounds", _("the grounds, as the office words them"), "已获评的称号：杭州工匠"),
    Variable("days", _("days within which one may object"), "7"),
    Variable("until", _("last day to object"), "2023年4月15日"),
    Variable("office", _("who signs"), "杭州市数字经济行业工会联合会"),
    Variable("contact", _("where to object"), "电话 0571-00000000，邮箱 tuijian@example.org"),
    Variable("day", _("day of the letter"), "2023年4月8日"),
)
_GROUNDS_ZH = "{clauses}\n\n认定依据：\n{grounds}\n\n"
_OBJECT_ZH = (
    "如有异议，请自本告知书发出之日起 {days} 日内，即 {until} 前，以书面形式实名提出，写明事实和理由并附证明材料，"
    "报送{office}（{contact}）。收到异议后将组织复核，并书面答复。逾期未提出的，视为无异议。\n\n"
)
_GROUNDS_EN = "{clauses}\n\nGrounds:\n{grounds}\n\n"
_OBJECT_EN = (
    "Whoever objects may do so within {days} days, by {until}: in writing, under his own name, with the facts, the reasons and the "
    "evidence, to {office} ({contact}). The office will look at the case again and answer in writing.\n\n"
)

TO_UNIT = declare(
    "screening.not_eligible_unit",
    purpose=_("Letter to the unit: not eligible, and how to object"),
    variables=VARIABLES,
    zh=Text(
        "关于{edition}初审结果的告知书",
        "{unit}：\n\n贵单位推荐的{candidate}同志，经{edition}初审，不符合推荐条件，不再进入专业评审。未满足的条件如下：\n\n"
        + _GROUNDS_ZH
        + _OBJECT_ZH
        + "请将本告知书转告本人。\n\n{office}\n{day}\n",
    ),
    en=Text(
        "Result of the screening: {edition}",
        "{unit}:\n\n{candidate}, whom you recommend, does not meet the conditions of {edition} and does not go on to expert review. "
        "These conditions are not met:\n\n" + _GROUNDS_EN + _OBJECT_EN + "Please tell the person.\n\n{office}\n{day}\n",
    ),
)

TO_CANDIDATE = declare(
    "screening.not_eligible_candidate",
    purpose=_("Letter to the candidate: not eligible, and how to object"),
    variables=VARIABLES,
    zh=Text(
        "关于{edition}初审结果的告知书",
        "{candidate}同志：\n\n感谢您参加{edition}。您由{unit}推荐，经初审，不符合推荐条件，不再进入专业评审。未满足的条件如下：\n\n"
        + _GROUNDS_ZH
        + _OBJECT_ZH
        + "{office}\n{day}\n",
    ),
    en=Text(
        "Result of the screening: {edition}",
        "{candidate}:\n\nThank you for standing in {edition}. Recommended by {unit}, you do not meet its conditions and do not go on to "
        "expert review. These conditions are not met:\n\n" + _GROUNDS_EN + _OBJECT_EN + "{office}\n{day}\n",
    ),
)

WITHDRAWN = declare(
    "screening.letter_withdrawn",
    purpose=_("A letter is taken back: its conclusion does not stand any more"),
    variables=tuple(
        one for one in VARIABLES if one.name in ("edition", "unit", "candidate", "number", "office", "contact", "day")
    ),
    zh=Text(
        "关于撤回{number}告知书的通知",
        "{unit}推荐的{candidate}同志：经复核，{edition}初审中作出的不符合推荐条件的结论已不再有效，{number}告知书同时撤回。"
        "该同志的申报继续按程序进行，后续结果另行告知。请将本通知转告本人。如有疑问，请联系{office}（{contact}）。\n\n{office}\n{day}\n",
    ),
    en=Text(
        "Letter {number} is taken back",
        "{candidate}, recommended by {unit}: after another look the conclusion that the conditions of {edition} are not met does not "
        "stand any more, and letter {number} is taken back. The candidacy goes on; you will be told of its result. Please tell the person. "
        "Questions: {office} ({contact}).\n\n{office}\n{day}\n",
    ),
)
