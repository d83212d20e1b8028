"""The nomination form, declared once.

One list of fields drives the web form, reading and writing the Word form, the roster's columns, validation,
encryption at rest, blinding and masking. It is data of an edition (`form.toml`); nothing here knows Hangzhou.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

FieldKind = Literal[
    "text", "long_text", "gender", "month", "identity", "integer", "phone", "mobile", "image", "items", "opinions"
]
# open: may be shown and searched; personal: encrypted at rest; sensitive: encrypted and masked until revealed.
PersonalData = Literal["open", "personal", "sensitive"]

Value = str | int | list[str] | dict[str, Any] | None
# One form as JSON: every key of the form is present, an absent value is None, lists for `items`.
Record = dict[str, Value]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of the form. Lengths are counted in characters (code points)."""

    key: str
    label: str
    label_en: str
    kind: FieldKind
    personal_data: PersonalData
    required: bool = False
    min_items: int = 0
    max_items: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    hint: str = ""
    on_form: bool = True
    aliases: tuple[str, ...] = ()
    roster_label: str | None = None
    roster_aliases: tuple[str, ...] = ()
    # where the web form shows it: the key of one of the form's sections
    section: str = ""
    # answers that the web form offers; others may be written all the same
    options: tuple[str, ...] = ()
    # whether the web form takes files that prove the value
    evidence: bool = False
    # of a picture: width to height, such as "25:35"
    ratio: str | None = None
    # stage → roles that may see the value there; a stage that is not named shows it to nobody but the office
    visible: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A part of the web form with its heading; the paper knows none."""

    key: str
    label: str
    label_en: str
    hint: str = ""
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class FormSpec:
    """The fields in the order of the official paper, its titles, and the sections of the web form."""

    title: str
    roster_title: str
    fields: tuple[FieldSpec, ...]
    sections: tuple[SectionSpec, ...] = ()

    def __iter__(self) -> Iterator[FieldSpec]:
        return iter(self.fields)

    def __getitem__(self, key: str) -> FieldSpec:
        for spec in self.fields:
            if spec.key == key:
                return spec
        raise KeyError(key)

    @property
    def roster_fields(self) -> tuple[FieldSpec, ...]:
        """The fields that the roster prints."""
        return tuple(spec for spec in self.fields if spec.roster_label)

    def keys_of(self, *classes: PersonalData) -> tuple[str, ...]:
        """The keys of the fields in these personal-data classes, in form order."""
        return tuple(spec.key for spec in self.fields if spec.personal_data in classes)

    def empty_record(self) -> Record:
        """A record with every key, nothing filled in."""
        return {spec.key: [] if spec.kind == "items" else None for spec in self.fields}

    def section_fields(self) -> tuple[tuple[SectionSpec, tuple[FieldSpec, ...]], ...]:
        """The sections with their fields in form order; a field that names no section stands in the last one."""
        sections = self.sections or (SectionSpec("form", self.title, self.title),)
        last = sections[-1].key
        return tuple(
            (section, tuple(spec for spec in self.fields if (spec.section or last) == section.key))
            for section in sections
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> FormSpec:
        """Build the form from the parsed TOML of `form.toml`. Raises ValueError naming the field that is wrong."""
        fields = []
        for raw in document["field"]:
            known = dict(raw)
            for key in ("aliases", "roster_aliases", "options"):
                known[key] = tuple(known.get(key, ()))
            known["visible"] = {stage: tuple(roles) for stage, roles in known.get("visible", {}).items()}
            try:
                fields.append(FieldSpec(**known))
            except TypeError as error:
                raise ValueError(f"form field {raw.get('key', '?')}: {error}") from None
        keys = [spec.key for spec in fields]
        if len(set(keys)) != len(keys):
            raise ValueError("two fields of the form have the same key")
        sections = tuple(SectionSpec(**raw) for raw in document.get("section", ()))
        if stray := {spec.section for spec in fields} - {section.key for section in sections} - {""}:
            raise ValueError(f"the form has no section {', '.join(sorted(stray))}")
        return cls(
            title=cast(str, document["title"]),
            roster_title=cast(str, document["roster_title"]),
            fields=tuple(fields),
            sections=sections,
        )
