"""The dossiers that come before the experts, and what the review may read of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet

from jiangbang.kernel.form import Record
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.review.matching import Among, Judged
from jiangbang.review.profiles import organisation
from jiangbang.screening.models import Screening

_SENTENCES: Final = re.compile(r"[。；;\n]+")


def eligible(edition: Edition) -> QuerySet[Dossier]:
    """The accepted dossiers that screening has found eligible."""
    found = Dossier.objects.filter(
        edition=edition, state=Dossier.State.ACCEPTED, screening__state=Screening.State.ELIGIBLE
    )
    return found.select_related("edition", "accepted_revision__person", "accepted_revision__dossier__edition").defer(
        "edition__document", "accepted_revision__dossier__edition__document"
    )


def record_of(dossier: Dossier) -> Record:
    """The dossier's accepted record in clear. For matching and for the blind view only."""
    assert dossier.accepted_revision is not None
    return full_record(dossier.accepted_revision)


def judged(dossiers: Iterable[Dossier], edition: Edition) -> Among:
    """What recusals are looked for in."""
    spec = edition.spec
    names = {unit.code: unit.name for unit in spec.units}
    found = []
    for dossier in dossiers:
        record = record_of(dossier)
        found.append(
            Judged(
                pk=str(dossier.pk),
                name=str(record.get("name") or ""),
                employer=organisation(str(record.get("employer_and_position") or "")),
                mobile=str(record.get("mobile") or ""),
                unit_code=dossier.unit_code,
                unit_name=names.get(dossier.unit_code, dossier.unit_code),
                works=tuple(_works(record)),
            )
        )
    return Among(found)


def _works(record: Record) -> list[str]:
    works: list[str] = []
    for key in ("achievements", "honours"):
        value = record.get(key)
        works += [str(item) for item in value] if isinstance(value, list) else []
    return works + [part for part in _SENTENCES.split(str(record.get("deeds") or "")) if part.strip()]
