"""`jiangbang register proof check`: whether an entry stands in a register, from one file, without network and database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jiangbang.commands.register_sources import told_by
from jiangbang.commands.speaking import json_option, language, print_json
from jiangbang.commands.witness import verifier_of
from jiangbang.kernel.log_proof import MAX_PROOF, LogProof, ProofError, check_log_proof
from jiangbang.kernel.notes import Checkpoint

_SENTENCES = {
    "holds": (
        "此条记录确在登记簿中，登记簿由该密钥签名。",
        "The entry stands in the register, whose checkpoint this key signed.",
    ),
    "malformed": ("文件不是完整的证明。", "The file is no whole proof."),
    "signature": (
        "检查点不是由该密钥签名，或签名与内容不符。",
        "The checkpoint is not signed by this key, or its signature does not fit.",
    ),
    "path": (
        "证明不成立：这条记录不在已签名的登记簿中，或内容被改动过。",
        "The proof does not hold: this entry does not stand in the signed register, or it was changed.",
    ),
}


@click.group("proof")
def register_proof() -> None:
    """Check that an entry stands in a register."""


@register_proof.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, metavar="KEY|FILE", help="The register's published key, or a witness's folder.")
@json_option
def check(file: Path, key: str, as_json: bool) -> int:
    """Check a downloaded proof (.tlog-proof). Needs neither network nor database. Exit 1 unless it holds."""
    verifier = verifier_of(key)
    try:
        with file.open("rb") as opened:
            text = opened.read(MAX_PROOF + 1).decode("utf-8", "replace")
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    code, checkpoint, said = "holds", None, dict[str, Any]()
    try:
        proof = LogProof.parse(text)
        said = told_by(proof.entry)
        checkpoint = check_log_proof(proof, proof.entry, [verifier])
        if said.get("index") != proof.index:
            code = "path"
    except ProofError as error:
        code = error.code
    if as_json:
        print_json({"holds": code == "holds", "code": code, **_placed(checkpoint, said, code), "key": str(verifier)})
    else:
        _say(code, checkpoint, said)
    return 0 if code == "holds" else 1


def _placed(checkpoint: Checkpoint | None, said: dict[str, Any], code: str) -> dict[str, Any]:
    """Nothing of an entry is repeated that was not proved."""
    if checkpoint is None or code != "holds":
        return {"size": None, "root": None, "entry": None}
    return {"size": checkpoint.size, "root": checkpoint.root.hex(), "entry": said}


def _say(code: str, checkpoint: Checkpoint | None, said: dict[str, Any]) -> None:
    chinese = language() == "zh"
    click.echo(f"{'✓' if code == 'holds' else '✗'} {_SENTENCES[code][0 if chinese else 1]} ({code})")
    if checkpoint is None or code != "holds":
        return
    place = (
        f"共 {checkpoint.size} 条，此为第 {said['index'] + 1} 条"
        if chinese
        else (f"entry {said['index'] + 1} of {checkpoint.size}")
    )
    click.echo(f"  {place}")
    for name in ("type", "at", "edition", "subject", "actor"):
        click.echo(f"  {name}: {said.get(name, '')}")
    for name, value in (said.get("facts") or {}).items():
        click.echo(f"  {name}: {value}")
