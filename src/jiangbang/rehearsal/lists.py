"""Synthetic lists of firms and of title holders for an edition that has dossiers, brought in through the acts.

Some rows name employers and people of the dossiers in full, some nearly, most nobody; a few are wrong, as real lists are.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

import xlsxwriter

from jiangbang.accounts.models import User
from jiangbang.kernel.credit_code import synthetic
from jiangbang.kernel.firms import employer_of
from jiangbang.kernel.marks import PrioritySpec
from jiangbang.nomination.acts import declare_facts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.models import Edition
from jiangbang.rehearsal import words
from jiangbang.screening import lists
from jiangbang.screening.lists_comparing import compare
from jiangbang.screening.lists_models import ListMatch, NameList

# Of each list: rows that name an employer in full, nearly, and nobody of the edition.
EXACT, NEAR, OTHERS = 6, 2, 40
CLAIMS: Final = 24
PEOPLE, PEOPLE_NEAR, OTHER_PEOPLE = 2, 2, 30
_FORMS: Final = ("科技有限公司", "信息技术股份有限公司", "智能装备有限公司", "数据有限公司")
_PLACES: Final = ("宁波", "嘉兴", "绍兴", "金华", "湖州", "台州")

Rows = list[list[object]]


def rehearse_lists(edition: Edition, *, seed: int, by: User, say: Callable[[str], object]) -> int:
    """Bring one list for each of some marks and titles, put them in force but the last, and compare. Returns how many lists.

    The same seed gives the same lists; they are made from the dossiers that there are.
    """
    dice = Random(f"jiangbang lists {seed}")  # noqa: S311 — a rehearsal
    dossiers = list(Dossier.objects.filter(edition=edition, state=Dossier.State.ACCEPTED).order_by("name", "employer"))
    if not dossiers:
        return 0
    spec = edition.spec
    employers = sorted({employer_of(dossier.employer) for dossier in dossiers})
    of_firms = [mark for mark in spec.priorities if mark.subject == "employer"]
    chosen = [of_firms[at] for at in range(0, len(of_firms), max(1, len(of_firms) // 4))][:4]
    say(f"Rehearsing {len(chosen) + len(spec.earlier_titles)} lists of firms and of title holders …")
    count = 0
    for mark in chosen:
        rows = _firms(employers, dice)
        draft = _bring(edition, rows, mark.key, f"{mark.label}名单（演练）", by=by)
        count += 1
        if mark is not chosen[-1]:
            lists.import_list(draft, by=by)
    for title in spec.earlier_titles:
        rows = _holders(dossiers, dice)
        lists.import_list(_bring(edition, rows, title.key, f"{title.label}获得者名单（演练）", by=by), by=by)
        count += 1
    compare(edition, by=by)
    _claims(dossiers, chosen, by=by)
    return count


def _claims(dossiers: Sequence[Dossier], marks: Sequence[PrioritySpec], *, by: User) -> None:
    """Some units say which marks their people have: of some a list says the same, of some nothing."""
    for at, dossier in enumerate(dossiers[:: max(1, len(dossiers) // CLAIMS)][:CLAIMS]):
        mark = marks[at % len(marks)]
        found = ListMatch.objects.filter(dossier=dossier, counts=True, is_title=False).first()
        label = next((one.label for one in marks if found and one.key == found.kind), mark.label)
        key = dossier.edition.spec.lists.claim_fact
        if key:
            declare_facts(dossier, {key: [label]}, source=DeclaredFact.Source.UNIT, by=by)


def _bring(edition: Edition, rows: Rows, kind: str, title: str, *, by: User) -> NameList:
    return lists.bring_list(edition, _workbook(title, rows), file_name=f"{title}.xlsx", kind=kind, title=title, by=by)


def _firms(employers: Sequence[str], dice: Random) -> Rows:
    """Firms as a department lists them: number, name, code, batch; one code mistyped, one row twice, one without a name."""
    known = dice.sample(list(employers), k=min(len(employers), EXACT + NEAR))
    names = known[:EXACT] + [_nearly(name) for name in known[EXACT:]]
    names += [f"{dice.choice(_PLACES)}{_brand(dice)}{dice.choice(_FORMS)}" for _ in range(OTHERS)]
    dice.shuffle(names)
    rows: Rows = [
        [number, name, synthetic(dice.randrange(99_999_999)), f"第{dice.choice('一二三四')}批"]
        for number, name in enumerate(names, 1)
    ]
    wrong = str(rows[3][2])
    rows[3][2] = wrong[:8] + str((int(wrong[8]) + 1) % 10 if wrong[8].isdigit() else 0) + wrong[9:]
    rows.append([len(rows) + 1, *rows[5][1:]])
    rows.append([len(rows) + 1, "", synthetic(dice.randrange(99_999_999)), "第一批"])
    return [["序号", "企业名称", "统一社会信用代码", "批次"], *rows]


def _holders(dossiers: Sequence[Dossier], dice: Random) -> Rows:
    """Holders as the papers list them: name, employer, year. Some are people of the edition, some only bear their names."""
    same = dice.sample(list(dossiers), k=min(len(dossiers), PEOPLE + PEOPLE_NEAR))
    rows: Rows = [[one.name, employer_of(one.employer), dice.randrange(2016, 2022)] for one in same[:PEOPLE]]
    rows += [[one.name, f"{dice.choice(_PLACES)}{_brand(dice)}{dice.choice(_FORMS)}", 2020] for one in same[PEOPLE:]]
    for _ in range(OTHER_PEOPLE):
        name = dice.choice(words.SURNAMES) + dice.choice(words.GIVEN_SECOND) + dice.choice(words.GIVEN_MALE)
        rows.append([name, f"{dice.choice(_PLACES)}{_brand(dice)}{dice.choice(_FORMS)}", dice.randrange(2016, 2022)])
    dice.shuffle(rows)
    return [["姓名", "工作单位", "获评年份"], *rows]


def _nearly(name: str) -> str:
    """The same firm as people write it elsewhere: without its place, and with another legal form."""
    bare = name.removeprefix("杭州")
    return bare.replace("股份有限公司", "有限公司") if "股份" in bare else bare.replace("有限公司", "股份有限公司")


def _brand(dice: Random) -> str:
    return "".join(dice.sample("恒瑞嘉泰宏远盛达信诚凯越隆兴", k=2))


def _workbook(title: str, rows: Rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, title)
        for line, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
    return out.getvalue()
