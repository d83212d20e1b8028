"""The installation's vault: field keys in the home, never in the database."""

from __future__ import annotations

import base64
import json
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from jiangbang.home import keep_secret
from jiangbang.kernel.vault import Vault


def vault() -> Vault:
    """The vault with this installation's keys; they are made at first use. Losing the file loses every sealed value."""
    return _vault(Path(settings.JIANGBANG_HOME))


@lru_cache(maxsize=8)
def _vault(home: Path) -> Vault:
    fresh = {"current": "k1", "keys": {"k1": _random_key()}, "index_key": _random_key()}
    kept = json.loads(keep_secret(home / "keys" / "fields.json", json.dumps(fresh).encode()))
    keys = {name: base64.b64decode(key) for name, key in kept["keys"].items()}
    return Vault(keys, kept["current"], base64.b64decode(kept["index_key"]))


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def identity_index(id_number: str) -> str:
    """The blind index under which a person is found by identity number."""
    return vault().blind_index(id_number.strip().upper(), "person.id_number")
