"""What is written to the contacts of departments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

_EDITION = Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定")
_NAME = Variable("name", _("name of the contact"), "王建国")
_DEPARTMENT = Variable("department", _("department that is asked"), "公安")
_NUMBER = Variable("number", _("number of the letter"), "数匠征〔2023〕1号")
_COUNT = Variable("count", _("people still to be answered about"), "68")
_DUE = Variable("due", _("last day for an answer"), "2023年4月28日")
_LINK = Variable("link", _("address of the department's pages"), "https://jiangbang.example/consultation/mine/")

INVITED = declare(
    "consultation.invited",
    purpose=_("Invitation to the contact of a department"),
    variables=(
        _EDITION,
        _NAME,
        _DEPARTMENT,
        Variable("link", _("link that opens once"), "https://jiangbang.example/invitation/…", secret=True),
        Variable("until", _("the link's last moment"), "2023-04-22 18:00"),
    ),
    zh=Text(
        "{edition}：征求意见联系人账号",
        "{name}，您好：\n\n“{edition}”现就候选人征求{department}部门意见，请您作为联系人答复。请打开下面的链接进入系统：\n\n{link}\n\n"
        "链接只能打开一次，有效期至 {until}。请勿转发。\n",
    ),
    en=Text(
        "{edition}: your access to answer for your department",
        "Dear {name},\n\n“{edition}” asks your department ({department}) about its candidates, and you answer for it. This link opens "
        "your pages:\n\n{link}\n\nIt opens once, until {until}. Please do not pass it on.\n",
    ),
)

DUE_SOON = declare(
    "consultation.due_soon",
    purpose=_("To a department: the last day for an answer is near"),
    variables=(_EDITION, _NAME, _DEPARTMENT, _NUMBER, _COUNT, _DUE, _LINK),
    zh=Text(
        "{edition}：{number} 请于{due}前答复",
        "{name}，您好：\n\n{number}还有 {count} 名人选未答复，答复期限为{due}。请登录答复：\n\n{link}\n",
    ),
    en=Text(
        "{edition}: please answer {number} by {due}",
        "Dear {name},\n\nour letter {number} still waits for an answer about {count} people; the last day is {due}. Please answer "
        "here:\n\n{link}\n",
    ),
)

OVERDUE = declare(
    "consultation.overdue",
    purpose=_("To a department: the last day for an answer has passed"),
    variables=(_EDITION, _NAME, _DEPARTMENT, _NUMBER, _COUNT, _DUE, _LINK),
    zh=Text(
        "{edition}：{number} 已过答复期限",
        "{name}，您好：\n\n{number}的答复期限（{due}）已过，还有 {count} 名人选未答复，请尽快登录答复：\n\n{link}\n",
    ),
    en=Text(
        "{edition}: {number} is overdue",
        "Dear {name},\n\nthe last day for an answer to {number} was {due}, and {count} people are still open. Please answer as soon "
        "as you can:\n\n{link}\n",
    ),
)
