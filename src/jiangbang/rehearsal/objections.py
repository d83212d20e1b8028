"""Rehearsed objections to a public notice: one upheld, one not, one late, one anonymous, one still with the unit; all through the acts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from jiangbang.accounts.models import Role, User
from jiangbang.notice import objection_handling as handling
from jiangbang.notice.objection_case import Identity
from jiangbang.notice.objection_days import stands_until, today
from jiangbang.notice.objection_filing import Statement, enter_objection, file_objection, public_account
from jiangbang.notice.objection_models import Objection
from jiangbang.notice.objection_queries import objectable
from jiangbang.programme.models import Edition
from jiangbang.rehearsal import words

FACTS: Final = (
    "公示的专利成果第一发明人并非本人，本人在专利申请之后才入职。请核对专利证书和劳动合同。",
    "该同志目前不在技术岗位，去年起任行政职务。请向所在单位核实岗位情况。",
    "所列省级竞赛名次有误，应为第八名，不是第三名。成绩册可查。",
    "材料所写从业年限与社保缴纳记录不一致，请核实。",
)
QUESTION: Final = "请核实该同志申报的专利归属（第一发明人、申请时间）及入职时间，并附证书、劳动合同复印件。"


def rehearse_objections(edition: Edition, *, by: User, seed: int, say: Callable[[str], object]) -> list[Objection]:
    """Let synthetic people object to those whose notice stands. `by` handles, another of the office or the discipline office decides.

    Returns the cases. Nothing happens where no notice stands, where fewer than five people stand on it, or where nobody else could decide.
    """
    entries = list(objectable(edition))
    decider = _other(edition, by)
    if len(entries) < 5 or decider is None:
        return []
    dice = Random(f"jiangbang objections {seed}")  # noqa: S311 — a rehearsal
    chosen = dice.sample(entries, 4)
    cases = [
        file_objection(entry, Statement("person", _somebody(dice), facts), by=public_account())[0]
        for entry, facts in zip(chosen, FACTS, strict=True)
    ]
    anonymous = Statement("anonymous", Identity(), FACTS[1])
    cases.append(enter_objection(chosen[1], anonymous, channel="letter", counted_on=today(edition), by=by)[0])
    upheld, rejected, asked = (_admitted(one, by, decider) for one in cases[:3])
    for one, yes, finding in (
        (upheld, True, "证书与合同印证异议事实成立。"),
        (rejected, False, "经核实仍在技术岗位。"),
    ):
        handling.propose_finding(one, upheld=yes, finding=finding, by=by)
        handling.decide_objection(one, by=decider)
        handling.answer_objector(one, answer=f"经核查：{finding}感谢您的监督。", by=by)
    handling.ask_unit(asked, question=QUESTION, by=by)
    handling.take_case(cases[4], unrelated=True, by=by)
    reason = "匿名提出，登记留存，不予办理。"
    handling.admit_objection(cases[4], identified=False, specific=True, reason=reason, by=by)
    say(f"{len(cases)} objections until {stands_until(chosen[0]).isoformat()}: one upheld, one not, one with the unit.")
    return cases


def _admitted(objection: Objection, handler: User, decider: User) -> Objection:
    handling.take_case(objection, unrelated=True, by=handler)
    handling.take_case(objection, unrelated=True, by=decider)
    return handling.admit_objection(objection, identified=True, specific=True, by=handler)


def _somebody(dice: Random) -> Identity:
    name = dice.choice(words.SURNAMES) + dice.choice(words.GIVEN_SECOND) + dice.choice(words.GIVEN_MALE)
    return Identity(name, "", f"0571-{dice.randrange(80_000_000, 89_999_999)}", "")


def _other(edition: Edition, by: User) -> User | None:
    """Somebody else who may decide: of the discipline office, else of the office."""
    held = User.objects.filter(
        memberships__edition__in=("", edition.key),
        memberships__role__in=(Role.ORGANISER, Role.DISCIPLINE),
        is_active=True,
    ).exclude(pk=by.pk)
    return held.order_by("memberships__role", "pk").first()
