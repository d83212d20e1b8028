"""Synthetic people and the readings of their packets, without files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.kernel.form import Record
from jiangbang.kernel.identity import synthetic
from jiangbang.nomination.intake import PacketReading
from jiangbang.papers.reading import FormReading, Member, RosterReading, RosterRow
from jiangbang.programme.acts import load_programme
from jiangbang.programme.models import Edition

BUNDLED = Path(__file__).resolve().parents[2] / "programmes" / "hangzhou-digital-craftsman"

PHOTO = {"media_type": "image/jpeg", "width": 413, "height": 579, "sha256": hashlib.sha256(b"photo").hexdigest()}

MakeReading = Callable[..., PacketReading]


@dataclass(frozen=True)
class Cast:
    """The fixed cast: who may, who may not, who is a stranger."""

    organiser: User
    discipline: User
    system: User
    stranger: User


def make_cast() -> Cast:
    return Cast(
        create_account("organiser", role=Role.ORGANISER, password=None),
        create_account("discipline", role=Role.DISCIPLINE, password=None),
        create_account("system", role=Role.SYSTEM, password=None),
        User.objects.create(username="stranger"),
    )


def load_bundled(*, by: User) -> Edition:
    """The bundled programme; its first edition."""
    load_programme(BUNDLED, by=by)
    return Edition.objects.get(slug="2023")


def person(number: int, **changes: object) -> Record:
    """A whole, right record of a synthetic person."""
    female = number % 2 == 0
    record: Record = {
        "name": f"张{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{'子丑寅卯辰巳午未申酉戌亥'[number // 10 % 12]}",
        "gender": "female" if female else "male",
        "birth_month": "1985-06",
        "photo": dict(PHOTO),
        "education": "本科",
        "political_status": "群众",
        "id_number": synthetic("990101", date(1985, 6, 15), 2 * number + (0 if female else 1)),
        "native_place": "浙江杭州",
        "skill_level": "高级技师/一级",
        "professional_title": "高级工程师",
        "talent_class": "E类",
        "industry_class": "0301 软件开发",
        "years_in_industry": 12,
        "telephone": "0571-00000001",
        "mobile": f"199{number:08d}",
        "employer_and_position": "云栖智联科技有限公司 算法工程师",
        "address": f"杭州市滨江路{number}号",
        "motto": "慢一点，准一点，稳一点。",
        "achievements": ["主持研发国产芯片封装缺陷检测系统"],
        "honours": ["2018年浙江省青年岗位能手"],
        "deeds": "带队攻关国产芯片封装缺陷检测系统，形成行业标准一项。",
        "specialty": "云计算",
        "remarks": None,
        "opinions": None,
    }
    return {**record, **changes}  # type: ignore[dict-item]


ROSTER_KEYS = (
    "name",
    "gender",
    "id_number",
    "industry_class",
    "years_in_industry",
    "employer_and_position",
    "achievements",
    "honours",
    "deeds",
    "specialty",
    "remarks",
)


def make_reading(
    records: Sequence[Record],
    *,
    unit: str = "滨江",
    with_roster: bool = True,
    roster_of: Sequence[Record] | None = None,
    salt: str = "",
) -> PacketReading:
    forms = tuple(
        FormReading(f"附件2推荐表（{record['name']}）{index}.docx", {**record, "specialty": None}, None, ())
        for index, record in enumerate(records)
    )
    rows = tuple(
        RosterRow(index, {key: record[key] for key in ROSTER_KEYS})
        for index, record in enumerate(records if roster_of is None else roster_of, 4)
    )
    rosters = (RosterReading("附件3.xlsx", f"{unit}区总工会", rows, ()),) if with_roster else ()
    name = f"{unit}+数字工匠推荐.zip"
    members = tuple(Member(form.source, 1000, "0" * 64, "form") for form in forms)
    members += tuple(Member(roster.source, 1000, "1" * 64, "roster") for roster in rosters)
    sha256 = hashlib.sha256(repr((name, records, with_roster, roster_of, salt)).encode()).hexdigest()
    return PacketReading(name, sha256, 12345, members, forms, rosters, (), {PHOTO["sha256"]: ("image/jpeg", 5)})
