"""A ranking as it is published: the same bytes wherever it is computed."""

from __future__ import annotations

import csv
import io
from typing import Final

from jiangbang.kernel.ranking import Ranking, half_up

COLUMNS: Final = ("rank", "dossier", "score", "low", "high", "p_title", "p_nominee")
# Likelihoods are printed so; further digits would say more than is known.
LIKELIHOOD_DIGITS: Final = 4
DIGITS: Final = 4


def ranking_csv(ranking: Ranking, digits: int = DIGITS) -> str:
    """The lines of a ranking as CSV, best first; scores rounded half up."""
    buffer = io.StringIO()
    rows = csv.writer(buffer, lineterminator="\n")
    rows.writerow(COLUMNS)
    for line in ranking.lines:
        likelihoods = [f"{value:.{LIKELIHOOD_DIGITS}f}" for value in (line.p_title, line.p_nominee)]
        rows.writerow([line.rank, line.dossier, half_up(line.score, digits), line.low, line.high, *likelihoods])
    return buffer.getvalue()
