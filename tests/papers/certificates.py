"""A certificate, its issuer and its keys, for the tests of papers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from jiangbang.kernel.certificate import CertificateSpec
from jiangbang.kernel.statement import IssuerKey, Statement, sign_statement
from jiangbang.papers.certificate import Certificate, write_certificate
from jiangbang.papers.issuing import new_signatory
from jiangbang.papers.signature import Signatory, sign_pdf

ADDRESS = "https://jiangbang.example.org/verify/"
ISSUER = "杭州市数字经济行业工会联合会"
SEED = bytes(range(32))
FROM, UNTIL = date(2023, 1, 1), date(2027, 12, 31)
SPEC = CertificateSpec(
    bodies=("杭州市总工会政研室", "杭州市经信工会", ISSUER),
    chop="杭州数字工匠",
    texts={"nominee": "荣获{edition}“{title}”。特颁此证。"},
)


def statement(name: str = "王䶮", issued: date = date(2023, 5, 18), unit: str = "杭州某某科技有限公司") -> Statement:
    return Statement(
        issuer=ISSUER,
        programme="杭州数字工匠",
        edition="首届“杭州数字工匠”认定",
        title="杭州数字工匠",
        number="杭数匠〔2023〕第001号",
        name=name,
        unit=unit,
        issued=issued,
    )


def certificate(name: str = "王䶮", issued: date = date(2023, 5, 18), **more: object) -> Certificate:
    said = statement(name, issued)
    whole: dict[str, object] = {
        "title_key": "craftsman",
        "title_en": "Hangzhou Digital Craftsman",
        "spec": SPEC,
        **more,
    }
    return Certificate(said, sign_statement(said, SEED), ADDRESS, **whole)  # type: ignore[arg-type]


@cache
def signatory() -> Signatory:
    return new_signatory(ISSUER, FROM, UNTIL)


def issuer_key() -> IssuerKey:
    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
    return IssuerKey(ISSUER, public, FROM, UNTIL, certificates=signatory().certificates)


@cache
def signed() -> bytes:
    """A certificate as signed PDF."""
    one = certificate()
    return sign_pdf(write_certificate(one), signatory(), address=one.address, token=one.token)


def certified(key: object) -> bytes:
    """A self-signed certificate of a key, valid from 2023 for ten years."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "organiser")])
    begins = datetime(2023, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    builder = builder.public_key(key.public_key()).not_valid_before(begins)  # type: ignore[attr-defined]
    builder = builder.not_valid_after(begins + timedelta(days=3650))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]
