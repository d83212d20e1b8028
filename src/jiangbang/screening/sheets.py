"""Finding sheets: what the screening found of one dossier, or of all dossiers of a unit, as a paper to be printed, signed and filed.

Clause by clause: the verdict, the facts that it read, who ruled and why, who waived it; then the findings of the papers, how it came
about, and the conclusion. Notes for colleagues are not on it. The papers are Chinese, as the letter is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.kernel.quotas import quota_line
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import label_of, told, unit_name
from jiangbang.papers.paper import Block, Facts, Heading, NewPage, Paper, Table, TableColumn, Text
from jiangbang.programme.models import Edition
from jiangbang.register.entry_types import ENTRY_TYPES
from jiangbang.register.models import Entry
from jiangbang.register.queries import entries, head
from jiangbang.screening import pages
from jiangbang.screening.lists_models import ListMatch
from jiangbang.screening.lists_pages import MatchLine, match_lines
from jiangbang.screening.models import Screening
from jiangbang.screening.pages import ClauseLine, RulingLine
from jiangbang.screening.standings import Standings, standings_of

# Looks and downloads say nothing of how the verdict came about.
NOT_ON_THE_SHEET = ("value.revealed", "file.downloaded")
# Dossiers whose values are unsealed at a time.
PORTION = 100


@dataclass(frozen=True, slots=True)
class _Case:
    """One dossier with all that its sheet says."""

    screening: Screening
    dossier: Dossier
    stands: Standings
    happened: Sequence[Entry]
    people: Mapping[str, str]
    listed: Sequence[MatchLine]


def dossier_sheet(screening: Screening, *, at: datetime | None = None) -> Paper:
    """The finding sheet of one dossier. Eight queries. `at`: when it is printed."""
    edition = screening.edition
    with translation.override("zh-hans"):
        (case,) = _cases([screening])
        title = _("Finding sheet of the screening")
        return Paper(
            f"{edition.name}\n{title}", tuple(_blocks(case, edition.spec)), kind=title, foot=_foot(edition, at)
        )


def unit_sheet(edition: Edition, unit: UnitSpec, *, at: datetime | None = None) -> Paper:
    """One table of all dossiers of a unit in screening, then the sheet of each on its own page."""
    found = screenings(edition, unit_code=unit.code)
    with translation.override("zh-hans"):
        title, own = _("Findings of the screening by unit"), _("Finding sheet of the screening")
        cases = [case for start in range(0, len(found), PORTION) for case in _cases(found[start : start + PORTION])]
        blocks: list[Block] = [*_overview(cases, unit)]
        for case in cases:
            blocks += [NewPage(own), *_blocks(case, edition.spec)]
        return Paper(f"{edition.name}\n{title}", tuple(blocks), kind=title, foot=_foot(edition, at))


def screenings(edition: Edition, **wanted: Any) -> list[Screening]:
    """The edition's screenings that fit, with what a sheet needs, in the order in which the papers name the people. One query."""
    found = Screening.objects.filter(edition=edition, **wanted).select_related(*_AT_HAND)
    rows = list(found.order_by("revision__packet__sequence", F("revision__roster_row").asc(nulls_last=True), "pk"))
    for one in rows:
        # known already: the edition's document is large, and the same for all
        one.edition = one.dossier.edition = edition
    return rows


_AT_HAND = (
    "screener",
    "concluded_by",
    "confirmed_by",
    "dossier__person",
    "dossier__accepted_revision__person",
    "dossier__accepted_revision__packet",
)


def _cases(found: Sequence[Screening]) -> list[_Case]:
    stands = standings_of([one.dossier for one in found])
    happened: dict[str, list[Entry]] = {one.dossier.subject: [] for one in found}
    rows = entries().filter(subject__in=happened).exclude(type__in=NOT_ON_THE_SHEET).order_by("index")
    for entry in rows:
        happened[entry.subject].append(entry)
    listed: dict[Any, list[ListMatch]] = {one.pk: [] for one in found}
    dossiers = {one.pk: one.dossier for one in found}
    matches = ListMatch.objects.filter(dossier__in=listed, in_force=True).select_related("row__name_list", "decided_by")
    for match in matches.order_by("kind", "-score", "pk"):
        match.dossier = dossiers[match.dossier_id]
        listed[match.dossier_id].append(match)
    acting = {entry.actor.partition(":")[2] for of_one in happened.values() for entry in of_one}
    people = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=acting)}
    return [
        _Case(
            one,
            one.dossier,
            stands[one.dossier.pk],
            happened[one.dossier.subject],
            people,
            match_lines(listed[one.pk], one.edition.spec),
        )
        for one in found
    ]


def _foot(edition: Edition, at: datetime | None) -> str:
    """When it was printed, and how far the register had come: what the sheet says can be checked against it."""
    moment = (at or timezone.now()).astimezone(edition.zone)
    printed = _("printed %(at)s · register up to entry %(size)s")
    return printed % {"at": f"{moment:%Y-%m-%d %H:%M}", "size": head().size}


# -- one dossier ---------------------------------------------------------------------------------------------------------


def _blocks(case: _Case, spec: EditionSpec) -> Iterable[Block]:
    groups = pages.clause_groups(case.dossier, case.stands, spec)
    clauses = [clause for group in groups for clause in group.clauses]
    yield Facts(_heads(case, spec), pairs=2)
    yield Heading(_("1. Conclusion"))
    yield Text(conclusion(case.screening, case.stands))
    yield Heading(_("2. Clause by clause"))
    yield _clause_table(clauses, {clause.code: kind_word(clause.kind) for clause in spec.clauses})
    yield Heading(_("3. Evidence asked for, waivers and other rulings"))
    yield from _ruling_table(clauses)
    yield Heading(_("4. Findings of the papers"))
    yield from _findings(case.dossier)
    yield Heading(_("5. Priority marks and earlier titles by the lists"))
    yield from _listed(case, spec)
    yield Heading(_("6. How it came about"))
    yield from _history(case)
    signed = (_("Screener (signature)"), _("Second person (signature)"))
    yield Text("")
    yield Facts(tuple((label, "\n") for label in signed), pairs=2)


def _heads(case: _Case, spec: EditionSpec) -> tuple[tuple[str, str], ...]:
    dossier, screening, revision = case.dossier, case.screening, case.dossier.accepted_revision
    paper = ""
    if revision is not None:
        paper = _("%(packet)s, revision %(number)s") % {"packet": revision.packet.number, "number": revision.number}
    return (
        (_("Name"), dossier.name or "—"),
        (_("Recommending unit"), unit_name(spec.unit(dossier.unit_code))),
        (_("Employer and position"), dossier.employer or "—"),
        (_("Industry class"), dossier.industry_class or "—"),
        (_("Paper"), paper or "—"),
        (_("Screener"), str(screening.screener or "—")),
        (_("Concluded by"), _who(screening.concluded_by, screening.concluded_at)),
        (_("Confirmed by"), str(screening.confirmed_by or "—")),
    )


def _who(user: User | None, at: datetime | None) -> str:
    return f"{user} {day_and_time(at)}" if user and at else "—"


def day_and_time(at: datetime) -> str:
    """A moment as papers write it, on the house's clock."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def conclusion(screening: Screening, stands: Standings) -> str:
    """What was concluded, in a sentence; what is still missing, where nothing was."""
    answer, because = stands.eligibility.answer, "、".join(stands.eligibility.because)
    if screening.state == Screening.State.ELIGIBLE:
        return _("Eligible: the conditions are met.")
    if screening.state == Screening.State.NOT_ELIGIBLE:
        return _("Not eligible: %(clauses)s not met.") % {"clauses": because or "—"}
    if screening.state == Screening.State.SECOND:
        return _("Not concluded: a second person has to confirm what was said first.")
    if answer == "open":
        return _("Not concluded; still open: %(clauses)s.") % {"clauses": because}
    if answer == "eligible":
        return _("Not concluded; as the clauses stand: eligible.")
    return _("Not concluded; as the clauses stand: not eligible because of %(clauses)s.") % {"clauses": because}


def verdict_word(value: str) -> str:
    """A clause's verdict in a word."""
    words = {"met": _("met"), "not_met": _("not met"), "open": _("open"), "waived": _("waived")}
    return words.get(value, value)


def kind_word(kind: str) -> str:
    """How a clause of this kind counts, in a word."""
    words = {"general": _("must be met"), "one_of": _("at least one of them"), "exclusion": _("exclusion")}
    return words.get(kind, kind)


def _clause_table(clauses: Iterable[ClauseLine], kinds: Mapping[str, str]) -> Table:
    columns = (
        TableColumn(_("Clause"), 9, "center"),
        TableColumn(_("Condition"), 34),
        TableColumn(_("Verdict"), 10, "center"),
        TableColumn(_("Facts read"), 26),
        TableColumn(_("By whom, and why"), 34),
    )
    return Table(columns, tuple(_clause_row(kinds[clause.code], clause) for clause in clauses))


def _clause_row(kind: str, clause: ClauseLine) -> tuple[str, ...]:
    facts = "\n".join(f"{fact.label}：{fact.value}" for fact in clause.facts)
    return (
        clause.code,
        f"{clause.text}\n（{clause.source}；{kind}）",
        verdict_word(clause.state),
        facts or "—",
        _by_whom(clause),
    )


def _by_whom(clause: ClauseLine) -> str:
    """Who decided the clause as it stands: the facts alone, or a person with a reason."""
    if clause.stale:
        return _("A fact has changed since this was ruled on; it is open again.")
    if clause.waiting is not None:
        words = {"who": clause.waiting.who, "value": verdict_word(clause.waiting.value)}
        return _("%(who)s has ruled “%(value)s”; a second person has not confirmed it yet.") % words
    if not clause.ruled:
        return _("Decided by the facts.")
    return _ruling_words(clause.rulings[0])


def _ruling_words(ruling: RulingLine) -> str:
    lines = [f"{ruling.who} {day_and_time(ruling.at)}"]
    if ruling.reason:
        lines.append(_("Reason: %(reason)s") % {"reason": ruling.reason})
    if ruling.second:
        lines.append(_("Confirmed by %(name)s") % {"name": ruling.second})
    return "\n".join(lines)


def ruled_word(value: str) -> str:
    """What somebody ruled, in a word: an open clause is one for which evidence was asked."""
    return _("evidence asked for") if value == "open" else verdict_word(value)


def _ruling_table(clauses: Iterable[ClauseLine]) -> Iterable[Block]:
    found = [ruling for clause in clauses for ruling in clause.rulings]
    if not found:
        yield Text(_("None: every clause was decided by the facts."))
        return
    columns = (
        TableColumn(_("Time"), 18),
        TableColumn(_("Clause"), 9, "center"),
        TableColumn(_("Ruled"), 14, "center"),
        TableColumn(_("By"), 14),
        TableColumn(_("Reason"), 44),
        TableColumn(_("Second person"), 14),
    )
    rows = [
        (
            day_and_time(one.at),
            one.clause,
            ruled_word(one.value),
            one.who,
            one.reason or "—",
            _("awaited") if one.waits else one.second or "—",
        )
        for one in sorted(found, key=lambda one: (one.at, one.pk))
    ]
    yield Table(columns, tuple(rows))


def _findings(dossier: Dossier) -> Iterable[Block]:
    revision = dossier.accepted_revision
    found = [one for one in told(revision.found) if not one.code.startswith("clause.")] if revision else []
    if not found:
        yield Text(_("Nothing was found wanting in the papers."))
        return
    severities = {"block": _("to be mended"), "warn": _("to be looked at"), "note": _("note")}
    columns = (TableColumn(_("Grade"), 14, "center"), TableColumn(_("Finding"), 70), TableColumn(_("Place"), 30))
    yield Table(columns, tuple((severities[one.severity], one.message, one.where or "—") for one in found))


def _listed(case: _Case, spec: EditionSpec) -> Iterable[Block]:
    """What imported lists say of employer and person, and what a person decided on it."""
    if not case.listed:
        yield Text(_("No list names this person or the employer."))
        return
    kinds = {one.key: label_of(one) for one in spec.priorities}
    kinds |= {one.key: label_of(one) for one in spec.earlier_titles}
    columns = (
        TableColumn(_("Mark or title"), 26),
        TableColumn(_("As the list has it"), 40),
        TableColumn(_("Found by"), 16, "center"),
        TableColumn(_("Taken to be so"), 12, "center"),
        TableColumn(_("By whom, and why"), 30),
    )
    rows = []
    for line in case.listed:
        said = [part for part in (line.name, line.row_employer, str(line.year or ""), line.list_title) if part]
        by = [part for part in (line.who, day_and_time(line.at) if line.at else "", line.reason) if part]
        way = line.way if line.sure else f"{line.way} {line.score}"
        rows.append(
            (
                kinds.get(line.kind, line.kind),
                "，".join(said),
                way,
                _("yes") if line.counts else _("to be decided") if line.waits else _("no"),
                "\n".join(by) or "—",
            )
        )
    yield Table(columns, tuple(rows))


def _history(case: _Case) -> Iterable[Block]:
    columns = (
        TableColumn(_("Entry"), 10, "right"),
        TableColumn(_("Time"), 20),
        TableColumn(_("What"), 44),
        TableColumn(_("Who"), 20),
    )
    rows = [
        (
            str(entry.index),
            day_and_time(entry.at),
            _happened(entry),
            case.people.get(entry.actor, entry.actor),
        )
        for entry in case.happened
    ]
    yield Table(columns, tuple(rows))


def _happened(entry: Entry) -> str:
    says = str(ENTRY_TYPES[entry.type].says) if entry.type in ENTRY_TYPES else entry.type
    clause, value = entry.facts.get("clause"), entry.facts.get("value")
    if clause and value:
        return f"{says}：{clause} {ruled_word(str(value))}"
    return says


# -- all of a unit -------------------------------------------------------------------------------------------------------


def _overview(cases: Sequence[_Case], unit: UnitSpec) -> Iterable[Block]:
    states = [case.screening.state for case in cases]
    line = quota_line(unit, len(cases))
    wanted = f"{line.minimum}–{line.maximum}" if 0 < line.minimum < line.maximum else str(line.maximum)
    eligible, not_eligible = states.count("eligible"), states.count("not_eligible")
    yield Facts(
        (
            (_("Recommending unit"), unit_name(unit)),
            (_("Quota"), f"{wanted}（{_('at most') if unit.hard else _('generally')}）"),
            (_("In screening"), str(len(cases))),
            (_("Eligible"), str(eligible)),
            (_("Not eligible"), str(not_eligible)),
            (_("Not concluded"), str(len(cases) - eligible - not_eligible)),
        ),
        pairs=3,
    )
    if not cases:
        yield Text(_("Nobody of this unit is in screening."))
        return
    columns = (
        TableColumn(_("No."), 7, "center"),
        TableColumn(_("Name"), 14),
        TableColumn(_("Employer and position"), 38),
        TableColumn(_("Conclusion"), 16, "center"),
        TableColumn(_("Rests on"), 16),
        TableColumn(_("Waived"), 12),
        TableColumn(_("By"), 20),
    )
    yield Text("")
    yield Table(columns, tuple(_overview_row(number, case) for number, case in enumerate(cases, 1)))


def _overview_row(number: int, case: _Case) -> tuple[str, ...]:
    screening = case.screening
    waived = [one.clause for one in case.stands.clauses if one.value == "waived"]
    by = [str(one) for one in (screening.concluded_by, screening.confirmed_by) if one is not None]
    return (
        str(number),
        case.dossier.name or "—",
        case.dossier.employer or "—",
        str(Screening.State(screening.state).label),
        " ".join(case.stands.eligibility.because) or "—",
        " ".join(waived) or "—",
        "\n".join(by) or "—",
    )
