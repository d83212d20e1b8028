"""The impact assessment (PIPL 55, 56): its questions, answered from what the edition and the installation are set to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.consultation.access import rules_of
from jiangbang.kernel.notice import read_notice_fields
from jiangbang.kernel.retention import read_retention
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.pages import label_of
from jiangbang.privacy.processing import ACTIVITIES
from jiangbang.programme.models import Edition

_JOIN: Final = "、"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of the assessment with its answers, a sentence each."""

    question: str
    said: tuple[str, ...]


def assessment(edition: Edition) -> list[Answer]:
    """The whole assessment. Three queries."""
    return [
        Answer(
            _("Why is it to be assessed?"), (_("Sensitive personal data is processed, and names are made public."),)
        ),
        Answer(_("Whose data, and how many people?"), _people(edition)),
        Answer(_("Are purpose and means lawful, legitimate and necessary?"), _grounds(edition)),
        Answer(_("Who else gets data, and what?"), _given(edition)),
        Answer(_("What can it do to people, and how likely is it?"), _risks()),
        Answer(_("Do the measures fit the risk?"), _measures(edition)),
    ]


def _people(edition: Edition) -> tuple[str, ...]:
    people = Dossier.objects.filter(edition=edition).exclude(state__in=("superseded", "erased")).count()
    drafts = Candidacy.objects.filter(edition=edition, dossier=None).exclude(state="withdrawn").count()
    return (
        ngettext("%(n)s person is recommended.", "%(n)s people are recommended.", people) % {"n": people},
        ngettext("%(n)s draft is being written.", "%(n)s drafts are being written.", drafts) % {"n": drafts},
        _("Sensitive: %(fields)s.") % {"fields": _labels(edition, edition.spec.form.keys_of("sensitive"))},
    )


def _grounds(edition: Edition) -> tuple[str, ...]:
    rows = Consent.objects.filter(candidacy__edition=edition).values_list("purpose", "withdrawn_at")
    given = Counter(purpose for purpose, withdrawn in rows if withdrawn is None)
    taken = sum(withdrawn is not None for _purpose, withdrawn in rows)
    counted = _JOIN.join(f"{label} {given[key]}" for key, label in Consent.Purpose.choices)
    return (
        *(
            _("%(what)s: %(purpose)s. %(ground)s.") % {"what": one.label, "purpose": one.purpose, "ground": one.ground}
            for one in ACTIVITIES
        ),
        _("Consents that stand: %(counted)s; withdrawn: %(taken)s.") % {"counted": counted, "taken": taken},
    )


def _given(edition: Edition) -> tuple[str, ...]:
    public = _labels(edition, read_notice_fields(edition.spec.document))
    return (
        *(
            _("%(who)s: %(fields)s.") % {"who": one.name, "fields": _labels(edition, one.fields)}
            for one in sorted(rules_of(edition).departments, key=lambda one: one.name)
        ),
        _("The public, on the notice: %(fields)s.") % {"fields": public},
        _("Experts: the form without what identifies, by code."),
    )


def _risks() -> tuple[str, ...]:
    return (
        _(
            "Identity numbers and telephones in wrong hands serve fraud: grave, and unlikely while they are sealed, masked and logged."
        ),
        _("A name on a notice draws unwanted attention: moderate, and meant; objections are looked into by two."),
        _("Copies kept elsewhere outlive an erasure: moderate; the operator's rule for copies must say how long."),
        _("Packets hold many people: one leak is many; the files are sealed and go when their period is over."),
    )


def _measures(edition: Edition) -> tuple[str, ...]:
    periods = read_retention(edition.spec.document)
    return (
        _("Everything sensitive is sealed with AES-256-GCM under a key of each person; destroying the key erases."),
        _(
            "Sensitive values are masked; to see one takes a proof of identity not older than %(n)s minutes, and is logged."
        )
        % {"n": settings.JIANGBANG_STEP_UP_MINUTES},
        _("The log of looks is kept for %(n)s months, people without a title for %(people)s, drafts for %(drafts)s.")
        % {"n": periods["reads"], "people": periods["records"], "drafts": periods["drafts"]},
        _(
            "Nobody erases, publishes, confers or revokes alone; system, security and audit administrators read no dossier."
        ),
        _("Every act stands in a register that cannot be changed unnoticed and holds no personal value."),
    )


def _labels(edition: Edition, keys: Sequence[str] | frozenset[str]) -> str:
    wanted = set(keys)
    return _JOIN.join(label_of(one) for one in edition.spec.form if one.key in wanted)
