"""The words of reminders."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Template, Text, Variable, declare

VARIABLES = (
    Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定"),
    Variable("unit", _("name of the unit"), "滨江区总工会"),
    Variable("name", _("name of the contact"), "林一"),
    Variable("deadline", _("deadline"), "2023-03-31 23:59:59"),
    Variable("accepted", _("people accepted so far"), "3"),
    Variable("waiting", _("people to be mended"), "2"),
    Variable("quota", _("people that the quota asks for"), "10"),
    Variable("link", _("address of the house"), "https://jiangbang.example/"),
)
_STANDING_ZH = "目前已受理 {accepted} 人，待补正 {waiting} 人，名额 {quota} 人。"
_STANDING_EN = "So far {accepted} people are accepted and {waiting} are to be mended; the quota is {quota}."


def _reminder(kind: str, purpose: str | Promise, zh: tuple[str, str], en: tuple[str, str]) -> Template:
    return declare(
        f"reminder.{kind}",
        purpose=purpose,
        variables=VARIABLES,
        zh=Text(zh[0], f"{{unit}} {{name}}：\n\n{zh[1]}\n\n推荐截止时间：{{deadline}}。\n\n{{link}}\n"),
        en=Text(en[0], f"{{unit}}, {{name}}:\n\n{en[1]}\n\nDeadline: {{deadline}}.\n\n{{link}}\n"),
    )


EXTENDED = declare(
    "deadline.extended",
    purpose=_("The deadline is extended"),
    variables=(
        *(one for one in VARIABLES if one.name in ("edition", "unit", "name", "deadline", "link")),
        Variable("previous", _("deadline before"), "2023-03-28 23:59:59"),
        Variable("reason", _("reason"), "系统检修三小时"),
    ),
    zh=Text(
        "{edition}：推荐截止时间延至 {deadline}",
        "{unit} {name}：\n\n推荐截止时间由 {previous} 延至 {deadline}。\n原因：{reason}\n\n"
        "已报送的材料仍然有效；在新的截止时间前可以补充和修改。\n\n{link}\n",
    ),
    en=Text(
        "{edition}: the deadline is extended to {deadline}",
        "{unit}, {name}:\n\nThe deadline is moved from {previous} to {deadline}.\nReason: {reason}\n\n"
        "What you have sent stands; you may add to it and mend it until then.\n\n{link}\n",
    ),
)
NOT_STARTED = _reminder(
    "not_started",
    _("Reminder: nothing has come yet"),
    ("{edition}：尚未收到贵单位材料", "尚未收到贵单位的推荐材料。请在截止时间前报送推荐表和汇总表。"),
    (
        "{edition}: nothing has come from you yet",
        "No papers of your unit have come yet. Please send forms and roster in time.",
    ),
)
INCOMPLETE = _reminder(
    "incomplete",
    _("Reminder: papers are not complete"),
    ("{edition}：贵单位材料尚未齐全", _STANDING_ZH + "请补正后重新报送。"),
    ("{edition}: your papers are not complete", _STANDING_EN + " Please mend and send them again."),
)
THREE_DAYS = _reminder(
    "three_days",
    _("Reminder: three days left"),
    ("{edition}：距截止还有三天", _STANDING_ZH + "距截止还有三天，请抓紧报送。"),
    ("{edition}: three days left", _STANDING_EN + " Three days are left."),
)
ONE_DAY = _reminder(
    "one_day",
    _("Reminder: one day left"),
    ("{edition}：距截止只剩一天", _STANDING_ZH + "距截止只剩一天，逾期不再接收。"),
    ("{edition}: one day left", _STANDING_EN + " One day is left; later papers are not received."),
)
