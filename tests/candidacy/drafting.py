"""What the tests of candidacies share: the cast, a whole form, and a way to fill it in."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from nomination.readings import person
from PIL import Image

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.candidacy import acts, files
from jiangbang.candidacy.models import Candidacy
from jiangbang.candidacy.queries import with_all
from jiangbang.programme.models import Edition

UNIT = "330108"


@dataclass(frozen=True)
class Players:
    """Who has to do with one candidacy, and who has not."""

    organiser: User
    unit: User
    candidate: User
    employer: User
    other_candidate: User
    other_unit: User
    discipline: User
    stranger: User


def account(name: str, edition: Edition, role: Role, scope: str = "") -> User:
    user = User.objects.create(username=name, display_name=name)
    Membership.objects.create(user=user, edition=edition.key, role=role, scope=scope)
    return user


def picture(size: tuple[int, int] = (413, 579), colour: str = "#8a8f99", kind: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def photo(name: str = "photo.jpg", **made: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(**made), "image/jpeg")


def pdf(name: str = "证书.pdf", more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj<<>>endobj\n" + more + b"\n%%EOF", "application/pdf")


def agree(candidacy: Candidacy, by: User, *purposes: str) -> None:
    for purpose in purposes or ("processing", "sensitive", "publication"):
        acts.give_consent(candidacy, purpose, by=by)


def fill(candidacy: Candidacy, by: User, *, with_photo: bool = True, **changes: Any) -> None:
    """Everything that the form asks, and a photo."""
    record = {**person(1), **changes}
    for spec in candidacy.edition.spec.form:
        if spec.kind not in ("image", "opinions") and spec.key in record:
            stands = candidacy.fields.filter(key=spec.key).first()
            acts.save_field(candidacy, spec.key, record[spec.key], expected=stands.version if stands else 0, by=by)
    if with_photo:
        files.place_photo(candidacy, photo(), by=by)


def again(candidacy: Candidacy) -> Candidacy:
    found = with_all(candidacy.pk)
    assert found is not None
    return found


def afresh(user: User) -> User:
    """The account as the next request has it: without what was asked about it before."""
    return User.objects.get(pk=user.pk)
