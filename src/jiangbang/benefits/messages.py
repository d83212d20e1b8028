"""The words to holders of titles."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

_VARIABLES = (
    Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定"),
    Variable("name", _("name of the holder"), "张三"),
    Variable("title", _("title of the benefit"), "2026年工匠疗休养"),
    Variable("place", _("where"), "千岛湖"),
    Variable("days", _("days"), "2026-06-01—2026-06-05"),
    Variable("answer_by", _("last day for an answer"), "2026-05-20"),
    Variable("note", _("note"), "可携家属一名"),
    Variable("link", _("address of the answer page"), "https://jiangbang.example/benefits/answer/…/"),
)
INVITED = declare(
    "benefits.invited",
    purpose=_("Invitation to a benefit"),
    variables=_VARIABLES,
    zh=Text(
        "{title}：邀请您参加",
        "{name} 同志：\n\n诚邀您参加“{title}”。\n时间：{days}\n地点：{place}\n{note}\n\n"
        "请于 {answer_by} 前在下列页面答复能否参加（无需登录）：\n{link}\n",
    ),
    en=Text(
        "{title}: you are invited",
        "{name}:\n\nYou are invited to “{title}”.\nDays: {days}\nPlace: {place}\n{note}\n\n"
        "Please say until {answer_by} whether you come, on this page (no account needed):\n{link}\n",
    ),
)
MOVED_UP = declare(
    "benefits.moved_up",
    purpose=_("A place at a benefit has become free"),
    variables=_VARIABLES,
    zh=Text(
        "{title}：您已递补",
        "{name} 同志：\n\n“{title}”有名额空出，您已递补，可以参加。\n"
        "时间：{days}\n地点：{place}\n{note}\n\n如不能参加，请于 {answer_by} 前在下列页面告知：\n{link}\n",
    ),
    en=Text(
        "{title}: a place has become free",
        "{name}:\n\nA place at “{title}” has become free, and it is yours.\nDays: {days}\nPlace: {place}\n{note}\n\n"
        "If you cannot come, please say so until {answer_by}:\n{link}\n",
    ),
)
CANCELLED = declare(
    "benefits.cancelled",
    purpose=_("A benefit does not take place"),
    variables=(*_VARIABLES[:5], Variable("reason", _("reason"), "台风")),
    zh=Text("{title}：取消", "{name} 同志：\n\n“{title}”（{days}，{place}）取消。\n原因：{reason}\n"),
    en=Text("{title}: cancelled", "{name}:\n\n“{title}” ({days}, {place}) does not take place.\nReason: {reason}\n"),
)
