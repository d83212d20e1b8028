"""What goes from the edition before into the next one: contacts, accounts, experts, the leading group, the words of the public page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiangbang.accounts.acts import hold_role
from jiangbang.accounts.models import Membership, Role, User
from jiangbang.decision.access import members_of
from jiangbang.decision.group import name_member
from jiangbang.decision.group_models import Member
from jiangbang.decision.profiles import profile_of
from jiangbang.nomination.contact_models import UnitContact
from jiangbang.nomination.contacts import ContactRow, address_of, contacts_of, keep_contacts
from jiangbang.notice.site_models import SitePage
from jiangbang.notice.site_texts import KEYS, word_site
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.review.pool_models import PoolEntry
from jiangbang.succession.policy import may_succeed

# Whoever works for one candidacy works for none in another edition, and experts come with the pool.
_ROLES: Final = (Role.ORGANISER, Role.SCREENER, Role.UNIT, Role.DEPARTMENT, Role.DISCIPLINE)


@dataclass(frozen=True, slots=True)
class Carried:
    """One kind of thing that can be carried over: how many there are before, how many are missing in the next edition."""

    key: str
    label: str | Promise
    before: int
    missing: int


def carried(source: Edition, edition: Edition) -> list[Carried]:
    """What there is and what is missing, kind by kind. Two queries each."""
    return [
        Carried(key, label, len(list(rows(source, edition))) + have(source, edition), len(list(rows(source, edition))))
        for key, (label, rows, have, _carry) in _KINDS.items()
    ]


@act("edition.carried_over", "contacts.kept", "expert.listed", "member.named", "site.worded")
def carry_over(source: Edition, edition: Edition, key: str, *, by: User) -> int:
    """Carry over what is missing of one kind; how many. Twice is once. Refused: `permission`; `unknown` kind."""
    if not (may_succeed(by, source) and may_succeed(by, edition)):
        raise Refused("permission", _("Only the organiser's office may do this."))
    if key not in _KINDS:
        raise Refused("unknown", _("Choose what is carried over."))
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    count = _KINDS[key][3](source, edition, by)
    if not count:
        nothing_changed()
        return 0
    facts = {"kind": key, "count": count, "slug": source.slug}
    record("edition.carried_over", by=by, edition=edition.key, subject=f"edition:{edition.pk}", facts=facts)
    return count


# --- contacts of the units --------------------------------------------------------------------------------------------


def _contacts(source: Edition, edition: Edition) -> list[UnitContact]:
    units = {unit.code for unit in edition.spec.units}
    known = set(contacts_of(edition).values_list("unit_code", "address_index"))
    return [
        one for one in contacts_of(source) if one.unit_code in units and (one.unit_code, one.address_index) not in known
    ]


def _carry_contacts(source: Edition, edition: Edition, by: User) -> int:
    rows = [ContactRow(one.unit_code, one.name, address_of(one, source)) for one in _contacts(source, edition)]
    return keep_contacts(edition, rows, by=by) if rows else 0


# --- accounts ---------------------------------------------------------------------------------------------------------


def _accounts(source: Edition, edition: Edition) -> list[Membership]:
    known = set(Membership.objects.filter(edition=edition.key).values_list("user_id", "role", "scope"))
    rows = Membership.objects.filter(edition=source.key, role__in=_ROLES, user__is_active=True).select_related("user")
    units = {unit.code for unit in edition.spec.units}
    return [
        one
        for one in rows.order_by("pk")
        if (one.user_id, one.role, one.scope) not in known and (one.role != Role.UNIT or one.scope in units)
    ]


def _carry_accounts(source: Edition, edition: Edition, _by: User) -> int:
    rows = _accounts(source, edition)
    for one in rows:
        hold_role(one.user, role=Role(one.role), edition=edition.key, scope=one.scope)
    return len(rows)


# --- experts ----------------------------------------------------------------------------------------------------------


def _experts(source: Edition, edition: Edition) -> QuerySet[PoolEntry]:
    """Who agreed the last time; declared ties are an edition's own and are asked anew, and so is the agreement."""
    known = PoolEntry.objects.filter(edition=edition).values("expert")
    rows = PoolEntry.objects.filter(edition=source, state=PoolEntry.State.CONSENTED).exclude(expert__in=known)
    return rows.select_related("expert").order_by("expert__number")


def _carry_experts(source: Edition, edition: Edition, by: User) -> int:
    units, rows = {unit.code for unit in edition.spec.units}, list(_experts(source, edition))
    now = timezone.now()
    PoolEntry.objects.bulk_create(
        [
            PoolEntry(
                edition=edition, expert=one.expert, recommender=one.recommender, capacity=one.capacity, listed_by=by, listed_at=now,
                unit_code=one.unit_code if one.unit_code in units else "",
            )
            for one in rows
        ]
    )  # fmt: skip
    for one in rows:
        facts = {"unit": one.unit_code}
        record("expert.listed", by=by, edition=edition.key, subject=one.expert.subject, facts=facts)
    return len(rows)


# --- the leading group ------------------------------------------------------------------------------------------------


def _members(source: Edition, edition: Edition) -> list[Member]:
    """Members whose body and name the next edition has not; a body that it has no more is left out."""
    bodies = {str(row.get("name")) for row in edition.document["edition"].get("decision", {}).get("body", ())}
    known = {(one.body, profile_of(one).name) for one in members_of(edition)}
    rows = [one for one in members_of(source) if not bodies or one.body in bodies]
    return [one for one in rows if (one.body, profile_of(one).name) not in known]


def _carry_members(source: Edition, edition: Edition, by: User) -> int:
    rows = _members(source, edition)
    for one in rows:
        name_member(edition, one.body, profile_of(one), substitute=one.substitute, by=by)
    return len(rows)


# --- the words of the public page -------------------------------------------------------------------------------------


def _words(source: Edition, edition: Edition) -> list[SitePage]:
    if SitePage.objects.filter(edition=edition).exists():
        return []
    return list(SitePage.objects.filter(edition=source))


def _carry_words(source: Edition, edition: Edition, by: User) -> int:
    """The call comes as a draft: dates in it are the last edition's."""
    rows = _words(source, edition)
    for one in rows:
        word_site(edition, {key: getattr(one, key) for key in KEYS}, called=False, by=by)
    return len(rows)


Rows = Callable[
    [Edition, Edition], "list[UnitContact] | list[Membership] | QuerySet[PoolEntry] | list[Member] | list[SitePage]"
]
_KINDS: Final[
    dict[str, tuple[str | Promise, Rows, Callable[[Edition, Edition], int], Callable[[Edition, Edition, User], int]]]
] = {
    "contacts": (
        gettext_lazy("Contacts of the units"),
        _contacts,
        lambda _source, edition: contacts_of(edition).count(),
        _carry_contacts,
    ),
    "accounts": (
        gettext_lazy("Accounts of office, units and departments"),
        _accounts,
        lambda _source, edition: Membership.objects.filter(edition=edition.key, role__in=_ROLES).count(),
        _carry_accounts,
    ),
    "experts": (
        gettext_lazy("Experts who agreed the last time"),
        _experts,
        lambda _source, edition: PoolEntry.objects.filter(edition=edition).count(),
        _carry_experts,
    ),
    "members": (
        gettext_lazy("Members of the leading group"),
        _members,
        lambda _source, edition: members_of(edition).count(),
        _carry_members,
    ),
    "words": (
        gettext_lazy("Words of the public page, the call as a draft"),
        _words,
        lambda _source, edition: SitePage.objects.filter(edition=edition).count(),
        _carry_words,
    ),
}
