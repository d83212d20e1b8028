"""What a verdict on a certificate means, in one sentence of both languages: command line and verify page say the same."""

from __future__ import annotations

from typing import Any, Final

from jiangbang.kernel.statement import Finding, Verdict
from jiangbang.papers.findings import Language

_WORDS: Final[dict[Verdict, tuple[str, str]]] = {
    Verdict.GENUINE: ("真实有效", "Genuine"),
    Verdict.ALTERED: ("已被改动", "Altered"),
    Verdict.FORGED: ("并非颁发单位签发", "Forged"),
    Verdict.EXPIRED_KEY: ("签发密钥不在有效期内", "Issued with an expired key"),
    Verdict.REVOKED: ("已被撤销", "Revoked"),
    Verdict.MALFORMED: ("不是本系统签发的证书", "Not a certificate"),
}
_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "": (
        "签名与颁发单位的密钥相符，证书内容与颁发时一致。",
        "The signature is the issuer's, and the certificate says what it said when it was issued.",
    ),
    "signature": (
        "密钥属于颁发单位，但签名与内容不符：内容或签名在签发之后被改动过。",
        "The key is the issuer's, but the signature does not fit: content or signature were changed after signing.",
    ),
    "content": (
        "文件内容在签名之后被改动过。",
        "The content of the file was changed after it was signed.",
    ),
    "coverage": (
        "文件在签名之后被增删过，签名未覆盖整个文件。",
        "Something was added to the file or cut from it after signing: the signature does not cover all of it.",
    ),
    "unknown_key": (
        "签名所用的密钥不属于颁发单位。",
        "It was signed with a key that is not the issuer's.",
    ),
    "unknown_certificate": (
        "文件签名所用的数字证书不属于颁发单位。",
        "The file was signed with a digital certificate that is not the issuer's.",
    ),
    "other_key": (
        "文件签名与证书声明出自不同密钥，声明可能取自另一份证书。",
        "File and statement were signed with different keys: the statement may come from another certificate.",
    ),
    "outside_validity": (
        "颁发日期不在签发密钥的有效期内。",
        "The date of issue lies outside the validity of the key.",
    ),
    "key_withdrawn": (
        "签发密钥已被颁发单位作废，凭此密钥签发的证书均不予认可，请联系颁发单位换发。",
        "The issuer has withdrawn the key: nothing signed with it counts. Ask the issuer for a new certificate.",
    ),
    "revoked": (
        "证书确系颁发单位签发，但称号已被撤销，证书不再有效。",
        "The certificate was issued by the issuer, but the title was revoked since.",
    ),
    "no_statement": (
        "内容不完整或不是证书验证码，请重新扫描或完整复制。",
        "It is cut short, misspelt or something else. Scan it again, or copy all of it.",
    ),
    "unsigned": (
        "文件中没有数字签名，可能是扫描件、打印件或另存的副本。请提交颁发单位发出的原始 PDF，或扫描证书上的二维码。",
        "The file carries no signature: a scan, a print or a copy saved anew. Use the original PDF, or scan the QR code on it.",
    ),
    "no_pdf": ("文件不是 PDF，或者过大。", "The file is no PDF, or too large."),
}
REASONS: Final = frozenset(_SENTENCES)


def word_of(verdict: Verdict, language: Language) -> str:
    """The verdict in a word or two."""
    return _WORDS[verdict][0 if language == "zh" else 1]


def sentence_of(finding: Finding, language: Language) -> str:
    """Why the verdict is what it is, and what to do."""
    return _SENTENCES[finding.reason][0 if language == "zh" else 1]


def as_json(finding: Finding, *, source: str, revocation_checked: bool) -> dict[str, Any]:
    """A finding as JSON values. `source` is token or pdf; the statement of anything but genuine and revoked is only claimed."""
    key = finding.key
    return {
        "source": source,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "statement": finding.statement.as_json() if finding.statement else None,
        "key": {
            "id": key.id.hex(),
            "issuer": key.issuer,
            "valid_from": key.valid_from.isoformat(),
            "valid_until": key.valid_until.isoformat(),
        }
        if key
        else None,
        "revocation_checked": revocation_checked,
    }
