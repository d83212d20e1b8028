"""Lists of firms and of title holders: brought, looked at, imported, replaced, withdrawn."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.firms import likeness, parse
from jiangbang.kernel.names import fold_name
from jiangbang.nomination import evidence
from jiangbang.nomination.models import Dossier, StoredFile
from jiangbang.papers.name_list import (
    MAX_BYTES,
    Listed,
    ListReading,
    UnreadableListError,
    Wanted,
    read_grids,
    understand,
)
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import enqueue
from jiangbang.register.acts import Refused, act, record
from jiangbang.screening import policy
from jiangbang.screening.lists_models import ListRow, NameList
from jiangbang.screening.lists_words import refusal_sentence
from jiangbang.vaults import identity_index

# A list whose rows say themselves which mark, or which title, they are for.
MARKS, TITLES = "marks", "titles"
COMPARE = "lists.compare"
# Rows written in one statement.
BATCH = 1000
# From this likeness of employers on, somebody of the name in an earlier edition is the one whom that edition's list names.
SAME_EMPLOYER = 90


def wanted_for(spec: EditionSpec, kind: str) -> Wanted:
    """What a list of this kind is read for. Raises KeyError for a kind that the edition has not."""
    if kind == MARKS:
        return Wanted(marks=spec.priorities)
    if kind == TITLES:
        return Wanted(titles=spec.earlier_titles)
    marks = tuple(mark for mark in spec.priorities if mark.key == kind)
    titles = tuple(title for title in spec.earlier_titles if title.key == kind)
    if not marks and not titles:
        raise KeyError(kind)
    return Wanted(marks, titles)


def read_list(file: IO[bytes], spec: EditionSpec, kind: str, *, title: str) -> ListReading:
    """What an open file says, stored nowhere. Refused: `unknown_kind`; a code of `name_list.REFUSALS` when it is no list."""
    try:
        wanted = wanted_for(spec, kind)
    except KeyError:
        raise Refused("unknown_kind", _("Choose what the list is for.")) from None
    try:
        return understand(read_grids(file), wanted, title=title)
    except UnreadableListError as error:
        raise Refused(error.code, refusal_sentence(error.code)) from None


def bring_list(
    edition: Edition,
    data: bytes,
    *,
    file_name: str,
    kind: str,
    by: User,
    title: str = "",
    replaces: NameList | None = None,
    channel: str = "web",
) -> NameList:
    """Read a file and keep what it says as a draft, to be looked at. The file itself is kept as evidence.

    Refused: `permission`; `unknown_kind`; `empty`, `too_large`, and whatever else makes a file unreadable; `already_in_force` for the very
    bytes of a list that is; `not_in_force` when what it replaces is not.
    """
    if not policy.may_keep_lists(by, edition):
        raise Refused("permission", _("You may not keep lists in this edition."))
    if not data:
        raise Refused("empty", refusal_sentence("empty"))
    if len(data) > MAX_BYTES:
        raise Refused("too_large", refusal_sentence("too_large"))
    name = title.strip() or PurePath(file_name).stem
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        reading = read_list(file, edition.spec, kind, title=f"{name} {file_name}")
    about = NameList(
        edition=edition,
        kind=kind,
        title=name[:200],
        file_name=file_name[-255:],
        sha256=evidence.keep_bytes(data),
        size=len(data),
        replaces=replaces,
        brought_by=by,
    )
    return _keep_draft(about, reading, by=by, channel=channel)


@act("list.brought")
def _keep_draft(about: NameList, reading: ListReading, *, by: User, channel: str) -> NameList:
    known = NameList.objects.filter(edition=about.edition, state=NameList.State.IN_FORCE)
    if known.filter(sha256=about.sha256, kind=about.kind).exists():
        raise Refused("already_in_force", _("This very file is in force already. Nothing was changed."))
    if about.replaces is not None and not known.filter(pk=about.replaces.pk).exists():
        raise Refused("not_in_force", _("The list that this one is to replace is not in force."))
    about.brought_at = timezone.now()
    about.columns, about.unused = dict(reading.columns), list(reading.unused)
    about.year, about.passed_over = reading.year, reading.passed_over
    about.row_count = len(reading.rows)
    about.usable_count = sum(row.usable for row in reading.rows)
    about.problem_count = sum(bool(row.problems) for row in reading.rows)
    about.kinds = sorted({kind for row in reading.rows if row.usable for kind in row.kinds})
    about.problems = Counter(problem for row in reading.rows for problem in row.problems)
    about.save(force_insert=True)
    StoredFile.objects.get_or_create(
        pk=about.sha256, defaults={"size": about.size, "media_type": "application/octet-stream"}
    )
    ListRow.objects.bulk_create(_rows(about, reading.rows), batch_size=BATCH)
    _tell(
        "list.brought",
        about,
        by=by,
        rows=about.row_count,
        wrong_rows=about.problem_count,
        size=about.size,
        channel=channel,
    )
    return about


def _rows(about: NameList, listed: Iterable[Listed]) -> Iterator[ListRow]:
    """A row for each mark or title that a row of the file names; one where it names none. Identity numbers only as blind index."""
    wanted, known = wanted_for(about.edition.spec, about.kind), _Known(about.edition)
    for one in listed:
        for kind in one.kinds or ("",):
            person = wanted.of_people(kind) if kind else bool(one.person)
            identity = identity_index(one.identity) if one.identity else ""
            yield ListRow(
                name_list=about,
                number=one.number,
                sheet=one.sheet[:60],
                kind=kind,
                name=one.person if person else one.firm,
                employer=one.firm if person else "",
                code=one.code,
                identity=identity or (known.identity(kind, one) if person else ""),
                year=one.year,
                batch=one.batch,
                problems=list(one.problems),
                repeats=one.of,
                usable=one.usable,
            )


class _Known:
    """People of earlier editions that this house has run: their lists tell no numbers, but their dossiers do."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._slugs = {title.key: title.edition for title in edition.spec.earlier_titles if title.edition}
        self._people: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._places = tuple(sorted(edition.spec.lists.places, key=lambda place: (-len(place), place)))

    def identity(self, kind: str, row: Listed) -> str:
        """The blind index of the one person of that name and employer in the edition that gave the title; empty where not exactly one."""
        slug = self._slugs.get(kind)
        if not slug or not row.usable or not row.firm:
            return ""
        asked = parse(row.firm, self._places)
        found = {
            index
            for index, employer in self._of(slug).get(fold_name(row.person), ())
            if likeness(parse(employer, self._places), asked) >= SAME_EMPLOYER
        }
        return found.pop() if len(found) == 1 else ""

    def _of(self, slug: str) -> dict[str, list[tuple[str, str]]]:
        if slug not in self._people:
            people: dict[str, list[tuple[str, str]]] = {}
            rows = Dossier.objects.filter(edition__programme=self._edition.programme, edition__slug=slug)
            for name, employer, index in rows.exclude(person__index=None).values_list(
                "name", "employer", "person__index"
            ):
                people.setdefault(fold_name(name), []).append(
                    (str(index), employer.split()[0] if employer.split() else "")
                )
            self._people[slug] = people
        return self._people[slug]


@act("list.imported", "list.replaced")
def import_list(name_list: NameList, *, by: User) -> NameList:
    """Put a draft in force, in place of the list that it replaces; the dossiers are then compared with it.

    Refused: `permission`; `not_a_draft`; `no_usable_row`; `not_in_force` when what it replaces has ceased to be.
    """
    name_list = _locked(name_list, by)
    if name_list.state != NameList.State.DRAFT:
        raise Refused("not_a_draft", _("This list has been decided on already."))
    if not name_list.usable_count:
        raise Refused("no_usable_row", _("No row of this list can be used. Mend the file and bring it again."))
    if name_list.replaces_id is not None:
        old = NameList.objects.select_for_update().get(pk=name_list.replaces_id)
        if old.state != NameList.State.IN_FORCE:
            raise Refused("not_in_force", _("The list that this one is to replace is not in force."))
        _end(old, NameList.State.REPLACED, name_list.title, by)
        _tell("list.replaced", old, by=by, replaced_by=name_list.subject)
    name_list.state, name_list.imported_by, name_list.imported_at = NameList.State.IN_FORCE, by, timezone.now()
    name_list.save(update_fields=["state", "imported_by", "imported_at"])
    _tell("list.imported", name_list, by=by, rows=name_list.row_count, wrong_rows=name_list.problem_count)
    enqueue(COMPARE, edition=name_list.edition.key, by=by.pk)
    return name_list


@act("list.discarded")
def discard_list(name_list: NameList, *, by: User) -> None:
    """Drop a draft; its rows go, the file stays. Refused: `permission`; `not_a_draft`."""
    name_list = _locked(name_list, by)
    if name_list.state != NameList.State.DRAFT:
        raise Refused("not_a_draft", _("This list has been decided on already."))
    name_list.state = NameList.State.DISCARDED
    name_list.save(update_fields=["state"])
    ListRow.objects.filter(name_list=name_list).delete()
    _tell("list.discarded", name_list, by=by)


@act("list.withdrawn")
def withdraw_list(name_list: NameList, *, reason: str, by: User) -> None:
    """Take a list out of force; what was found on it no longer counts. Refused: `permission`; `not_in_force`; `no_reason`."""
    name_list = _locked(name_list, by)
    if name_list.state != NameList.State.IN_FORCE:
        raise Refused("not_in_force", _("This list is not in force."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands beside the list."))
    _end(name_list, NameList.State.WITHDRAWN, reason, by)
    _tell("list.withdrawn", name_list, by=by)
    enqueue(COMPARE, edition=name_list.edition.key, by=by.pk)


def _locked(name_list: NameList, by: User) -> NameList:
    found = NameList.objects.select_for_update(of=("self",)).select_related("edition").get(pk=name_list.pk)
    if not policy.may_keep_lists(by, found.edition):
        raise Refused("permission", _("You may not keep lists in this edition."))
    return found


def _end(name_list: NameList, state: NameList.State, reason: str, by: User) -> None:
    name_list.state, name_list.reason = state, reason.strip()[:500]
    name_list.ended_by, name_list.ended_at = by, timezone.now()
    name_list.save(update_fields=["state", "reason", "ended_by", "ended_at"])


def _tell(type_name: str, name_list: NameList, *, by: User, **facts: Any) -> None:
    record(
        type_name,
        by=by,
        edition=name_list.edition.key,
        subject=name_list.subject,
        facts={"sha256": name_list.sha256, "list_kind": name_list.kind, **facts},
    )
