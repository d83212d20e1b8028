"""An expert's profile in clear and sealed."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from typing import Final

from jiangbang.accounts.invitations import address_index
from jiangbang.review.pool_models import Expert
from jiangbang.vaults import vault

# Words that end the name of an organisation: what follows is a post.
_ENDS: Final = re.compile(
    r"^(.+?(?:公司|集团|大学|学院|研究院|研究所|实验室|医院|中心|银行|协会|学会|联合会|总工会|委员会|.厂|.局))"
)
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of an expert as a person. `works`: one achievement a line."""

    name: str
    mobile: str = ""
    email: str = ""
    employer: str = ""
    title: str = ""
    specialties: str = ""
    works: str = ""

    @property
    def contact(self) -> str:
        """By which the expert is known again: the mobile, else the mail address."""
        return self.mobile or self.email

    @property
    def text(self) -> str:
        """All that says what the expert knows of, for comparing with dossiers."""
        return "\n".join(filter(None, (self.title, self.specialties, self.works)))


def organisation(text: str) -> str:
    """The organisation in "organisation and post", without spaces: `云栖智联科技有限公司 算法工程师` → `云栖智联科技有限公司`."""
    first = text.strip()
    found = _ENDS.match(_SPACES.sub("", first))
    return found[1] if found else _SPACES.split(first)[0] if first else ""


def employer_index(employer: str) -> str:
    """The blind index of an employer; empty for none."""
    name = organisation(employer)
    return vault().blind_index(name, "expert.employer") if name else ""


def contact_index(profile: Profile) -> str:
    return address_index(profile.contact)


def profile_of(expert: Expert) -> Profile:
    """The profile in clear. Raises VaultError when the key was destroyed."""
    plain = json.loads(unsealed(expert, bytes(expert.sealed)))
    return Profile(**{field.name: plain.get(field.name, "") for field in fields(Profile)})


def seal_profile(expert: Expert, profile: Profile) -> None:
    """Put a profile into the row, with what is told of it in clear."""
    expert.sealed = sealed(expert, json.dumps(asdict(profile), ensure_ascii=False))
    expert.contact_index = contact_index(profile)
    expert.employer_index = employer_index(profile.employer)


def new_key(expert: Expert) -> None:
    """Give a new expert a data key of his own."""
    expert.wrapped_key, _subject = vault().new_subject(_aad(expert))


def sealed(expert: Expert, text: str) -> bytes:
    """A text under the expert's key."""
    return vault().subject(bytes(expert.wrapped_key), _aad(expert)).seal(text.encode(), _aad(expert))


def unsealed(expert: Expert, data: bytes) -> str:
    """The text; empty for nothing. Raises VaultError."""
    if not data:
        return ""
    return vault().subject(bytes(expert.wrapped_key), _aad(expert)).unseal(data, _aad(expert)).decode()


def _aad(expert: Expert) -> bytes:
    return b"expert:" + expert.pk.bytes
