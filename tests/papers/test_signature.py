"""Signed PDFs: any reader accepts them, and every damage is refused for the right reason."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import date

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from papers.certificates import (
    ADDRESS,
    FROM,
    ISSUER,
    SEED,
    UNTIL,
    certificate,
    certified,
    issuer_key,
    signatory,
    signed,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from jiangbang.kernel.statement import Verdict, sign_statement
from jiangbang.papers.certificate import write_certificate
from jiangbang.papers.issuing import new_signatory
from jiangbang.papers.signature import MAX_PDF, Signatory, SignatureError, check_pdf, sign_pdf


def _signed(**change: object) -> bytes:
    one = certificate(**change)
    return sign_pdf(write_certificate(one), signatory(), address=ADDRESS, token=one.token)


def test_a_signed_certificate_is_genuine_and_of_less_than_forty_kibibytes():
    finding = check_pdf(signed(), [issuer_key()])
    assert (finding.verdict, finding.statement) == (Verdict.GENUINE, certificate().statement)
    assert len(signed()) < 40 * 1024


def test_signing_appends_and_changes_nothing_before():
    assert signed().startswith(write_certificate(certificate()))


def test_another_program_judges_the_signature_valid_and_covering_the_whole_file():
    reader = PdfFileReader(io.BytesIO(signed()))
    (embedded,) = reader.embedded_signatures
    root = asn1_x509.Certificate.load(signatory().certificates[1])
    judged = validate_pdf_signature(embedded, ValidationContext(trust_roots=[root]))
    assert (judged.bottom_line, judged.coverage.name) == (True, "ENTIRE_FILE")
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert str(embedded.sig_object["/ContactInfo"]) == f"{ADDRESS}#{certificate().token}"


def test_two_hundred_altered_bytes_are_refused_for_the_right_reason():
    source, found = random.Random(2024), []
    for _ in range(200):
        damaged = bytearray(signed())
        at = source.randrange(9, len(damaged))
        damaged[at] ^= source.randrange(1, 256)
        verdict = check_pdf(bytes(damaged), [issuer_key()]).verdict
        # only a damage to the word that announces a signature makes it none at all
        expected = Verdict.ALTERED if b"/ByteRange" in damaged else Verdict.MALFORMED
        found.append((at, verdict, expected))
    assert [one for one in found if one[1] is not one[2]] == []


def test_every_single_character_of_the_signature_s_value_counts():
    start = signed().index(b"/Contents <") + 11
    end = signed().index(b">", start)
    source, verdicts = random.Random(7), set()
    for at in source.sample(range(start, end), 200):
        damaged = bytearray(signed())
        damaged[at] = ord(source.choice("0123456789ABCDEF".replace(chr(damaged[at]), "")))
        verdicts.add(check_pdf(bytes(damaged), [issuer_key()]).verdict)
    # a changed name of the signer is a signature of somebody unknown
    assert verdicts == {Verdict.ALTERED, Verdict.FORGED}


def test_what_is_appended_or_cut_off_is_an_alteration():
    assert check_pdf(signed() + b"\n", [issuer_key()]).reason == "coverage"
    assert check_pdf(signed()[:-1], [issuer_key()]).reason == "coverage"
    assert check_pdf(signed() + signed(), [issuer_key()]).reason == "coverage"


def test_a_second_signature_over_the_first_is_an_alteration():
    again = new_signatory("别人", FROM, UNTIL)
    with pytest.raises(SignatureError):
        sign_pdf(signed(), again, address=ADDRESS, token=certificate().token)


def test_the_file_without_its_signature_is_malformed():
    assert check_pdf(write_certificate(certificate()), [issuer_key()]).reason == "unsigned"


@pytest.mark.parametrize("data", [b"", b"%PDF-", b"PK\x03\x04", b"%PDF-" + bytes(100), b"%PDF-" + bytes(MAX_PDF)])
def test_what_is_no_signed_pdf_is_malformed(data):
    assert check_pdf(data, [issuer_key()]).verdict is Verdict.MALFORMED


@pytest.mark.parametrize(
    "value", [b"", b"00", b"3080", b"30", b"30820000", b"3003020101", b"FF" * 50, b"3084FFFFFFFF00"]
)
def test_a_hostile_signature_value_is_an_alteration(value):
    body = b"%PDF-1.7 /ContactInfo (#A) /Contents <" + value + b">"
    first, second = body.index(b"<"), len(body)
    tail = b"/ByteRange [0 %d %d %d]"
    rest = len(tail % (first, second, 30))
    whole = body + tail % (first, second, rest)
    assert check_pdf(whole, [issuer_key()]).verdict is Verdict.ALTERED


def test_another_s_certificate_is_a_forgery_even_under_the_issuer_s_name():
    one = certificate()
    forged = sign_pdf(write_certificate(one), new_signatory(ISSUER, FROM, UNTIL), address=ADDRESS, token=one.token)
    finding = check_pdf(forged, [issuer_key()])
    assert (finding.verdict, finding.reason) == (Verdict.FORGED, "unknown_certificate")


def test_a_statement_of_another_s_key_in_a_signed_file_is_a_forgery():
    one = certificate()
    foreign = sign_statement(one.statement, bytes(32))
    finding = check_pdf(sign_pdf(write_certificate(one), signatory(), address=ADDRESS, token=foreign), [issuer_key()])
    assert (finding.verdict, finding.reason) == (Verdict.FORGED, "unknown_key")


def test_expired_and_revoked_are_told_apart():
    late = check_pdf(_signed(issued=date(2028, 1, 1)), [issuer_key()])
    assert (late.verdict, late.reason) == (Verdict.EXPIRED_KEY, "outside_validity")
    withdrawn = check_pdf(signed(), [replace(issuer_key(), withdrawn=date(2026, 1, 1))])
    assert (withdrawn.verdict, withdrawn.reason) == (Verdict.EXPIRED_KEY, "key_withdrawn")
    revoked = check_pdf(signed(), [issuer_key()], [certificate().statement.number])
    assert revoked.verdict is Verdict.REVOKED


def test_the_certificate_s_own_validity_counts_too():
    key = replace(issuer_key(), valid_from=date(2000, 1, 1))
    assert check_pdf(_signed(issued=date(2022, 12, 31)), [key]).verdict is Verdict.EXPIRED_KEY


def test_an_rsa_key_of_the_organiser_signs_too():
    key = rsa.generate_private_key(65537, 2048)
    ours = Signatory((certified(key),), _private(key))
    one = certificate()
    made = sign_pdf(write_certificate(one), ours, address=ADDRESS, token=one.token)
    assert check_pdf(made, [replace(issuer_key(), certificates=ours.certificates)]).verdict is Verdict.GENUINE


def test_a_trusted_time_stands_in_the_signature():
    key = rsa.generate_private_key(65537, 2048)
    stamper = DummyTimeStamper(asn1_x509.Certificate.load(certified(key)), asn1_keys.PrivateKeyInfo.load(_private(key)))
    one = certificate()
    made = sign_pdf(write_certificate(one), signatory(), address=ADDRESS, token=one.token, timestamps=stamper)
    assert check_pdf(made, [issuer_key()]).verdict is Verdict.GENUINE
    (embedded,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    assert [one["type"].native for one in embedded.signer_info["unsigned_attrs"]] == ["signature_time_stamp_token"]


def test_a_key_that_readers_do_not_know_or_that_is_not_the_certificate_s_is_refused():
    for private in (_private(ed25519.Ed25519PrivateKey.from_private_bytes(SEED)), b"no key"):
        with pytest.raises(SignatureError):
            Signatory(signatory().certificates, private)
    with pytest.raises(SignatureError, match="another key"):
        Signatory(signatory().certificates, new_signatory(ISSUER, FROM, UNTIL).private_key)
    with pytest.raises(SignatureError):
        sign_pdf(b"no pdf", signatory(), address=ADDRESS, token="A")


def _private(key: object) -> bytes:
    return key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
