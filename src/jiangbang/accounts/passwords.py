"""Passwords: two profiles of rules, one of which a setting chooses, and what validates a new password under them.

asvs   OWASP ASVS 5.0 §6.2: long, not among the common ones, never changed for the calendar's sake; any characters, pasted or typed
mlps   GB/T 22239 level 3: kinds of characters, changed every ninety days, none of the last five, locked after five wrong ones
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import OldPassword, User


class HouseArgon2(Argon2PasswordHasher):
    """Argon2id with the parameters of RFC 9106 for little memory (its second choice), stated here so that no upgrade changes them unseen.

    64 MiB, three passes, four lanes: about 50 ms on the machine that serves; passwords of other parameters are hashed anew at sign-in.
    """

    time_cost = 3
    memory_cost = 65_536
    parallelism = 4


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules for passwords. `kinds`: of lower case, upper case, figures and others; None: never."""

    shortest: int
    kinds: int
    valid_for: timedelta | None
    history: int
    free_tries: int
    first_wait: timedelta
    longest_wait: timedelta


PROFILES: Final = {
    "asvs": Profile(12, 1, None, 0, 5, timedelta(seconds=30), timedelta(minutes=15)),
    "mlps": Profile(10, 3, timedelta(days=90), 5, 5, timedelta(minutes=30), timedelta(minutes=30)),
}
# Words that whoever attacks this house tries first (docs/security.md lists them); letters beside them that make a password one's own.
HOUSE_WORDS: Final = (
    *(
        "jiangbang",
        "匠榜",
        "hangzhou",
        "杭州",
        "shuzi",
        "gongjiang",
        "数字工匠",
        "craftsman",
        "digital",
        "zonggonghui",
        "工会",
    ),
    *("organiser", "organizer", "screener", "candidate", "employer", "expert", "department", "member", "discipline"),
    *("administrator", "admin", "system", "security", "audit", "password", "mima", "密码"),
)
FEWEST_OWN_LETTERS: Final = 6
# More is no safer, and hashing a megabyte is work that a stranger could order.
LONGEST: Final = 256


def profile() -> Profile:
    """The profile of the settings."""
    return PROFILES[settings.JIANGBANG_PASSWORD_PROFILE]


def must_change(user: User, now: datetime | None = None) -> bool:
    """Whether the person has to choose a new password before anything else: given by somebody else, or too old by the profile."""
    if not user.has_usable_password():
        return False
    if user.password_is_given:
        return True
    valid_for = profile().valid_for
    return valid_for is not None and (now or timezone.now()) - user.password_changed_at >= valid_for


class LengthValidator:
    """The shortest of the profile, and the longest of the house."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 — Django's signature
        if len(password) < profile().shortest:
            raise ValidationError(self.get_help_text(), code="password_too_short")
        if len(password) > LONGEST:
            raise ValidationError(
                _("A password has at most %(most)s characters.") % {"most": LONGEST}, code="password_too_long"
            )

    def get_help_text(self) -> str:
        return _("A password has at least %(least)s characters.") % {"least": profile().shortest}


class KindsValidator:
    """Kinds of characters, where the profile wants more than one."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 — Django's signature
        if len({_kind(letter) for letter in password}) < profile().kinds:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        if profile().kinds == 1:
            return ""
        return _(
            "A password has at least %(kinds)s kinds of these: small letters, capitals, figures, other characters."
        ) % {"kinds": profile().kinds}


def _kind(letter: str) -> str:
    """Small letter, capital, figure, or another character: signs, and the letters of scripts that have no capitals."""
    return (
        "small" if letter.islower() else "capital" if letter.isupper() else "figure" if letter.isdecimal() else "other"
    )


class ContextValidator:
    """Nothing that is mostly a word of this house, whatever figures or signs stand around it: `jiangbang2026!` is guessed first."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 — Django's signature
        rest = password.casefold()
        for word in HOUSE_WORDS:
            rest = rest.replace(word, "")
        own = sum(letter.isalpha() for letter in rest)
        if rest != password.casefold() and own < FEWEST_OWN_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_of_the_house")

    def get_help_text(self) -> str:
        return _("A password is not made of the names of this programme, the city or a role.")


class HistoryValidator:
    """None of the last ones, nor the one of now, where the profile keeps them."""

    def validate(self, password: str, user: Any = None) -> None:
        kept = profile().history
        if not kept or not isinstance(user, User) or user.pk is None:
            return
        olds = OldPassword.objects.filter(user=user).order_by("-pk").values_list("password", flat=True)[:kept]
        if any(check_password(password, old) for old in [user.password, *olds]):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        kept = profile().history
        return _("A password is none of your last %(kept)s.") % {"kept": kept} if kept else ""
