"""What stands in the review stage."""

from jiangbang.review.blind_copy_models import BlindCopy
from jiangbang.review.discussion_models import Discussion, Remark
from jiangbang.review.draw_models import Draw, Recusal, Relation, Seat
from jiangbang.review.pool_models import Expert, PoolEntry
from jiangbang.review.rank_models import Ranking, Shortlisted
from jiangbang.review.score_models import Card, Reviewed, SignedCard

__all__ = [
    "BlindCopy",
    "Card",
    "Discussion",
    "Draw",
    "Expert",
    "PoolEntry",
    "Ranking",
    "Recusal",
    "Relation",
    "Remark",
    "Reviewed",
    "Seat",
    "Shortlisted",
    "SignedCard",
]
