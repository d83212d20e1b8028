"""The words to units whose people may stand again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

STAND_AGAIN = declare(
    "succession.stand_again",
    purpose=_("Prize holders of your unit may stand again"),
    variables=(
        Variable("edition", _("name of the edition"), "第三届“杭州数字工匠”认定"),
        Variable("unit", _("name of the unit"), "滨江区总工会"),
        Variable("name", _("name of the contact"), "林一"),
        Variable("people", _("people who may stand again"), "张三（“杭州数字工匠”提名奖）"),
        Variable("deadline", _("deadline"), "2026-03-31 23:59:59"),
        Variable("link", _("address of the house"), "https://jiangbang.example/"),
    ),
    zh=Text(
        "{edition}：贵单位往届提名奖获得者可再次推荐",
        "{unit} {name}：\n\n按照认定办法，往届提名奖获得者可以再次参评。经贵单位推荐的下列同志可再次推荐：\n\n{people}\n\n"
        "请转告本人。愿意参评的，按新的推荐表填报，与其他人选一并报送，占用本届名额。\n\n推荐截止时间：{deadline}。\n\n{link}\n",
    ),
    en=Text(
        "{edition}: prize holders of your unit may stand again",
        "{unit}, {name}:\n\nBy the rules, holders of the nominee prize may be recommended again. Recommended by you before:\n\n{people}\n\n"
        "Please tell them. Whoever wishes to stand fills in the new form and is sent with your other people, within your quota.\n\n"
        "Deadline: {deadline}.\n\n{link}\n",
    ),
)
