"""The accounts of a demonstration. They exist only in a home that `jiangbang up --demo` filled with synthetic people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jiangbang.accounts.models import Role

PASSWORD: Final = "jiangbang-demo"  # noqa: S105 — shown on the sign-in page of a demonstration

# the edition that the demonstration fills
EDITION: Final = "hangzhou-digital-craftsman/2023"
# the edition that walks on to the decision and beyond
PRACTICE: Final = "hangzhou-digital-craftsman/practice"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account that the sign-in page of a demonstration offers."""

    username: str
    role: Role
    display_name: str
    edition: str = ""
    scope: str = ""
    password: str = PASSWORD

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(self.role.label)


DEMO_ACCOUNTS: Final = (
    DemoAccount("organiser", Role.ORGANISER, "林承办"),
    DemoAccount("colleague", Role.ORGANISER, "陈经办"),
    DemoAccount("screener", Role.SCREENER, "沈审核", EDITION),
    DemoAccount("unit", Role.UNIT, "俞推荐（滨江区总工会）", EDITION, "330108"),
    DemoAccount("candidate", Role.CANDIDATE, "陈思远", EDITION),
    DemoAccount("expert", Role.EXPERT, "评审专家", "hangzhou-digital-craftsman/2024"),
    DemoAccount("department", Role.DEPARTMENT, "吴联络（公安）", PRACTICE, "公安"),
    DemoAccount("member", Role.MEMBER, "赵委员", PRACTICE, "市总工会"),
    DemoAccount("discipline", Role.DISCIPLINE, "周监督"),
    DemoAccount("system", Role.SYSTEM, "系统管理员"),
)
