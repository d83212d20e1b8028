"""Messages that carry a link into the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

_COMMON = (
    Variable("name", _("who is invited"), "张三"),
    Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定"),
    Variable("role", _("as what"), "推荐单位"),
    Variable("link", _("the link that lets in"), "https://jiangbang.example/invitation/…/", secret=True),
    Variable("until", _("the link's last moment"), "2023年3月31日 17:30"),
)

INVITATION = declare(
    "accounts.invitation",
    purpose=_("Invitation with a link that opens once"),
    variables=(*_COMMON, Variable("inviter", _("who invites"), "林承办")),
    zh=Text(
        "邀请：{edition}",
        "{name}，您好：\n\n{inviter}邀请您以“{role}”身份参加“{edition}”的工作。\n\n请打开以下链接进入：\n{link}\n\n"
        "链接只能打开一次，有效期至{until}。请勿转发。\n",
    ),
    en=Text(
        "Invitation: {edition}",
        "Dear {name},\n\n{inviter} invites you to take part in “{edition}” as {role}.\n\nThis link lets you in:\n{link}\n\n"
        "It opens once, until {until}. Please do not pass it on.\n",
    ),
)

FRESH_LINK = declare(
    "accounts.fresh_link",
    purpose=_("Fresh link for somebody who asked for one"),
    variables=_COMMON,
    zh=Text(
        "您的新链接：{edition}",
        "{name}，您好：\n\n这是您索取的新链接，可返回“{edition}”（{role}）：\n{link}\n\n"
        "链接只能打开一次，有效期至{until}。如非您本人索取，请忽略。\n",
    ),
    en=Text(
        "Your fresh link: {edition}",
        "Dear {name},\n\nhere is the fresh link that you asked for, back to “{edition}” ({role}):\n{link}\n\n"
        "It opens once, until {until}. If you did not ask for it, do nothing.\n",
    ),
)
