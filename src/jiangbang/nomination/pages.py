"""What the pages show: values made ready for templates. No template decides anything, no view computes anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from jiangbang.kernel.edition import ClauseSpec, EditionSpec, UnitSpec
from jiangbang.kernel.form import FieldSpec, Record
from jiangbang.kernel.names import mask
from jiangbang.nomination.code_labels import CODE_LABELS
from jiangbang.nomination.models import Dossier, Packet, Revision
from jiangbang.papers.findings import CODES, Finding, Language
from jiangbang.register.models import Entry

SEVERITIES = ("block", "warn", "note")
GENDERS = {"zh": {"male": "男", "female": "女"}, "en": {"male": "male", "female": "female"}}


def language() -> Language:
    """The language of the reader, as findings and labels know it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def label_of(labelled: Any) -> str:
    """The label of a field, clause, fact or stage in the reader's language."""
    return str(labelled.label_en or labelled.label if language() == "en" else labelled.label)


def unit_name(unit: UnitSpec) -> str:
    return unit.name_en or unit.name if language() == "en" else unit.name


def unit_names(spec: EditionSpec) -> dict[str, str]:
    """Names by code, for lists."""
    return {unit.code: unit_name(unit) for unit in spec.units}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in the reader's words."""

    code: str
    severity: str
    message: str
    where: str
    field: str
    clause: str


def told(findings: Iterable[Finding]) -> list[Told]:
    """Findings in the reader's words, the gravest first, else in their own order."""
    words = [
        Told(one.code, one.severity, one.message(language()), one.where or "", one.field or "", one.clause or "")
        for one in findings
    ]
    return sorted(words, key=lambda one: SEVERITIES.index(one.severity))


@dataclass(frozen=True, slots=True)
class Line:
    """One field on the dossier's page. `shown` is a text, a list, or opinions, as `kind` says; a masked value is never whole,
    and empty where nothing of it may be seen."""

    key: str
    label: str
    kind: str
    shown: Any
    masked: bool
    revealed: bool
    findings: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One clause with its verdict and what was read for it."""

    code: str
    label: str
    text: str
    state: str
    read: tuple[str, ...]
    missing: tuple[str, ...]
    waivable: bool


@dataclass(frozen=True, slots=True)
class Conditions:
    """The clauses of one kind, with what the kind asks for."""

    label: str
    clauses: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dossier's revision, made ready."""

    lines: tuple[Line, ...]
    conditions: tuple[Conditions, ...]
    findings: tuple[Told, ...]
    met: int
    open: int
    not_met: int
    mismatches: tuple[Told, ...]


def sheet(revision: Revision, record: Record, spec: EditionSpec, *, revealed: Mapping[str, str] | None = None) -> Sheet:
    """Everything on a dossier's page, fields in the order of the form. `revealed`: values that an act has just unmasked."""
    everything = [one for one in told(revision.found) if not one.code.startswith("clause.")]
    by_field: dict[str, list[Told]] = {}
    for one in everything:
        by_field.setdefault(one.field, []).append(one)
    lines = tuple(
        _line(field_spec, record.get(field_spec.key), tuple(by_field.get(field_spec.key, ())), revealed or {})
        for field_spec in spec.form
        if field_spec.kind != "image"
    )
    placed = {line.key for line in lines}
    states = Counter(stored["value"] for stored in revision.verdicts)
    return Sheet(
        lines,
        conditions(revision, spec),
        tuple(one for one in everything if one.severity != "note" or one.field not in placed),
        states["met"],
        states["open"],
        states["not_met"],
        tuple(one for one in everything if one.code == "roster.mismatch"),
    )


def _line(spec: FieldSpec, value: Any, findings: tuple[Told, ...], revealed: Mapping[str, str]) -> Line:
    open_now = spec.key in revealed
    masked = spec.personal_data == "sensitive" and value not in (None, "") and not open_now
    shown = revealed[spec.key] if open_now else _masked(str(value), spec) if masked else _readable(spec, value)
    return Line(spec.key, label_of(spec), spec.kind, shown, masked, open_now, findings)


def _masked(value: str, spec: FieldSpec) -> str:
    """The house's mask; empty where it leaves nothing of the value, for a row of dots says no more than a word does."""
    masked = mask(value, spec.kind)
    return masked.replace("*", "•") if masked.strip("*") else ""


def _readable(spec: FieldSpec, value: Any) -> Any:
    if value in (None, "", []):
        return ""
    if spec.kind == "gender":
        return GENDERS[language()].get(str(value), value)
    if spec.kind == "month":
        year, _, month = str(value).partition("-")
        return f"{year}年{int(month)}月" if language() == "zh" and month.isdigit() else value
    if spec.key == "years_in_industry":
        return gettext("%(years)s years") % {"years": value}
    if spec.kind == "opinions":
        return [(_opinion_label(key), opinion) for key, opinion in value.items()]
    return value


def _opinion_label(key: str) -> str:
    return {
        "employer": gettext("Opinion of the employer"),
        "unit": gettext("Opinion of the recommending unit"),
        "leading_group": gettext("Opinion of the leading group"),
    }.get(key, key)


def conditions(revision: Revision, spec: EditionSpec) -> tuple[Conditions, ...]:
    """The verdict on every clause, by kind, in the letter's order."""
    verdicts = {stored["clause"]: stored for stored in revision.verdicts}
    facts = {fact.key: label_of(fact) for fact in spec.facts}
    kinds = (
        ("general", gettext("All of these must be met")),
        ("one_of", gettext("At least one of these must be met")),
        ("exclusion", gettext("Not excluded")),
    )
    groups = []
    for kind, label in kinds:
        found = tuple(
            _condition(clause, verdicts[clause.code], facts)
            for clause in spec.clauses
            if clause.kind == kind and clause.code in verdicts
        )
        if found:
            groups.append(Conditions(label, found))
    return tuple(groups)


def _condition(clause: ClauseSpec, stored: Mapping[str, Any], facts: Mapping[str, str]) -> Condition:
    return Condition(
        clause.code,
        label_of(clause),
        clause.text,
        stored["value"],
        tuple(facts.get(key, key) for key in stored["read"]),
        tuple(facts.get(key, key) for key in stored["missing"]),
        clause.waivable,
    )


@dataclass(slots=True)
class Group:
    """Findings about one person or file, the gravest first."""

    title: str
    dossier: Dossier | None
    findings: list[Told] = field(default_factory=list)

    @property
    def grave(self) -> int:
        return min((SEVERITIES.index(one.severity) for one in self.findings), default=len(SEVERITIES))


def finding_groups(packet: Packet, revisions: Iterable[Revision]) -> list[Group]:
    """A packet's findings that ask for something: its own first, then person by person. Clauses stand on the dossiers.

    A person who comes twice in the packet has one group, each finding in it once.
    """
    own = Group(gettext("The packet as a whole"), None, told(packet.found))
    people: dict[Any, Group] = {}
    for revision in revisions:
        title = revision.dossier.name or revision.source
        group = people.setdefault((revision.person_id, title), Group(title, revision.dossier))
        group.findings = _once(
            [*group.findings, *(one for one in _without_clauses(revision) if one.severity != "note")]
        )
    told_of = sorted((group for group in people.values() if group.findings), key=lambda group: group.grave)
    return [own, *told_of] if own.findings else told_of


def _once(findings: Iterable[Told]) -> list[Told]:
    """Findings that say the same are one; its place names the places of all."""
    found: dict[Told, list[str]] = {}
    for one in findings:
        places = found.setdefault(replace(one, where=""), [])
        if one.where not in places:
            places.append(one.where)
    return [replace(one, where="、".join(filter(None, places))) for one, places in found.items()]


@dataclass(slots=True)
class Remark:
    """A note that is the same for several people, said once."""

    told: Told
    dossiers: list[Dossier] = field(default_factory=list)


def remarks(revisions: Iterable[Revision]) -> list[Remark]:
    """The notes of a packet's people, each sentence once with all whom it is about."""
    found: dict[str, Remark] = {}
    for revision in revisions:
        for one in _without_clauses(revision):
            if one.severity != "note":
                continue
            about = found.setdefault(one.message, Remark(one)).dossiers
            if all(dossier.person_id != revision.dossier.person_id for dossier in about):
                about.append(revision.dossier)
    return list(found.values())


def _without_clauses(revision: Revision) -> list[Told]:
    return [one for one in told(revision.found) if not one.code.startswith("clause.")]


def severity_counts(groups: Iterable[Group]) -> dict[str, int]:
    """How many findings of each severity."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for group in groups:
        for one in group.findings:
            counts[one.severity] += 1
    return counts


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of the list of dossiers; every text is ready, because a page shows fifty of them."""

    href: str
    name: str
    employer: str
    unit: str
    industry_class: str
    to_mend: int
    changed: str
    state: str


def list_rows(rows: Iterable[Mapping[str, Any]], spec: EditionSpec) -> list[ListRow]:
    """Rows of `listing.COLUMNS`, made ready."""
    units, prefix = unit_names(spec), reverse("dossier_list")
    return [
        ListRow(
            f"{prefix}{row['id']}/",
            row["name"] or "—",
            row["employer"] or "—",
            units.get(row["unit_code"], row["unit_code"]),
            row["industry_class"] or "—",
            row["block_count"],
            exact(row["updated_at"]),
            row["state"],
        )
        for row in rows
    ]


def packet_verdicts() -> list[dict[str, Any]]:
    """A packet's verdicts as filter choices."""
    return [
        {"value": value, "label": label, "count": None}
        for value, label in Packet.Verdict.choices
        if value != "unreadable"
    ]


def dossier_states() -> list[dict[str, Any]]:
    """A dossier's states as filter choices."""
    return [{"value": value, "label": label, "count": None} for value, label in Dossier.State.choices]


def finding_choices(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Finding codes that occur, as filter choices: those to be mended first, then by number."""
    order = sorted(
        counts.items(),
        key=lambda pair: (SEVERITIES.index(CODES[pair[0]].severity) if pair[0] in CODES else 9, -pair[1]),
    )
    return [{"value": code, "label": CODE_LABELS.get(code, code), "count": number} for code, number in order]


def class_choices(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Industry classes that occur, as filter choices."""
    return [{"value": value, "label": value, "count": number} for value, number in counts.items()]


def orders() -> list[dict[str, Any]]:
    """The orders of the list of dossiers."""
    return [
        {"value": "changed", "label": gettext("last changed first")},
        {"value": "name", "label": gettext("by name")},
        {"value": "unit", "label": gettext("by unit")},
        {"value": "findings", "label": gettext("most to mend first")},
    ]


def revealed_line(dossier: Dossier, key: str, value: str) -> Line:
    """The line of a value that an act has just unmasked."""
    spec = dossier.edition.spec.form[key]
    return Line(key, label_of(spec), spec.kind, value, False, True, ())


def receipt_rows(packet: Packet, entry: Entry | None) -> list[dict[str, Any]]:
    """The rows of a receipt: what came, when, from whom, what was in it, and where the register says so."""
    rows: list[tuple[str, Any, str]] = [
        (gettext("Recommending unit"), unit_name(packet.unit), "text"),
        (gettext("File"), packet.file_name, "text"),
        (
            gettext("Size"),
            gettext("%(size)s bytes, %(count)s files") % {"size": f"{packet.size:,}", "count": len(packet.members)},
            "text",
        ),
        (gettext("Received"), exact(packet.received_at, seconds=True), "text"),
        (gettext("Received by"), str(packet.received_by), "text"),
        (gettext("People accepted"), packet.accepted_count, "text"),
        (gettext("People to be mended"), packet.waiting_count, "text"),
        (gettext("SHA-256 of the file"), packet.sha256, "hash"),
    ]
    if packet.late_reason:
        rows.append((gettext("Accepted late because"), packet.late_reason, "text"))
        rows.append((gettext("Accepted late by"), str(packet.late_by), "text"))
    if entry is not None:
        rows.append((gettext("Place in the register"), gettext("entry %(index)s") % {"index": entry.index}, "text"))
        rows.append((gettext("Hash of that entry"), bytes(entry.leaf_hash).hex(), "hash"))
    return [{"label": label, "value": value, "kind": kind} for label, value, kind in rows]


def exact(moment: datetime, *, seconds: bool = False) -> str:
    """The time on the server's clock, for papers."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")
