"""What an edition's certificates and plaques say: frozen values of its `[certificate]` table.

Every key may be left out. The placeholders of a text are `{name}`, `{unit}`, `{title}`, `{edition}`, `{programme}` and `{number}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

PLACEHOLDERS: Final = ("name", "unit", "title", "edition", "programme", "number")
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]*)\}")
_TEXTS: Final = ("heading", "heading_en", "salutation", "text", "text_en", "chop", "plaque")


class CertificateRuleError(ValueError):
    """A `[certificate]` table that cannot be used; the message names the key at fault."""


@dataclass(frozen=True, slots=True)
class CertificateSpec:
    """The words of a certificate. `bodies` sign it in this order; `chop` is cut into the red square seal, 1 to 9 characters.

    `texts` and `texts_en` hold the text of single titles by their keys, where it differs from `text` and `text_en`.
    """

    heading: str = "荣誉证书"
    heading_en: str = "Certificate of Honour"
    salutation: str = "{name} 同志："
    text: str = "在{edition}中表现优异，被授予“{title}”称号。特颁此证，以资褒扬。"
    text_en: str = "is hereby awarded the title of {title}, in recognition of outstanding skill and contribution."
    bodies: tuple[str, ...] = ()
    bodies_en: tuple[str, ...] = ()
    chop: str = ""
    plaque: str = "{title}"
    bilingual: bool = True
    photo: bool = False
    # whether certificate and statement name the unit of the holder
    unit: bool = True
    texts: Mapping[str, str] = field(default_factory=dict)
    texts_en: Mapping[str, str] = field(default_factory=dict)

    def text_of(self, title: str) -> str:
        """The text for the title with this key."""
        return self.texts.get(title, self.text)

    def text_en_of(self, title: str) -> str:
        """The English text for the title with this key."""
        return self.texts_en.get(title, self.text_en)


def certificate_spec(document: Mapping[str, Any]) -> CertificateSpec:
    """The `[certificate]` table of an edition; without one, the words that go for every programme. Raises CertificateRuleError."""
    table = dict(document.get("certificate", {}))
    known = set(CertificateSpec.__dataclass_fields__)
    if unknown := sorted(set(table) - known):
        raise CertificateRuleError(f"[certificate] knows no {unknown[0]}")
    bodies = [row for row in document.get("organisation", ()) if row.get("role") in ("host", "organiser")]
    table.setdefault("bodies", [row["name"] for row in bodies])
    table.setdefault("bodies_en", [row.get("name_en", "") for row in bodies])
    for key in ("bodies", "bodies_en"):
        if not isinstance(table[key], list | tuple) or not all(isinstance(one, str) for one in table[key]):
            raise CertificateRuleError(f"certificate.{key} must be a list of names")
        table[key] = tuple(table[key])
    for key in ("bilingual", "photo", "unit"):
        if key in table and not isinstance(table[key], bool):
            raise CertificateRuleError(f"certificate.{key} must be true or false")
    _check_texts(table)
    if len(table.get("chop", "")) > 9:
        raise CertificateRuleError("certificate.chop has at most 9 characters")
    return CertificateSpec(**table)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders replaced. What stands in a value is never read as a placeholder."""
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], text)


def _check_texts(table: Mapping[str, Any]) -> None:
    texts = [(key, table[key]) for key in _TEXTS if key in table]
    for key in ("texts", "texts_en"):
        if not isinstance(table.get(key, {}), dict):
            raise CertificateRuleError(f"certificate.{key} must be a table of title and text")
        texts += [(f"{key}.{title}", text) for title, text in table.get(key, {}).items()]
    for key, text in texts:
        if not isinstance(text, str):
            raise CertificateRuleError(f"certificate.{key} must be a text")
        if wrong := [one for one in _PLACEHOLDER.findall(text) if one not in PLACEHOLDERS]:
            raise CertificateRuleError(f"certificate.{key}: there is no placeholder {{{wrong[0]}}}")
