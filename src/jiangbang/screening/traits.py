"""Keeping the traits that pictures count. Called inside acts only."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.form import Record
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier
from jiangbang.screening.models import Screening
from jiangbang.screening.picture_models import Trait
from jiangbang.vaults import vault

# Where the bands begin.
AGES = (0, 30, 35, 40, 45, 50, 55)
YEARS = (0, 5, 10, 15, 20)
# The open fields in which a focus field is looked for by its name.
READ_FOR_FOCUS = ("specialty", "deeds", "achievements", "honours", "employer_and_position")


def keep_traits(dossiers: Iterable[Dossier], state: str = Screening.State.WAITING) -> None:
    """Count these dossiers, as their accepted revisions are now. One statement for all."""
    rows = [_trait(dossier, state) for dossier in dossiers if dossier.accepted_revision is not None]
    Trait.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["state", "gender", "age", "years", "focus"],
        batch_size=500,
    )


def follow_state(screening: Screening) -> None:
    """The screening has another state: the picture says so, too."""
    Trait.objects.filter(pk=_key(screening.pk)).update(state=screening.state)


def forget_traits(dossiers: Iterable[Any]) -> None:
    """Let the picture know nothing of these dossiers (by key) any more."""
    Trait.objects.filter(pk__in=[_key(pk) for pk in dossiers]).delete()


def _trait(dossier: Dossier, state: str) -> Trait:
    spec, revision = dossier.edition.spec, dossier.accepted_revision
    assert revision is not None
    # known already; else reading the sealed values would ask for both again
    revision.dossier = dossier
    record = full_record(revision)
    return Trait(
        key=_key(dossier.pk),
        edition=dossier.edition,
        state=state,
        gender=str(record.get("gender") or ""),
        age=_band(_age(record, spec), AGES),
        years=_band(record.get("years_in_industry"), YEARS),
        focus="".join(f" {key}" for key in focus_of(record, spec)) + " ",
    )


def _key(pk: Any) -> str:
    return vault().blind_index(str(pk), "screening.trait")


def _band(value: object, bands: tuple[int, ...]) -> int | None:
    """The beginning of the band that a number lies in."""
    if not isinstance(value, int) or value < 0:
        return None
    return bands[bisect_right(bands, value) - 1]


def _age(record: Record, spec: EditionSpec) -> int | None:
    """Full years on the day of the edition's deadline, by the month of birth."""
    year, _dash, month = str(record.get("birth_month") or "").partition("-")
    if not (year.isdecimal() and month.isdecimal()):
        return None
    return spec.deadline.year - int(year) - (spec.deadline.month < int(month))


def focus_of(record: Record, spec: EditionSpec) -> list[str]:
    """The edition's focus fields that the open fields of a record name, in the edition's order."""
    values = [record.get(key) for key in READ_FOR_FOCUS]
    text = "\n".join("\n".join(map(str, value)) if isinstance(value, list) else str(value or "") for value in values)
    raw: Iterable[Mapping[str, Any]] = spec.document.get("focus", ())
    return [one["key"] for one in raw if any(word in text for word in _words(one))]


def _words(focus: Mapping[str, Any]) -> list[str]:
    """By which words a focus field is known: those that the edition lists, else its name, whose parts 和 joins."""
    return list(focus.get("words") or re.split("[和、]", str(focus["label"])))
