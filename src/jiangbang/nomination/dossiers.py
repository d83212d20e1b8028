"""Dossiers as rows: matching people, sealing records, keeping revisions. Called inside acts only."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.kernel.form import FormSpec, Record
from jiangbang.kernel.vault import Erased, Subject
from jiangbang.nomination.models import Dossier, FindingCount, Packet, Person, Revision
from jiangbang.papers.judgement import JudgedDossier, Judgement
from jiangbang.register.canonical import canonical_json, commitment, new_salt
from jiangbang.vaults import identity_index, vault

CHANGING_FIELDS = (
    "person",
    "state",
    "name",
    "employer",
    "industry_class",
    "block_count",
    "warn_count",
    "revision",
    "accepted_revision",
    "updated_at",
)


# People whose rows are built and written at a time: memory stays flat however large the packet.
PORTION = 250


@dataclass(frozen=True, slots=True)
class KeptRevision:
    """What the register is told of one person of the packet."""

    subject: str
    number: int
    commitment: str
    photo_sha256: str
    block_codes: tuple[str, ...]
    state: str


@dataclass(slots=True)
class Kept:
    """What `keep_judged` did; `superseded` are the subjects of dossiers that a correction took the place of."""

    revisions: list[KeptRevision] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


def keep_judged(judgement: Judgement, packet: Packet, *, hold_all: bool, above: Set[int] = frozenset()) -> Kept:
    """Write people, dossiers and revisions of a judged packet, a portion of people at a time, each in a handful of statements.

    `above`: the places in `judgement.dossiers` of those whom the unit's quota holds back.
    """
    matcher = _Matcher(judgement, packet)
    kept = Kept()
    for start in range(0, len(judgement.dossiers), PORTION):
        revisions = []
        for place, judged in enumerate(judgement.dossiers[start : start + PORTION], start):
            state = Dossier.State.WAITING
            if judged.clean and not hold_all:
                state = Dossier.State.HELD if place in above else Dossier.State.ACCEPTED
            revision = _take_in(matcher, judged, packet, state)
            revisions.append(revision)
            kept.revisions.append(_told(revision, state))
        _write(revisions, matcher)
    for dossier in matcher.superseded:
        dossier.state = Dossier.State.SUPERSEDED
        kept.superseded.append(dossier.subject)
    Dossier.objects.bulk_update(matcher.superseded, ["state"], batch_size=200)
    return kept


def _take_in(matcher: _Matcher, judged: JudgedDossier, packet: Packet, state: Dossier.State) -> Revision:
    """The person's dossier with its new revision; not yet written."""
    dossier = matcher.dossier_for(judged)
    revision = _revision(dossier, matcher, judged, packet)
    _copy_open_values(dossier, judged)
    dossier.updated_at = timezone.now()
    dossier.revision = revision
    if state != Dossier.State.WAITING:
        dossier.state, dossier.accepted_revision = state, revision
    return revision


def _told(revision: Revision, state: Dossier.State) -> KeptRevision:
    blocks = sorted({stored["code"] for stored in revision.findings if stored["severity"] == "block"})
    return KeptRevision(
        revision.dossier.subject, revision.number, revision.commitment, revision.photo_sha256, tuple(blocks), str(state)
    )


class _Matcher:
    """Finds each person's dossier: by identity number; else a waiting dossier of the same unit and name whose number is not in
    the packet any more (the unit corrected a wrong number)."""

    def __init__(self, judgement: Judgement, packet: Packet) -> None:
        self.packet = packet
        self.expected = Counter(index for judged in judgement.dossiers if (index := _index(judged)))
        self.people = {str(person.index): person for person in Person.objects.filter(index__in=self.expected)}
        self.by_index: dict[str, list[Dossier]] = {}
        self.by_name: dict[str, list[Dossier]] = {}
        for dossier in self._live(judgement):
            if dossier.person.index in self.expected:
                self.by_index.setdefault(str(dossier.person.index), []).append(dossier)
            else:
                self.by_name.setdefault(dossier.name, []).append(dossier)
        self.new_people: list[Person] = []
        self.new_dossiers: list[Dossier] = []
        self.known_dossiers: list[Dossier] = []
        self.superseded: list[Dossier] = []
        self._subjects: dict[Any, Subject] = {}

    def _live(self, judgement: Judgement) -> QuerySet[Dossier]:
        """The unit's dossiers that may be meant, accepted ones first."""
        names = {str(judged.record.get("name") or "") for judged in judgement.dossiers}
        meant = Q(person__index__in=self.expected) | Q(name__in=names, state=Dossier.State.WAITING)
        return (
            Dossier.objects.filter(meant, edition=self.packet.edition, unit_code=self.packet.unit_code)
            .exclude(state=Dossier.State.SUPERSEDED)
            .select_related("person", "revision")
            .order_by("state", "updated_at")
        )

    def dossier_for(self, judged: JudgedDossier) -> Dossier:
        """The dossier of this person, new where there is none. Doubles of an earlier packet are superseded by the last one asked for."""
        index = _index(judged)
        same_person = self.by_index.get(index or "", [])
        if index is not None:
            self.expected[index] -= 1
        if same_person:
            dossier = same_person.pop(0)
            if index is not None and not self.expected[index]:
                self.superseded += same_person
                same_person.clear()
            self.known_dossiers.append(dossier)
            return dossier
        same_name = self.by_name.get(str(judged.record.get("name") or ""), [])
        if same_name:
            dossier = same_name.pop(0)
            dossier.person = self._person(index)
            self.known_dossiers.append(dossier)
            return dossier
        dossier = Dossier(
            edition=self.packet.edition,
            person=self._person(index),
            unit_code=self.packet.unit_code,
            state=Dossier.State.WAITING,
        )
        self.new_dossiers.append(dossier)
        return dossier

    def _person(self, index: str | None) -> Person:
        if index is not None and index in self.people:
            return self.people[index]
        person = Person(index=index)
        person.wrapped_key, self._subjects[person.pk] = vault().new_subject(_person_aad(person))
        self.new_people.append(person)
        if index is not None:
            self.people[index] = person
        return person

    def take_portion(self) -> tuple[list[Person], list[Dossier], list[Dossier]]:
        """New people, new dossiers and known dossiers since the last portion; forgets them."""
        portion = self.new_people, self.new_dossiers, self.known_dossiers
        self.new_people, self.new_dossiers, self.known_dossiers = [], [], []
        self._subjects.clear()
        return portion

    def subject(self, person: Person) -> Subject:
        """The person's own data key, unwrapped once a portion."""
        found = self._subjects.get(person.pk)
        if found is None:
            found = self._subjects[person.pk] = subject_of(person)
        return found


def _index(judged: JudgedDossier) -> str | None:
    number = judged.record.get("id_number")
    return identity_index(number) if isinstance(number, str) and number.strip() else None


def _revision(dossier: Dossier, matcher: _Matcher, judged: JudgedDossier, packet: Packet) -> Revision:
    form, record = packet.edition.spec.form, judged.record
    sealed, committed = _sealed(matcher.subject(dossier.person), dossier, record, form)
    photo = record.get("photo")
    return Revision(
        dossier=dossier,
        person=dossier.person,
        number=(dossier.revision.number if dossier.revision else 0) + 1,
        packet=packet,
        source=judged.source or "",
        roster_row=judged.roster_row,
        open={key: record.get(key) for key in form.keys_of("open")},
        sealed=sealed,
        photo_sha256=str(photo["sha256"]) if isinstance(photo, dict) else "",
        findings=[finding.as_stored() for finding in judged.findings],
        verdicts=[
            {
                "clause": item.clause,
                "value": item.verdict.value,
                "read": list(item.verdict.read),
                "missing": list(item.verdict.missing),
            }
            for item in judged.verdicts
        ],
        commitment=committed,
        created_at=packet.received_at,
    )


def _sealed(subject: Subject, dossier: Dossier, record: Record, form: FormSpec) -> tuple[bytes, str]:
    """The personal and sensitive values of a record under the person's key, and the commitment to the whole of it."""
    salt = new_salt()
    secret = {key: record.get(key) for key in form.keys_of("personal", "sensitive")}
    plain = json.dumps({"salt": salt.hex(), "values": secret}, ensure_ascii=False).encode()
    return subject.seal(plain, _dossier_aad(dossier)), commitment(record, salt)


def corrected(before: Revision, record: Record) -> Revision:
    """The revision that follows `before` with this record, from the same packet; not yet written. The open fields stay as they were."""
    dossier = before.dossier
    sealed, committed = _sealed(subject_of(dossier.person), dossier, record, dossier.edition.spec.form)
    return Revision(
        dossier=dossier,
        person=dossier.person,
        number=before.number + 1,
        packet_id=before.packet_id,
        source=before.source,
        roster_row=before.roster_row,
        open=before.open,
        sealed=sealed,
        photo_sha256=before.photo_sha256,
        findings=before.findings,
        verdicts=before.verdicts,
        commitment=committed,
        created_at=before.created_at,
        corrected=True,
    )


def _copy_open_values(dossier: Dossier, judged: JudgedDossier) -> None:
    record = judged.record
    dossier.name = str(record.get("name") or "")[:100]
    dossier.employer = str(record.get("employer_and_position") or "")[:300]
    dossier.industry_class = str(record.get("industry_class") or "")[:100]
    dossier.block_count = sum(finding.severity == "block" for finding in judged.findings)
    dossier.warn_count = sum(finding.severity == "warn" for finding in judged.findings)


def _write(revisions: list[Revision], matcher: _Matcher) -> None:
    """Write one portion. Foreign keys are checked at commit, so dossiers may point at revisions that come after them."""
    people, new, known = matcher.take_portion()
    Person.objects.bulk_create(people, batch_size=500)
    Dossier.objects.bulk_update(known, CHANGING_FIELDS, batch_size=60)
    Dossier.objects.bulk_create(new, batch_size=500)
    Revision.objects.bulk_create(revisions, batch_size=200)
    FindingCount.objects.filter(dossier__in=known).delete()
    FindingCount.objects.bulk_create(
        [
            FindingCount(dossier=revision.dossier, code=code)
            for revision in revisions
            for code in sorted({stored["code"] for stored in revision.findings})
        ],
        batch_size=1000,
    )


def new_person(index: str | None = None) -> Person:
    """Somebody with a data key of his own; not yet written."""
    person = Person(index=index)
    person.wrapped_key, _subject = vault().new_subject(_person_aad(person))
    return person


def subject_of(person: Person) -> Subject:
    """The person's data key. Raises Erased when it was destroyed, VaultError when it does not open."""
    if not person.wrapped_key:
        raise Erased("the person's key was destroyed")
    return vault().subject(bytes(person.wrapped_key), _person_aad(person))


def sealed_text(person: Person, sealed: bytes | memoryview, aad: bytes) -> str:
    """A text about this person, in clear; empty where none was written, and the word for it where the person was erased."""
    try:
        return subject_of(person).unseal(bytes(sealed), aad).decode() if sealed else ""
    except Erased:
        return _("erased")


def sealed_values(revision: Revision) -> tuple[Record, bytes]:
    """The personal and sensitive values of a revision, and the salt of its commitment. Raises Erased."""
    dossier = revision.dossier
    plain = json.loads(subject_of(revision.person).unseal(bytes(revision.sealed), _dossier_aad(dossier)))
    return plain["values"], bytes.fromhex(plain["salt"])


def full_record(revision: Revision) -> Record:
    """The revision's record with every value in clear, keys in form order. For acts and papers, not for lists.

    Of a person who was erased nothing is left but what stands open.
    """
    try:
        secret, _salt = sealed_values(revision)
    except Erased:
        secret = {}
    values = {**revision.open, **secret}
    form: FormSpec = revision.dossier.edition.spec.form
    return {spec.key: values.get(spec.key) for spec in form}


def commitment_holds(revision: Revision) -> bool:
    """Whether the stored values are the ones that the register committed to."""
    secret, salt = sealed_values(revision)
    record = {spec.key: {**revision.open, **secret}.get(spec.key) for spec in revision.dossier.edition.spec.form}
    return commitment(json.loads(canonical_json(record)), salt) == revision.commitment


def _person_aad(person: Person) -> bytes:
    return b"person:" + person.pk.bytes


def _dossier_aad(dossier: Dossier) -> bytes:
    return b"dossier:" + dossier.pk.bytes
