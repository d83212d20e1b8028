"""A puzzle for the sender's own machine before an objection is taken: altcha's proof of work, made and checked here, with no other service.

It costs a telephone a second and a thousand senders a thousand; whoever pays that is bounded by the tries of his network
(`accounts.throttle`). Each puzzle counts once and for an hour.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import timedelta
from typing import Final

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.notice.objection_models import SpentPuzzle
from jiangbang.register.acts import Refused
from jiangbang.vaults import vault

# The hidden number lies below: 25,000 hashes on the average, some tenths of a second on a telephone.
HARDNESS: Final = 50_000
VALID: Final = timedelta(hours=1)
_LONGEST: Final = 2_000


def new_puzzle() -> dict[str, object]:
    """What the page's script needs to solve it."""
    made = create_challenge(ChallengeOptions(max_number=HARDNESS, hmac_key=_key(), expires=timezone.now() + VALID))
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "maxnumber": HARDNESS,
        "salt": made.salt,
        "signature": made.signature,
    }


def spend(solution: str) -> None:
    """Take a solved puzzle, once. Refused: `captcha` when it is not solved, not ours or too old; `captcha_used`."""
    if len(solution) > _LONGEST or not verify_solution(solution, _key())[0]:
        raise Refused(
            "captcha", _("The check that a person is sending this did not succeed. Wait for it and send again.")
        )
    try:
        told = json.loads(base64.b64decode(solution))
    except (ValueError, binascii.Error):
        raise Refused(
            "captcha", _("The check that a person is sending this did not succeed. Wait for it and send again.")
        ) from None
    key = hashlib.sha256(str(told["challenge"]).encode()).hexdigest()
    try:
        with transaction.atomic():
            SpentPuzzle.objects.create(pk=key, spent_at=timezone.now())
    except IntegrityError:
        raise Refused("captcha_used", _("This was sent already; it is not taken a second time.")) from None


def forget_spent() -> int:
    """Delete what is too old to count anyway; how many."""
    return SpentPuzzle.objects.filter(spent_at__lt=timezone.now() - 2 * VALID).delete()[0]


def _key() -> str:
    return vault().blind_index("altcha", "notice.captcha")
