"""The cross-check of a whole packet: forms against roster, duplicates, quota, clauses. Pure: no files, no clock, no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from jiangbang.kernel.edition import EditionSpec, UnitSpec
from jiangbang.kernel.form import Record
from jiangbang.kernel.quotas import quota_line
from jiangbang.papers.clause_verdicts import ClauseVerdict, clause_findings, decide
from jiangbang.papers.comparison import differing_fields, is_nothing
from jiangbang.papers.facts import facts_of
from jiangbang.papers.findings import Finding, Language
from jiangbang.papers.form_checks import check_record
from jiangbang.papers.matching import Matches, identity_of, match_rows
from jiangbang.papers.packet_name import check_name
from jiangbang.papers.reading import FormReading, Member, RosterReading, RosterRow
from jiangbang.papers.roster_rows import row_place

__all__ = ["ClauseVerdict", "JudgedDossier", "Judgement", "PacketInfo", "PacketVerdict", "judge"]

PacketVerdict = Literal["clean", "blocked", "unreadable"]
# Codes that say of a file that it could not be read.
UNREAD = frozenset(
    {"packet.member_unreadable", "packet.encrypted", "packet.macro", "packet.too_large", "form.layout_unknown"}
)


@dataclass(frozen=True, slots=True)
class PacketInfo:
    """The packet as it came in: file name, SHA-256 in hex, its members."""

    file_name: str
    sha256: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class JudgedDossier:
    """One person of the packet. `source` is None for a roster row that came without a form."""

    source: str | None
    record: Record
    roster_row: int | None
    findings: tuple[Finding, ...]
    verdicts: tuple[ClauseVerdict, ...]

    @property
    def clean(self) -> bool:
        """True when nothing blocks this dossier."""
        return not any(finding.severity == "block" for finding in self.findings)

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """The dossier as `packet check --json` prints it."""
        return {
            "source": self.source,
            "record": self.record,
            "roster_row": self.roster_row,
            "findings": [finding.as_json(language) for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that can be said about a packet before a person looks at it."""

    packet: PacketInfo
    unit: UnitSpec | None
    edition: str
    dossiers: tuple[JudgedDossier, ...]
    roster_source: str | None
    roster_rows: tuple[RosterRow, ...]
    findings: tuple[Finding, ...]
    verdict: PacketVerdict

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """The document that `packet check --json` prints. `roster.rows` counts the people in the roster."""
        return {
            "packet": {
                "sha256": self.packet.sha256,
                "unit": self.unit.name if self.unit else None,
                "edition": self.edition,
                "members": [asdict(member) for member in self.packet.members],
            },
            "dossiers": [dossier.as_json(language) for dossier in self.dossiers],
            "roster": {"source": self.roster_source, "rows": len(self.roster_rows)} if self.roster_source else None,
            "findings": [finding.as_json(language) for finding in self.findings],
            "verdict": self.verdict,
        }


def judge(
    packet: PacketInfo,
    forms: Sequence[FormReading],
    rosters: Sequence[RosterReading],
    findings: Sequence[Finding],
    *,
    edition: EditionSpec,
    unit: UnitSpec | None,
    recommended_elsewhere: Callable[[str], str | None] = lambda _: None,
    already_counted: int = 0,
    declared: Mapping[str, Mapping[str, object]] | None = None,
) -> Judgement:
    """Judge what was read from a packet.

    `findings` are the packet's own (archive, members). `recommended_elsewhere` gives the unit that already recommends this
    identity number in the edition, or None. `already_counted` people of the unit, not in this packet, count toward its
    quota. `declared` holds the facts that the unit declared, by identity number.
    """
    filled = [form for form in forms if not _is_blank(form)]
    roster = _merge(rosters)
    case = _Case(edition, filled, roster, recommended_elsewhere, declared or {})
    dossiers = case.dossiers()
    own = [*findings, *roster.findings, *case.packet_findings(findings)]
    own += [_unexpected(form.source) for form in forms if _is_blank(form)]
    own += check_name(packet.file_name, edition, unit)
    own += _quota_findings(unit, dossiers, already_counted)
    return Judgement(
        packet=packet,
        unit=unit,
        edition=edition.slug,
        dossiers=dossiers,
        roster_source="、".join(dict.fromkeys(one.source for one in rosters if _was_read(one))) or None,
        roster_rows=tuple(placed.row for placed in roster.rows),
        findings=tuple(own),
        verdict=_verdict(filled, roster, dossiers, own),
    )


# -- rosters ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _PlacedRow:
    """A row, the file it stands in, and what was odd about it."""

    row: RosterRow
    source: str
    findings: tuple[Finding, ...]

    def place(self, label: str | None = None) -> str:
        return row_place(self.source, self.row, label)


@dataclass(frozen=True, slots=True)
class _Roster:
    """All rosters of a packet as one; `findings` belong to no row. `complete`: there was one, and all were read."""

    rows: tuple[_PlacedRow, ...]
    findings: tuple[Finding, ...]
    sent: bool
    complete: bool


def _was_read(roster: RosterReading) -> bool:
    """An empty roster was read too; one that was refused has a finding and no rows."""
    return bool(roster.rows) or not roster.findings


def _merge(rosters: Sequence[RosterReading]) -> _Roster:
    """Several rosters add up. One that repeats another's people word for word (Excel and Word of it) adds nothing; one that
    says something else about them is a finding: nobody can tell which counts."""
    rows: list[_PlacedRow] = []
    findings: list[Finding] = []
    known: dict[str, _PlacedRow] = {}
    for roster in rosters:
        placed = _place_rows(roster)
        of_rows = {one.place() for one in placed}
        findings += [finding for finding in roster.findings if _row_of(finding) not in of_rows]
        keys = [_person_key(one.row.record) for one in placed]
        rivals = {known[key].source for key, one in zip(keys, placed, strict=True) if _contradicts(known.get(key), one)}
        if rivals:
            sources = [*sorted(rivals), roster.source]
            params: dict[str, str | int] = {"count": len(sources), "sources": "、".join(sources)}
            findings.append(Finding("duplicate.in_packet", where=roster.source, params=params))
        rows += [one for key, one in zip(keys, placed, strict=True) if key not in known]
        known.update({key: one for key, one in zip(keys, placed, strict=True) if key and key not in known})
    return _Roster(tuple(rows), tuple(findings), bool(rosters), bool(rosters) and all(map(_was_read, rosters)))


def _contradicts(known: _PlacedRow | None, row: _PlacedRow) -> bool:
    return known is not None and known.row.record != row.row.record


def _person_key(record: Record) -> str:
    return identity_of(record) or str(record.get("name") or "")


def _place_rows(roster: RosterReading) -> list[_PlacedRow]:
    """Each row with the findings whose place begins with the row's."""
    by_place: dict[str, list[Finding]] = defaultdict(list)
    for finding in roster.findings:
        by_place[_row_of(finding)].append(finding)
    return [
        _PlacedRow(row, roster.source, tuple(by_place.get(row_place(roster.source, row), ()))) for row in roster.rows
    ]


def _row_of(finding: Finding) -> str:
    """The row's place in `附件3.xlsx · 第5行 · 身份证号`."""
    return (finding.where or "").rpartition(" · ")[0]


# -- people ----------------------------------------------------------------------------------------------------------------


class _Case:
    """One packet under judgement: forms and rows matched, then judged one by one."""

    def __init__(
        self,
        edition: EditionSpec,
        forms: Sequence[FormReading],
        roster: _Roster,
        recommended_elsewhere: Callable[[str], str | None],
        declared: Mapping[str, Mapping[str, object]],
    ) -> None:
        self._edition = edition
        self._forms = forms
        self._rows = roster.rows
        self._elsewhere = recommended_elsewhere
        self._declared = declared
        self._roster = roster
        self._matches: Matches = match_rows(forms, [placed.row for placed in roster.rows])
        self._absent = _absent_columns(roster.rows)
        self._same: dict[str, list[str]] = defaultdict(list)
        for form in forms:
            if number := identity_of(form.record):
                self._same[number].append(form.source)

    def dossiers(self) -> tuple[JudgedDossier, ...]:
        """The forms in the packet's order, then the rows without a form in the roster's."""
        judged = [self._judge_form(index, form) for index, form in enumerate(self._forms)]
        judged += [self._judge_row(index) for index in self._matches.left_over]
        return tuple(judged)

    def packet_findings(self, given: Sequence[Finding]) -> list[Finding]:
        """`roster.missing`, unless a roster is there and only could not be read."""
        if self._roster.sent or not self._forms or any(_speaks_of_roster(finding) for finding in given):
            return []
        return [Finding("roster.missing")]

    def _judge_form(self, index: int, form: FormReading) -> JudgedDossier:
        row_index = self._matches.row_of.get(index)
        placed = self._rows[row_index] if row_index is not None else None
        number = placed.row.number if placed else None
        if not _has_values(form.record):
            # the row says whose unreadable form this is, so that the corrected packet finds the dossier
            known = {**form.record, **placed.row.record} if placed else form.record
            return JudgedDossier(form.source, known, number, form.findings, ())
        record = self._completed(form.record, placed)
        findings = _once(form.findings, self._check(record, form.source))
        findings += self._row_findings(form, placed, findings) if placed else self._without_row(form)
        findings += self._duplicates(record, row_index, form.source)
        verdicts = decide(self._edition, facts_of(record, self._edition, self._declared.get(identity_of(record))))
        findings += clause_findings(self._edition, verdicts, where=form.source)
        return JudgedDossier(form.source, record, number, tuple(findings), verdicts)

    def _check(self, record: Record, source: str) -> tuple[Finding, ...]:
        return check_record(record, self._edition.form, source=source, industry_classes=self._edition.industry_classes)

    def _completed(self, record: Record, placed: _PlacedRow | None) -> Record:
        """What only the roster prints (专业领域, 备注) belongs to the person's record."""
        if placed is None:
            return record
        only_there = {
            spec.key: placed.row.record.get(spec.key)
            for spec in self._edition.form.roster_fields
            if not spec.on_form and not record.get(spec.key)
        }
        return {**record, **only_there}

    def _row_findings(self, form: FormReading, placed: _PlacedRow, found: Sequence[Finding]) -> list[Finding]:
        """What is odd about the row itself, and each field on which form and row disagree."""
        faulty = {finding.field for finding in found if finding.field and finding.code.startswith("field.")}
        if form.record.get("id_number"):
            # of two numbers, the malformed one is the likelier slip: the unit is told where the other stands
            faulty.discard("id_number")
        row_findings = [finding for finding in placed.findings if finding.field not in faulty]
        skip = frozenset({*faulty, *(finding.field or "" for finding in placed.findings), *self._absent[placed.source]})
        differing = differing_fields(
            form.record, placed.row, self._edition.form, skip=skip, classes=self._edition.industry_classes
        )
        for spec in differing:
            where = f"{form.source} ↔ {placed.place(spec.roster_label or spec.label)}"
            params = {"label": spec.label, "label_en": spec.label_en}
            row_findings.append(Finding("roster.mismatch", field=spec.key, where=where, params=params))
        return row_findings

    def _without_row(self, form: FormReading) -> list[Finding]:
        """Only where every roster was read: a missing or unreadable one is said once, for the packet."""
        if not self._roster.complete:
            return []
        return [Finding("roster.form_without_row", where=form.source, params={"name": _name(form.record, form.source)})]

    def _duplicates(self, record: Record, row_index: int | None, where: str) -> list[Finding]:
        """The same identity number in another form or row of the packet, or with another unit of the edition."""
        number = identity_of(record)
        places = self._same[number] if number and len(self._same[number]) > 1 else []
        repeats = self._matches.repeated.get(row_index, []) if row_index is not None else []
        if row_index is not None and repeats:
            places = [*places, *(self._rows[index].place() for index in (row_index, *repeats))]
        findings = []
        if places:
            params: dict[str, str | int] = {"count": len(places), "sources": "、".join(places)}
            findings.append(Finding("duplicate.in_packet", field="id_number", where=where, params=params))
        other = self._elsewhere(str(record["id_number"])) if number else None
        if other:
            findings.append(Finding("duplicate.in_edition", field="id_number", where=where, params={"unit": other}))
        return findings

    def _judge_row(self, index: int) -> JudgedDossier:
        """A row without a form: nothing else is known of this person, so no clause is decided."""
        placed = self._rows[index]
        record = {**self._edition.form.empty_record(), **placed.row.record}
        name = {"name": _name(record, placed.place())}
        findings = [Finding("roster.row_without_form", where=placed.place(), params=name), *placed.findings]
        findings += self._duplicates(record, index, placed.place())
        return JudgedDossier(None, record, placed.row.number, tuple(findings), ())


def _once(first: Sequence[Finding], second: Sequence[Finding]) -> list[Finding]:
    """Both, without a second finding of one code on one field."""
    said = {(finding.code, finding.field) for finding in first}
    return [*first, *(finding for finding in second if (finding.code, finding.field) not in said)]


def _absent_columns(rows: Sequence[_PlacedRow]) -> Mapping[str, frozenset[str]]:
    """By file: the fields that no row of it fills. A column that is not there disagrees with nothing."""
    filled: dict[str, set[str]] = defaultdict(set)
    keys: dict[str, set[str]] = defaultdict(set)
    for placed in rows:
        keys[placed.source].update(placed.row.record)
        filled[placed.source].update(key for key, value in placed.row.record.items() if not is_nothing(value))
    return {source: frozenset(keys[source] - filled[source]) for source in keys}


def _has_values(record: Record) -> bool:
    return any(value not in (None, "", []) for key, value in record.items() if key not in ("opinions", "photo"))


def _is_blank(form: FormReading) -> bool:
    """An empty print of the form, sent along: no person, and nothing wrong with the file."""
    return not _has_values(form.record) and not form.findings and form.record.get("photo") is None


def _name(record: Record, otherwise: str) -> str:
    return str(record.get("name") or otherwise)


def _unexpected(source: str) -> Finding:
    return Finding("packet.member_unexpected", where=source, params={"name": source})


def _speaks_of_roster(finding: Finding) -> bool:
    """A member that could not be read and is called a roster."""
    told = f"{finding.where or ''} {finding.params.get('name', '')}"
    return finding.code in UNREAD and ("汇总" in told or "附件3" in told or "附件三" in told)


# -- the packet ------------------------------------------------------------------------------------------------------------


def _quota_findings(
    unit: UnitSpec | None, dossiers: Sequence[JudgedDossier], already_counted: int
) -> tuple[Finding, ...]:
    """L-3: people count once, with or without a form; "at most" blocks, "generally" and "about" warn."""
    if unit is None or not dossiers:
        return ()
    people = {_person_key(one.record) or one.source for one in dossiers}
    line = quota_line(unit, already_counted + len(people))
    params: dict[str, str | int] = {"unit": unit.name, "unit_en": unit.name_en or unit.name, "count": line.counted}
    if line.state == "over":
        finding = Finding("quota.over_range", params={**params, "limit": line.maximum})
        return (replace(finding, severity_override="block"),) if line.blocks else (finding,)
    if line.state == "under":
        return (Finding("quota.under_range", params={**params, "limit": line.minimum}),)
    return ()


def _verdict(
    forms: Sequence[FormReading], roster: _Roster, dossiers: Sequence[JudgedDossier], findings: Sequence[Finding]
) -> PacketVerdict:
    if not roster.rows and not any(_has_values(form.record) for form in forms):
        return "unreadable"
    blocked = any(finding.severity == "block" for finding in findings) or any(not one.clean for one in dossiers)
    return "blocked" if blocked else "clean"
