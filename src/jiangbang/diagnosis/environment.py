"""The settings as they stand in the environment, before the program reads them: what it refuses, and what it takes and should not.

Pure: a mapping in, findings out. Nothing here opens a file or a connection.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from jiangbang.diagnosis.findings import Finding, fail, ok, warn

# Every setting of docs/operator.md (a test compares the two).
KNOWN: Final = frozenset(
    (
        "JIANGBANG_HOME",
        "DATABASE_URL",
        "JIANGBANG_HOSTS",
        "JIANGBANG_ORIGINS",
        "JIANGBANG_TLS",
        "JIANGBANG_SECRET_KEY",
        "JIANGBANG_TSA_URL",
        "JIANGBANG_WORKERS",
        "JIANGBANG_THREADS",
        "JIANGBANG_URL",
        "JIANGBANG_SMTP_URL",
        "JIANGBANG_MAIL_FROM",
        "JIANGBANG_IMAP_URL",
        "JIANGBANG_IMAP_PASSWORD",
        "JIANGBANG_IMAP_PASSWORD_FILE",
        "JIANGBANG_IMAP_CA",
        "JIANGBANG_IMAP_DONE",
        "JIANGBANG_IMAP_EDITION",
        "JIANGBANG_PROGRAMMES",
        "JIANGBANG_NODE_MODULES",
        "JIANGBANG_PASSWORD_PROFILE",
        "JIANGBANG_MFA_ROLES",
        "JIANGBANG_STEP_UP_MINUTES",
        "JIANGBANG_SESSION_HOURS",
        "JIANGBANG_PROXIES",
        "JIANGBANG_OBJECTIONS_FREE",
        "JIANGBANG_OIDC_ISSUER",
        "JIANGBANG_OIDC_CLIENT_ID",
        "JIANGBANG_OIDC_CLIENT_SECRET",
        "JIANGBANG_OIDC_NAME",
        "JIANGBANG_OIDC_CLAIM",
        "JIANGBANG_LANGUAGE",
        "JIANGBANG_METRICS_TOKEN",
        "JIANGBANG_LOG",
        "JIANGBANG_DEMO",
        "JIANGBANG_DEBUG",
        "JIANGBANG_KEYS_PASSPHRASE",
    )
)
SWITCHES: Final = ("JIANGBANG_TLS", "JIANGBANG_DEMO", "JIANGBANG_DEBUG")
# name → the smallest number that makes sense
NUMBERS: Final = {
    "JIANGBANG_WORKERS": 1,
    "JIANGBANG_THREADS": 1,
    "JIANGBANG_PROXIES": 0,
    "JIANGBANG_STEP_UP_MINUTES": 1,
    "JIANGBANG_SESSION_HOURS": 1,
    "JIANGBANG_OBJECTIONS_FREE": 1,
}
CHOICES: Final = {
    "JIANGBANG_PASSWORD_PROFILE": ("asvs", "mlps"),
    "JIANGBANG_LOG": ("text", "json"),
    "JIANGBANG_LANGUAGE": ("zh", "en"),
}
LOCAL: Final = frozenset(("", "127.0.0.1", "localhost", "[::1]", "::1"))
# As many characters as a key of 128 bits has in base64, and half of that for a token that only opens figures.
SHORTEST_KEY: Final = 32
SHORTEST_TOKEN: Final = 16
DATABASES: Final = ("postgresql", "postgres", "sqlite")
ENCRYPTED: Final = ("require", "verify-ca", "verify-full")

Settings = Mapping[str, str]


def look_at_settings(environment: Settings) -> list[Finding]:
    """Every finding about the settings; one that says that all is well where there is none."""
    looks = (_unknown, _refused, _database, _debug, _secret_key, _public, _mail, _sign_on, _others)
    found = [finding for look in looks for finding in look(environment)]
    count = sum(name in KNOWN for name in environment)
    return found or [ok("settings", "Settings", f"{count} given, none in doubt")]


def will_not_start(findings: list[Finding]) -> bool:
    """Whether the program refuses these settings, so that nothing further can be looked at."""
    return any(finding.code in ("settings.refused", "settings.database") for finding in findings)


def public(environment: Settings) -> bool:
    """Whether the house is called by a name that others can use."""
    return bool(set(_names(environment)) - LOCAL) or environment.get("JIANGBANG_TLS") == "1"


def _names(environment: Settings) -> list[str]:
    return [name.strip() for name in environment.get("JIANGBANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")]


def _unknown(environment: Settings) -> Iterator[Finding]:
    for name in sorted(environment):
        if name.startswith("JIANGBANG_") and name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            meant = f"did you mean {near[0]}? " if near else ""
            yield warn(
                "settings.unknown",
                name,
                "there is no such setting",
                why="what it was meant to say is not in force",
                mend=f"{meant}the table in docs/operator.md has all settings",
            )


def _refused(environment: Settings) -> Iterator[Finding]:
    for name, choices in CHOICES.items():
        if name in environment and environment[name] not in choices:
            yield _refusal(name, environment[name], f"{name}={' or '.join(choices)}")
    for name, least in NUMBERS.items():
        given = environment.get(name, str(least))
        if not given.isascii() or not given.isdigit() or int(given) < least:
            yield _refusal(name, given, f"{name}={least}, or a larger whole number")
    for name in SWITCHES:
        if (given := environment.get(name, "")) not in ("", "0", "1"):
            yield fail(
                "settings.switch",
                name,
                f"{given!r} is neither 0 nor 1",
                why="the program takes it for off",
                mend=f"{name}=1 for on; leave it out for off",
            )


def _refusal(name: str, given: str, mend: str) -> Finding:
    why = "the program does not start with it"
    return fail("settings.refused", name, f"{given!r} is not understood", why=why, mend=mend)


def _database(environment: Settings) -> Iterator[Finding]:
    url = environment.get("DATABASE_URL", "")
    parts = urlsplit(url)
    if url and parts.scheme not in DATABASES:
        yield fail(
            "settings.database",
            "DATABASE_URL",
            f"the scheme {parts.scheme!r} is not known",
            why="the program does not start with it",
            mend="DATABASE_URL=postgresql://user:password@host:port/name, or leave it out for SQLite in the home",
        )
    elif parts.hostname not in (None, *LOCAL) and not any(f"sslmode={mode}" in parts.query for mode in ENCRYPTED):
        yield warn(
            "settings.database_plain",
            "DATABASE_URL",
            f"the connection to {parts.hostname} may be in clear",
            why="what it holds crosses the network, and a stranger may answer in the server's place",
            mend="add ?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt",
        )


def _debug(environment: Settings) -> Iterator[Finding]:
    reachable = public(environment)
    if environment.get("JIANGBANG_DEBUG") == "1":
        report = fail if reachable else warn
        yield report(
            "settings.debug",
            "JIANGBANG_DEBUG",
            "on",
            why="a fault shows source, settings and values of the page to whoever meets it",
            mend="leave JIANGBANG_DEBUG out",
        )
    if environment.get("JIANGBANG_DEMO") == "1" and reachable:
        yield fail(
            "settings.demo",
            "JIANGBANG_DEMO",
            "on, under a name that others can use",
            why="the password of every account stands on the sign-in page",
            mend="leave JIANGBANG_DEMO out, and take a new home for real work",
        )


def _secret_key(environment: Settings) -> Iterator[Finding]:
    key = environment.get("JIANGBANG_SECRET_KEY")
    if key is not None and (len(key) < SHORTEST_KEY or len(set(key)) < SHORTEST_KEY // 4):
        yield fail(
            "settings.secret_key",
            "JIANGBANG_SECRET_KEY",
            "empty" if not key else "short, or too even",
            why="whoever guesses it signs himself in as anybody",
            mend="leave it out (the home keeps one), or: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )


def _public(environment: Settings) -> Iterator[Finding]:
    """Names, origins, the public address, TLS and proxies must say the same."""
    names = _names(environment)
    for name in names:
        if name == "*" or "/" in name or (name not in LOCAL and ":" in name and not name.startswith("[")):
            yield fail(
                "settings.hosts",
                "JIANGBANG_HOSTS",
                f"{name!r} is not a name",
                why="an asterisk lets anybody choose our name; a port or an https:// matches nothing, and every page is 400",
                mend="JIANGBANG_HOSTS=jiangbang.example: bare names, with commas",
            )
    if not public(environment):
        return
    if environment.get("JIANGBANG_TLS", "") in ("", "0"):
        yield fail(
            "settings.tls",
            "JIANGBANG_TLS",
            "off, under a name that others can use",
            why="passwords and sessions cross the network in clear, and browsers are not told to insist on TLS",
            mend="JIANGBANG_TLS=1, and TLS in front: docs/deploy.md",
        )
    elif environment.get("JIANGBANG_PROXIES", "0") == "0":
        yield warn(
            "settings.proxies",
            "JIANGBANG_PROXIES",
            "0, though TLS ends in front of the house",
            why="everybody shares the proxy's address: a few wrong passwords make all wait",
            mend="JIANGBANG_PROXIES=1 behind one nginx",
        )
    yield from _addresses(environment, names)


def _addresses(environment: Settings, names: list[str]) -> Iterator[Finding]:
    origins = [origin for origin in environment.get("JIANGBANG_ORIGINS", "").split(",") if origin]
    url = environment.get("JIANGBANG_URL", origins[0] if origins else "")
    for name, address in (*(("JIANGBANG_ORIGINS", origin) for origin in origins), ("JIANGBANG_URL", url)):
        parts = urlsplit(address)
        trouble = ""
        if not address:
            trouble = "not set"
        elif parts.scheme != "https" or not parts.hostname:
            trouble = f"{address} is not an https:// address"
        elif not any(_covers(host, parts.hostname) for host in names):
            trouble = f"{parts.hostname} is not among JIANGBANG_HOSTS"
        if trouble:
            code = "settings.url" if name == "JIANGBANG_URL" else "settings.origins"
            why = "links in mails lead nowhere, or forms are refused"
            yield fail(code, name, trouble, why=why, mend=f"{name}=https://{names[0] or 'jiangbang.example'}")


def _covers(host: str, name: str) -> bool:
    return name == host or (host.startswith(".") and (name == host[1:] or name.endswith(host)))


def _mail(environment: Settings) -> Iterator[Finding]:
    parts = urlsplit(environment.get("JIANGBANG_SMTP_URL", ""))
    if parts.scheme == "smtp" and (parts.hostname or "") not in LOCAL and "starttls=1" not in parts.query:
        yield warn(
            "settings.smtp_plain",
            "JIANGBANG_SMTP_URL",
            f"{parts.hostname} is spoken to in clear",
            why="the password and every mail can be read on the way",
            mend="smtps://…, or smtp://…?starttls=1",
        )


def _sign_on(environment: Settings) -> Iterator[Finding]:
    issuer = environment.get("JIANGBANG_OIDC_ISSUER", "")
    if not issuer:
        return
    missing = [
        name for name in ("JIANGBANG_OIDC_CLIENT_ID", "JIANGBANG_OIDC_CLIENT_SECRET") if not environment.get(name)
    ]
    if not issuer.startswith("https://") or missing:
        yield fail(
            "settings.sign_on",
            "JIANGBANG_OIDC_ISSUER",
            f"missing: {', '.join(missing)}" if missing else f"{issuer} is not an https:// address",
            why="single sign-on fails for everybody",
            mend="all three, as the provider gave them; or none",
        )


def _others(environment: Settings) -> Iterator[Finding]:
    token = environment.get("JIANGBANG_METRICS_TOKEN", "")
    if token and len(token) < SHORTEST_TOKEN:
        yield warn(
            "settings.metrics_token",
            "JIANGBANG_METRICS_TOKEN",
            f"{len(token)} characters",
            why="it can be guessed, and figures tell how many do what",
            mend="python3 -c 'import secrets; print(secrets.token_urlsafe(24))'",
        )
    stamp = environment.get("JIANGBANG_TSA_URL", "")
    if stamp and urlsplit(stamp).scheme not in ("http", "https"):
        yield fail(
            "settings.time_stamping",
            "JIANGBANG_TSA_URL",
            f"{stamp} is not an address",
            why="no certificate can be signed",
            mend="JIANGBANG_TSA_URL=http://tsa.example/, or leave it out",
        )
