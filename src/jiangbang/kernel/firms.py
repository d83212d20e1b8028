"""Names of firms: which of many is meant. Pure; every rule of likeness stands here, and the score says how sure it is.

A Chinese firm's name is made of four parts (Regulations on the Registration of Enterprise Names, art. 6): place, brand (字号), trade,
legal form. People leave out the place and shorten the form; they hardly ever get the brand wrong. So the brand weighs most, the
trade less, place and form least.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final, Generic, TypeVar

import numpy
from rapidfuzz import process
from rapidfuzz.fuzz import ratio

Key = TypeVar("Key", bound=Hashable)

SAME: Final = 100
# the same name but for place and legal form; and with two different places before it
SAME_CORE, OTHER_PLACE = 96, 92
# the same brand, and one of the names leaves the trade out, or the end of it
SHORTENED: Final = 88
# what a name that differs in brand or trade reaches at most; and where a brand of two characters differs: too many are one slip apart
_LIKE_AT_MOST, _SHORT_BRAND_AT_MOST = 95, 74
# how much the brand counts beside the whole name, by its length: two characters are shared by many firms
_BRAND_WEIGHT: Final = {0: 0.0, 1: 0.4, 2: 0.45, 3: 0.6}
_LONG_BRAND_WEIGHT: Final = 0.7
# pairs of characters by which candidates are found are taken from so many characters of a brand
_BRAND_LENGTH: Final = 8
# from so many candidates on they are compared in one call
_MANY: Final = 50

_FORMS: Final = (
    "股份有限公司", "有限责任公司", "有限公司", "股份公司", "集团公司", "总公司", "分公司", "支公司", "子公司", "公司",
    "有限合伙", "普通合伙", "合伙企业", "集团", "控股", "股份",
)  # fmt: skip
_TRADES: Final = (
    "科技", "技术", "信息", "软件", "网络", "智能", "数据", "数字", "数码", "电子", "微电子", "光电", "通信", "通讯", "装备",
    "设备", "制造", "服务", "互联网", "平台", "系统", "工程", "实业", "发展", "投资", "文化", "传媒", "内容", "生物", "医药",
    "医疗", "能源", "新能源", "汽车", "机械", "材料", "新材料", "自动化", "物流", "农业", "环境", "环保", "建设", "建筑", "贸易",
    "商务", "电子商务", "金融", "咨询", "租赁", "维修", "轨道交通", "智慧", "仪器", "仪表", "电气", "电器", "半导体", "集成电路",
    "云计算", "物联网", "人工智能", "工业", "产业", "管理", "零部件", "部件", "配件", "阀门", "电机", "电缆", "电源", "电池",
    "光伏", "化工", "化学", "纺织", "服饰", "食品", "药业", "制药", "精密", "模具", "塑料", "橡胶", "钢铁", "金属", "铝业",
    "纸业", "包装", "印刷", "船舶", "航空", "航天", "海洋", "重工", "轴承", "泵业", "水务", "电力", "燃气", "照明", "安防",
    "视频", "传感器", "机器人", "激光", "芯片", "游戏", "教育", "人力资源", "供应链", "进出口", "国际", "创新", "数智", "控制",
    "测控", "检测", "认证", "科研", "运营", "支付", "保险", "证券", "出行", "健康",
)  # fmt: skip
_FORM_END: Final = re.compile(f"(?:{'|'.join(_FORMS)})$")
_TRADE_END: Final = re.compile(f"(?:{'|'.join(sorted(_TRADES, key=len, reverse=True))})$")
_BRACKETED: Final = re.compile(r"\(([^()]*)\)")
_REMARK: Final = re.compile(r"^(?:原|曾用名|前身|简称|以下简称|含|包括|暂定|注)")
_SIGN: Final = re.compile(r"[^\w]|_")
# where the name of an employer ends and the position begins
_ENDS: Final = (
    "公司|集团|研究院|研究所|研究中心|设计院|学院|大学|学校|医院|银行|事务所|合作社|工作室|"
    "委员会|协会|学会|联合会|中心|工厂|厂|局"
)
_BRANCHES: Final = "分公司|支公司|研究院|研究所|分院|分行|支行"
_EMPLOYER: Final = re.compile(
    rf"^.*?(?:{_ENDS})(?:\((?:特殊普通|有限|普通)合伙\))?(?:[^\s公司]{{0,12}}(?:{_BRANCHES}))?"
)
_STOPS: Final = re.compile(r"[\s,，;；/|｜、]+")


@dataclass(frozen=True, slots=True)
class Firm:
    """A name in its parts. `folded` is the whole name without signs; `core` is it without place and legal form."""

    folded: str
    place: str
    core: str
    brand: str

    @property
    def keys(self) -> frozenset[str]:
        """Ordered pairs of the brand's characters. Two firms that share none are never alike."""
        brand = self.brand[:_BRAND_LENGTH]
        return frozenset(map("".join, combinations(brand, 2))) or frozenset({brand} - {""})


def fold_firm(name: str) -> str:
    """The name in one spelling: half width, lower case, without brackets, signs, spaces and remarks in brackets.

    >>> fold_firm("杭州澜图软件（集团）股份有限公司（原澜图网络）")
    '杭州澜图软件集团股份有限公司'
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _BRACKETED.sub(lambda found: "" if _REMARK.match(found[1]) else found[1], text)
    return _SIGN.sub("", text)


def names_organisation(text: str) -> bool:
    """Whether a text names a firm, an institute, a school: by the word at its name's end."""
    return re.search(_ENDS, text) is not None


def employer_of(text: str) -> str:
    """The employer in a line that names employer and position.

    >>> employer_of("杭州澜图软件股份有限公司算法工程师"), employer_of("某某大学 教授"), employer_of("澜图软件 主管")
    ('杭州澜图软件股份有限公司', '某某大学', '澜图软件')
    """
    text = unicodedata.normalize("NFKC", text).strip()
    found = _EMPLOYER.match(_BRACKETED.sub(lambda one: f"({_STOPS.sub('', one[1])})", text))
    if found and not _STOPS.search(found[0].strip()):
        return found[0].strip()
    return _STOPS.split(text, maxsplit=1)[0]


@lru_cache(maxsize=200_000)
def parse(name: str, places: tuple[str, ...] = ()) -> Firm:
    """The parts of a name. `places`: names of places, the longest first, that may stand before it, in brackets, or before a branch."""
    folded = fold_firm(name)
    core, place = folded, ""
    while found := _FORM_END.search(core):
        if found.start() < 2:
            break
        core = core[: found.start()]
    for _ in range(2):
        for one in places:
            if core.startswith(one) and len(core) - len(one) >= 2:
                core, place = core[len(one) :], place or one
            if core.endswith(one) and len(core) - len(one) >= 4:
                core = core[: -len(one)]
    for one in places:
        if f"({one})" in unicodedata.normalize("NFKC", name):
            core = core.replace(one, "", 1) if len(core) - len(one) >= 2 else core
    while found := _FORM_END.search(core):
        if found.start() < 2:
            break
        core = core[: found.start()]
    return Firm(folded, place, core, _brand(core))


def _brand(core: str) -> str:
    """The core without the words of trade at its end; never fewer than two characters."""
    while found := _TRADE_END.search(core):
        if found.start() < 2:
            break
        core = core[: found.start()]
    return core


def likeness(one: Firm, other: Firm) -> int:
    """How alike two names are, 0 to 100; `SAME` only for the same name in full. The order does not matter."""
    if not one.folded or not other.folded:
        return 0
    if one.folded == other.folded:
        return SAME
    if one.core == other.core:
        return OTHER_PLACE if one.place and other.place and one.place != other.place else SAME_CORE
    if not one.keys & other.keys:
        return 0
    return _score(one, other, ratio(one.brand, other.brand), ratio(one.core, other.core))


def _score(one: Firm, other: Firm, brand: float, core: float) -> int:
    """The score from the likeness of brands and cores, for two firms whose cores differ."""
    shorter = min(len(one.brand), len(other.brand))
    weight = _BRAND_WEIGHT.get(shorter, _LONG_BRAND_WEIGHT)
    score = min(_LIKE_AT_MOST, round(weight * brand + (1 - weight) * core))
    if one.brand != other.brand:
        return min(score, _SHORT_BRAND_AT_MOST) if shorter <= 2 else score
    shortened = one.core.startswith(other.core) or other.core.startswith(one.core)
    return max(score, SHORTENED) if shortened else score


@dataclass(frozen=True, slots=True)
class Likeness(Generic[Key]):
    """One firm of the list that may be meant, and how alike it is."""

    key: Key
    score: int


class FirmIndex(Generic[Key]):
    """A list of firms, asked for names. Finds exactly what comparing with every row would find, in a fraction of the time."""

    def __init__(self, rows: Iterable[tuple[Key, str]], places: Sequence[str] = ()) -> None:
        self.places = tuple(sorted({fold_firm(place) for place in places} - {""}, key=lambda one: (-len(one), one)))
        self._firms: list[Firm] = []
        self._keys: list[list[Key]] = []
        self._by_name: dict[str, int] = {}
        self._by_core: dict[str, list[int]] = defaultdict(list)
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        for key, name in rows:
            self._add(key, parse(name, self.places))

    def _add(self, key: Key, firm: Firm) -> None:
        if not firm.folded:
            return
        at = self._by_name.get(firm.folded)
        if at is not None:
            self._keys[at].append(key)
            return
        at = self._by_name[firm.folded] = len(self._firms)
        self._firms.append(firm)
        self._keys.append([key])
        self._by_core[firm.core].append(at)
        for pair in firm.keys:
            self._by_pair[pair].append(at)

    def __len__(self) -> int:
        return len(self._firms)

    def find(self, name: str, *, least: int) -> list[Likeness[Key]]:
        """The rows at least so alike, the most alike first, then in the list's order."""
        asked = parse(name, self.places)
        if not asked.folded:
            return []
        candidates = set(self._by_core.get(asked.core, ()))
        for pair in asked.keys:
            candidates.update(self._by_pair.get(pair, ()))
        scored = sorted(self._scored(asked, candidates, least), key=lambda one: (-one[0], one[1]))
        return [Likeness(key, score) for score, at in scored for key in self._keys[at]]

    def _scored(self, asked: Firm, candidates: set[int], least: int) -> Iterable[tuple[int, int]]:
        """Score and place of the candidates that are alike enough. Many are first compared all at once."""
        if len(candidates) > _MANY:
            candidates = self._promising(asked, list(candidates), least)
        for at in candidates:
            if (score := likeness(asked, self._firms[at])) >= least:
                yield score, at

    def _promising(self, asked: Firm, places: list[int], least: int) -> set[int]:
        """Those whose cores are alike enough to reach `least` with the best of brands, and those that a rule of its own may lift."""
        firms = [self._firms[at] for at in places]
        cores = process.cdist([asked.core], [firm.core for firm in firms], scorer=ratio)[0]
        brands = process.cdist([asked.brand], [firm.brand for firm in firms], scorer=ratio)[0]
        # the heaviest weight of either: no score is above it, but for the rounding
        above = numpy.maximum(cores, brands) >= least - 1
        return {at for at, kept in zip(places, above, strict=True) if kept}
