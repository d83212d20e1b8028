"""Translations without GNU gettext: `messages.py extract | check | compile`, on Babel and Django's own template reader.

extract  brings the catalogues up to date with the sentences in the source (new ones come in untranslated)
check    says which sentences no catalogue translates, and which translations lost or invented a placeholder; status 1
compile  writes the .mo beside each .po
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "jiangbang"
# English is in the source itself
CATALOGUES = (SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po",)
PEOPLE = {
    "project": "jiangbang",
    "version": "1",
    "header_comment": f"# Jiangbang in {CATALOGUES[0].parents[1].name}; kept by script/messages.py extract",
    "msgid_bugs_address": "maintainers",
    "last_translator": "maintainers",
    "language_team": "maintainers",
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# what `templatize` makes of a template's translated parts, in a sea of X
CALL = re.compile(rf"\b(gettext|ngettext|pgettext|npgettext|_)\(({LITERAL}(?:,\s*{LITERAL})*)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Found = tuple[str | tuple[str, str], str | None]


def template_messages(path: Path) -> Iterator[Found]:
    """The messages of one Django template, each with its context."""
    for call, arguments in CALL.findall(templatize(path.read_text("utf-8"), origin=str(path))):
        texts = [ast.literal_eval(literal) for literal in re.findall(LITERAL, arguments)]
        context = texts.pop(0) if call in {"pgettext", "npgettext"} else None
        yield (texts[0], texts[1]) if len(texts) > 1 else texts[0], context


def python_messages(path: Path) -> Iterator[Found]:
    """The messages of one Python module, each with its context."""
    for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
        yield message, context  # type: ignore[misc]


def source_catalog() -> Catalog:
    """Every message in the source, with the files that hold it. Without line numbers: those would change every day."""
    catalog = Catalog(project="jiangbang", fuzzy=False)
    readers = {
        "*.py": python_messages,
        "templates/**/*.html": template_messages,
        "templates/**/*.txt": template_messages,
    }
    for pattern, read in readers.items():
        for path in sorted(SOURCE.rglob(pattern)):
            for message, context in read(path):
                if message:
                    catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    return catalog


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """The translated catalogues; an empty one where the file is missing."""
    for path in CATALOGUES:
        locale = path.parents[1].name
        if not path.exists():
            yield path, Catalog(locale=locale, fuzzy=False, **PEOPLE)
            continue
        with path.open("rb") as file:
            yield path, read_po(file, locale=locale)


def faults(message: Message, translated: Message | None) -> Iterator[str]:
    """What is wrong with the translation of `message`, in words."""
    texts = (
        [] if translated is None else [translated.string] if isinstance(translated.string, str) else translated.string
    )
    if not texts or not all(texts):
        yield "not translated"
        return
    if translated is not None and translated.fuzzy:
        yield "marked fuzzy"
    singular = message.id if isinstance(message.id, str) else message.id[-1]
    for text in texts:
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(singular)):
            yield "placeholders differ"


def check() -> int:
    template, count = source_catalog(), 0
    for path, catalog in catalogues():
        for message in template:
            if not message.id:
                continue
            for fault in faults(message, catalog.get(message.id, message.context)):
                count += 1
                print(f"{path.relative_to(ROOT)}: {fault}: {message.id!r} ({message.locations[0][0]})")  # noqa: T201
    return 1 if count else 0


def extract() -> int:
    template = source_catalog()
    for path, catalog in catalogues():
        # the day of the last extraction would change the file every time
        created = catalog.creation_date
        catalog.update(template, no_fuzzy_matching=True)
        catalog.creation_date = created
        catalog.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, include_lineno=False, omit_header=False)
    return check()


def compile_catalogues() -> int:
    for path, catalog in catalogues():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
    return 0


if __name__ == "__main__":
    commands = {"extract": extract, "check": check, "compile": compile_catalogues}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(commands[sys.argv[1]]())
