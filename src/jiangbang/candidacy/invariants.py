"""What must always hold of candidacies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import F, Q

from jiangbang.candidacy.models import Attachment, Candidacy, Consent
from jiangbang.nomination.models import StoredFile
from jiangbang.register.invariant import Invariant, unlike, unsaid

State = Candidacy.State
_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"
_HANDED: Final = (State.WITH_EMPLOYER, State.WITH_UNIT, State.SUBMITTED)


def _invited() -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Candidacy.objects.values_list("pk", flat=True))


def _astray() -> Iterator[str]:
    """Submitted forms whose dossier is of another edition or unit."""
    rows = Candidacy.objects.filter(state=State.SUBMITTED)
    strange = rows.exclude(dossier__edition=F("edition"), dossier__unit_code=F("unit_code"))
    return (one.subject for one in strange.only("pk"))


def _rowless() -> Iterator[str]:
    known = StoredFile.objects.values("pk")
    rows = Attachment.objects.exclude(sha256__in=known)
    return (str(one.pk) for one in rows.only("pk"))


def _unconsented() -> Iterator[str]:
    """Forms that were handed over without the candidate's word, given here or attested by the unit on paper."""
    given = Consent.objects.filter(purpose=Consent.Purpose.PROCESSING, withdrawn_at=None).values("candidacy")
    return unsaid(Candidacy.objects.filter(state__in=_HANDED).exclude(pk__in=given), "candidacy", "consent.attested")


INVARIANTS: Final = (
    Invariant(
        "candidacy.invited_once",
        "The register knows the invitation of every candidate, once.",
        _ACTS,
        lambda: unlike(_invited(), "candidacy", "candidacy.invited"),
    ),
    Invariant(
        "candidacy.submitted_registered",
        "The register knows the submission of every submitted form.",
        _ACTS,
        lambda: unsaid(Candidacy.objects.filter(state=State.SUBMITTED), "candidacy", "candidacy.submitted"),
    ),
    Invariant("candidacy.own_dossier", "A submitted form became a dossier of its own unit.", _ACTS, _astray),
    Invariant(
        "candidacy.handed_committed",
        "The register has the fingerprint of every form that was handed over.",
        _ACTS,
        lambda: Candidacy.objects.filter(state__in=_HANDED, commitment=""),
    ),
    Invariant(
        "candidacy.consented", "Every form that was handed over has its candidate's consent.", _ACTS, _unconsented
    ),
    Invariant(
        "candidacy.confirmed_before_unit",
        "No form lies with a unit that the employer has not confirmed.",
        _ACTS,
        lambda: Candidacy.objects.filter(Q(state=State.WITH_UNIT) & (Q(confirmed_at=None) | Q(with_unit_at=None))),
    ),
    Invariant(
        "candidacy.files_known",
        "Every file of a draft has its row in the storage's list.",
        "restore the files from the backup of the same day: jiangbang restore",
        _rowless,
    ),
)
