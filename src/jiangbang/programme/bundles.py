"""Reading a programme's folder: `programme.toml`, one TOML per edition, form and classes beside them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jiangbang.kernel.certificate import certificate_spec
from jiangbang.kernel.clauses import ClauseError, compile_clause
from jiangbang.kernel.conferral import read_conferral
from jiangbang.kernel.consultation import read_consultation
from jiangbang.kernel.decision import read_decision
from jiangbang.kernel.edition import load_edition
from jiangbang.kernel.form import FormSpec
from jiangbang.kernel.notice import read_notice_days, read_notice_fields
from jiangbang.kernel.objections import read_objections
from jiangbang.kernel.review import read_review


class BundleError(Exception):
    """A programme's folder cannot be used. The message names file and fault."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A programme as read: its own table and one resolved document per edition."""

    slug: str
    name: str
    default_edition: str
    documents: tuple[dict[str, Any], ...]


def read_bundle(directory: Path) -> Bundle:
    """Read and check a whole programme folder. Raises BundleError with one sentence."""
    programme = _toml(directory / "programme.toml")
    try:
        slugs = list(programme["editions"])
        bundle = Bundle(
            programme["slug"],
            programme["name"],
            programme["default_edition"],
            tuple(_document(directory, slug) for slug in slugs),
        )
    except KeyError as error:
        raise BundleError(f"{directory / 'programme.toml'} lacks {error}") from None
    for slug, document in zip(slugs, bundle.documents, strict=True):
        _check(directory / f"{slug}.toml", document, bundle.slug)
    return bundle


def _document(directory: Path, slug: str) -> dict[str, Any]:
    edition = _resolved(directory, slug, ())
    form = _toml(directory / edition.get("form", "form.toml"))
    classes = _toml(directory / edition.get("classes", "classes.toml"))
    return {"edition": _plain(edition), "form": _plain(form), "classes": _plain(classes)}


def _resolved(directory: Path, slug: str, above: tuple[str, ...]) -> dict[str, Any]:
    """An edition that `extends` another has that one's tables where it has none of its own; a table is replaced whole, unless the
    edition only `adds` rows to it."""
    if slug in above:
        raise BundleError(f"{directory}: the editions {', '.join(above)} extend each other in a circle")
    edition = _toml(directory / f"{slug}.toml")
    base, adds = edition.pop("extends", None), edition.pop("adds", {})
    whole = {**_resolved(directory, base, (*above, slug)), **edition} if base else edition
    return {**whole, **{table: [*whole.get(table, ()), *rows] for table, rows in adds.items()}}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BundleError(f"{path} is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BundleError(f"{path} cannot be read: {error}") from None


def _plain(value: Any) -> Any:
    """TOML's dates as ISO text, so that the document is JSON."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _check(path: Path, document: dict[str, Any], programme: str) -> None:
    """Everything that can be wrong in data is found here, before it is loaded."""
    try:
        spec = load_edition(document["edition"], FormSpec.from_document(document["form"]), document["classes"])
        facts = [fact.key for fact in spec.facts]
        for clause in spec.clauses:
            compile_clause(clause.expression, facts=facts)
        read_review(spec.document)
        read_consultation(spec.document, {field.key: field.visible.get("consultation", ()) for field in spec.form})
        read_decision(spec.document)
        read_notice_days(spec.document)
        read_notice_fields(spec.document, {field.key: field.visible.get("notice", ()) for field in spec.form})
        read_objections(spec.document)
        certificate_spec(spec.document)
        read_conferral(spec.document, tuple(title.key for title in spec.titles))
    except (ValueError, KeyError, ClauseError) as error:
        raise BundleError(f"{path}: {error}") from None
    if spec.programme != programme:
        raise BundleError(f"{path}: belongs to programme {spec.programme}, not {programme}")
