"""`jiangbang certificate verify` and `jiangbang certificate keys`; `make` lies beside."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import click

from jiangbang.commands.certificate_list import certificate_make
from jiangbang.commands.speaking import json_option, language, print_json, read_json
from jiangbang.kernel.statement import (
    Finding,
    IssuerKey,
    StatementError,
    Verdict,
    check_token,
    keys_document,
    read_keys,
    read_revoked,
    token_in,
)
from jiangbang.papers.signature import MAX_PDF, Signatory, SignatureError, check_pdf
from jiangbang.papers.verdicts import as_json as finding_as_json
from jiangbang.papers.verdicts import sentence_of, word_of

_KEPT = Path("keys", "certificates.json")
_LABELS = {
    "zh": ("姓名", "称号", "届次", "编号", "单位", "颁发", "日期"),
    "en": ("name", "title", "edition", "number", "unit", "issuer", "date"),
}


@click.group()
def certificate() -> None:
    """Check certificates, and keep the keys that sign them."""


@certificate.command("verify")
@click.argument("source", metavar="FILE_OR_TOKEN")
@click.option(
    "--keys", type=click.Path(path_type=Path), help="The issuer's published keys; else those of this installation."
)
@click.option("--revoked", type=click.Path(path_type=Path), help="The issuer's published list of revoked certificates.")
@json_option
def certificate_verify(source: str, keys: Path | None, revoked: Path | None, as_json: bool) -> int:
    """Check a certificate: the PDF, or what its QR code says. Needs neither network nor database. Exit 1 unless it is genuine."""
    known, numbers = _known_keys(keys), _revoked_numbers(revoked)
    kind, finding = _finding(source, known, numbers)
    checked = revoked is not None
    if as_json:
        print_json(finding_as_json(finding, source=kind, revocation_checked=checked))
    else:
        _say(finding, checked)
    return 0 if finding.verdict is Verdict.GENUINE else 1


def _finding(source: str, keys: tuple[IssuerKey, ...], revoked: list[str]) -> tuple[str, Finding]:
    """What the source is, pdf or token, and what is to be thought of it. A file that holds no PDF is read as text with the token."""
    # a token is longer than any file name may be
    path = Path(source) if len(source) < 256 else None
    if path is None or not path.exists():
        if path is not None and ("/" in source or "." in source) and "#" not in source:
            raise click.ClickException(f"{source}: there is no such file")
        return "token", check_token(token_in(source), keys, revoked)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PDF + 1)
    except OSError as error:
        raise click.ClickException(f"{source}: {error.strerror}") from None
    if data.startswith(b"%PDF-"):
        return "pdf", check_pdf(data, keys, revoked)
    return "token", check_token(token_in(data[:10_000].decode("ascii", "replace")), keys, revoked)


def _known_keys(path: Path | None) -> tuple[IssuerKey, ...]:
    if path is None:
        # not from the settings: reading them makes keys in a home, and checking leaves no trace
        path = Path(os.environ.get("JIANGBANG_HOME", "var")) / _KEPT
        if not path.exists():
            raise click.ClickException(
                "this installation has no keys of an issuer: give the published ones with --keys FILE"
            )
    try:
        return read_keys(read_json(path))
    except StatementError as error:
        raise click.ClickException(f"{path}: {error}") from None


def _revoked_numbers(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        return list(read_revoked(read_json(path)))
    except StatementError as error:
        raise click.ClickException(f"{path}: {error}") from None


def _say(finding: Finding, checked: bool) -> None:
    tongue = language()
    mark = "✓" if finding.verdict is Verdict.GENUINE else "✗"
    click.echo(f"{mark} {word_of(finding.verdict, tongue)} ({finding.verdict.value})")
    click.echo(f"  {sentence_of(finding, tongue)}")
    said = finding.statement
    if said is not None:
        values = (said.name, said.title, said.edition, said.number, said.unit, said.issuer, said.issued.isoformat())
        for label, value in zip(_LABELS[tongue], values, strict=True):
            if value:
                click.echo(f"  {label}: {value}")
    if not checked and finding.verdict is Verdict.GENUINE:
        unchecked = ("未核对撤销名单（--revoked）。", "Revocation was not looked up (--revoked).")
        click.echo(f"  {unchecked[0 if tongue == 'zh' else 1]}")


certificate.add_command(certificate_make)


@certificate.group("keys")
def certificate_keys() -> None:
    """The keys that sign certificates: one for each period."""


@certificate_keys.command("make")
@click.option("--issuer", required=True, help="Who issues, as it stands on the certificates.")
@click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), help="The first day; today without it.")
@click.option("--until", "valid_until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; three years without it.")
@click.option(
    "--pkcs12", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The organiser's own key for PDFs."
)
@click.option(
    "--passphrase", envvar="JIANGBANG_PKCS12_PASSPHRASE", help="Of the PKCS #12 file; better in the environment."
)
@json_option
def keys_make(
    issuer: str,
    valid_from: datetime | None,
    valid_until: datetime | None,
    pkcs12: Path | None,
    passphrase: str | None,
    as_json: bool,
) -> int:
    """Make the key of a period; without --pkcs12 also a key for PDFs, with an authority of the house."""
    from jiangbang.commands.ready import make_ready  # noqa: PLC0415 — checking a certificate must not pay for Django

    make_ready()
    from django.utils import timezone  # noqa: PLC0415

    from jiangbang.accounts.acts import console_account  # noqa: PLC0415 — models exist only after django.setup()
    from jiangbang.conferral.issuers import make_issuer_key  # noqa: PLC0415
    from jiangbang.register.acts import Refused  # noqa: PLC0415

    first = valid_from.date() if valid_from else timezone.localdate()
    last = valid_until.date() if valid_until else first + timedelta(days=3 * 365)
    try:
        key = make_issuer_key(issuer, first, last, by=console_account(), signatory=_brought(pkcs12, passphrase))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    if as_json:
        print_json(keys_document([key])["keys"][0])
    else:
        click.echo(f"{key.id.hex()}: {key.issuer}, {key.valid_from} – {key.valid_until}")
    return 0


@certificate_keys.command("withdraw")
@click.argument("key_id", metavar="ID")
def keys_withdraw(key_id: str) -> int:
    """Withdraw a lost or stolen key: whatever it signed does not count any more. Cannot be undone."""
    from jiangbang.commands.ready import make_ready  # noqa: PLC0415

    make_ready()
    from jiangbang.accounts.acts import console_account  # noqa: PLC0415
    from jiangbang.conferral.issuers import withdraw_issuer_key  # noqa: PLC0415
    from jiangbang.register.acts import Refused  # noqa: PLC0415

    try:
        key = withdraw_issuer_key(key_id, by=console_account())
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{key.id.hex()}: withdrawn {key.withdrawn}")
    return 0


@certificate_keys.command("list")
@json_option
def keys_list(as_json: bool) -> int:
    """Which keys there are; with --json the file that is published for checking."""
    keys = _known_keys(None)
    if as_json:
        print_json(keys_document(keys))
    for key in () if as_json else keys:
        withdrawn = f", withdrawn {key.withdrawn}" if key.withdrawn else ""
        click.echo(f"{key.id.hex()}: {key.issuer}, {key.valid_from} – {key.valid_until}{withdrawn}")
    return 0


@certificate_keys.command("export")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def keys_export(target: Path) -> int:
    """Write the public keys to a file, for checking elsewhere. It holds nothing secret."""
    keys = _known_keys(None)
    try:
        target.write_text(json.dumps(keys_document(keys), ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from None
    click.echo(f"{target}: {len(keys)} keys")
    return 0


def _brought(path: Path | None, passphrase: str | None) -> Signatory | None:
    """The organiser's own key, None where none is brought."""
    if path is None:
        return None
    from jiangbang.papers.issuing import signatory_from_pkcs12  # noqa: PLC0415

    given = passphrase if passphrase is not None else str(click.prompt("Passphrase", hide_input=True, err=True))
    try:
        return signatory_from_pkcs12(path.read_bytes(), given)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    except SignatureError as error:
        raise click.ClickException(f"{path}: {error}") from None
