"""Making the certificates of X.509 that sign PDFs: a small authority of the house, or the organiser's own key from a PKCS #12 file.

The house's own authority vouches only within the file of keys that the organiser publishes; PDF readers say that they do not know it.
An organiser with a key from a licensed authority brings that instead.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from jiangbang.papers.signature import Signatory, SignatureError

_AUTHORITY: Final = "Jiangbang house authority"


def new_signatory(issuer: str, valid_from: date, valid_until: date) -> Signatory:
    """A fresh P-256 key of this issuer, certified by a fresh authority whose own key is thrown away when it has signed this one."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    above = _name(_AUTHORITY, issuer)
    root = _certificate(above, above, authority.public_key(), authority, valid_from, valid_until, authority=True)
    ours = _certificate(
        _name(issuer, issuer), above, key.public_key(), authority, valid_from, valid_until, authority=False
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Signatory((ours.public_bytes(Encoding.DER), root.public_bytes(Encoding.DER)), private)


def signatory_from_pkcs12(data: bytes, passphrase: str) -> Signatory:
    """The organiser's own key with its certificates. Raises SignatureError."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except ValueError:
        raise SignatureError("the passphrase is wrong, or the file is no PKCS #12 file") from None
    if key is None or certificate is None:
        raise SignatureError("the file holds no key with its certificate")
    chain = (certificate, *others)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Signatory(tuple(one.public_bytes(Encoding.DER) for one in chain), private)


def validity(certificate: bytes) -> tuple[date, date]:
    """The first and the last day of an X.509 certificate (DER)."""
    read = x509.load_der_x509_certificate(certificate)
    return read.not_valid_before_utc.date(), read.not_valid_after_utc.date()


def _name(common: str, organisation: str) -> x509.Name:
    # RFC 5280, appendix A: both have at most 64 characters
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    signing: ec.EllipticCurvePrivateKey,
    valid_from: date,
    valid_until: date,
    *,
    authority: bool,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.combine(valid_from, time.min, UTC))
        .not_valid_after(datetime.combine(valid_until, time(23, 59, 59), UTC))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority,
                key_cert_sign=authority,
                crl_sign=authority,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
