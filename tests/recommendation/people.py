"""Candidacies in every state, made quickly: what candidates and employers do is tried elsewhere."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from nomination.readings import person
from papers.pages import as_bytes, form_page
from PIL import Image

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.candidacy import acts as candidacy_acts
from jiangbang.candidacy.acts import InvitationRow
from jiangbang.candidacy.drafts import EMPLOYER_OPINION, write_answer
from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.candidacy.queries import with_all
from jiangbang.candidacy.typed import typed_value
from jiangbang.kernel.edition import UnitSpec
from jiangbang.nomination import evidence
from jiangbang.programme.models import Edition
from jiangbang.recommendation import acts

UNIT = "330108"
OTHER_UNIT = "330102"
State = Candidacy.State
EMPLOYER = {"text": "情况属实，同意推荐。", "sealed": True, "date": "2023-03-18"}


@dataclass(frozen=True)
class People:
    """Who works for the unit, for another, for the office, and who does not."""

    unit: User
    colleague: User
    other: User
    organiser: User
    discipline: User
    stranger: User


def account(name: str, edition: Edition, role: Role, scope: str = "") -> User:
    user = User.objects.create(username=name, display_name=name)
    Membership.objects.create(user=user, edition=edition.key, role=role, scope=scope)
    return user


def unit_of(edition: Edition) -> UnitSpec:
    return edition.spec.unit(UNIT)


def portrait(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (413, 579), (90 + number % 100, 100, 110)).save(out, "JPEG")
    return out.getvalue()


def invited(edition: Edition, by: User, number: int = 1) -> Candidacy:
    unit = edition.spec.unit(UNIT)
    (made,) = candidacy_acts.invite_candidates(edition, unit, [InvitationRow(str(person(number)["name"]))], by=by)
    return again(made.candidacy)


def drafted(edition: Edition, by: User, number: int = 1, **changes: Any) -> Candidacy:
    """Agreed to and filled in, with a photo; nothing handed over."""
    candidacy = invited(edition, by, number)
    for purpose in Consent.Purpose.values:
        Consent.objects.create(candidacy=candidacy, purpose=purpose, given_at=timezone.now())
    photo = portrait(number)
    described = {"media_type": "image/jpeg", "width": 413, "height": 579, "sha256": evidence.keep_bytes(photo)}
    record = {**person(number), **changes}
    for spec in edition.spec.form:
        if spec.kind == "image":
            write_answer(candidacy, spec.key, described, by=by)
        elif spec.kind != "opinions" and record[spec.key] is not None:
            write_answer(candidacy, spec.key, typed_value(spec, record[spec.key]), by=by)
    return _put(candidacy, State.DRAFTING)


def with_unit(edition: Edition, by: User, number: int = 1, **changes: Any) -> Candidacy:
    """Confirmed by the employer and handed to the unit."""
    candidacy = drafted(edition, by, number, **changes)
    write_answer(candidacy, EMPLOYER_OPINION, EMPLOYER, by=by)
    now = timezone.now()
    Candidacy.objects.filter(pk=candidacy.pk).update(handed_at=now, confirmed_at=now, with_unit_at=now)
    return _put(again(candidacy), State.WITH_UNIT)


def ready(edition: Edition, by: User, number: int = 1, **changes: Any) -> Candidacy:
    """With the unit, its opinion given: nothing stands in the way."""
    candidacy = with_unit(edition, by, number, **changes)
    acts.give_opinion([candidacy], "同意推荐，材料属实。", "2023-03-20", by=by)
    return again(candidacy)


def _put(candidacy: Candidacy, state: str) -> Candidacy:
    Candidacy.objects.filter(pk=candidacy.pk).update(state=state)
    return again(candidacy)


def again(candidacy: Candidacy) -> Candidacy:
    found = with_all(candidacy.pk)
    assert found is not None
    return found


def sealed_form(name: str = "盖章表.jpg", askew: float = 1.5) -> SimpleUploadedFile:
    """A photo of a sealed form, a little askew."""
    page = form_page().rotate(-askew, Image.Resampling.BICUBIC, fillcolor=235)
    return SimpleUploadedFile(name, as_bytes(page, "JPEG"), "image/jpeg")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


TODAY = date(2023, 3, 20)
