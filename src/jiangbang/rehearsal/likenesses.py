"""A few people of a rehearsal who are alike, so that screening has likenesses: deeds copied and reworked, a mistyped number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jiangbang.kernel.identity import check_digit
from jiangbang.rehearsal.people import SyntheticPerson

# By the number of a person, the deeds that take the place of the person's own. The first two are reworked from each other, the
# others are the same but for a few words.
DEEDS: Final[dict[int, str]] = {
    14: (
        "二〇一六年夏天，地下管廊连续三次进水，抢修全靠人工翻图纸。该同志把四百公里管廊的阀门、泵站和传感器逐一编号建模，"
        "写出第一版内涝推演程序，提前四十分钟报出积水点。此后六个汛期，所在片区没有一处泵房被淹。程序开源后，省内五座城市先后采用。"
        "为了让老师傅也能看懂，又花两个月把算法画成三十七张工序图，贴进每一间值班室。"
    ),
    77: (
        "2016年夏季，地下管廊接连三次进水，抢修时只能靠人工翻查图纸。这位同志将四百公里管廊的阀门、泵站、传感器全部编号并建立模型，"
        "编写了第一版内涝推演程序，可提前四十分钟预报积水点。其后六个汛期，片区内未有一处泵房被淹。该程序开源以后，省内五座城市陆续采用。"
        "为使老师傅们也能看懂，他又用两个月时间把算法绘成三十七张工序图，张贴在各个值班室。"
    ),
    33: (
        "车间第一台协作机器人进厂时没有人敢靠近。该同志用三个通宵读完英文手册，把一百二十个报警代码译成方言口诀，"
        "又自己焊了一套示教手柄，让五十岁的钳工也能在半天内学会编程。如今厂里六十四台机器人由原班工人自己维护，停机时间从每月十九小时降到两小时。"
    ),
    98: (
        "车间第一台协作机器人进厂时没有人敢靠近。该同志用三个通宵读完英文手册，把一百二十个报警代码译成方言口诀，"
        "又自己焊了一套示教手柄，让年过五十的钳工也能在半天内学会编程。如今厂里七十二台机器人由原班工人自己维护，停机时间从每月十九小时降到三小时。"
    ),
}  # fmt: skip
# By the number of a person, whom he is once more, with a slip in the identity number.
AGAIN: Final[dict[int, int]] = {106: 52}
_SLIP_AT: Final = 15


def with_likeness(person: SyntheticPerson, number: int, make: Callable[[int], SyntheticPerson]) -> SyntheticPerson:
    """The person of this number, alike to another where the lists say so. `make` gives the person of any number."""
    if number in DEEDS:
        return person.changed(deeds=DEEDS[number])
    if number not in AGAIN:
        return person
    other = make(AGAIN[number])
    return other.changed(id_number=_slipped(other.id_number), deeds=person.record["deeds"])


def _slipped(number: str) -> str:
    """One digit of the sequence is wrong, not the one that says the gender; the check character is right for the wrong number."""
    wrong = number[:_SLIP_AT] + str((int(number[_SLIP_AT]) + 1) % 10) + number[_SLIP_AT + 1 : 17]
    return wrong + check_digit(wrong)
