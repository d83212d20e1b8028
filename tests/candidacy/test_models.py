"""What must never be is refused by the database too."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from jiangbang.candidacy.models import Candidacy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["with_employer", "with_unit", "submitted"])
def test_what_was_never_handed_over_lies_nowhere(draft: Candidacy, state: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidacy.objects.filter(pk=draft.pk).update(state=state)


def test_what_was_submitted_has_a_dossier(with_unit: Candidacy) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidacy.objects.filter(pk=with_unit.pk).update(state="submitted")


def test_one_photo_counts_one_answer_a_field_one_consent_a_purpose(whole: Candidacy) -> None:
    photo, answer, consent = (
        whole.attachments.get(),
        whole.fields.get(key="motto"),
        whole.consents.get(purpose="sensitive"),
    )
    photo.pk, answer.pk, consent.pk = uuid4(), None, None
    for row in (photo, answer, consent):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    assert (whole.attachments.count(), whole.fields.filter(key="motto").count(), whole.consents.count()) == (1, 1, 3)
