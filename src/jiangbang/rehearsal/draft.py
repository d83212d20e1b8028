"""One candidate in the middle of filling in the form, brought there through the acts."""

from __future__ import annotations

from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from jiangbang.accounts.invitations import accept
from jiangbang.accounts.models import User
from jiangbang.candidacy import acts, files
from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.candidacy.queries import with_all
from jiangbang.kernel.edition import UnitSpec
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.people import make_people

# Behind everybody of a rehearsal's packets and workspaces, so that nobody is recommended twice.
PERSON: Final = 30_000
# Half of the form: what people write first, with one answer that must be mended.
WRITTEN: Final = (
    "gender",
    "birth_month",
    "political_status",
    "id_number",
    "education",
    "skill_level",
    "industry_class",
    "employer_and_position",
    "motto",
    "achievements",
)
MISTAKEN: Final = ("years_in_industry", "十几年")
DECLARED: Final = ("employed_in_hangzhou", "union_member")


def rehearse_draft(edition: Edition, unit: UnitSpec, *, candidate: User, seed: int, by: User) -> Candidacy:
    """Invite this account for the unit and let it write half of its form."""
    spec = edition.spec
    (person,) = make_people(
        1,
        seed=seed,
        form=spec.form,
        classes=spec.industry_classes,
        signed=edition.now().date(),
        year=edition.now().year,
        start=PERSON,
    )
    (invited,) = acts.invite_candidates(edition, unit, [acts.InvitationRow(candidate.display_name)], by=by)
    accept(invited.token, as_user=candidate)
    pk = invited.candidacy.pk
    for purpose in Consent.Purpose.values:
        acts.give_consent(_again(pk), purpose, by=candidate)
    for key, value in [*((key, person.record.get(key)) for key in WRITTEN), MISTAKEN]:
        acts.save_field(_again(pk), key, value, expected=0, by=candidate)
    for key in DECLARED:
        if key in {fact.key for fact in spec.facts}:
            acts.save_field(_again(pk), f"fact.{key}", "yes", expected=0, by=candidate)
    if person.photo:
        files.place_photo(_again(pk), SimpleUploadedFile("photo.jpg", person.photo, "image/jpeg"), by=candidate)
    return _again(pk)


def _again(pk: object) -> Candidacy:
    found = with_all(str(pk))
    assert found is not None
    return found
