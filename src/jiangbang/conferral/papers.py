"""The decision that announces the titles (决定), and the list by which they are handed over, as official papers in Chinese."""

from __future__ import annotations

from datetime import date
from typing import Final

from jiangbang.conferral.award_models import Award
from jiangbang.conferral.pages import listed_of
from jiangbang.conferral.queries import awards_of, rules_of
from jiangbang.decision.models import Result
from jiangbang.kernel.edition import TitleSpec
from jiangbang.papers.letters import letter
from jiangbang.papers.paper import Block, Head, Heading, Paper, Table, TableColumn, Text
from jiangbang.programme.models import Edition
from jiangbang.screening.letters import office_of

DECISION: Final = "认定决定"
HANDED: Final = "颁发清单"
_NUMERALS: Final = "一二三四五六七八九十"


def decision(edition: Edition) -> Paper:
    """Who holds which title, by number: the paper that is sent to the units and put on the notice board. Revoked titles are left out."""
    lists = [one for one in listed_of(edition, awards_of(edition)) if one.held]
    office, day = office_of(edition)["office"], _day_of(edition)
    counted = "、".join(f"{_called(one.title)}{len(one.held)}名" for one in lists)
    result = Result.objects.filter(edition=edition).first()
    grounds = f"（{result.resolution}）" if result is not None else ""
    blocks: list[Block] = [
        Text(
            f"根据{edition.name}工作安排，经单位推荐、资格审核、专家评审、征求部门意见、领导小组审定{grounds}和社会公示，"
            f"决定认定{counted}。现予公布。"
        ),
        Text(
            "希望受到认定的同志珍惜荣誉、再接再厉，大力弘扬劳模精神、劳动精神、工匠精神，为数字经济高质量发展作出新的贡献。"
        ),
    ]
    for place, one in enumerate(lists):
        blocks += [Heading(f"{_NUMERALS[place]}、{one.title.label}（{len(one.held)}名）"), _table(one.held)]
    return letter(
        f"关于公布{edition.name}\n结果的决定",
        blocks,
        kind=DECISION,
        number=rules_of(edition).decision.format(year=day.year, slug=edition.slug, n=1, title=""),
        head=Head((office,)),
        signed=(office,),
        day=f"{day.year}年{day.month}月{day.day}日",
    )


def handing_list(edition: Edition) -> Paper:
    """The running order of the ceremony with a line to sign for each person: who gets what."""
    items = rules_of(edition).handed_over
    columns = (
        TableColumn("序号", 8, "center"),
        TableColumn("编号", 30, "center"),
        TableColumn("姓名", 16, "center"),
        *(TableColumn(item, 10, "center") for item in items),
        TableColumn("签收", 18, "center"),
    )
    blocks: list[Block] = []
    for one in listed_of(edition, awards_of(edition)):
        if one.held:
            rows = tuple(
                (str(at), award.number, award.name, *("" for _item in items), "")
                for at, award in enumerate(one.held, 1)
            )
            blocks += [Heading(one.title.label), Table(columns, rows)]
    return letter(f"{edition.name}\n颁发清单", blocks, kind=HANDED, head=Head((office_of(edition)["office"],)))


def _table(held: list[Award]) -> Table:
    columns = (
        TableColumn("编号", 32, "center"),
        TableColumn("姓名", 18, "center"),
        TableColumn("工作单位及职务", 50),
    )
    return Table(columns, tuple((one.number, one.name, one.employer) for one in held))


def _called(title: TitleSpec) -> str:
    return title.label if "“" in title.label else f"“{title.label}”"


def _day_of(edition: Edition) -> date:
    """The day of the last conferral."""
    last = Award.objects.filter(edition=edition).latest("conferred_at").conferred_at
    return last.astimezone(edition.zone).date()
