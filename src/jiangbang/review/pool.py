"""What may happen to the pool of experts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts import invitations
from jiangbang.accounts.models import Invitation, Role, User
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.review import policy
from jiangbang.review.importing import MOST_CAPACITY, ExpertRow, contact_problems
from jiangbang.review.messages import INVITED
from jiangbang.review.models import Draw, Expert, PoolEntry, Seat
from jiangbang.review.profiles import Profile, contact_index, new_key, profile_of, seal_profile, sealed

State = PoolEntry.State


@act("expert.listed", "expert.agreed")
def list_experts(edition: Edition, rows: Sequence[ExpertRow], *, by: User) -> int:
    """Take the experts of a checked list into the edition's pool; one who is known gets the newer profile. How many are new in it.

    Whoever the list says has agreed counts as agreed, by the recommender's word. Who was removed or has declined stays so.

    Refused: `permission`; `empty`; `unchecked` when a line has a problem.
    """
    _lead(by, edition)
    if not rows:
        raise Refused("empty", _("There is nobody in this list."))
    if any(row.problems for row in rows):
        raise Refused("unchecked", _("Some lines must be mended first. Nobody was taken in."))
    # two people who bring lists at the same time take their turns
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    known = {one.contact_index: one for one in Expert.objects.filter(programme=edition.programme)}
    listed = set(PoolEntry.objects.filter(edition=edition).values_list("expert_id", flat=True))
    count = 0
    for row in rows:
        expert = known.get(contact_index(row.profile)) or _new_expert(edition)
        _write(expert, row)
        if expert.pk in listed:
            continue
        entry = _new_entry(edition, expert, row, by)
        record("expert.listed", by=by, edition=edition.key, subject=expert.subject, facts={"unit": row.unit_code})
        if row.agreed:
            _agree(entry, "recommender", by=by)
        count += 1
    if not count:
        nothing_changed()
    return count


def _new_expert(edition: Edition) -> Expert:
    last = Expert.objects.filter(programme=edition.programme).aggregate(last=Max("number"))["last"] or 0
    expert = Expert(programme=edition.programme, number=last + 1, added_at=timezone.now())
    new_key(expert)
    return expert


def _write(expert: Expert, row: ExpertRow) -> None:
    """Put a line's profile into the row; what the line leaves empty stays as it was."""
    old = profile_of(expert) if expert.sealed else Profile("")
    given = {name: getattr(row.profile, name) or getattr(old, name) for name in Profile.__slots__}
    seal_profile(expert, Profile(**given))
    expert.classes, expert.region = list(row.classes), row.region or expert.region
    expert.save()


def _new_entry(edition: Edition, expert: Expert, row: ExpertRow, by: User) -> PoolEntry:
    return PoolEntry.objects.create(
        edition=edition,
        expert=expert,
        recommender=row.recommender,
        unit_code=row.unit_code,
        capacity=row.capacity,
        listed_by=by,
        listed_at=timezone.now(),
    )


@act("expert.invited", "invitation.made", "invitation.revoked", "message.posted")
def invite_expert(entry: PoolEntry, *, by: User) -> str:
    """A link for the expert's own pages; by mail where there is an address. The token is given back this once.

    Refused: `permission`; `out` for somebody who was removed or has declined.
    """
    entry = _locked(entry)
    _lead(by, entry.edition)
    if entry.state in (State.REMOVED, State.DECLINED):
        raise Refused("out", _("This expert is not in the pool any more."))
    edition, profile = entry.edition, profile_of(entry.expert)
    scope = str(entry.expert_id)
    for old in Invitation.objects.filter(role=Role.EXPERT, edition=edition.key, scope=scope, used_at=None):
        if old.revoked_at is None:
            invitations.revoke(old, by=by)
    made, token = invitations.invite(
        role=Role.EXPERT, edition=edition.key, scope=scope, name=profile.name, address=profile.contact, by=by
    )
    record("expert.invited", by=by, edition=edition.key, subject=entry.expert.subject, facts={})
    if profile.email:
        until = timezone.localtime(made.expires_at, edition.zone)
        context = {
            "edition": edition.name,
            "name": profile.name,
            "link": absolute(reverse("invitation", args=[token])),
            "until": f"{until:%Y-%m-%d %H:%M}",
        }
        post_message(INVITED.key, to=profile.email, name=profile.name, edition=edition.key, context=context, by=by)
    return token


@act("expert.changed")
def change_profile(
    entry: PoolEntry,
    profile: Profile,
    *,
    classes: Sequence[str],
    region: str,
    capacity: int,
    by: User,
    own: bool = False,
) -> None:
    """Bring a profile up to date: the office any, an expert the own one (`own`: the view has made sure whose it is).

    Refused: `permission`; `name`; `contact`; `classes`; `capacity`; `taken` when another expert has the contact.
    """
    entry = _locked(entry)
    if not own:
        _lead(by, entry.edition)
    if not profile.name.strip():
        raise Refused("name", _("Write the name."))
    if list(contact_problems(profile)):
        raise Refused("contact", _("Give a mobile number of eleven digits or an e-mail address."))
    codes = {choice.code for choice in entry.edition.spec.industry_classes}
    if not classes or not set(classes) <= codes:
        raise Refused("classes", _("Choose at least one class that the expert can judge."))
    if not 0 < capacity <= MOST_CAPACITY:
        raise Refused("capacity", _("The number of dossiers lies between 1 and %(most)s.") % {"most": MOST_CAPACITY})
    index = contact_index(profile)
    others = Expert.objects.filter(programme=entry.edition.programme, contact_index=index).exclude(pk=entry.expert_id)
    if others.exists():
        raise Refused("taken", _("Another expert has this number or address."))
    expert = entry.expert
    seal_profile(expert, replace(profile, name=profile.name.strip()))
    expert.classes, expert.region = sorted(set(classes)), region.strip()[:60]
    expert.save()
    entry.capacity = capacity
    entry.save(update_fields=["capacity"])
    record("expert.changed", by=by, edition=entry.edition.key, subject=expert.subject, facts={})


@act("expert.agreed")
def agree(entry: PoolEntry, *, by: User) -> None:
    """The expert agrees to review in this edition and to what is kept of him. Refused: `removed`. Agreeing twice changes nothing."""
    entry = _locked(entry)
    if entry.state == State.REMOVED:
        raise Refused("removed", _("You are not in the pool any more. Ask the organiser's office."))
    if entry.state == State.CONSENTED and entry.agreed_by == "expert":
        return nothing_changed()
    return _agree(entry, "expert", by=by)


def _agree(entry: PoolEntry, by_whom: str, *, by: User) -> None:
    entry.state, entry.agreed_by, entry.agreed_at = State.CONSENTED, by_whom, timezone.now()
    entry.save(update_fields=["state", "agreed_by", "agreed_at"])
    record("expert.agreed", by=by, edition=entry.edition.key, subject=entry.expert.subject, facts={"source": by_whom})


@act("expert.declined")
def decline(entry: PoolEntry, *, reason: str, by: User) -> None:
    """The expert does not review in this edition. Refused: `removed`; `seated` once drawn: then the seat is refused instead."""
    entry = _locked(entry)
    if entry.state == State.REMOVED:
        raise Refused("removed", _("You are not in the pool any more. Ask the organiser's office."))
    if entry.state == State.DECLINED:
        return nothing_changed()
    _refuse_seated(entry)
    entry.state = State.DECLINED
    entry.sealed_reason = sealed(entry.expert, reason.strip()[:1000]) if reason.strip() else b""
    entry.save(update_fields=["state", "sealed_reason"])
    record("expert.declined", by=by, edition=entry.edition.key, subject=entry.expert.subject, facts={})
    return None


@act("expert.removed")
def remove_expert(entry: PoolEntry, *, reason: str, by: User) -> None:
    """Take an expert out of the edition's pool; the row and the reason stay. Refused: `permission`; `no_reason`; `removed`; `seated`."""
    entry = _locked(entry)
    _lead(by, entry.edition)
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it is kept with the expert's history."))
    if entry.state == State.REMOVED:
        raise Refused("removed", _("This expert has been removed already."))
    _refuse_seated(entry)
    entry.state, entry.removed_by, entry.removed_at = State.REMOVED, by, timezone.now()
    entry.sealed_reason = sealed(entry.expert, reason.strip()[:1000])
    entry.save(update_fields=["state", "removed_by", "removed_at", "sealed_reason"])
    record("expert.removed", by=by, edition=entry.edition.key, subject=entry.expert.subject, facts={})


def _refuse_seated(entry: PoolEntry) -> None:
    """Whoever stands in a committed plan waits for the draw; whoever was drawn leaves the seat, and an alternate takes it."""
    drawn = Seat.objects.filter(entry=entry, state__in=("waiting", "asked", "confirmed")).exists()
    committed = Draw.objects.filter(edition=entry.edition, state=Draw.State.COMMITTED).first()
    if drawn or (committed and any(one["id"] == entry.expert.code for one in committed.document["pool"])):
        raise Refused("seated", _("A draw has this expert in it. After the draw the seat can be refused or released."))


def _lead(by: User, edition: Edition) -> None:
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not keep the pool of this edition."))


def _locked(entry: PoolEntry) -> PoolEntry:
    found = PoolEntry.objects.select_for_update(of=("self",)).select_related("edition", "expert", "removed_by")
    return found.get(pk=entry.pk)
