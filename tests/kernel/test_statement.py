"""Signed statements: one spelling, every damage refused for the right reason."""

from __future__ import annotations

import base64
import random
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from jiangbang.kernel.statement import (
    CONTEXT,
    KEY_ID_SIZE,
    Finding,
    IssuerKey,
    Statement,
    StatementError,
    Verdict,
    check_token,
    key_id,
    keys_document,
    read_keys,
    read_revoked,
    revoked_document,
    sign_statement,
    token_in,
)

SEED = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
KEY = IssuerKey("杭州市数字经济行业工会联合会", PUBLIC, date(2023, 1, 1), date(2027, 12, 31))
STATEMENT = Statement(
    issuer="杭州市数字经济行业工会联合会",
    programme="杭州数字工匠",
    edition="首届“杭州数字工匠”认定",
    title="杭州数字工匠",
    number="杭数匠〔2023〕001号",
    name="䶮𬱖𠅤",
    unit="杭州某某科技有限公司",
    issued=date(2023, 5, 18),
)
TOKEN = sign_statement(STATEMENT, SEED)

texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=40)


def _bytes(token: str) -> bytearray:
    return bytearray(base64.b32decode(token + "=" * (-len(token) % 8)))


def _token(whole: bytes) -> str:
    return base64.b32encode(whole).decode().rstrip("=")


def test_a_genuine_token_gives_back_its_statement():
    assert check_token(TOKEN, [KEY]) == Finding(Verdict.GENUINE, STATEMENT, KEY)


def test_a_token_is_of_the_characters_of_a_qr_code_s_alphanumeric_mode_and_short():
    assert set(TOKEN) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert len(TOKEN) == 423


@given(st.lists(texts, min_size=7, max_size=7), st.dates(date(1000, 1, 1)))
def test_every_statement_comes_back_as_it_was(said, issued):
    statement = Statement(*said, issued=issued)
    key = replace(KEY, valid_from=date(1, 1, 1), valid_until=date(9999, 12, 31))
    assert check_token(sign_statement(statement, SEED), [key]).statement == statement


def test_two_hundred_altered_bytes_are_refused_for_the_reason_of_their_place():
    source, whole = random.Random(2024), bytes(_bytes(TOKEN))
    found = []
    for _ in range(200):
        at, changed = source.randrange(len(whole)), bytearray(whole)
        changed[at] ^= source.randrange(1, 256)
        expected = Verdict.MALFORMED if at == 0 else Verdict.FORGED if at <= KEY_ID_SIZE else Verdict.ALTERED
        found.append((check_token(_token(bytes(changed)), [KEY]).verdict, expected))
    assert [one for one in found if one[0] != one[1]] == []
    assert {one[0] for one in found} == {Verdict.MALFORMED, Verdict.FORGED, Verdict.ALTERED}


def test_two_hundred_misspelt_characters_are_never_genuine():
    source = random.Random(7)
    verdicts = set()
    for _ in range(200):
        at = source.randrange(len(TOKEN))
        other = source.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".replace(TOKEN[at], ""))
        verdicts.add(check_token(TOKEN[:at] + other + TOKEN[at + 1 :], [KEY]).verdict)
    assert verdicts <= {Verdict.MALFORMED, Verdict.FORGED, Verdict.ALTERED}


@pytest.mark.parametrize(
    "token", ["", "A", TOKEN[:40], TOKEN.lower(), TOKEN + "AA", TOKEN + "=", "１" * 300, "A" * 4000, TOKEN[:-1] + "B"]
)
def test_what_is_not_spelt_as_a_token_is_malformed(token):
    assert check_token(token, [KEY]) == Finding(Verdict.MALFORMED, reason="no_statement")


def test_a_token_cut_at_any_place_is_refused():
    verdicts = {check_token(_token(bytes(_bytes(TOKEN)[:size])), [KEY]).verdict for size in range(len(_bytes(TOKEN)))}
    assert verdicts == {Verdict.MALFORMED, Verdict.ALTERED}


def test_another_s_key_is_a_forgery_and_the_claim_is_still_shown():
    finding = check_token(sign_statement(STATEMENT, bytes(32)), [KEY])
    assert finding == Finding(Verdict.FORGED, STATEMENT, reason="unknown_key")


def test_a_foreign_signature_under_the_issuer_s_key_id_is_an_alteration():
    body = bytes(_bytes(TOKEN))[:-64]
    foreign = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign(CONTEXT + body)
    assert check_token(_token(body + foreign), [KEY]).verdict is Verdict.ALTERED


def test_a_signature_without_the_context_does_not_count():
    body = bytes(_bytes(TOKEN))[:-64]
    assert (
        check_token(_token(body + Ed25519PrivateKey.from_private_bytes(SEED).sign(body)), [KEY]).reason == "signature"
    )


def test_a_signed_date_outside_the_key_s_validity_is_an_expired_key():
    for issued in (date(2022, 12, 31), date(2028, 1, 1)):
        late = replace(STATEMENT, issued=issued)
        finding = check_token(sign_statement(late, SEED), [KEY])
        assert finding == Finding(Verdict.EXPIRED_KEY, late, KEY, "outside_validity")


def test_the_days_at_both_ends_of_the_validity_count():
    for issued in (KEY.valid_from, KEY.valid_until):
        assert check_token(sign_statement(replace(STATEMENT, issued=issued), SEED), [KEY]).verdict is Verdict.GENUINE


def test_a_withdrawn_key_vouches_for_nothing():
    withdrawn = replace(KEY, withdrawn=date(2026, 1, 1))
    assert check_token(TOKEN, [withdrawn]) == Finding(Verdict.EXPIRED_KEY, STATEMENT, withdrawn, "key_withdrawn")


def test_a_revoked_number_is_told_apart_from_the_others():
    assert check_token(TOKEN, [KEY], [STATEMENT.number]) == Finding(Verdict.REVOKED, STATEMENT, KEY, "revoked")
    assert check_token(TOKEN, [KEY], ["another"]).verdict is Verdict.GENUINE


def test_the_token_is_found_in_the_address_of_a_verify_page():
    assert token_in(f" https://example.org/verify/#{TOKEN}\n") == TOKEN
    assert token_in(f"{TOKEN[:50]}\n{TOKEN[50:]}") == TOKEN


def test_the_keys_come_back_from_their_public_file():
    keys = (KEY, replace(KEY, withdrawn=date(2026, 1, 1), certificates=(b"der", b"ca")))
    assert read_keys(keys_document(keys)) == keys


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {"format": "other", "keys": []},
        {"format": "jiangbang certificate keys 1", "keys": [{}]},
        {"format": "jiangbang certificate keys 1", "keys": ["x"]},
        {"format": "jiangbang certificate keys 1", "keys": [{**keys_document([KEY])["keys"][0], "id": "00"}]},
        {"format": "jiangbang certificate keys 1", "keys": [{**keys_document([KEY])["keys"][0], "algorithm": "RSA"}]},
        {"format": "jiangbang certificate keys 1", "keys": [{**keys_document([KEY])["keys"][0], "public_key": "AA=="}]},
    ],
)
def test_a_file_that_holds_no_keys_is_refused_with_a_sentence(document):
    with pytest.raises(StatementError):
        read_keys(document)


def test_the_revoked_numbers_come_back_from_their_public_list():
    numbers = {"2023-002": date(2026, 1, 2), "2023-001": date(2026, 1, 1)}
    document = revoked_document(numbers, "2026-11-26T18:00:00+08:00")
    assert [row["number"] for row in document["revoked"]] == ["2023-001", "2023-002"]
    assert read_revoked(document) == numbers


@pytest.mark.parametrize("rows", [[{}], ["x"], [{"number": "1", "revoked": "soon"}]])
def test_a_list_of_revocations_that_cannot_be_read_is_refused(rows):
    with pytest.raises(StatementError):
        read_revoked({"format": "jiangbang revoked certificates 1", "as_of": "", "revoked": rows})


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": " 王"},
        {"name": "王\n"},
        {"name": "王\u0085"},
        {"unit": "长" * 86},
        {"name": "\ud800"},
        {"issued": date(999, 1, 1)},
    ],
)
def test_what_cannot_be_stated_is_refused(change):
    with pytest.raises(StatementError):
        replace(STATEMENT, **change)


def test_a_unit_may_be_left_out():
    assert check_token(sign_statement(replace(STATEMENT, unit=""), SEED), [KEY]).statement.unit == ""


def test_a_key_says_what_is_wrong_with_it():
    with pytest.raises(StatementError):
        replace(KEY, public_key=b"short")
    with pytest.raises(StatementError):
        replace(KEY, valid_until=date(2022, 1, 1))
    assert key_id(PUBLIC) == KEY.id
