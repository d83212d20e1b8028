"""From what was conferred to the sheets that are handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from django.urls import reverse

from jiangbang.conferral.issuers import Issuer
from jiangbang.kernel.certificate import CertificateSpec, certificate_spec
from jiangbang.kernel.edition import TitleSpec
from jiangbang.kernel.statement import Statement, sign_statement
from jiangbang.outbox.addresses import absolute
from jiangbang.papers.certificate import Certificate, draw_certificate, draw_plaque, write_certificate, write_plaque
from jiangbang.programme.models import Edition

# Name, unit and number of a proof of the design.
_SPECIMEN: Final = ("姓　名", "工作单位", "编　号")


def words_of(edition: Edition) -> CertificateSpec:
    """What the edition's certificates say."""
    return certificate_spec(edition.spec.document)


def verify_address() -> str:
    """The address of the verify page, as it stands in every code."""
    return absolute(reverse("verify"))


def stated(
    edition: Edition, title: TitleSpec, *, number: str, name: str, unit: str, issued: date, issuer: str
) -> Statement:
    """What a certificate of this edition vouches for. Raises StatementError for what cannot be stated."""
    return Statement(
        issuer=issuer,
        programme=programme_name(edition),
        edition=edition.name,
        title=title.label,
        number=number,
        name=name,
        unit=unit if words_of(edition).unit else "",
        issued=issued,
    )


def certificate(
    edition: Edition, title: TitleSpec, statement: Statement, *, token: str, seal: bytes = b""
) -> Certificate:
    """The sheet of a statement, in the words of the edition."""
    return Certificate(
        statement,
        token,
        verify_address(),
        words_of(edition),
        title.key,
        title_en=title.label_en,
        edition_en=edition.name_en,
        seal=seal,
    )


def issue(
    edition: Edition, title: TitleSpec, statement: Statement, issuer: Issuer, *, seal: bytes = b""
) -> Certificate:
    """The sheet with its signed statement."""
    return certificate(edition, title, statement, token=sign_statement(statement, issuer.seed), seal=seal)


def specimen(edition: Edition, title: TitleSpec, issued: date, *, seal: bytes = b"") -> Certificate:
    """A proof of the design for print shop and office: it vouches for nothing."""
    name, unit, number = _SPECIMEN
    bodies = words_of(edition).bodies
    said = stated(
        edition,
        title,
        number=number,
        name=name,
        unit=unit,
        issued=issued,
        issuer=bodies[-1] if bodies else edition.name,
    )
    return replace(certificate(edition, title, said, token="", seal=seal), specimen=True)


# What a sheet is made into without a signature: a picture for the screen, artwork for print shop and engraver.
ARTWORK: Final[dict[str, Callable[[Certificate], bytes]]] = {
    "certificate.png": lambda sheet: draw_certificate(sheet, ppi=110),
    "certificate.pdf": write_certificate,
    "certificate-print.pdf": lambda sheet: write_certificate(sheet, print_shop=True),
    "plaque.pdf": write_plaque,
    "plaque.svg": lambda sheet: draw_plaque(sheet).encode(),
}
MEDIA_TYPES: Final = {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml"}


def day_of_issue(edition: Edition) -> date:
    """The day that certificates bear: today on the edition's clock, but not before the release begins."""
    today = edition.now().astimezone(edition.zone).date()
    begins = [stage.opens for stage in edition.spec.stages if stage.key == "conferral"]
    return max([today, *begins])


def programme_name(edition: Edition) -> str:
    """The programme's name as the first title that is seated bears it; the edition's own where there is none."""
    seated = [title for title in edition.spec.titles if not title.direct]
    return seated[0].label if seated else edition.name
