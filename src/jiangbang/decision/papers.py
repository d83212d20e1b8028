"""The resolution (审定决议) and the minutes (会议纪要) as official papers, in Chinese, each with a page for signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from jiangbang.decision.access import rules_of
from jiangbang.decision.models import Attendance, Meeting, MemberRecusal, OpenBallot, Result, Round
from jiangbang.decision.profiles import profile_of
from jiangbang.decision.resolving import Seated, resolved_of
from jiangbang.decision.standing import candidates_of
from jiangbang.kernel.decision import DecisionSpec
from jiangbang.papers.paper import Block, Facts, Head, Heading, NewPage, Paper, Signature, Table, TableColumn, Text
from jiangbang.programme.models import Edition

RESOLUTION: Final = "审定决议"
MINUTES: Final = "会议纪要"
_NUMERALS: Final = "一二三四五六七八九十"
# A title with a longer name breaks behind it, rather than within its last word.
_LONG_NAME: Final = 11


def resolution(result: Result) -> Paper:
    """What was decided: the lists of the result by title, the reserve list, and the signatures."""
    edition, seated = result.edition, resolved_of(result.edition, result)
    meetings = list(Meeting.objects.filter(edition=edition).order_by("number"))
    last = meetings[-1] if meetings else None
    lists = [
        (title.label, [one for one in seated if one.title == title.key and not one.reserve])
        for title in edition.spec.titles
    ]
    lists = [(label, rows) for label, rows in lists if rows]
    counted = "，".join(f"{label} {len(rows)} 名" for label, rows in lists)
    blocks: list[Block] = [
        Text(
            f"{edition.name}领导小组于{_day(last.begins_at if last else result.resolved_at, edition)}召开会议，"
            f"应到成员 {_members(edition)} 人，"
            f"实到 {_there(last)} 人，达到法定人数。会议按照本届认定规则，经{_way(rules_of(edition))}，审定：{counted}。名单如下："
        )
    ]
    for number, (label, rows) in enumerate(lists):
        blocks += [Heading(f"{_NUMERALS[number]}、{label}（{len(rows)} 名）"), _list(rows)]
    reserve = [one for one in seated if one.reserve]
    if reserve:
        blocks += [
            Heading(f"{_NUMERALS[len(lists)]}、候补名单（{len(reserve)} 名）"),
            Text("入选人员被取消资格的，按下列顺序依次递补，递补人选另行公示。"),
            _list(reserve),
        ]
    if result.deviation:
        blocks.append(Text(f"说明：{result.deviation}"))
    blocks += [
        Text("以上结果经社会公示无异议后公布。公示前不得对外透露。"),
        Signature((f"{_organisation(edition)}领导小组", _day(result.resolved_at, edition))),
        NewPage("领导小组到会成员签字"),
        _signatures(list(_attendances(meetings))),
    ]
    breaks = "\n" if len(edition.name) > _LONG_NAME else ""
    return Paper(
        f"关于审定{edition.name}{breaks}结果的决议",
        tuple(blocks),
        kind=RESOLUTION,
        number=result.resolution,
        head=Head((f"{_organisation(edition)}领导小组",)),
        layout="letter",
    )


def minutes(edition: Edition, meeting: Meeting) -> Paper:
    """How it was decided: who was there, who recused himself, each round with its counts."""
    rules = rules_of(edition)
    names = {one.code: one.dossier.name for one in candidates_of(edition)}
    titles = {title.key: title.label for title in edition.spec.titles}
    there = list(_attendances([meeting]))
    blocks: list[Block] = [
        Facts(
            (
                ("会议名称", f"{edition.name}领导小组第 {meeting.number} 次会议"),
                ("时间", _moment(meeting.opened_at or meeting.begins_at, edition)),
                ("地点", meeting.place),
                ("应到成员", f"{_members(edition)} 人"),
                ("实到", f"{len(there)} 人（其中替补 {sum(one.sat_by.substitute for one in there)} 人）"),
            )
        ),
        Heading("一、议程"),
        *(Text(line) for line in meeting.agenda.splitlines() if line.strip()),
        Heading("二、到会人员"),
        _present(there),
        Heading("三、表决规则"),
        Text("；".join(_rules(rules)) + "。"),
        Heading("四、回避"),
        Text(_recusals(there)),
        Heading("五、表决情况"),
    ]
    rounds = list(Round.objects.filter(meeting=meeting).order_by("pk"))
    if not rounds:
        blocks.append(Text("本次会议未进行表决。"))
    for one in rounds:
        blocks += _round(one, titles.get(one.title, one.title), names)
    if (result := Result.objects.filter(edition=edition).first()) is not None:
        blocks += [Heading("六、审定结果"), Text(f"会议形成决议（{result.resolution}），名单见决议。")]
    blocks += [
        Signature((f"{_organisation(edition)}领导小组办公室", _day(meeting.closed_at or meeting.begins_at, edition))),
        NewPage("到会成员签字"),
        _signatures(there),
    ]
    return Paper(
        "",
        tuple(blocks),
        kind=MINUTES,
        number=f"第{meeting.number}次会议",
        head=Head((f"{_organisation(edition)}领导小组", MINUTES), "minutes"),
        layout="letter",
    )


def _organisation(edition: Edition) -> str:
    return edition.name.removesuffix("认定") + "认定工作"


def _list(rows: Sequence[Seated]) -> Table:
    voted = any(one.votes is not None for one in rows)
    columns = [TableColumn("序号", 8, "center"), TableColumn("姓名", 14, "center"), TableColumn("工作单位及职务", 54)]
    if voted:
        columns.append(TableColumn("得票", 10, "center"))
    cells = [
        [str(one.position), one.dossier.name, one.dossier.employer, *([str(one.votes or 0)] if voted else [])]
        for one in rows
    ]
    return Table(tuple(columns), tuple(tuple(row) for row in cells))


def _present(there: Sequence[Attendance]) -> Table:
    columns = (
        TableColumn("单位", 26),
        TableColumn("姓名", 14, "center"),
        TableColumn("职务", 26),
        TableColumn("备注", 20),
    )
    rows = []
    for one in there:
        profile, note = profile_of(one.sat_by), []
        if one.sat_by.substitute:
            note.append(f"替补，代{profile_of(one.seat).name}出席")
        if one.gone_at:
            note.append("中途退席")
        rows.append((one.sat_by.body, profile.name, profile.post, "；".join(note)))
    return Table(columns, tuple(rows))


def _signatures(there: Sequence[Attendance]) -> Table:
    """A line for each to sign on; two empty lines of height for a pen."""
    columns = (TableColumn("单位", 30), TableColumn("姓名", 18, "center"), TableColumn("签字", 34))
    return Table(columns, tuple((one.sat_by.body, profile_of(one.sat_by).name, "\n\u3000") for one in there))


def _round(one: Round, title: str, names: dict[str, str]) -> list[Block]:
    head = (
        f"第 {one.number} 轮（{title}，名额 {one.seats} 名，候选 {len(one.candidates)} 人，{one.get_mode_display()}）"
    )
    if one.state == Round.State.ANNULLED:
        return [Text(f"{head}：作废，选票未开启。理由：{one.reason}")]
    if one.state == Round.State.OPEN:
        return [Text(f"{head}：正在进行。")]
    cast = len(one.ballots) if one.mode == Round.Mode.SECRET else OpenBallot.objects.filter(voter__round=one).count()
    said = f"{head}：发出选票 {one.present} 张，收回 {cast} 张，当选须 {one.outcome.get('needed', 0)} 票。"
    if one.reason:
        said += f"未收回选票按弃权计，理由：{one.reason}。"
    if one.tied:
        said += f"{'、'.join(names.get(code, code) for code in one.tied)}票数相同，另行表决。"
    columns = (
        TableColumn("姓名", 20, "center"),
        TableColumn("得票", 12, "center"),
        TableColumn("回避", 12, "center"),
        TableColumn("结果", 20),
    )
    elected, tied = set(one.elected), set(one.tied)
    rows = tuple(
        (
            names.get(code, code),
            str(number),
            str(one.recused.get(code, "")),
            "当选" if code in elected else "票数相同" if code in tied else "",
        )
        for code, number in one.votes.items()
    )
    return [Text(said), Table(columns, rows)]


def _recusals(there: Sequence[Attendance]) -> str:
    """Names of members and candidates, never the reason: it stays with the declaration."""
    rows = MemberRecusal.objects.filter(member__in=[one.sat_by_id for one in there]).select_related("member", "dossier")
    said = [f"{profile_of(one.member).name}对{one.dossier.name}回避" for one in rows.order_by("member__number")]
    return "；".join(said) + "，未参加对其表决。" if said else "无。"


def _rules(rules: DecisionSpec) -> list[str]:
    own = rules.rules
    base = "到会成员" if own.base == "present" else "全体成员"
    return [
        _way(rules),
        f"到会成员不少于全体成员的 {own.quorum} 方可表决",
        f"得票{'不少于' if own.at_least else '超过'}{base}的 {own.majority} 方可当选，得票多者优先",
        "末位票数相同的" + ("另行表决，最后一轮按评审排名" if own.ties == "runoff" else "按评审排名"),
        f"每个项目最多表决 {own.most_rounds} 轮",
        "回避成员" + ("不计入对该人选表决的基数" if rules.recused == "left_out" else "仍计入对该人选表决的基数"),
    ]


def _way(rules: DecisionSpec) -> str:
    return "无记名投票表决" if rules.mode == "secret" else "记名表决"


def _attendances(meetings: Sequence[Meeting]) -> Sequence[Attendance]:
    rows = Attendance.objects.filter(meeting__in=meetings).select_related("seat", "sat_by")
    once: dict[object, Attendance] = {}
    for one in rows.order_by("seat__number", "pk"):
        once.setdefault(one.sat_by_id, one)
    return list(once.values())


def _members(edition: Edition) -> int:
    """As many as the last round counted, so that a paper does not change when somebody leaves later."""
    last = Round.objects.filter(edition=edition).order_by("pk").last()
    if last is not None:
        return last.members
    return edition.leading_group.filter(substitute=False, left_at__isnull=True).count()


def _there(meeting: Meeting | None) -> int:
    return meeting.attendances.count() if meeting else 0


def _moment(moment: datetime, edition: Edition) -> str:
    return f"{moment.astimezone(edition.zone):%Y年%-m月%-d日 %-H:%M}"


def _day(moment: datetime, edition: Edition) -> str:
    return f"{moment.astimezone(edition.zone):%Y年%-m月%-d日}"
