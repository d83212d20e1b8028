"""How well an expert fits a dossier: by industry class and by words. Pure.

Words come from jieba's dictionary, one process-wide; single characters say nothing and are left out. Each expert's profile is a
query over the dossiers by BM25 (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009); an expert's best dossier
counts as 1, so that long and short profiles weigh alike. The class decides half, the words the other half.
"""

from __future__ import annotations

import logging
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

import jieba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SATURATION: Final = 1.2
LENGTH: Final = 0.75
BY_CLASS: Final = 0.5
# The same group, the same class above it, neither.
SAME_GROUP, SAME_CLASS, NO_CLASS = 1.0, 0.6, 0.0
# One decimal more would tell apart what chance decides.
DIGITS: Final = 3

jieba.setLogLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Offer:
    """What an expert can judge: codes of classes, and the text of the profile."""

    classes: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Demand:
    """What a dossier is about: its class as written (`0301 软件开发`), and its text."""

    industry_class: str
    text: str


def affinities(dossiers: Sequence[Demand], experts: Sequence[Offer]) -> Floats:
    """The affinity of each dossier (row) and expert (column), 0 to 1, in thousandths: the same on every machine."""
    by_class = _class_matches([one.industry_class for one in dossiers], [one.classes for one in experts])
    by_words = word_match([one.text for one in dossiers], [one.text for one in experts])
    mixed: Floats = np.round(BY_CLASS * by_class + (1 - BY_CLASS) * by_words, DIGITS)
    return mixed


def _class_matches(dossiers: Sequence[str], experts: Sequence[tuple[str, ...]]) -> Floats:
    """`class_match` of all with all; each class and each choice of classes is compared once."""
    kinds, choices = sorted(set(dossiers)), sorted(set(experts))
    table = np.array([[class_match(kind, codes) for codes in choices] for kind in kinds])
    row, column = {kind: at for at, kind in enumerate(kinds)}, {codes: at for at, codes in enumerate(choices)}
    found: Floats = table.reshape(len(kinds), len(choices))[
        np.ix_([row[one] for one in dossiers], [column[one] for one in experts])
    ]
    return found


def class_match(industry_class: str, codes: Sequence[str]) -> float:
    """How near an expert's classes come to a dossier's."""
    own = industry_class.strip()
    best = NO_CLASS
    for code in codes:
        if len(code) > 2 and own.startswith(code):
            return SAME_GROUP
        if own[:2] == code[:2]:
            best = SAME_CLASS
    return best


def word_match(texts: Sequence[str], queries: Sequence[str]) -> Floats:
    """BM25 of each text for each query, divided by the query's best text; 0 where a query shares no word with any."""
    asked = [sorted(set(words(query))) for query in queries]
    weights = _word_weights(texts, {word for query in asked for word in query})
    found = np.zeros((len(texts), len(queries)))
    for column, query in enumerate(asked):
        for word in query:
            if word in weights:
                rows, weight = weights[word]
                found[rows, column] += weight
    best = found.max(axis=0, initial=0.0)
    scaled: Floats = np.divide(found, best, out=np.zeros_like(found), where=best > 0)
    return scaled


def _word_weights(texts: Sequence[str], asked: Set[str]) -> dict[str, tuple[NDArray[np.intp], Floats]]:
    """For each word that is asked for and stands somewhere: the texts that hold it, and what it adds to each of them."""
    length, holding = np.zeros(len(texts)), defaultdict[str, list[tuple[int, int]]](list)
    for row, text in enumerate(texts):
        counted = Counter(words(text))
        length[row] = counted.total()
        for word in counted.keys() & asked:
            holding[word].append((row, counted[word]))
    mean = float(length.mean()) if length.any() else 1.0
    damping = SATURATION * (1 - LENGTH + LENGTH * length / mean)
    found = {}
    for word, places in holding.items():
        rows, times = np.array(places, dtype=np.intp).T
        weight = np.log(1 + (len(texts) - len(rows) + 0.5) / (len(rows) + 0.5))
        found[word] = rows, weight * times * (SATURATION + 1) / (times + damping[rows])
    return found


def words(text: str) -> list[str]:
    """The words of a text that say something: two characters or more, letters and digits."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return [word for word in jieba.cut(folded) if len(word) > 1 and word.isalnum() and not word.isdecimal()]
