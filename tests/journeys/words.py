"""The words of the pages in both languages, from the catalogue: translations may be polished without a journey breaking."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parents[2] / "src/jiangbang/locale/zh_Hans/LC_MESSAGES/django.po"


@cache
def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def zh(message: str, **values: object) -> str:
    """The Chinese of a message. Raises KeyError when no page says it any more."""
    found = _catalogue().get(message)
    if found is None:
        raise KeyError(message)
    said = found.string
    assert said, message
    text = said if isinstance(said, str) else said[0]
    return text % values if values else text


def chinese_words() -> frozenset[str]:
    """Every Chinese sentence and label of the catalogue that holds no value."""
    return frozenset(text for _, text in _plain_pairs() if re.search(r"[\u4e00-\u9fff]", text))


def english_words() -> frozenset[str]:
    """Every English sentence and label of the catalogue that has a Chinese one and holds no value."""
    return frozenset(message for message, text in _plain_pairs() if text != message and re.search("[A-Za-z]", message))


def _plain_pairs() -> list[tuple[str, str]]:
    pairs = []
    for message in _catalogue():
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and "%(" not in message.id:
            pairs.append((message.id.strip(), message.string.strip()))
    return pairs
