"""What the office writes to a unit about its people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

RETURNED = declare(
    "dossier.returned",
    purpose=_("Dossier returned to the unit for correction"),
    variables=(
        Variable("edition", _("name of the edition"), "首届“杭州数字工匠”认定"),
        Variable("unit", _("name of the unit"), "滨江区总工会"),
        Variable("name", _("name of the contact"), "林一"),
        Variable("candidate", _("name of the candidate"), "张工"),
        Variable("items", _("what is to be mended"), "1. 补充高级技师证书"),
        Variable("due", _("until when"), "2023-04-03 23:59:59"),
        Variable("link", _("address of the house"), "https://jiangbang.example/unit/"),
    ),
    zh=Text(
        "{edition}：一份推荐材料需要补正",
        "{unit} {name}：\n\n贵单位推荐的{candidate}同志的材料需要补正：\n\n{items}\n\n请于 {due} 前补正后重新报送。\n\n{link}\n",
    ),
    en=Text(
        "{edition}: a dossier is to be corrected",
        "{unit}, {name}:\n\nThe papers of {candidate} are to be corrected:\n\n{items}\n\n"
        "Please submit them again before {due}.\n\n{link}\n",
    ),
)
