"""How a notice comes before the public and ends: prepared by one person, published by another, counted in working days, never cut short."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.decision.models import Place, Result
from jiangbang.decision.releasing import release_result
from jiangbang.kernel.notice import read_notice_days
from jiangbang.kernel.working_days import CalendarNotPublishedError, Term, term
from jiangbang.notice import policy
from jiangbang.notice.notice_models import Notice, NoticeEntry
from jiangbang.notice.objection_queries import undecided_among
from jiangbang.notice.versions import first_version, sha256_of, wording_of
from jiangbang.programme.calendar import working_days_of
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record


def term_of(edition: Edition, published: date) -> Term:
    """When a notice that is published on a day would stand. Raises CalendarNotPublishedError."""
    return term(published, read_notice_days(edition.spec.document), working_days_of(edition))


@act("notice.prepared")
def prepare_notice(edition: Edition, *, by: User) -> Notice:
    """Put everybody of the result on the first notice, unpublished. Refused: `permission`; `no_result`; `prepared` already."""
    locked = _locked(edition, by)
    if not Result.objects.filter(edition=locked).exists():
        raise Refused("no_result", _("The leading group has not decided yet."))
    if Notice.objects.filter(edition=locked).exists():
        raise Refused("prepared", _("The notice is prepared already."))
    notice = _prepared(locked, 1, by)
    places = Place.objects.filter(result__edition=locked, reserve=False).order_by("title", "position")
    rows = [_entry(notice, place, place.title, place.position) for place in _worded(places)]
    NoticeEntry.objects.bulk_create(rows)
    _record("notice.prepared", notice, by, count=len(rows))
    return notice


@act("notice.prepared")
def prepare_substitution(entry: NoticeEntry, *, by: User) -> Notice:
    """Put the first of the reserve list who stands on no notice yet in the place of a struck entry, on a notice of its own.

    Refused: `permission`; `state` unless the entry is struck; `prepared` already; `nobody` left on the reserve list.
    """
    edition = _locked(entry.notice.edition, by)
    found = NoticeEntry.objects.select_related("notice").get(pk=entry.pk)
    if found.state != NoticeEntry.State.STRUCK:
        raise Refused("state", _("Only the place of somebody who was struck is taken by another."))
    if Notice.objects.filter(substitutes=found).exists():
        raise Refused("prepared", _("Somebody follows in this place already."))
    reserve = Place.objects.filter(result__edition=edition, reserve=True).order_by("position")
    follower = _worded(reserve.exclude(dossier__notice_entries__notice__edition=edition)).first()
    if follower is None:
        raise Refused("nobody", _("Nobody is left on the reserve list: the place stays empty."))
    notice = _prepared(edition, Notice.objects.filter(edition=edition).count() + 1, by, substitutes=found)
    _entry(notice, follower, found.title, found.position).save()
    _record("notice.prepared", notice, by, count=1)
    return notice


@act("notice.withdrawn")
def withdraw_draft(notice: Notice, *, by: User) -> None:
    """Take back a notice that is prepared and not published. Refused: `permission`; `published`."""
    edition = _locked(notice.edition, by)
    found = Notice.objects.get(pk=notice.pk)
    if found.published_at is not None:
        raise Refused("published", _("The notice stands before the public: it cannot be taken back."))
    record("notice.withdrawn", by=by, edition=edition.key, subject=found.subject, facts={"number": found.number})
    found.entries.all().delete()
    found.delete()


@act("notice.published")
def publish_notice(notice: Notice, *, by: User) -> Notice:
    """Let a prepared notice stand before the public from the next day on, and release the result with the first.

    Refused: `permission`; `published`; `same_person` as prepared it; `calendar` when the term reaches into a year whose working days are
    not published; `personal` or `empty` lines; what `release_result` refuses.
    """
    edition = _locked(notice.edition, by)
    found = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if found.published_at is not None:
        raise Refused("published", _("The notice stands before the public already."))
    if found.prepared_by_id == by.pk:
        raise Refused("same_person", _("Another person than who prepared the notice publishes it."))
    try:
        stands = term_of(edition, edition.now().astimezone(edition.zone).date())
    except CalendarNotPublishedError as error:
        sentence = _("The working days of %(year)s are not published yet: the last day of the notice cannot be told.")
        raise Refused("calendar", sentence % {"year": error.year}) from None
    if found.number == 1:
        release_result(edition, by=by)
    found.published_by, found.published_at = by, timezone.now()
    found.days, found.first_day, found.last_day = stands.days, stands.first, stands.last
    found.save()
    version = first_version(found, by=by)
    days = {"first_day": stands.first.isoformat(), "last_day": stands.last.isoformat()}
    _record("notice.published", found, by, count=len(version.rows), sha256=sha256_of(version.rows), **days)
    return found


@act("notice.ended")
def end_notice(notice: Notice, *, by: User) -> int:
    """After its last day, let those stand for good against whom nothing is open; how many. May be repeated as cases are decided.

    Refused: `permission`; `early`.
    """
    edition = _locked(notice.edition, by)
    found = Notice.objects.get(pk=notice.pk)
    if found.last_day is None or edition.now().astimezone(edition.zone).date() <= found.last_day:
        raise Refused("early", _("The notice has not ended: it cannot be cut short."))
    running = list(found.entries.filter(state=NoticeEntry.State.RUNNING).values_list("pk", flat=True))
    waiting = undecided_among(found, running)
    through = [pk for pk in running if pk not in waiting]
    if not through:
        nothing_changed()
        return 0
    NoticeEntry.objects.filter(pk__in=through).update(state=NoticeEntry.State.STOOD)
    _record("notice.ended", found, by, count=len(through))
    return len(through)


def _locked(edition: Edition, by: User) -> Edition:
    if not policy.may_lead_notice(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def _worded(places: QuerySet[Place]) -> QuerySet[Place]:
    return places.select_related("dossier__accepted_revision")


def _entry(notice: Notice, place: Place, title: str, position: int) -> NoticeEntry:
    name, employer = wording_of(notice.edition, place.dossier)
    return NoticeEntry(
        notice=notice, dossier_id=place.dossier_id, title=title, position=position, name=name, employer=employer
    )


def _prepared(edition: Edition, number: int, by: User, substitutes: NoticeEntry | None = None) -> Notice:
    return Notice.objects.create(
        edition=edition,
        number=number,
        days=read_notice_days(edition.spec.document),
        substitutes=substitutes,
        prepared_by=by,
        prepared_at=timezone.now(),
    )


def _record(kind: str, notice: Notice, by: User, **facts: object) -> None:
    record(kind, by=by, edition=notice.edition.key, subject=notice.subject, facts={"number": notice.number, **facts})
