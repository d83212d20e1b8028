"""The issuer's keys: made, sealed, chosen by day, withdrawn."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone
from nomination.readings import Cast
from papers.certificates import statement

from jiangbang.conferral import issuers
from jiangbang.conferral.issuers import issuer_for, issuer_keys, keys_file, make_issuer_key, withdraw_issuer_key
from jiangbang.kernel.statement import Verdict, check_token, sign_statement
from jiangbang.kernel.vault import VaultError
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.vaults import vault

DAYS = (date(2023, 1, 1), date(2025, 12, 31))


def test_a_key_signs_and_its_private_halves_lie_sealed(own_home: Path, cast: Cast) -> None:
    key = make_issuer_key(" 杭州市总工会 ", *DAYS, by=cast.organiser)
    issuer = issuer_for(date(2023, 5, 18))
    assert issuer is not None
    assert (issuer.key, issuer.key.issuer) == (key, "杭州市总工会")
    assert check_token(sign_statement(statement(), issuer.seed), issuer_keys()).verdict is Verdict.GENUINE
    public = Ed25519PrivateKey.from_private_bytes(issuer.seed).public_key().public_bytes_raw()
    assert public == key.public_key
    kept = keys_file().read_text("utf-8")
    assert keys_file().stat().st_mode & 0o077 == 0
    assert (issuer.seed.hex() in kept, "seed" in repr(issuer)) == (False, False)
    assert issuer.signatory.certificates == key.certificates


def test_the_register_knows_of_each_key_and_of_no_secret(own_home: Path, cast: Cast) -> None:
    key = make_issuer_key("杭州市总工会", *DAYS, by=cast.organiser)
    withdraw_issuer_key(key.id.hex(), by=cast.organiser)
    made, withdrawn = Entry.objects.order_by("-index")[:2][::-1]
    days = {"valid_from": "2023-01-01", "valid_until": "2025-12-31"}
    assert (made.type, made.facts) == ("issuer.key_made", {"key": key.id.hex(), **days})
    assert (withdrawn.type, withdrawn.facts) == ("issuer.key_withdrawn", {"key": key.id.hex()})


def test_the_newest_key_of_the_day_signs_and_old_ones_still_check(own_home: Path, cast: Cast) -> None:
    first = make_issuer_key("甲", *DAYS, by=cast.organiser)
    second = make_issuer_key("甲", date(2025, 1, 1), date(2027, 12, 31), by=cast.organiser)
    days = (date(2024, 5, 1), date(2025, 5, 1), date(2022, 5, 1))
    assert [one and one.key.id for one in map(issuer_for, days)] == [first.id, second.id, None]
    assert issuer_keys() == (first, second)


def test_a_withdrawn_key_signs_no_more_and_vouches_for_nothing(own_home: Path, cast: Cast) -> None:
    key = make_issuer_key("甲", *DAYS, by=cast.organiser)
    issuer = issuer_for(date(2023, 5, 18))
    assert issuer is not None
    token = sign_statement(statement(), issuer.seed)
    withdraw_issuer_key(key.id.hex(), by=cast.organiser)
    assert issuer_for(date(2023, 5, 18)) is None
    assert issuer_keys() == (replace(key, withdrawn=timezone.localdate()),)
    assert check_token(token, issuer_keys()).reason == "key_withdrawn"
    with pytest.raises(Refused) as again:
        withdraw_issuer_key(key.id.hex(), by=cast.organiser)
    assert again.value.code == "withdrawn"


def test_who_may_not_and_what_cannot_be(own_home: Path, cast: Cast) -> None:
    refused = []
    for issuer, days, by in (
        ("甲", DAYS, cast.discipline),
        ("甲", DAYS, cast.stranger),
        ("", DAYS, cast.organiser),
        ("甲", DAYS[::-1], cast.organiser),
    ):
        with pytest.raises(Refused) as raised:
            make_issuer_key(issuer, *days, by=by)
        refused.append(raised.value.code)
    assert refused == ["permission", "permission", "issuer", "validity"]
    assert issuer_keys() == ()
    key = make_issuer_key("甲", *DAYS, by=cast.system)
    for key_id, by, code in (("00", cast.organiser, "unknown"), (key.id.hex(), cast.discipline, "permission")):
        with pytest.raises(Refused) as raised:
            withdraw_issuer_key(key_id, by=by)
        assert raised.value.code == code
    assert issuer_keys() == (key,)


def test_a_register_that_cannot_be_written_leaves_no_key(
    own_home: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_facts: object) -> None:
        raise RuntimeError("register away")

    monkeypatch.setattr(issuers, "record", fails)
    with pytest.raises(RuntimeError):
        make_issuer_key("甲", *DAYS, by=cast.organiser)
    assert keys_file().exists() is False


def test_a_sealed_half_opens_nowhere_else(own_home: Path, cast: Cast) -> None:
    make_issuer_key("甲", *DAYS, by=cast.organiser)
    row = json.loads(keys_file().read_bytes())["keys"][0]
    with pytest.raises(VaultError):
        vault().unseal(base64.b64decode(row["sealed_seed"]), b"issuer:sealed_signing_key:" + row["id"].encode())
    assert vault().unseal(base64.b64decode(row["sealed_seed"]), b"issuer:sealed_seed:" + row["id"].encode())
