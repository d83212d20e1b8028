"""Facts that the form does not carry: declared by unit, candidate or office, kept as rows. Written inside acts only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.dossiers import subject_of
from jiangbang.nomination.models import DeclaredFact, Dossier, Packet, register_facts
from jiangbang.papers.facts import is_of_kind
from jiangbang.register.acts import Refused, record
from jiangbang.vaults import identity_index

Facts = Mapping[str, object]


def declared_facts(
    dossiers: Iterable[Dossier], *, keys: Collection[str] = (), sources: Collection[DeclaredFact.Source] = ()
) -> dict[Any, dict[str, object]]:
    """What was last declared about each of these dossiers, by its key; a fact that was taken back is left out. One query.

    The dossiers' `person` should be at hand: its key unseals the values. `keys`: only these facts; `sources`: only what these said.
    """
    by_key = {dossier.pk: dossier for dossier in dossiers}
    found: dict[Any, dict[str, object]] = {pk: {} for pk in by_key}
    rows = DeclaredFact.objects.filter(dossier__in=by_key).select_related("person")
    rows = rows.filter(key__in=keys) if keys else rows
    rows = rows.filter(source__in=sources) if sources else rows
    for row in rows.order_by("number"):
        found[row.dossier_id][row.key] = _unsealed(row, by_key[row.dossier_id])
    return {pk: {key: value for key, value in facts.items() if value is not None} for pk, facts in found.items()}


def declare_with_packet(packet: Packet, declared: Mapping[str, Facts], *, by: User) -> None:
    """The facts that came with a packet, by identity number, on the dossiers of the people whom they speak of."""
    by_index = {identity_index(number): facts for number, facts in declared.items()}
    live = Dossier.objects.filter(edition=packet.edition, unit_code=packet.unit_code, person__index__in=by_index)
    for dossier in live.exclude(state=Dossier.State.SUPERSEDED).select_related("edition", "person"):
        declare(dossier, by_index[str(dossier.person.index)], source=DeclaredFact.Source.UNIT, by=by)


def declare(dossier: Dossier, facts: Facts, *, source: DeclaredFact.Source, by: User, evidence: str = "") -> list[str]:
    """Write and register what differs from what was declared last. Returns the keys that changed, in the order given.

    Refused: `unknown_fact` for a key that the edition does not ask for, or a value of another kind.
    """
    _check(dossier.edition.spec, facts)
    known = declared_facts([dossier])[dossier.pk]
    changed = [key for key, value in facts.items() if known.get(key) != value]
    _keep(dossier, {key: facts[key] for key in changed}, source, by, evidence)
    if changed:
        record(
            "facts.declared",
            by=by,
            edition=dossier.edition.key,
            subject=dossier.subject,
            facts=register_facts({"keys": changed, "source": source.value, "evidence": evidence or None}),
        )
    return changed


def declare_each(
    declared: Mapping[Dossier, Facts], *, source: DeclaredFact.Source, by: User
) -> dict[Dossier, list[str]]:
    """The same for many dossiers of one edition, in a handful of statements. Returns the keys that changed of those where any did.

    The dossiers' `edition` and `person` should be at hand. Refused: `unknown_fact`.
    """
    known, keys = declared_facts(declared), {key for facts in declared.values() for key in facts}
    changed: dict[Dossier, list[str]] = {}
    for dossier, facts in declared.items():
        _check(dossier.edition.spec, facts)
        if differ := [key for key, value in facts.items() if known[dossier.pk].get(key) != value]:
            changed[dossier] = differ
    numbers: dict[tuple[Any, str], int] = {}
    rows = DeclaredFact.objects.filter(dossier__in=changed, key__in=keys)
    for pk, key, number in rows.values_list("dossier", "key", "number"):
        numbers[pk, key] = max(number, numbers.get((pk, key), 0))
    now = timezone.now()
    DeclaredFact.objects.bulk_create(
        [
            _row(dossier, key, declared[dossier][key], numbers.get((dossier.pk, key), 0) + 1, source, by, now)
            for dossier, differ in changed.items()
            for key in differ
        ],
        batch_size=500,
    )
    for dossier, differ in changed.items():
        record(
            "facts.declared",
            by=by,
            edition=dossier.edition.key,
            subject=dossier.subject,
            facts={"keys": differ, "source": source.value},
        )
    return changed


def _row(
    dossier: Dossier, key: str, value: object, number: int, source: DeclaredFact.Source, by: User, now: datetime
) -> DeclaredFact:
    return DeclaredFact(
        dossier=dossier,
        person=dossier.person,
        key=key,
        number=number,
        sealed=subject_of(dossier.person).seal(json.dumps(value).encode(), _aad(dossier, key)),
        source=source,
        declared_by=by,
        declared_at=now,
    )


def _check(spec: EditionSpec, facts: Facts) -> None:
    """Only facts that the edition knows and does not read from the form, each of its kind (or None)."""
    known = {fact.key: fact for fact in spec.facts if fact.from_field is None}
    for key, value in facts.items():
        if key not in known or not (value is None or is_of_kind(value, known[key].kind)):
            raise Refused("unknown_fact", _("The edition asks for no such fact: %(key)s.") % {"key": key})


def _keep(dossier: Dossier, facts: Facts, source: DeclaredFact.Source, by: User, evidence: str) -> None:
    """A row for each fact, numbered on from those before."""
    numbers = dict(dossier.declared.filter(key__in=facts).values_list("key").annotate(Max("number")))
    now, subject = timezone.now(), subject_of(dossier.person)
    DeclaredFact.objects.bulk_create(
        DeclaredFact(
            dossier=dossier,
            person=dossier.person,
            key=key,
            number=numbers.get(key, 0) + 1,
            sealed=subject.seal(json.dumps(value).encode(), _aad(dossier, key)),
            source=source,
            evidence_sha256=evidence,
            declared_by=by,
            declared_at=now,
        )
        for key, value in facts.items()
    )


def _unsealed(row: DeclaredFact, dossier: Dossier) -> object:
    person = dossier.person if row.person_id == dossier.person_id else row.person
    value: object = json.loads(subject_of(person).unseal(bytes(row.sealed), _aad(dossier, row.key)))
    return value


def _aad(dossier: Dossier, key: str) -> bytes:
    return b"fact:" + dossier.pk.bytes + key.encode()
