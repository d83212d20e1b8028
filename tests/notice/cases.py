"""Objections for tests: filed in a moment, taken by two persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.notice import objection_handling as handling
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_case import Identity
from jiangbang.notice.objection_filing import Statement, enter_objection, file_objection, public_account
from jiangbang.notice.objection_models import Objection

FACTS = "其申报的专利并非本人完成，2021年由他人申请。"
WHO = Identity("钱有据", "", "qian@example.cn", "杭州市某路1号")


@dataclass(frozen=True)
class Pair:
    """Handler and decider."""

    handler: User
    decider: User


def pair(handler: User) -> Pair:
    return Pair(handler, create_account("second", role=Role.DISCIPLINE, password=None, display_name="周监督"))


def filed(entry: NoticeEntry, *, source: str = "person", identity: Identity = WHO, facts: str = FACTS) -> Objection:
    return file_objection(entry, Statement(source, identity, facts), by=public_account())[0]


def entered(entry: NoticeEntry, by: User, *, source: str = "person", counted_on: date = date(2023, 3, 20)) -> Objection:
    identity = WHO if source != "anonymous" else Identity()
    statement = Statement(source, identity, FACTS)
    return enter_objection(entry, statement, channel="letter", counted_on=counted_on, by=by)[0]


def taken(objection: Objection, people: Pair) -> Objection:
    handling.take_case(objection, unrelated=True, by=people.handler)
    return handling.take_case(objection, unrelated=True, by=people.decider)


def admitted(objection: Objection, people: Pair) -> Objection:
    return handling.admit_objection(taken(objection, people), identified=True, specific=True, by=people.handler)


def proposed(objection: Objection, people: Pair, *, upheld: bool) -> Objection:
    return handling.propose_finding(admitted(objection, people), upheld=upheld, finding="经查属实。", by=people.handler)
