"""What the pages of lists show, and the leaf of a dossier's page with its marks and titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.urls import reverse

from jiangbang.kernel import credit_code
from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.form import Record
from jiangbang.kernel.marks import claims_in, named_in
from jiangbang.nomination.dossiers import sealed_text
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import label_of, unit_names
from jiangbang.screening.lists_models import ListMatch, ListRow, NameList
from jiangbang.screening.lists_words import COLUMN_WORDS, PROBLEM_WORDS, WAY_WORDS, kind_words, problem_sentences
from jiangbang.screening.standings import aad

# How a mark stands: on a list and claimed, on a list only, likely, claimed only (a list says no), claimed and no list to check it.
Standing = Literal["confirmed", "unclaimed", "near", "claimed", "unchecked"]


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A row that was found, beside the dossier."""

    pk: int
    dossier: str
    person: str
    employer: str
    unit: str
    href: str
    kind: str
    name: str
    row_employer: str
    code: str
    year: int | None
    batch: str
    list_title: str
    list_href: str
    row_number: int
    way: str
    score: int
    sure: bool
    counts: bool
    waits: bool
    in_force: bool
    decision: str
    who: str
    at: datetime | None
    reason: str


@dataclass(slots=True)
class MarkLine:
    """A mark that a list, or the dossier, says something of."""

    key: str
    label: str
    standing: Standing
    claimed_in: str
    matches: list[MatchLine] = field(default_factory=list)


@dataclass(slots=True)
class TitleLine:
    """A title that a list says something of. `standing`: held, near or none (all rows were rejected)."""

    key: str
    label: str
    may_stand_again: bool
    standing: Literal["held", "near", "none"]
    matches: list[MatchLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A dossier's marks and titles. `wrong_code`: the declared code of the employer is none; `missing`: excluding titles without a list.

    `contradicted`: titles that count and that the declared fact does not name.
    """

    marks: tuple[MarkLine, ...]
    titles: tuple[TitleLine, ...]
    compared: bool
    any_list: bool
    code: str
    wrong_code: bool
    missing: tuple[str, ...]
    contradicted: tuple[str, ...]
    waits: int


def leaf(
    dossier: Dossier,
    record: Record,
    facts: Mapping[str, object],
    matches: Sequence[ListMatch],
    lists: Sequence[NameList],
    *,
    compared: bool,
) -> Leaf:
    """The leaf, from what was asked already."""
    spec = dossier.edition.spec
    listed = {kind for one in lists for kind in one.kinds}
    lines = match_lines(matches, spec)
    code = credit_code.fold_code(str(facts.get(spec.lists.code_fact) or ""))
    held = facts.get(spec.lists.title_fact)
    excluding = [title for title in spec.earlier_titles if not title.may_stand_again]
    counted = {match.kind for match in matches if match.counts}
    return Leaf(
        marks=tuple(_mark_lines(dossier, record, facts, lines, listed)),
        titles=tuple(_title_lines(spec, lines)),
        compared=compared,
        any_list=bool(lists),
        code=code,
        wrong_code=bool(code) and credit_code.examine(code) is not None,
        missing=tuple(label_of(title) for title in excluding if title.key not in listed),
        contradicted=tuple(
            label_of(title)
            for title in excluding
            if title.key in counted and isinstance(held, list | tuple) and title.label not in held
        ),
        waits=sum(match.waits for match in matches),
    )


def claims_of(dossier: Dossier, record: Record, facts: Mapping[str, object]) -> dict[str, str]:
    """The marks that the dossier claims: where, by the mark's key. What was declared goes before what a text says."""
    spec = dossier.edition.spec
    texts = {
        one.key: "\n".join(map(str, value)) if isinstance(value, list) else str(value)
        for one in spec.form
        if one.kind in ("text", "long_text", "items") and (value := record.get(one.key))
    }
    labels = {one.key: label_of(one) for one in spec.form}
    found = {claim.mark: labels[claim.field] for claim in claims_in(texts, spec.priorities)}
    declared = facts.get(spec.lists.claim_fact)
    for said in declared if isinstance(declared, list | tuple) else ():
        found |= {mark.key: "" for mark in named_in(str(said), spec.priorities)}
    return found


def _mark_lines(
    dossier: Dossier, record: Record, facts: Mapping[str, object], lines: Sequence[MatchLine], listed: set[str]
) -> Iterable[MarkLine]:
    claims = claims_of(dossier, record, facts)
    for mark in dossier.edition.spec.priorities:
        own = [line for line in lines if line.kind == mark.key]
        if not own and mark.key not in claims:
            continue
        claimed = mark.key in claims
        standing: Standing = "claimed" if mark.key in listed else "unchecked"
        if any(line.counts for line in own):
            standing = "confirmed" if claimed else "unclaimed"
        elif any(line.waits for line in own):
            standing = "near"
        elif not claimed:
            # only rows that were rejected, or whose list has gone
            continue
        yield MarkLine(mark.key, label_of(mark), standing, claims.get(mark.key, ""), own)


def _title_lines(spec: EditionSpec, lines: Sequence[MatchLine]) -> Iterable[TitleLine]:
    for title in spec.earlier_titles:
        own = [line for line in lines if line.kind == title.key]
        if not own:
            continue
        held = any(line.counts for line in own)
        likely = any(line.in_force and not line.decision for line in own)
        yield TitleLine(
            title.key, label_of(title), title.may_stand_again, "held" if held else "near" if likely else "none", own
        )


def match_lines(matches: Iterable[ListMatch], spec: EditionSpec) -> list[MatchLine]:
    """Matches in words, with reasons in clear. The matches' `dossier` should be at hand where its person is shown."""
    units = unit_names(spec)
    return [
        MatchLine(
            pk=match.pk,
            dossier=str(match.dossier_id),
            person=match.dossier.name,
            employer=match.dossier.employer,
            unit=units.get(match.dossier.unit_code, match.dossier.unit_code),
            href=reverse("screening_dossier", args=[match.dossier_id]) + "#lists",
            kind=match.kind,
            name=match.row.name,
            row_employer=match.row.employer,
            code=match.row.code,
            year=match.row.year,
            batch=match.row.batch,
            list_title=match.row.name_list.title,
            list_href=reverse("screening_list", args=[match.row.name_list_id]),
            row_number=match.row.number,
            way=str(WAY_WORDS[match.way]),
            score=match.score,
            sure=match.way != "near",
            counts=match.counts,
            waits=match.waits,
            in_force=match.in_force,
            decision=match.decision,
            who=str(match.decided_by or ""),
            at=match.decided_at,
            reason=_reason(match),
        )
        for match in matches
    ]


def _reason(match: ListMatch) -> str:
    return sealed_text(match.dossier.person, match.sealed_reason, aad(match.dossier))


# -- lists ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KindLine:
    """A mark or title of the edition: its lists in force, how many dossiers it counts for, how many rows wait."""

    key: str
    label: str
    of_title: bool
    may_stand_again: bool
    lists: tuple[NameList, ...]
    bearing: int
    near: int


def kind_lines(spec: EditionSpec, lists: Sequence[NameList], figures: Mapping[str, tuple[int, int]]) -> list[KindLine]:
    """Every mark and title that the edition looks for, those without a list as well."""
    again = {title.key for title in spec.earlier_titles if title.may_stand_again}
    titles = {title.key for title in spec.earlier_titles}
    words = kind_words(spec)
    return [
        KindLine(
            one,
            words[one],
            one in titles,
            one in again,
            tuple(name_list for name_list in lists if one in name_list.kinds),
            *figures.get(one, (0, 0)),
        )
        for one in (*(mark.key for mark in spec.priorities), *(title.key for title in spec.earlier_titles))
    ]


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of a list with what is wrong with it in plain words."""

    number: int
    sheet: str
    kind: str
    name: str
    employer: str
    code: str
    has_identity: bool
    year: int | None
    batch: str
    problems: tuple[str, ...]
    usable: bool
    met: int


def row_lines(rows: Iterable[ListRow], spec: EditionSpec) -> list[RowLine]:
    words = kind_words(spec)
    return [
        RowLine(
            row.number,
            row.sheet,
            words.get(row.kind, ""),
            row.name,
            row.employer,
            row.code,
            bool(row.identity),
            row.year,
            row.batch,
            tuple(problem_sentences(row.problems, row.repeats)),
            row.usable,
            getattr(row, "met", 0),
        )
        for row in rows
    ]


def columns_found(name_list: NameList) -> list[tuple[str, str]]:
    """What was found under which heading of the file."""
    return [(str(words), name_list.columns[key]) for key, words in COLUMN_WORDS.items() if key in name_list.columns]


def problems_found(name_list: NameList) -> list[tuple[str, int]]:
    """What is wrong, and with how many rows; the commonest first."""
    found = sorted(name_list.problems.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(str(PROBLEM_WORDS[key]).replace("%(row)s", "…"), count) for key, count in found if key in PROBLEM_WORDS]
