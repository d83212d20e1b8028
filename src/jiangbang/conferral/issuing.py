"""Issuing certificates for a list of people: checked whole, signed, registered, then written one by one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper

from jiangbang.accounts.models import User
from jiangbang.conferral.certificates import ARTWORK, issue, stated
from jiangbang.conferral.issuers import Issuer, issuer_for
from jiangbang.conferral.policy import may_make_certificates
from jiangbang.kernel.edition import TitleSpec
from jiangbang.kernel.statement import StatementError
from jiangbang.papers.certificate import Certificate, unprintable, write_certificate
from jiangbang.papers.signature import sign_pdf
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record

Kind = Literal["signed", "print", "plaque"]
# What each kind is made by, where it is artwork, and how its files end.
_ARTWORK: Final[dict[Kind, str]] = {"print": "certificate-print.pdf", "plaque": "plaque.svg"}
_SUFFIX: Final[dict[Kind, str]] = {"signed": ".pdf", "print": "-print.pdf", "plaque": "-plaque.svg"}


@dataclass(frozen=True, slots=True)
class Titled:
    """Somebody who gets a certificate. `title` is the key of a title of the edition."""

    number: str
    name: str
    unit: str
    title: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Certificates that are signed and not yet written."""

    issuer: Issuer
    issued: date
    sheets: tuple[Certificate, ...]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the signed statements: names the batch and tells nobody who is in it."""
        return hashlib.sha256("\n".join(one.token for one in self.sheets).encode()).hexdigest()


def prepare(edition: Edition, people: Sequence[Titled], issued: date, *, by: User, seal: bytes = b"") -> Batch:
    """Check a list whole and sign its statements; nothing is kept.

    Refused: `permission`; `nobody`; `number` where two share one; `title`; `no_key` for the day of issue; `statement` for a value that
    cannot be stated; `unprintable` where no font has a character.
    """
    if not may_make_certificates(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    if not people:
        raise Refused("nobody", _("The list names nobody."))
    number, count = Counter(one.number for one in people).most_common(1)[0]
    if count > 1:
        raise Refused("number", _("The number %(number)s stands in the list more than once.") % {"number": number})
    issuer = issuer_for(issued)
    if issuer is None:
        raise Refused("no_key", _("No key may sign certificates of %(day)s.") % {"day": issued.isoformat()})
    titles = {title.key: title for title in edition.spec.titles}
    sheets = tuple(_sheet(edition, titles, one, issued, issuer, seal) for one in people)
    lacking = [f"{one.statement.name} ({'、'.join(unprintable(one))})" for one in sheets if unprintable(one)]
    if lacking:
        said = _("No font here has the characters of: %(names)s. Nothing was made.")
        raise Refused("unprintable", said % {"names": "；".join(lacking)})
    return Batch(issuer, issued, sheets)


@act("certificates.issued")
def issue_certificates(edition: Edition, batch: Batch, *, by: User) -> None:
    """Let the register know of a batch, before its files are written: a certificate without an entry never exists.

    Refused: `permission`.
    """
    if not may_make_certificates(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    facts = {
        "count": len(batch.sheets),
        "key": batch.issuer.key.id.hex(),
        "issued": batch.issued.isoformat(),
        "sha256": batch.fingerprint,
    }
    record("certificates.issued", by=by, edition=edition.key, subject=f"edition:{edition.pk}", facts=facts)


def files_of(batch: Batch, kind: Kind = "signed") -> Iterator[tuple[str, bytes]]:
    """The files of a batch, one by one, by the name that each has. `print` is artwork with bleed, `plaque` a drawing; both unsigned."""
    stamper = time_stamper()
    for place, sheet in enumerate(batch.sheets, 1):
        name = f"{place:05}-{''.join(one for one in sheet.statement.name if one.isalnum())}{_SUFFIX[kind]}"
        if kind != "signed":
            yield name, ARTWORK[_ARTWORK[kind]](sheet)
            continue
        pdf = write_certificate(sheet)
        yield name, sign_pdf(pdf, batch.issuer.signatory, address=sheet.address, token=sheet.token, timestamps=stamper)


def time_stamper() -> TimeStamper | None:
    """Whoever gives a trusted time (RFC 3161) for signatures, where the house has one."""
    return HTTPTimeStamper(settings.JIANGBANG_TSA_URL) if settings.JIANGBANG_TSA_URL else None


def _sheet(
    edition: Edition, titles: dict[str, TitleSpec], one: Titled, issued: date, issuer: Issuer, seal: bytes
) -> Certificate:
    title = titles.get(one.title)
    if title is None:
        raise Refused("title", _("This edition has no title %(title)s.") % {"title": one.title})
    who = {"number": one.number, "name": one.name, "unit": one.unit}
    try:
        said = stated(edition, title, **who, issued=issued, issuer=issuer.key.issuer)
    except StatementError as error:
        place = {"number": one.number, "reason": str(error)}
        raise Refused("statement", _("Number %(number)s cannot be stated: %(reason)s.") % place) from None
    return issue(edition, title, said, issuer, seal=seal)
