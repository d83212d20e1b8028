"""What is written about objections: the answer to the objector, and word to whoever works on a case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

_EDITION = Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定")
_NUMBER = Variable("number", _("number of the case"), "异议〔2026〕3号")

ANSWERED = declare(
    "objection.answered",
    purpose=_("Answer to somebody who objected to the public notice"),
    variables=(
        _EDITION,
        _NUMBER,
        Variable("answer", _("the answer"), "经核查，您反映的情况不属实。", secret=True),
    ),
    zh=Text(
        "{edition}：关于{number}的答复",
        "您好：\n\n您对“{edition}”公示提出的异议（{number}）已有结果：\n\n{answer}\n\n感谢您的监督。我们对您的身份信息保密。\n",
    ),
    en=Text(
        "{edition}: answer to {number}",
        "Dear Sir or Madam,\n\nyour objection to the public notice of “{edition}” ({number}) has been dealt with:\n\n{answer}\n\n"
        "Thank you. Who you are is kept confidential.\n",
    ),
)

DUE = declare(
    "objection.due",
    purpose=_("To whoever works on an objection: something is due"),
    variables=(
        _EDITION,
        _NUMBER,
        Variable("name", _("name of the addressee"), "林承办"),
        Variable("due", _("last day"), "2026年3月20日"),
        Variable("link", _("address of the case"), "https://jiangbang.example/objections/…"),
    ),
    zh=Text(
        "{edition}：{number}答复期限 {due}",
        "{name}，您好：\n\n{number}应于{due}前答复异议人，目前尚未答复。请登录办理：\n\n{link}\n",
    ),
    en=Text(
        "{edition}: {number} is due on {due}",
        "Dear {name},\n\nthe objector of {number} is to be answered by {due} and has not been yet. Please sign in:\n\n{link}\n",
    ),
)

ASKED = declare(
    "objection.asked",
    purpose=_("To a unit: the office asks about somebody whom it recommended"),
    variables=(
        _EDITION,
        Variable("name", _("name of the addressee"), "林一"),
        Variable("unit", _("name of the unit"), "滨江区总工会"),
        Variable("due", _("last day"), "2026年3月20日"),
        Variable("link", _("address of the unit's page"), "https://jiangbang.example/unit/inquiries/"),
    ),
    zh=Text(
        "{edition}：有一件核查事项请于{due}前答复",
        "{name}，您好：\n\n“{edition}”公示期间有一件事项需{unit}核查，请于{due}前登录答复：\n\n{link}\n\n核查中请注意保密，不得打听、追查异议人。\n",
    ),
    en=Text(
        "{edition}: a question for you, by {due}",
        "Dear {name},\n\nthe office of “{edition}” asks {unit} to look into something, and to reply by {due}:\n\n{link}\n\n"
        "Please keep it confidential, and do not look for whoever objects.\n",
    ),
)
