"""What may happen to a meeting of the leading group: called, opened, signed in to, closed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.decision.access import member_behind, members_of, running_round
from jiangbang.decision.group import lead, locked
from jiangbang.decision.messages import CALLED
from jiangbang.decision.models import Attendance, Meeting, Member
from jiangbang.decision.profiles import profile_of
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record


@act("meeting.called", "message.posted")
def call_meeting(edition: Edition, *, begins_at: datetime, place: str, agenda: str, by: User) -> Meeting:
    """Call a meeting and write to every member and substitute who has an address.

    Refused: `permission`; `exists` while one is called or sits; `nobody` without members; `place`; `agenda`.
    """
    lead(by, edition)
    edition = locked(edition)
    if Meeting.objects.filter(edition=edition).exclude(state=Meeting.State.CLOSED).exists():
        raise Refused("exists", _("A meeting is called or sits already."))
    group = list(members_of(edition))
    if not any(not one.substitute for one in group):
        raise Refused("nobody", _("Name the members of the leading group first."))
    for code, text, sentence in (("place", place, _("Say where.")), ("agenda", agenda, _("Write the agenda."))):
        if not text.strip():
            raise Refused(code, sentence)
    last = Meeting.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    made = Meeting.objects.create(
        edition=edition,
        number=last + 1,
        begins_at=begins_at,
        place=place.strip()[:200],
        agenda=agenda.strip()[:4000],
        called_by=by,
        called_at=timezone.now(),
    )
    written = sum(_write_to(member, made, by=by) for member in group)
    facts = {"number": made.number, "count": written}
    record("meeting.called", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


def _write_to(member: Member, meeting: Meeting, *, by: User) -> bool:
    profile = profile_of(member)
    if not profile.email:
        return False
    begins = timezone.localtime(meeting.begins_at, meeting.edition.zone)
    context = {
        "edition": meeting.edition.name,
        "name": profile.name,
        "begins": f"{begins:%Y年%-m月%-d日 %-H:%M}",
        "place": meeting.place,
        "agenda": meeting.agenda,
        "link": absolute(reverse("decision_mine")),
    }
    post_message(CALLED.key, to=profile.email, name=profile.name, edition=meeting.edition.key, context=context, by=by)
    return True


@act("meeting.opened")
def open_meeting(meeting: Meeting, *, by: User) -> None:
    """Let the meeting sit: from now on members sign in. Refused: `permission`; `not_called`."""
    meeting = _locked(meeting)
    lead(by, meeting.edition)
    if meeting.state != Meeting.State.CALLED:
        raise Refused("not_called", _("This meeting sits already or is closed."))
    meeting.state, meeting.opened_by, meeting.opened_at = Meeting.State.SITTING, by, timezone.now()
    meeting.save(update_fields=["state", "opened_by", "opened_at"])
    record(
        "meeting.opened", by=by, edition=meeting.edition.key, subject=meeting.subject, facts={"number": meeting.number}
    )


@act("attendance.recorded")
def record_presence(meeting: Meeting, sat_by: Member, *, seat: Member | None = None, by: User) -> Attendance:
    """Write down that a member is there, or that a substitute sits in the seat of a member of the same body: by the member himself
    (with his own account) or by the office. Who comes while a round is open votes from the next one on.

    Refused: `permission`; `not_sitting`; `left`; `seat` where a member takes another's seat, or a substitute none, or one of another body;
    `taken`; `elsewhere` when he sits in another seat.
    """
    meeting = _locked(meeting)
    edition = meeting.edition
    own = member_behind(by, edition) == sat_by
    if not own:
        lead(by, edition)
    if meeting.state != Meeting.State.SITTING:
        raise Refused("not_sitting", _("The meeting does not sit. The office opens it."))
    seat = _seat_of(sat_by, seat, edition)
    there = Attendance.objects.filter(meeting=meeting)
    if (known := there.filter(seat=seat).first()) is not None:
        if known.sat_by_id == sat_by.pk and known.gone_at is None:
            nothing_changed()
            return known
        raise Refused("taken", _("Somebody else sits in this seat. A member and a substitute are never both counted."))
    if there.filter(sat_by=sat_by).exists():
        raise Refused("elsewhere", _("This substitute sits in another seat already."))
    source = Attendance.Source.OWN if own else Attendance.Source.OFFICE
    made = Attendance.objects.create(
        meeting=meeting, seat=seat, sat_by=sat_by, source=source, recorded_by=by, recorded_at=timezone.now()
    )
    facts = {"number": meeting.number, "source": str(source), "substitute": sat_by.substitute}
    record("attendance.recorded", by=by, edition=edition.key, subject=sat_by.subject, facts=facts)
    return made


def _seat_of(sat_by: Member, seat: Member | None, edition: Edition) -> Member:
    """The seat that this person may sit in."""
    if sat_by.left_at is not None or sat_by.edition_id != edition.pk:
        raise Refused("left", _("This member has left the group."))
    if not sat_by.substitute:
        if seat is not None and seat != sat_by:
            raise Refused("seat", _("A member sits in his own seat."))
        return sat_by
    if seat is None or seat.substitute or seat.body != sat_by.body or seat.left_at is not None:
        raise Refused("seat", _("A substitute sits in the seat of a member of the same body: say whose."))
    return seat


@act("attendance.removed")
def remove_presence(attendance: Attendance, *, reason: str, by: User) -> None:
    """Take a presence back. Whoever has taken part in a round stays on the papers and has left from now on; else it was a mistake, and
    the seat is free again.

    Refused: `permission`; `no_reason`; `closed`; `voting` while a round is open.
    """
    meeting = _locked(attendance.meeting)
    lead(by, meeting.edition)
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands in the register."))
    if meeting.state == Meeting.State.CLOSED:
        raise Refused("closed", _("This meeting is closed."))
    if running_round(meeting.edition) is not None:
        raise Refused("voting", _("A round is open. Close or annul it first."))
    attendance = Attendance.objects.select_related("sat_by").get(pk=attendance.pk)
    subject = attendance.sat_by.subject
    if attendance.voted_in.exists():
        attendance.gone_at = timezone.now()
        attendance.save(update_fields=["gone_at"])
    else:
        attendance.delete()
    facts = {"number": meeting.number, "reason": reason.strip()[:500]}
    record("attendance.removed", by=by, edition=meeting.edition.key, subject=subject, facts=facts)


@act("meeting.closed")
def close_meeting(meeting: Meeting, *, by: User) -> None:
    """End the meeting. Refused: `permission`; `not_sitting`; `voting` while a round is open."""
    meeting = _locked(meeting)
    lead(by, meeting.edition)
    if meeting.state != Meeting.State.SITTING:
        raise Refused("not_sitting", _("The meeting does not sit. The office opens it."))
    if running_round(meeting.edition) is not None:
        raise Refused("voting", _("A round is open. Close or annul it first."))
    meeting.state, meeting.closed_by, meeting.closed_at = Meeting.State.CLOSED, by, timezone.now()
    meeting.save(update_fields=["state", "closed_by", "closed_at"])
    facts = {"number": meeting.number, "present": meeting.attendances.count()}
    record("meeting.closed", by=by, edition=meeting.edition.key, subject=meeting.subject, facts=facts)


def _locked(meeting: Meeting) -> Meeting:
    locked(meeting.edition)
    return Meeting.objects.select_related("edition").get(pk=meeting.pk)
