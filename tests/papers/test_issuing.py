"""Making and bringing the key that signs PDFs."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from papers.certificates import certified

from jiangbang.papers.issuing import new_signatory, signatory_from_pkcs12, validity
from jiangbang.papers.signature import SignatureError


def test_a_fresh_key_is_certified_by_an_authority_and_valid_for_the_days_asked():
    made = new_signatory("杭州市总工会", date(2026, 1, 1), date(2030, 12, 31))
    ours, above = (x509.load_der_x509_certificate(one) for one in made.certificates)
    ours.verify_directly_issued_by(above)
    assert validity(made.certificates[0]) == (date(2026, 1, 1), date(2030, 12, 31))
    assert "杭州市总工会" in ours.subject.rfc4514_string()
    assert "private_key" not in repr(made)


def test_the_organiser_s_own_key_comes_from_a_pkcs12_file():
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certified(key)
    own = x509.load_der_x509_certificate(certificate)
    data = pkcs12.serialize_key_and_certificates(b"x", key, own, None, BestAvailableEncryption(b"secret"))
    assert signatory_from_pkcs12(data, "secret").certificates == (certificate,)
    with pytest.raises(SignatureError, match="passphrase"):
        signatory_from_pkcs12(data, "wrong")


def test_a_pkcs12_file_without_a_key_is_refused():
    own = x509.load_der_x509_certificate(certified(ec.generate_private_key(ec.SECP256R1())))
    data = pkcs12.serialize_key_and_certificates(b"x", None, own, None, BestAvailableEncryption(b"secret"))
    with pytest.raises(SignatureError, match="no key"):
        signatory_from_pkcs12(data, "secret")
