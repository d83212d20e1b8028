"""PAdES signatures (ETSI EN 319 142-1, baseline B) on certificates, and checking them without a network or a PDF reader.

Signing appends to the file and changes nothing before it. `/ContactInfo`, which the standard keeps for how to have a signature verified,
holds the address of the verify page with the signed statement behind `#`.

Checking is stricter than a reader's: the one signature must be the last thing in the file and cover all of it but its own value, so what
a reader could show beside the signed content does not exist.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, cast

from asn1crypto import algos, cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from jiangbang.kernel.statement import Finding, IssuerKey, Verdict, check_token

FIELD: Final = "Jiangbang"
# A certificate with photo and seal has less than a tenth of it.
MAX_PDF: Final = 8_000_000
# A signature with its certificates and a trusted time has some 10,000 bytes.
_MAX_VALUE: Final = 100_000
_DIGEST: Final = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
_OCTETS: Final = 0x04
_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_FIRST_TAGGED: Final = 0xA0
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE: Final = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE: Final = bytes.fromhex("060b2a864886f70d010910022f")
_ONE: Final = bytes.fromhex("020101")
# What reading hostile DER raises.
_UNREADABLE: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
_BYTE_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
# pyHanko writes what is neither letter nor digit as an octal number: 043 is the sign #
_CONTACT: Final = re.compile(rb"/ContactInfo\s*\([^()]{0,2000}(?:#|\\043)([A-Z2-7]{1,3000})\)")
_HEXADECIMAL: Final = re.compile(rb"<([0-9A-F]+)>")


class SignatureError(ValueError):
    """A key that cannot sign, or a file that cannot be signed."""


@dataclass(frozen=True)
class Signatory:
    """Who signs PDFs: the certificate of the key first, then those above it (DER), and the private key (PKCS #8, DER), never shown.

    ECDSA on P-256 and RSA from 2048 bits sign; PDF readers know both. Raises SignatureError where key and certificate do not fit.
    """

    certificates: tuple[bytes, ...]
    private_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        try:
            certified = x509.load_der_x509_certificate(self.certificates[0]).public_key()
            ours = self.key.public_key()
        except (ValueError, TypeError, IndexError, UnsupportedAlgorithm) as error:
            raise SignatureError(f"the certificate or its key cannot be read: {error}") from None
        if _public(ours) != _public(certified):
            raise SignatureError("the certificate belongs to another key")

    @cached_property
    def key(self) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
        """The private key. Raises SignatureError for a kind that PDF readers do not know."""
        key = serialization.load_der_private_key(self.private_key, None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
            return key
        if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
            return key
        raise SignatureError("a key that signs PDFs is RSA of 2048 bits or more, or ECDSA on P-256")

    @cached_property
    def signer(self) -> PreparedSigner:
        """What pyHanko signs with."""
        return PreparedSigner(self)


def sign_pdf(
    pdf: bytes, signatory: Signatory, *, address: str, token: str, timestamps: TimeStamper | None = None
) -> bytes:
    """The PDF with the signature appended. With `timestamps`, a trusted time stands in the signature. Raises SignatureError."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        contact_info=f"{address}#{token}",
    )
    pen = signers.PdfSigner(
        metadata, signatory.signer, timestamper=timestamps, new_field_spec=fields.SigFieldSpec(FIELD)
    )
    # hexadecimal; with a trusted time pyHanko asks for one and measures
    reserved = None if timestamps else 2 * signatory.signer.room
    try:
        signed = pen.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=reserved)
    except (PdfError, ValueError, OSError) as error:
        raise SignatureError(f"the file cannot be signed: {error}") from None
    return cast(bytes, signed.getvalue())


def check_pdf(pdf: bytes, keys: Collection[IssuerKey], revoked: Iterable[str] = ()) -> Finding:
    """What is to be thought of a certificate as PDF. Reads no more of it than its signature; takes any bytes.

    No signature at all: malformed. A signature by another's certificate: forged. A signature that does not cover the file as it is:
    altered. Else the verdict on the statement, which must be of the same issuer's key.
    """
    if len(pdf) > MAX_PDF or not pdf.startswith(b"%PDF-"):
        return Finding(Verdict.MALFORMED, reason="no_pdf")
    ranges = list(_BYTE_RANGE.finditer(pdf))
    if not ranges:
        return Finding(Verdict.MALFORMED, reason="unsigned")
    contact = list(_CONTACT.finditer(pdf))
    token = contact[-1].group(1).decode() if contact else ""
    claimed = check_token(token, keys, revoked)
    first, second, rest = (int(one) for one in ranges[-1].groups())
    gap = _HEXADECIMAL.fullmatch(pdf, first, second) if first < second <= len(pdf) else None
    if len(ranges) != 1 or gap is None or second - first > 2 * _MAX_VALUE or second + rest != len(pdf):
        return Finding(Verdict.ALTERED, claimed.statement, claimed.key, "coverage")
    signed = hashlib.sha256(pdf[:first] + pdf[second:]).digest()
    try:
        key, reason = _check_cms(bytes.fromhex(gap.group(1).decode()), signed, keys)
    except (*_UNREADABLE, InvalidSignature, UnsupportedAlgorithm):
        return Finding(Verdict.ALTERED, claimed.statement, claimed.key, "signature")
    if reason == "unknown_certificate":
        return Finding(Verdict.FORGED, claimed.statement, reason=reason)
    if reason:
        return Finding(Verdict.ALTERED, claimed.statement, key, reason)
    if claimed.verdict in (Verdict.MALFORMED, Verdict.FORGED, Verdict.ALTERED):
        return claimed
    if claimed.key is not None and key is not None and claimed.key.id != key.id:
        return Finding(Verdict.FORGED, claimed.statement, reason="other_key")
    issued = claimed.statement.issued if claimed.statement else date.min
    if key is not None and not _valid_on(key.certificates[0], issued):
        return Finding(Verdict.EXPIRED_KEY, claimed.statement, key, "outside_validity")
    return claimed


def _check_cms(der: bytes, signed: bytes, keys: Collection[IssuerKey]) -> tuple[IssuerKey | None, str]:
    """Whose the signature is, and what is wrong with it. Raises what reading hostile DER raises."""
    size = _der_size(der)
    if any(der[size:]):
        return None, "signature"
    content = cms.ContentInfo.load(der[:size], strict=True)
    (info,) = content["content"]["signer_infos"]
    sid = info["sid"].chosen
    key = next((one for one in keys if one.certificates and _is_signer(one.certificates[0], sid)), None)
    if key is None:
        return None, "unknown_certificate"
    attributes: dict[str, Any] = {one["type"].native: one["values"] for one in info["signed_attrs"]}
    if attributes["content_type"][0].native != "data" or info["digest_algorithm"]["algorithm"].native != "sha256":
        return key, "signature"
    certified = attributes["signing_certificate_v2"][0]["certs"][0]["cert_hash"].native
    if certified != hashlib.sha256(key.certificates[0]).digest():
        return key, "signature"
    if attributes["message_digest"][0].native != signed:
        return key, "content"
    # the signature is over the attributes as a SET, whatever tag they carry in the file (RFC 5652, section 5.4)
    over = b"\x31" + info["signed_attrs"].dump()[1:]
    _verify(x509.load_der_x509_certificate(key.certificates[0]).public_key(), info["signature"].native, over)
    return key, "" if _as_written(content, info, key, der[:size]) else "signature"


def _as_written(content: Any, info: Any, key: IssuerKey, der: bytes) -> bool:
    """Whether nothing was changed in what the signature itself does not cover: certificates and names of methods."""
    if info["unsigned_attrs"].native:
        # with a trusted time the structure is pyHanko's; its own time stamp covers the signature
        return {one.chosen.dump() for one in content["content"]["certificates"]} <= set(key.certificates)
    return _structure(key.certificates, info["signed_attrs"].contents, info["signature"].native) == der


def _is_signer(certificate: bytes, sid: Any) -> bool:
    ours = asn1_x509.Certificate.load(certificate)
    return bool(ours.serial_number == sid["serial_number"].native and ours.issuer.dump() == sid["issuer"].dump())


def _verify(public: object, signature: bytes, over: bytes) -> None:
    if isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, over, ec.ECDSA(hashes.SHA256()))
    elif isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, over, padding.PKCS1v15(), hashes.SHA256())
    else:
        raise UnsupportedAlgorithm("neither ECDSA nor RSA")


def _valid_on(certificate: bytes, day: date) -> bool:
    """Whether the X.509 certificate was valid on that day, its first and last one included."""
    read = x509.load_der_x509_certificate(certificate)
    return read.not_valid_before_utc.date() <= day <= read.not_valid_after_utc.date()


def _public(key: Any) -> bytes:
    return cast(bytes, key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


# -- building the CMS structure ------------------------------------------------------------------------------------------


def _der(tag: int, *parts: bytes) -> bytes:
    """One DER value: tag, length, contents (X.690, 8.1)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def _der_size(der: bytes) -> int:
    """How many bytes the first DER value has, tag and length included. Raises IndexError."""
    first = der[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count])


class PreparedSigner(signers.SimpleSigner):
    """A signer whose CMS structure is laid down once, since between two certificates only digest and signature differ.

    Building it anew for each takes longer than setting the page. With a trusted time, pyHanko builds it.
    """

    def __init__(self, signatory: Signatory) -> None:
        loaded = [asn1_x509.Certificate.load(one) for one in signatory.certificates]
        others = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library's constructor has no annotations
        others.register_multiple(one for one in loaded[1:] if one.self_issued == "no")
        super().__init__(
            signing_cert=loaded[0],
            signing_key=asn1_keys.PrivateKeyInfo.load(signatory.private_key),
            cert_registry=others,
        )
        self._key = signatory.key
        self._chain = signatory.certificates
        certified = _der(_OCTETS, hashlib.sha256(signatory.certificates[0]).digest())
        self._certified = _attribute(_SIGNING_CERTIFICATE, _der(_SEQUENCE, _der(_SEQUENCE, _der(_SEQUENCE, certified))))

    @property
    def room(self) -> int:
        """Bytes that a signature without a trusted time takes, at most."""
        return len(self._built(bytes(32))) + 8

    async def async_sign(
        self, data_digest: bytes, digest_algorithm: str, *args: Any, **options: Any
    ) -> cms.ContentInfo:
        """The structure for a digest, with the attributes that PAdES asks for."""
        if options.get("timestamper") is not None:
            return await super().async_sign(data_digest, digest_algorithm, *args, **options)
        return cms.ContentInfo.load(self._built(data_digest))

    def _built(self, digest: bytes) -> bytes:
        attributes = (
            _attribute(_CONTENT_TYPE, _DATA),
            _attribute(_MESSAGE_DIGEST, _der(_OCTETS, digest)),
            self._certified,
        )
        # a SET is sorted by its encodings (X.690, 11.6)
        ordered = b"".join(sorted(attributes))
        over = _der(_SET, ordered)
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            value = self._key.sign(over, ec.ECDSA(hashes.SHA256()))
        else:
            value = self._key.sign(over, padding.PKCS1v15(), hashes.SHA256())
        return _structure(self._chain, ordered, value)


@lru_cache(maxsize=64)
def _fixed_parts(chain: tuple[bytes, ...]) -> tuple[bytes, bytes, bytes]:
    """What every signature with these certificates has: who signs, the certificates but the self-signed ones, the method."""
    loaded = [asn1_x509.Certificate.load(one) for one in chain]
    sid = _der(_SEQUENCE, loaded[0].issuer.dump(), loaded[0]["tbs_certificate"]["serial_number"].dump())
    kept = [one for one, read in zip(chain, loaded, strict=True) if read.self_issued == "no" or one == chain[0]]
    method = "sha256_ecdsa" if loaded[0].public_key.algorithm == "ec" else "sha256_rsa"
    return sid, _der(_FIRST_TAGGED, *kept), algos.SignedDigestAlgorithm({"algorithm": method}).dump()


def _structure(chain: tuple[bytes, ...], attributes: bytes, value: bytes) -> bytes:
    """The CMS structure of a detached signature (RFC 5652, section 5). There is one for each set of attributes and each value."""
    sid, certificates, method = _fixed_parts(chain)
    info = _der(_SEQUENCE, _ONE, sid, _DIGEST, _der(_FIRST_TAGGED, attributes), method, _der(_OCTETS, value))
    signed = _der(_SEQUENCE, _ONE, _der(_SET, _DIGEST), _der(_SEQUENCE, _DATA), certificates, _der(_SET, info))
    return _der(_SEQUENCE, _SIGNED_DATA, _der(_FIRST_TAGGED, signed))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return _der(_SEQUENCE, kind, _der(_SET, value))
