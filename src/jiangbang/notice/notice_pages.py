"""What the pages of the notices show: lists of equals by surname strokes, and nothing of a person but name, unit and post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from jiangbang.kernel.names import stroke_key
from jiangbang.kernel.notice import personal_in
from jiangbang.nomination.pages import label_of, language
from jiangbang.notice.notice_models import Notice, NoticeEntry, NoticeRedating, NoticeVersion
from jiangbang.notice.objection_days import today
from jiangbang.papers.fonts import lacking
from jiangbang.papers.letters import letter
from jiangbang.papers.paper import Block, Head, Heading, Paper, Table, TableColumn, Text
from jiangbang.programme.models import Edition
from jiangbang.screening.letters import office_of

State = NoticeEntry.State


@dataclass(frozen=True, slots=True)
class NoticeList:
    """The people of one title, by surname strokes; `struck`: how many were struck from it."""

    label: str
    rows: tuple[NoticeEntry, ...]
    struck: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as it is read. `phase`: draft, coming, standing, over; `versions`: those released, the newest first; `version`: the one
    that is shown; `waiting`: a correction without its second person."""

    notice: Notice
    lists: tuple[NoticeList, ...]
    phase: str
    left: int
    versions: tuple[NoticeVersion, ...]
    version: NoticeVersion | None
    waiting: NoticeVersion | None
    redatings: tuple[NoticeRedating, ...]

    @property
    def changed(self) -> list[tuple[str, str]]:
        """What the waiting correction changes: each line as it is and as it would be."""
        now = {row.pk: f"{row.name}　{row.employer}" for listed in self.lists for row in listed.rows}
        rows = self.waiting.rows if self.waiting else ()
        would = [(row["entry"], f"{row['name']}　{row['employer']}") for row in rows]
        return [(now[key], line) for key, line in would if key in now and now[key] != line]


def notices_of(edition: Edition, *, published: bool = False) -> list[Shown]:
    """The notices of an edition, the newest first. Four queries."""
    rows = Notice.objects.filter(edition=edition).select_related("prepared_by", "published_by", "substitutes__dossier")
    if published:
        rows = rows.filter(published_at__isnull=False)
    found = list(rows.order_by("-number"))
    entries: dict[int, list[NoticeEntry]] = {notice.pk: [] for notice in found}
    for entry in NoticeEntry.objects.filter(notice__in=found):
        entries[entry.notice_id].append(entry)
    versions: dict[int, list[NoticeVersion]] = {notice.pk: [] for notice in found}
    for version in NoticeVersion.objects.filter(notice__in=found).select_related("prepared_by").order_by("-number"):
        versions[version.notice_id].append(version)
    redated: dict[int, list[NoticeRedating]] = {notice.pk: [] for notice in found}
    for one in NoticeRedating.objects.filter(notice__in=found).order_by("pk"):
        redated[one.notice_id].append(one)
    day = today(edition)
    shown = [_shown(notice, edition, entries[notice.pk], versions[notice.pk], day) for notice in found]
    return [replace(one, redatings=tuple(redated[one.notice.pk])) for one in shown]


def as_it_was(shown: Shown, edition: Edition, number: int) -> Shown | None:
    """A notice by an earlier version of its words. Whoever was struck since is not named in it either."""
    version = next((one for one in shown.versions if one.number == number), None)
    if version is None:
        return None
    said = {row["entry"]: row for row in version.rows}
    entries = list(NoticeEntry.objects.filter(notice=shown.notice))
    for entry in entries:
        entry.name, entry.employer = said[entry.pk]["name"], said[entry.pk]["employer"]
    return replace(_shown(shown.notice, edition, entries, shown.versions, today(edition)), version=version)


def _shown(
    notice: Notice, edition: Edition, entries: Sequence[NoticeEntry], versions: Sequence[NoticeVersion], day: date
) -> Shown:
    lists = []
    for title in edition.spec.titles:
        own = [entry for entry in entries if entry.title == title.key]
        standing = sorted((one for one in own if one.state != State.STRUCK), key=lambda one: stroke_key(one.name))
        if own:
            lists.append(NoticeList(label_of(title), tuple(standing), len(own) - len(standing)))
    left = (notice.last_day - day).days if notice.last_day else 0
    released = tuple(one for one in versions if one.released_at is not None)
    waiting = next((one for one in versions if one.released_at is None), None)
    newest = released[0] if released else None
    return Shown(notice, tuple(lists), _phase(notice, day), max(0, left), released, newest, waiting, ())


def _phase(notice: Notice, day: date) -> str:
    if notice.first_day is None or notice.last_day is None:
        return "draft"
    return "coming" if day < notice.first_day else "standing" if day <= notice.last_day else "over"


def unprintable_of(shown: Sequence[Shown]) -> str:
    """The characters of names and units that no font of the house has, to be said before a notice is printed."""
    text = "".join(f"{row.name}{row.employer}" for one in shown for listed in one.lists for row in listed.rows)
    return "、".join(lacking(text))


def doubts_of(shown: Sequence[Shown]) -> dict[int, str]:
    """By entry, what somebody should look at before its line is public: numbers that lead to a person, nothing where a name or unit
    belongs. The first are refused when the notice is published."""
    words = {
        "identity": _("an identity number"),
        "mobile": _("a mobile number"),
        "mail": _("a mail address"),
        "figures": _("figures in a row, perhaps a telephone"),
    }
    found = {}
    for row in (row for one in shown for listed in one.lists for row in listed.rows):
        said = [words[kind] for kind in personal_in(f"{row.name} {row.employer}")]
        said += [_("no name")] if not row.name else []
        said += [_("no unit")] if not row.employer else []
        if said:
            found[row.pk] = "；".join(said) if language() != "en" else "; ".join(said)
    return found


def notice_paper(edition: Edition, shown: Shown) -> Paper:
    """The notice as a letter by GB/T 9704, to be posted or printed: in Chinese, with the term and the ways to object."""
    notice, office = shown.notice, office_of(edition)
    assert notice.first_day is not None
    assert notice.last_day is not None
    assert notice.published_at is not None
    opening = (
        f"经专业评审、征求意见和领导小组审定，现将{edition.name}拟认定人选予以公示（按姓氏笔画为序）。"
        if notice.substitutes_id is None
        else f"{edition.name}公示人选有变动，按候补名单依次递补的人选予以公示。"
    )
    blocks: list[Block] = [Text(opening)]
    for listed in shown.lists:
        columns = (
            TableColumn("序号", 10, "center"),
            TableColumn("姓名", 20, "center"),
            TableColumn("工作单位及职务", 60),
        )
        rows = tuple((str(at), one.name, one.employer) for at, one in enumerate(listed.rows, 1))
        blocks += [Heading(f"{listed.label}（{len(listed.rows)} 名）"), Table(columns, rows)]
    blocks.append(
        Text(
            f"公示时间：{_day(notice.first_day)}至{_day(notice.last_day)}（{notice.days}个工作日）。公示期内，对公示人选有异议的，"
            f"可以书面、电话或者在线方式实名提出，以单位名义提出的应当加盖公章。联系方式：{office['contact']}。"
        )
    )
    blocks += [
        Text(f"公示截止时间由{_day(one.before)}延长至{_day(one.after)}：{one.reason}。") for one in shown.redatings
    ]
    day = _day(notice.published_at.astimezone(edition.zone).date() if edition.spec.clock is None else today(edition))
    title = f"{edition.name}拟认定人选公示" + ("（递补）" if notice.substitutes_id else "")
    return letter(
        title.replace(edition.name, f"{edition.name}\n", 1), blocks, kind="公示", head=Head((office["office"],)),
        signed=(office["office"],), day=day, remark=_proof(shown),
    )  # fmt: skip


def _proof(shown: Shown) -> str:
    """Which version this is, and the register before its release: size and root of its tree (RFC 9162, as in the signed checkpoint)."""
    version = shown.version
    if version is None:
        return ""
    said = f"本公示第{version.number}版" + (f"，更正说明：{version.reason}" if version.reason else "")
    lines = version.checkpoint.splitlines()
    if len(lines) <= 2:
        return said
    # in groups, so that a line can break
    root = " ".join(lines[2][at : at + 11] for at in range(0, len(lines[2]), 11))
    return f"{said}；发布前登记簿共{lines[1]}条，根值 {root}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
