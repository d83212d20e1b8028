"""Dossiers that are alike: synthetic people with deeds of their own, received through units and editions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from nomination.readings import Cast, make_reading, person

from jiangbang.kernel.form import Record
from jiangbang.kernel.identity import synthetic
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition

DEEDS = (
    "他带领团队攻克国产芯片封装缺陷检测难题，历时三年研制出高速视觉检测系统，漏检率由千分之三降到十万分之二，"
    "产品用于国内十二条产线，并牵头起草行业标准一项。他坚持每周给新人上一堂课，先后带出技师七名。"
)
REWORKED = (
    "该同志带领团队攻克了国产芯片封装缺陷的检测难题，历时三年研发出高速视觉检测系统，漏检率由千分之三降至十万分之二，"
    "产品用于全国十二条产线，牵头起草行业标准一项。他每周坚持给新人上一课，先后带出技师七名。"
)
OTHER = (
    "她负责城市内涝监测平台的数据治理，建立了覆盖全市的雨量与管网模型，使预警时间提前四十分钟，"
    "连续两个汛期无一人伤亡。平台后来推广到省内五个城市，她为此写下三万行代码和两本手册。"
)
UNITS = ("330108", "330106")

Receive = Callable[..., Dossier]


def someone(number: int, **changes: object) -> Record:
    """A person whose number, name and deeds are like nobody's."""
    born = date(1970 + number, 1 + number % 12, 1 + number * 5 % 27)
    own = "".join(chr(0x4E00 + (number * 997 + place * 7919) % 5000) for place in range(120))
    values: dict[str, object] = {
        "name": "赵钱孙李周吴郑王冯陈"[number] + "一二三四五六七八九十"[number] + "甲乙丙丁戊己庚辛壬癸"[number],
        "birth_month": f"{born:%Y-%m}",
        "id_number": synthetic("990101", born, 111 * (number % 9) + 1 - number % 2),
        "gender": "male" if number % 2 == 0 else "female",
        "mobile": f"199{number:08d}",
        "deeds": own,
    }
    return person(number, **{**values, **changes})


def received(edition: Edition, cast: Cast, *records: Record, unit: str = UNITS[0]) -> list[Dossier]:
    """The dossiers of these people, brought by the unit in one packet."""
    nomination_acts.receive_packet(
        make_reading(records, salt=unit), edition=edition, unit=edition.spec.unit(unit), by=cast.organiser
    )
    names = [record["name"] for record in records]
    rows = Dossier.objects.filter(edition=edition, unit_code=unit, name__in=names).select_related("edition", "person")
    return sorted(rows, key=lambda row: names.index(row.name))
