"""What is written to candidates and employers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

_EDITION = Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定")
_UNIT = Variable("unit", _("name of the recommending unit"), "滨江区总工会")
_NAME = Variable("name", _("name of whoever is written to"), "张工")
_DEADLINE = Variable("deadline", _("deadline, to the second"), "2023-03-31 23:59:59")
_LINK = Variable("link", _("link that opens once"), "https://example.org/invitation/…", secret=True)

INVITED = declare(
    "candidacy.invited",
    purpose=_("Invitation to a candidate"),
    variables=(_EDITION, _UNIT, _NAME, _DEADLINE, _LINK),
    zh=Text(
        "{unit}拟推荐您参加{edition}",
        "{name}：\n\n{unit}拟推荐您参加{edition}。请打开下面的链接填写推荐表，手机上即可填写，随填随存：\n\n{link}\n\n"
        "链接只能打开一次。请于 {deadline} 前填好并交所在单位确认。\n",
    ),
    en=Text(
        "{unit} would like to recommend you: {edition}",
        "Dear {name},\n\n{unit} would like to recommend you for {edition}. Please open this link and fill in the form; "
        "a telephone will do, and everything is saved as you write:\n\n{link}\n\n"
        "The link opens once. Please finish before {deadline} and hand the form to your employer.\n",
    ),
)

TO_EMPLOYER = declare(
    "candidacy.to_employer",
    purpose=_("A candidate's form for the employer to confirm"),
    variables=(_EDITION, _UNIT, _NAME, _DEADLINE, _LINK, Variable("candidate", _("name of the candidate"), "张工")),
    zh=Text(
        "请确认{candidate}的推荐表（{edition}）",
        "{name}：\n\n{unit}拟推荐贵单位{candidate}参加{edition}。请打开下面的链接，阅读推荐表，填写单位意见并确认，或注明原因退回：\n\n"
        "{link}\n\n链接只能打开一次。截止时间：{deadline}。\n",
    ),
    en=Text(
        "Please confirm the form of {candidate}: {edition}",
        "Dear {name},\n\n{unit} would like to recommend {candidate} of your firm for {edition}. Please open this link, read the "
        "form, write the employer's opinion and confirm it, or return it with a remark:\n\n{link}\n\n"
        "The link opens once. Deadline: {deadline}.\n",
    ),
)
