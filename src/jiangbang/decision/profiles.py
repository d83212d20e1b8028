"""A member's name, post and address: in clear and sealed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from jiangbang.decision.group_models import Member
from jiangbang.vaults import vault


@dataclass(frozen=True, slots=True)
class Profile:
    """Who a member is."""

    name: str
    post: str = ""
    email: str = ""


def seal_profile(member: Member, profile: Profile) -> None:
    """Put a profile into the row."""
    member.sealed = seal(member, json.dumps(asdict(profile), ensure_ascii=False))


def profile_of(member: Member) -> Profile:
    """The profile in clear. Raises VaultError."""
    return Profile(**json.loads(unseal(member, bytes(member.sealed))))


def seal(member: Member, text: str) -> bytes:
    """A text about this member, sealed by the installation."""
    return vault().seal(text.encode(), _aad(member))


def unseal(member: Member, data: bytes) -> str:
    """The text. Raises VaultError."""
    return vault().unseal(data, _aad(member)).decode()


def _aad(member: Member) -> bytes:
    return b"member:" + member.pk.bytes
