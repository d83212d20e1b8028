"""Each setting that may be wrong, given wrongly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jiangbang.diagnosis.environment import KNOWN, look_at_settings, public, will_not_start

ROOT = Path(__file__).resolve().parents[2]
# an installation behind nginx as docs/deploy.md sets it up
GOOD = {
    "JIANGBANG_HOSTS": "jiangbang.example",
    "JIANGBANG_ORIGINS": "https://jiangbang.example",
    "JIANGBANG_URL": "https://jiangbang.example",
    "JIANGBANG_TLS": "1",
    "JIANGBANG_PROXIES": "1",
}
KEY = "b7Kq0fWm2Zr8TnXv4Yd6Lc1Ps9Hg3Je5"


def codes(**settings: str) -> list[str]:
    return [finding.code for finding in look_at_settings(settings)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"JIANGBANG_HOST": "jiangbang.example"}, "settings.unknown"),
        ({"JIANGBANG_PASSWORD_PROFILE": "strict"}, "settings.refused"),
        ({"JIANGBANG_LOG": "syslog"}, "settings.refused"),
        ({"JIANGBANG_LANGUAGE": "fr"}, "settings.refused"),
        ({"JIANGBANG_TLS": "yes"}, "settings.switch"),
        ({"JIANGBANG_WORKERS": "0"}, "settings.refused"),
        ({"JIANGBANG_THREADS": "many"}, "settings.refused"),
        ({"JIANGBANG_PROXIES": "-1"}, "settings.refused"),
        ({"JIANGBANG_STEP_UP_MINUTES": "²"}, "settings.refused"),
        ({"DATABASE_URL": "mysql://house/db"}, "settings.database"),
        ({"DATABASE_URL": "postgresql://u:p@db.example/house"}, "settings.database_plain"),
        ({"JIANGBANG_DEBUG": "1"}, "settings.debug"),
        ({"JIANGBANG_DEMO": "1"}, "settings.demo"),
        ({"JIANGBANG_SECRET_KEY": ""}, "settings.secret_key"),
        ({"JIANGBANG_SECRET_KEY": "changeme"}, "settings.secret_key"),
        ({"JIANGBANG_SECRET_KEY": "a" * 64}, "settings.secret_key"),
        ({"JIANGBANG_HOSTS": "jiangbang.example,*"}, "settings.hosts"),
        ({"JIANGBANG_HOSTS": "jiangbang.example,https://jiangbang.example"}, "settings.hosts"),
        ({"JIANGBANG_HOSTS": "jiangbang.example,jiangbang.example:443"}, "settings.hosts"),
        ({"JIANGBANG_TLS": "0"}, "settings.tls"),
        ({"JIANGBANG_PROXIES": "0"}, "settings.proxies"),
        ({"JIANGBANG_ORIGINS": "jiangbang.example"}, "settings.origins"),
        ({"JIANGBANG_ORIGINS": "http://jiangbang.example"}, "settings.origins"),
        ({"JIANGBANG_ORIGINS": "https://elsewhere.example"}, "settings.origins"),
        ({"JIANGBANG_URL": "http://jiangbang.example"}, "settings.url"),
        ({"JIANGBANG_URL": "https://127.0.0.1:8000"}, "settings.url"),
        ({"JIANGBANG_URL": ""}, "settings.url"),
        ({"JIANGBANG_SMTP_URL": "smtp://u:p@mail.example:25"}, "settings.smtp_plain"),
        ({"JIANGBANG_OIDC_ISSUER": "https://login.example"}, "settings.sign_on"),
        (
            {
                "JIANGBANG_OIDC_ISSUER": "http://login.example",
                "JIANGBANG_OIDC_CLIENT_ID": "a",
                "JIANGBANG_OIDC_CLIENT_SECRET": "b",
            },
            "settings.sign_on",
        ),
        ({"JIANGBANG_METRICS_TOKEN": "metrics"}, "settings.metrics_token"),
        ({"JIANGBANG_TSA_URL": "tsa.example"}, "settings.time_stamping"),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(f"{k}={v}" for k, v in value.items())[:60],
)
def test_a_wrong_setting_is_the_one_that_is_told(changed: dict[str, str], code: str) -> None:
    found = look_at_settings({**GOOD, **changed})
    assert [finding.code for finding in found] == [code]
    (finding,) = found
    assert (finding.level != "ok", bool(finding.why), bool(finding.mend)) == (True, True, True)
    assert will_not_start(found) == (code in ("settings.refused", "settings.database"))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        GOOD,
        {**GOOD, "JIANGBANG_SECRET_KEY": KEY, "JIANGBANG_METRICS_TOKEN": KEY, "JIANGBANG_LOG": "json"},
        {**GOOD, "DATABASE_URL": "postgresql://u:p@db.example/house?sslmode=verify-full"},
        {"DATABASE_URL": "postgresql://u@127.0.0.1/house", "JIANGBANG_SMTP_URL": "smtp://127.0.0.1:25"},
        {**GOOD, "JIANGBANG_HOSTS": ".jiangbang.example"},
        {"JIANGBANG_DEMO": "1", "PATH": "/bin"},
    ],
)
def test_right_settings_are_not_doubted(settings: dict[str, str]) -> None:
    assert codes(**settings) == ["settings"]


def test_a_machine_of_one_s_own_may_be_debugged_with_a_warning() -> None:
    (finding,) = look_at_settings({"JIANGBANG_DEBUG": "1"})
    assert (finding.code, finding.level, public({})) == ("settings.debug", "warn", False)


def test_a_near_name_is_proposed() -> None:
    (finding,) = look_at_settings({"JIANGBANG_METRIC_TOKEN": "x"})
    assert finding.mend.startswith("did you mean JIANGBANG_METRICS_TOKEN? ")


def test_it_knows_every_setting_that_is_documented() -> None:
    table = (ROOT / "docs" / "operator.md").read_text("utf-8")
    rows = re.findall(r"^\| (`(?:JIANGBANG|DATABASE)_.*?) \|", table, re.MULTILINE)
    described = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert described - KNOWN == set()
    assert KNOWN - described == {"JIANGBANG_KEYS_PASSPHRASE"}
