"""Which words on a form are labels, and of what: built once from the form's declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from jiangbang.kernel.form import FormSpec
from jiangbang.papers.normalise import fold_label

OPINIONS = ("employer", "unit", "leading_group")
# A label that the form does not declare but that people add: its value is passed over, and it ends the value before it.
PASSED_OVER = ""
_OTHERS = """
    民族 年龄 职务 职业 单位 工作单位 所在单位 所在部门 部门 工作部门 岗位 工作岗位 从事岗位 现任职务 毕业院校 毕业学校 毕业时间
    所学专业 专业 学位 学制 全日制教育 在职教育 参加工作时间 入职时间 入党时间 健康状况 婚姻状况 户籍 户籍地址 户口所在地 出生地
    邮箱 电子邮箱 电子邮件 邮编 邮政编码 微信 微信号 QQ 传真 曾用名 英文名 编号 序号 类别 推荐类别 申报类别 推荐单位 推荐人
    填表日期 填报日期 填表人 联系人 填报单位 工会职务 是否工会会员 工会会员 社保缴纳地 个人简历 工作简历 学习经历 工作经历 简历
    主要经历 培训经历 个人简介 证书编号 取得时间 身高 外语水平 单位性质 企业规模 统一社会信用代码 家庭电话 紧急联系人 基本情况
    基本信息 个人信息 本人签名 本人承诺 附件 说明 注 公示情况
"""
_PHOTO = re.compile("[照相]片|免冠|贴照|近照")
_OPINION_TAIL = ("意见", "意见盖章", "意见签章", "意见及盖章", "审核意见", "审批意见")
# What `fold_label` takes away, and how labels end that are known by their tail.
_NOISE, _FIGURES = re.compile(r"[\W_]"), re.compile(r"[0-9Xx.\-/]+")
_TELLING_ENDS = frozenset("字项条内右填页写况续表见章")
_NO_LABEL_HEAD = ("同意", "不同意", "经", "该", "本单位", "我", "无", "符合")
_JOINERS = ("", "/", "／", "、", "和", "及", "与", "或", "以及", "暨", "，", ",", "|", "及其")
_LABEL_LENGTH = 48
_KEPT = 4096
_TRAILING_HINT = re.compile(
    r"(?:(?:限|不超过)?\d+[字项条](?:以内|左右)?|必填|选填|可附页|可另附页|填写|情况|续[表页]?|接上[表页])$"
)
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")


class Labels:
    """The labels of one form. `keys_of(text)` names the fields that a text is the label of."""

    def __init__(self, form: FormSpec) -> None:
        self.form = form
        self.kinds = {spec.key: spec.kind for spec in form}
        self.lists = tuple(spec.key for spec in form if spec.kind == "items")
        self.list_hints = tuple(spec.hint for spec in form if spec.kind == "items" and spec.hint)
        self.on_paper = tuple(spec for spec in form if spec.on_form and spec.kind != "opinions")
        self._opinions = next((spec.key for spec in form if spec.kind == "opinions"), None)
        self._photo = next((spec.key for spec in form if spec.kind == "image"), None)
        self._known: dict[str, tuple[str, ...]] = {}
        self._learn()
        heads = {label[0] for label in self._known}
        # any other first character cannot begin a label: most values are turned away by one look-up
        self._heads = heads | set('0123456789０１２３４５６７８９一二三四五六七八九十(（[【〔〈《<*＊★☆※_"“·.:：')
        self._seen: dict[str, tuple[str, ...]] = {}
        self.in_text = _pattern(self._known)

    def _learn(self) -> None:
        for spec in self.form:
            if spec.kind == "opinions":
                for name, label in zip(OPINIONS, spec.aliases, strict=False):
                    self._known.setdefault(fold_label(label), (f"{spec.key}.{name}",))
                continue
            names = (spec.label, *spec.aliases, spec.roster_label or spec.label, *spec.roster_aliases)
            for name in names:
                self._known.setdefault(fold_label(name), (spec.key,))
        for first, second in permutations(self.lists, 2):
            firsts, seconds = self._names(first), self._names(second)
            for name in (a + joiner + b for a in firsts for b in seconds for joiner in _JOINERS):
                self._known.setdefault(fold_label(name), (first, second))
        for name in _OTHERS.split():
            self._known.setdefault(name, (PASSED_OVER,))

    def _names(self, key: str) -> set[str]:
        spec = self.form[key]
        return {spec.label, *spec.aliases, *spec.roster_aliases, spec.roster_label or spec.label}

    def keys_of(self, text: str) -> tuple[str, ...] | None:
        """The fields whose label this text is (two for a joint label), (PASSED_OVER,) for others' labels, None for no label."""
        if found := self._seen.get(text):
            return found
        found = self._find(text)
        if found and len(self._seen) < _KEPT:  # labels come again in every form, values do not
            self._seen[text] = found
        return found

    def _find(self, text: str) -> tuple[str, ...] | None:
        if len(text) > 4 * _LABEL_LENGTH:
            return None
        bare = "".join(text.split())
        if not bare or len(bare) > _LABEL_LENGTH:
            return None
        if found := self._known.get(bare):
            return found
        if bare[0] not in self._heads:
            if "意" not in bare and not _PHOTO.search(bare):
                return None
        elif _FIGURES.fullmatch(bare) or not (_NOISE.search(bare) or bare[-1] in _TELLING_ENDS or _PHOTO.search(bare)):
            return None  # folding would change nothing, and nothing else makes a label of it
        return self._look_closer(text, bare)

    def _look_closer(self, text: str, bare: str) -> tuple[str, ...] | None:
        folded = fold_label(text)
        if found := self._known.get(folded):
            for hint in _BRACKETED.findall(bare):  # 联系电话（手机）is a mobile number
                inner = self._known.get(fold_label(hint))
                if inner and inner != found and len(inner) == 1 and self._alike(inner[0], found[0]):
                    return inner
            return found
        if found := self._known.get(_TRAILING_HINT.sub("", folded)):
            return found
        if self._opinions and folded.endswith(_OPINION_TAIL) and not folded.startswith(_NO_LABEL_HEAD):
            return self._opinion(folded)
        if self._photo and len(bare) <= 24 and _PHOTO.search(bare):
            return (self._photo,)
        return None

    def _alike(self, key: str, other: str) -> bool:
        """Whether two fields are of one kind; a declared one is like every undeclared. 姓名（性别） stays a name."""
        kinds = [self.kinds.get(name, "").replace("mobile", "phone") for name in (key, other)]
        return bool(kinds[0]) and (kinds[0] == kinds[1] or not kinds[1])

    def _opinion(self, folded: str) -> tuple[str, ...] | None:
        """Which of the three opinions a label asks for."""
        if any(word in folded for word in ("领导小组", "评审", "认定", "审定", "组委会")):
            return (f"{self._opinions}.leading_group",)
        if any(word in folded for word in ("推荐", "主管", "工会", "协会", "区县", "申报单位")):
            return (f"{self._opinions}.unit",)
        if any(word in folded for word in ("所在", "单位", "企业", "公司", "用人")):
            return (f"{self._opinions}.employer",)
        return (PASSED_OVER,) if folded.endswith(("部门意见", "审核意见", "审批意见")) else None

    def sublabel(self, line: str) -> tuple[str, str] | None:
        """(list's key, rest of the line) where a line of a joint cell begins with the label of one of the lists."""
        head, colon, rest = line.partition("：") if "：" in line[:24] else line.partition(":")
        if not colon or len(head) > 24:
            head, _, rest = line.strip().partition(" ")
        keys = self.keys_of(head)
        if keys is None and not colon:
            head, rest = line, ""
            keys = self.keys_of(head)
        return (keys[0], rest) if keys and len(keys) == 1 and keys[0] in self.lists else None


def _pattern(known: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    """Labels with a colon in running text, at the beginning of a line or after a gap; white space within them allowed."""
    words = sorted(known, key=len, reverse=True)
    names = "|".join(r"\s*".join(map(re.escape, word)) for word in words if len(word) <= 12)
    return re.compile(
        rf"(?:^|(?<=[\s，,；;|]))(?:[（(]?[一二三四五六七八九十\d]{{1,3}}[、.．)）])?\s*"
        rf"(?P<label>{names}|[^\s:：]{{2,30}}意\s*见)\s*(?:[(（][^()（）]{{0,40}}[)）])?\s*[:：]"
    )


_MADE: dict[int, Labels] = {}


def labels_of(form: FormSpec) -> Labels:
    """The labels of this form, made once for each form object (a form holds mappings and cannot be hashed)."""
    made = _MADE.get(id(form))
    if made is None or made.form is not form:
        if len(_MADE) > 32:
            _MADE.clear()
        made = _MADE[id(form)] = Labels(form)
    return made


def opinion_keys(form: FormSpec) -> Iterator[str]:
    """`opinions.employer`, … in the order of the paper."""
    for spec in form:
        if spec.kind == "opinions":
            yield from (f"{spec.key}.{name}" for name in OPINIONS)
