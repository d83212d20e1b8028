"""A unit's workspace with synthetic candidacies in every state, brought about through the acts."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from jiangbang.accounts.models import User
from jiangbang.candidacy import files, handing
from jiangbang.candidacy.acts import save_field
from jiangbang.candidacy.drafts import answer_of
from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.candidacy.queries import with_all
from jiangbang.candidacy.typed import asked_facts
from jiangbang.kernel.edition import UnitSpec
from jiangbang.programme.models import Edition
from jiangbang.recommendation import acts, inviting, pages, returning, scanning, submitting
from jiangbang.recommendation.pasting import PastedPerson
from jiangbang.rehearsal.people import SyntheticPerson, make_people

# How far the people of the list have come, in the order in which they were invited.
STEPS: Final = (
    "invited",
    "invited",
    "begun",
    "filled",
    "with_employer",
    "with_unit",
    "ready",
    "submitted",
    "submitted",
    "returned",
)
# People of a rehearsal's own packets stand before these, so that nobody is recommended twice.
FIRST_PERSON: Final = 20_000
_FIRST_ANSWERS: Final = ("gender", "birth_month", "education", "employer_and_position", "mobile")
_OPINION: Final = "经研究，同意推荐。"
_EMPLOYER: Final = "情况属实，同意推荐。"


def rehearse_workspace(
    edition: Edition, unit: UnitSpec, *, seed: int, by: User, office: User, say: Callable[[str], object]
) -> list[Candidacy]:
    """Invite people for a unit that has invited nobody, and let them come as far as `STEPS` say. Returns them in that order."""
    spec = edition.spec
    people = make_people(
        len(STEPS),
        seed=seed,
        form=spec.form,
        classes=spec.industry_classes,
        signed=edition.now().date(),
        year=edition.now().year,
        start=FIRST_PERSON,
    )
    say(f"Rehearsing the workspace of {unit.name} with {len(people)} candidates …")
    rows = [
        PastedPerson(number, one.name, str(one.record.get("employer_and_position") or ""), "", "")
        for number, one in enumerate(people, 1)
    ]
    invited = [one.candidacy for one in inviting.invite_people(edition, unit, rows, by=by)]
    for candidacy, person, step in zip(invited, people, STEPS, strict=True):
        _go(_again(candidacy), person, step, by=by)
    _submit(edition, unit, [one for one, step in zip(invited, STEPS, strict=True) if step in _SUBMITTED], by=by)
    for candidacy, step in zip(invited, STEPS, strict=True):
        dossier = _again(candidacy).dossier
        if step == "returned" and dossier is not None:
            due = edition.deadline.at + timedelta(days=3)
            returning.return_dossier(
                dossier, ["补充获奖证书的发证单位和时间", "事迹中写明成果的应用情况"], due=due, by=office
            )
    acts.order_nominees(edition, unit, [one.pk for one in reversed(invited)], expected=0, by=by)
    return [_again(one) for one in invited]


_SUBMITTED = ("submitted", "returned")
_REACHED = {
    "invited": 0,
    "begun": 1,
    "filled": 2,
    "with_employer": 3,
    "with_unit": 4,
    "ready": 5,
    "submitted": 5,
    "returned": 5,
}


def _go(candidacy: Candidacy, person: SyntheticPerson, step: str, *, by: User) -> None:
    """Bring one candidacy as far as its step says."""
    reached = _REACHED[step]
    if reached >= 1:
        inviting.attest_consents(candidacy, list(Consent.Purpose.values), by=by)
        _fill(_again(candidacy), person, whole=reached >= 2, by=by)
    if reached >= 3:
        handing.hand_to_employer(_again(candidacy), by=by)
    if reached >= 4:
        files.add_scan(_again(candidacy), _sealed(), by=by)
        handing.confirm_by_scan(_again(candidacy), _EMPLOYER, by=by)
    if reached >= 5:
        day = candidacy.edition.now().astimezone(candidacy.edition.zone).date()
        acts.give_opinion([_again(candidacy)], _OPINION, day.isoformat(), by=by)
        scanning.bring_scan(_again(candidacy), [_sealed()], by=by)


def _fill(candidacy: Candidacy, person: SyntheticPerson, *, whole: bool, by: User) -> None:
    """Write the person's answers into the form, or only the first of them."""
    spec = candidacy.edition.spec
    for field in spec.form:
        value = person.record.get(field.key)
        if field.kind in ("image", "opinions") or value is None or not (whole or field.key in _FIRST_ANSWERS):
            continue
        _answer(candidacy, field.key, value, by=by)
    if not whole:
        return
    for fact in asked_facts(spec)[:3]:
        if fact.kind == "bool":
            _answer(candidacy, f"fact.{fact.key}", "yes", by=by)
    _prove(candidacy, by=by)
    if person.photo:
        files.place_photo(candidacy, SimpleUploadedFile("photo.jpg", person.photo, "image/jpeg"), by=by)


def _prove(candidacy: Candidacy, *, by: User) -> None:
    """Attach a certificate to the first entry of each list that may be proved."""
    for field in candidacy.edition.spec.form:
        answer = answer_of(candidacy, field.key) if field.evidence and field.kind == "items" else None
        if answer is not None and answer.value:
            files.add_evidence(candidacy, f"{field.key}.{answer.value[0]['id']}", _sealed("获奖证书.jpg"), by=by)


def _answer(candidacy: Candidacy, key: str, value: object, *, by: User) -> None:
    stands = answer_of(candidacy, key)
    save_field(candidacy, key, value, expected=stands.version if stands else 0, by=by)


def _submit(edition: Edition, unit: UnitSpec, chosen: list[Candidacy], *, by: User) -> None:
    prepared = submitting.prepare(edition, unit, [_again(one) for one in chosen], by=by)
    submitting.submit_packet(prepared, declaration=pages.declaration(unit.name), by=by)


def _sealed(name: str = "盖章页.jpg") -> SimpleUploadedFile:
    """A photo of a sheet with a seal, held a little askew."""
    page = Image.new("RGB", (1240, 1754), (250, 249, 245))
    draw = ImageDraw.Draw(page)
    for y in range(200, 1650, 96):
        draw.line((130, y, 1110, y), fill=(40, 40, 40), width=2)
        for x in range(150, 150 + (y * 7) % 620 + 200, 30):
            draw.rectangle((x, y + 34, x + 20, y + 56), outline=(60, 60, 60), width=3)
    for x in (130, 330, 1110):
        draw.line((x, 200, x, 1640), fill=(40, 40, 40), width=2)
    draw.ellipse((760, 1280, 1040, 1560), outline=(190, 30, 40), width=9)
    draw.regular_polygon((900, 1420, 60), 5, rotation=36, fill=(190, 30, 40))
    out = io.BytesIO()
    page.rotate(-2.4, Image.Resampling.BICUBIC, fillcolor=(225, 222, 214)).save(out, "JPEG", quality=80)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def _again(candidacy: Candidacy) -> Candidacy:
    found = with_all(candidacy.pk)
    assert found is not None
    return found
