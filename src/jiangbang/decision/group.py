"""What may happen to the leading group: members named, invited, leaving; and recused from a candidate."""

from __future__ import annotations

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts import invitations
from jiangbang.accounts.models import Invitation, Role, User
from jiangbang.decision import policy
from jiangbang.decision.access import member_behind, members_of, rules_of, running_round
from jiangbang.decision.messages import INVITED
from jiangbang.decision.models import Attendance, Meeting, Member, MemberRecusal
from jiangbang.decision.profiles import Profile, profile_of, seal, seal_profile
from jiangbang.decision.standing import candidates_of
from jiangbang.nomination.models import Dossier
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record


def lead(by: User, edition: Edition) -> None:
    """Refused `permission` for whoever does not lead."""
    if not policy.may_lead_decision(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))


def locked(edition: Edition) -> Edition:
    """The edition's row held until the act ends: acts of the decision take their turns."""
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


@act("member.named")
def name_member(edition: Edition, body: str, profile: Profile, *, substitute: bool, by: User) -> Member:
    """Name somebody whom a body sends. Refused: `permission`; `body`; `name`; `full` when the body has as many as the edition says."""
    lead(by, edition)
    rules, edition = rules_of(edition), locked(edition)
    spec = next((one for one in rules.bodies if one.name == body), None)
    if spec is None:
        raise Refused("body", _("The edition's file names no such body."))
    if not profile.name.strip():
        raise Refused("name", _("Write the name."))
    most = spec.substitutes if substitute else spec.members
    if members_of(edition).filter(body=body, substitute=substitute).count() >= most:
        sentence = (
            _("%(body)s has %(most)s substitutes by the edition's rules, and they are named.")
            if substitute
            else _("%(body)s has %(most)s members by the edition's rules, and they are named.")
        )
        raise Refused("full", sentence % {"body": body, "most": most})
    last = Member.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    made = Member(
        edition=edition, body=body, substitute=substitute, number=last + 1, named_by=by, named_at=timezone.now()
    )
    seal_profile(made, Profile(profile.name.strip(), profile.post.strip(), profile.email.strip()))
    made.save(force_insert=True)
    facts = {"body": body, "substitute": substitute}
    record("member.named", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


@act("member.invited", "invitation.made", "invitation.revoked", "message.posted")
def invite_member(member: Member, *, by: User) -> str:
    """A link for the member's own pages; by mail where there is an address. The token is given back this once.

    Refused: `permission`; `left`.
    """
    member = _locked(member)
    edition, profile, scope = member.edition, profile_of(member), str(member.pk)
    lead(by, edition)
    if member.left_at is not None:
        raise Refused("left", _("This member has left the group."))
    waiting = Invitation.objects.filter(
        role=Role.MEMBER, edition=edition.key, scope=scope, used_at=None, revoked_at=None
    )
    for old in waiting:
        invitations.revoke(old, by=by)
    made, token = invitations.invite(
        role=Role.MEMBER, edition=edition.key, scope=scope, name=profile.name, address=profile.email, by=by
    )
    record("member.invited", by=by, edition=edition.key, subject=member.subject, facts={})
    if profile.email:
        until = timezone.localtime(made.expires_at, edition.zone)
        context = {
            "edition": edition.name,
            "name": profile.name,
            "body": member.body,
            "link": absolute(reverse("invitation", args=[token])),
            "until": f"{until:%Y-%m-%d %H:%M}",
        }
        post_message(INVITED.key, to=profile.email, name=profile.name, edition=edition.key, context=context, by=by)
    return token


@act("member.left")
def remove_member(member: Member, *, by: User) -> None:
    """The member belongs to the group no more. Refused: `permission`; `left`; `sits` in a meeting that is not closed."""
    member = _locked(member)
    lead(by, member.edition)
    if member.left_at is not None:
        raise Refused("left", _("This member has left the group."))
    there = Attendance.objects.exclude(meeting__state=Meeting.State.CLOSED)
    if there.filter(sat_by=member).exists() or there.filter(seat=member).exists():
        raise Refused("sits", _("This member's seat is taken in the meeting. Take the presence back first."))
    member.left_by, member.left_at = by, timezone.now()
    member.save(update_fields=["left_by", "left_at"])
    record("member.left", by=by, edition=member.edition.key, subject=member.subject, facts={"body": member.body})


@act("member.recused")
def recuse_member(member: Member, dossier: Dossier, *, kind: str, reason: str, by: User) -> MemberRecusal:
    """A member takes no part in the decision on one candidate: said by himself, or by the office for him. It is not taken back.

    Refused: `permission`; `kind`; `no_reason`; `not_standing`; `voting` while a round is open in which the candidate stands.
    """
    member = _locked(member)
    edition = member.edition
    own = member_behind(by, edition) == member
    if not own:
        lead(by, edition)
    if kind not in MemberRecusal.Kind.values:
        raise Refused("kind", _("Choose the kind of relation."))
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it is kept with the recusal."))
    code = next((one.code for one in candidates_of(edition) if one.dossier.pk == dossier.pk), None)
    if code is None:
        raise Refused("not_standing", _("This person does not stand before the leading group."))
    known = MemberRecusal.objects.filter(member=member, dossier=dossier).first()
    if known is not None:
        nothing_changed()
        return known
    voting = running_round(edition)
    if voting is not None and code in voting.candidates:
        raise Refused("voting", _("A round is open in which this person stands. Recuse yourself when it has ended."))
    made = MemberRecusal.objects.create(
        member=member,
        dossier=dossier,
        kind=kind,
        sealed_reason=seal(member, reason.strip()[:1000]),
        declared_by=by,
        declared_at=timezone.now(),
    )
    facts = {"kind": kind, "source": "own" if own else "office"}
    record("member.recused", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


def _locked(member: Member) -> Member:
    locked(member.edition)
    return Member.objects.select_related("edition").get(pk=member.pk)
