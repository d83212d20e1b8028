"""What stands in the review stage."""

from jiangbang.review.draw_models import Draw, Recusal, Relation, Seat
from jiangbang.review.pool_models import Expert, PoolEntry
from jiangbang.review.rank_models import Ranking, Shortlisted
from jiangbang.review.score_models import Card, Reviewed, SignedCard

__all__ = [
    "Card",
    "Draw",
    "Expert",
    "PoolEntry",
    "Ranking",
    "Recusal",
    "Relation",
    "Reviewed",
    "Seat",
    "Shortlisted",
    "SignedCard",
]
