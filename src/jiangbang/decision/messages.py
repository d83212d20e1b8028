"""What is written to members of the leading group."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

_EDITION = Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定")
_NAME = Variable("name", _("name of the member"), "王建国")
_BODY = Variable("body", _("body that sends the member"), "市总工会")

INVITED = declare(
    "decision.invited",
    purpose=_("Invitation to a member of the leading group"),
    variables=(
        _EDITION,
        _NAME,
        _BODY,
        Variable("link", _("link that opens once"), "https://jiangbang.example/invitation/…", secret=True),
        Variable("until", _("the link's last moment"), "2023-04-22 18:00"),
    ),
    zh=Text(
        "{edition}：领导小组成员账号",
        "{name}，您好：\n\n您由{body}委派参加“{edition}”领导小组。请打开下面的链接进入系统，会前可查阅候选人材料，会上签到、表决：\n\n{link}\n\n"
        "链接只能打开一次，有效期至 {until}。请勿转发。\n",
    ),
    en=Text(
        "{edition}: your access as a member of the leading group",
        "Dear {name},\n\n{body} sends you to the leading group of “{edition}”. This link opens your pages, where you read the candidates' "
        "papers before the meeting, and sign in and vote in it:\n\n{link}\n\nIt opens once, until {until}. Please do not pass it on.\n",
    ),
)

CALLED = declare(
    "decision.called",
    purpose=_("To a member: the meeting is called"),
    variables=(
        _EDITION,
        _NAME,
        Variable("begins", _("when the meeting begins"), "2023年4月22日 9:30"),
        Variable("place", _("where the meeting is held"), "市总工会三楼会议室"),
        Variable("agenda", _("agenda"), "一、听取评审情况汇报\n二、表决"),
        Variable("link", _("address of the member's pages"), "https://jiangbang.example/decision/mine/"),
    ),
    zh=Text(
        "{edition}：领导小组会议通知",
        "{name}，您好：\n\n“{edition}”领导小组会议定于{begins}在{place}召开。\n\n议程：\n{agenda}\n\n请提前查阅候选人材料，如需回避请在页面上申报；"
        "不能到会的，请告知办公室，由替补成员出席：\n\n{link}\n",
    ),
    en=Text(
        "{edition}: the leading group meets",
        "Dear {name},\n\nthe leading group of “{edition}” meets on {begins}, {place}.\n\nAgenda:\n{agenda}\n\nPlease read the candidates' "
        "papers before, and recuse yourself on the page where you must; if you cannot come, tell the office, so that a substitute "
        "does:\n\n{link}\n",
    ),
)
