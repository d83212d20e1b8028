"""The words of answers to mails."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

_VARIABLES = (
    Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定"),
    Variable("subject", _("subject of the mail that is answered"), "滨江+数字工匠推荐"),
    Variable("arrived", _("when the mail came"), "2023-03-20 09:12:40"),
    Variable("results", _("what became of each packet"), "滨江+数字工匠推荐.zip\n已接收，编号 2023-330108-001。"),
)

RESULTS = declare(
    "mailbox.results",
    purpose=_("Answer to a mail with packets: receipt, or what must be mended"),
    variables=_VARIABLES,
    zh=Text(
        "回复：{subject}",
        "您 {arrived} 送达的邮件已处理（{edition}）。\n\n{results}\n\n"
        "需要改正的，请改好后把完整的材料包作为附件再发一次；同一人以身份证号对应，不会重复。\n"
        "本邮件由系统自动发出。对回执有疑问，请与主办方办公室联系。\n",
    ),
    en=Text(
        "Re: {subject}",
        "Your mail that came at {arrived} was dealt with ({edition}).\n\n{results}\n\n"
        "Where something must be mended, mend it and send the whole packet again as an attachment; people are matched by identity "
        "number and not taken twice.\nThis mail was written by the system. If you have a question about a receipt, ask the office.\n",
    ),
)

NOTHING_RECEIVED = declare(
    "mailbox.nothing_received",
    purpose=_("Answer to a mail in which there was nothing to receive"),
    variables=_VARIABLES,
    zh=Text(
        "未收到材料：{subject}",
        "您 {arrived} 送达的邮件里没有可以接收的材料（{edition}）。\n\n{results}\n\n"
        "截止时间以重新发来的邮件到达邮箱的时间为准。本邮件由系统自动发出。\n",
    ),
    en=Text(
        "Nothing was received: {subject}",
        "In your mail that came at {arrived} there was nothing to receive ({edition}).\n\n{results}\n\n"
        "For the deadline, the moment counts at which the new mail reaches the mailbox. This mail was written by the system.\n",
    ),
)
