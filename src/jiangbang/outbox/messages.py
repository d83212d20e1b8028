"""The outbox's own template."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

TRIAL = declare(
    "outbox.trial",
    purpose=_("Trial message, to see whether mail arrives"),
    variables=(Variable("edition", _("name of the edition"), "2023年杭州数字工匠认定"),),
    zh=Text("试发：{edition}", "这是一封试发邮件。收到它，说明“{edition}”的邮件可以送达。\n"),
    en=Text("Trial: {edition}", "This is a trial. That you read it shows that mail of “{edition}” arrives.\n"),
)
