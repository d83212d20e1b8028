"""The words by which a unit is told that more of its people fit the conditions than its quota has places."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

HELD = declare(
    "quota.held",
    purpose=_("People held above the quota: the unit chooses who goes"),
    variables=(
        Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定"),
        Variable("unit", _("name of the unit"), "滨江区总工会"),
        Variable("name", _("name of the contact"), "林一"),
        Variable("quota", _("people that the quota allows"), "30"),
        Variable("count", _("people held above the quota"), "2"),
        Variable("people", _("their names"), "张工、李工"),
        Variable("deadline", _("deadline"), "2023-03-31 23:59:59"),
        Variable("link", _("page on which the unit chooses"), "https://jiangbang.example/unit/quota/"),
    ),
    zh=Text(
        "{edition}：推荐人数超出名额，请确定人选",
        "{unit} {name}：\n\n贵单位名额至多 {quota} 人，报送材料超出名额。按贵单位汇总表次序，下列 {count} 人暂缓：{people}。\n\n"
        "请在截止时间 {deadline} 前，在下面的页面确定由谁参加；未作调整的，以现有人选为准。\n\n{link}\n",
    ),
    en=Text(
        "{edition}: more people than the quota allows; please choose",
        "{unit}, {name}:\n\nYour quota is at most {quota} people, and your papers name more. By the order of your roster these "
        "{count} are held: {people}.\n\nPlease choose who goes on this page before {deadline}; "
        "without your word, those who are in stay in.\n\n{link}\n",
    ),
)
