"""How long data is kept: what is over now and soon, and erasing it. The periods are the edition's (`kernel.retention`).

A period runs from the edition's last day, or from the last change of what is kept where that is later: whoever tries the house with an
edition of the past loses nothing that he has just brought in. Messages and looks count for themselves. Erasing twice erases once: what
is gone is not found again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiangbang.accounts.models import User
from jiangbang.candidacy.models import Candidacy
from jiangbang.conferral.award_models import Award
from jiangbang.kernel.retention import later, read_retention
from jiangbang.nomination.models import Dossier, Packet, Person, StoredFile
from jiangbang.nomination.read_models import SensitiveRead
from jiangbang.outbox.models import Enclosure, Message
from jiangbang.outbox.sealing import seal, seal_body
from jiangbang.privacy.erasing import erase
from jiangbang.privacy.files import forget_files
from jiangbang.privacy.models import Erasure
from jiangbang.privacy.policy import may_apply_periods
from jiangbang.privacy.scope import ERASED_NAME, hindrances, scope_of
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record

SOON: Final = timedelta(days=30)
_LIVE: Final = (Candidacy.State.SUBMITTED, Candidacy.State.WITHDRAWN)
Keys = list[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data that has a period: its words, whose rows are over at a moment, and how they are erased."""

    key: str
    label: str | Promise
    what: str | Promise
    over: Callable[[Edition, datetime], Keys]
    erase: Callable[[Edition, Keys, User], int]
    first: Callable[[Edition], datetime | None]
    # whether the period runs from the thing itself, not from the edition's last day
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One kind as the preview shows it. `since` is the day from which its period runs at the earliest, `due` the first day on which
    something is over; None where nothing is kept."""

    kind: Kind
    months: int
    now: int
    soon: int
    due: date | None


def preview(edition: Edition) -> list[Line]:
    """What would be erased now and within thirty days, kind by kind. Three queries for each kind."""
    periods, now = read_retention(edition.spec.document), edition.now()
    lines = []
    for kind in KINDS:
        months = periods[kind.key]
        over = set(kind.over(edition, _before(edition, kind, months, now)))
        coming = set(kind.over(edition, _before(edition, kind, months, now + SOON))) - over
        lines.append(Line(kind, months, len(over), len(coming), _due(edition, kind, months)))
    return lines


def apply_period(edition: Edition, kind: Kind, *, by: User) -> int:
    """Erase what is over of one kind; how much. Each person is an act of its own: nobody waits for a long transaction.

    Refused: `permission`.
    """
    if not may_apply_periods(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    months = read_retention(edition.spec.document)[kind.key]
    over = kind.over(edition, _before(edition, kind, months, edition.now()))
    count = kind.erase(edition, over, by) if over else 0
    if count:
        note_applied(edition, kind, count, by=by)
    return count


@act("retention.applied")
def note_applied(edition: Edition, kind: Kind, count: int, *, by: User) -> None:
    """Say in the register that so much of one kind was erased because its period is over."""
    facts = {"period": kind.key, "count": count}
    record("retention.applied", by=by, edition=edition.key, subject=f"edition:{edition.pk}", facts=facts)


def apply_periods(edition: Edition, *, by: User) -> int:
    """Every kind in turn, each for itself: what one cannot do holds up no other. Refused: `permission`."""
    return sum(apply_period(edition, kind, by=by) for kind in KINDS)


def last_day(edition: Edition) -> date:
    """The edition's last day by its calendar."""
    return max(stage.closes for stage in edition.stages)


def _before(edition: Edition, kind: Kind, months: int, now: datetime) -> datetime:
    """What was last changed before this moment is over at `now`; nothing is while the edition's own period runs."""
    today = now.astimezone(edition.zone).date()
    if not kind.by_itself and today < later(last_day(edition), months):
        return datetime(1970, 1, 1, tzinfo=edition.zone)
    return datetime.combine(later(today, -months), time(), edition.zone)


def _due(edition: Edition, kind: Kind, months: int) -> date | None:
    first = kind.first(edition)
    if first is None:
        return None
    began = first.astimezone(edition.zone).date()
    return later(began if kind.by_itself else max(last_day(edition), began), months)


# -- people --------------------------------------------------------------------------------------------------------------


def _drafts(edition: Edition) -> QuerySet[Candidacy]:
    """Forms that were never submitted and of which something is left."""
    found = Candidacy.objects.filter(edition=edition, dossier=None).exclude(state__in=_LIVE)
    return found.exclude(person__wrapped_key=b"")


def _dossiers(edition: Edition, *, titled: bool) -> QuerySet[Dossier]:
    held = Award.objects.filter(state=Award.State.HELD).values("dossier__person")
    found = Dossier.objects.filter(edition=edition).exclude(person__wrapped_key=b"")
    return found.filter(person__in=held) if titled else found.exclude(person__in=held)


def _people(rows: QuerySet[Any], edition: Edition, before: datetime) -> Keys:
    """The people of these rows of whom nothing was changed since, in this edition or another."""
    ids = set(rows.filter(updated_at__lt=before).values_list("person", flat=True))
    live = Q(updated_at__gte=before) | ~Q(edition=edition) & Q(edition__in=_running(edition, before))
    busy = set(Dossier.objects.filter(live, person__in=ids).values_list("person", flat=True))
    return sorted(ids - busy, key=str)


def _running(edition: Edition, before: datetime) -> list[int]:
    """Other editions whose own period runs still: a person met in two is kept as long as the longer."""
    others = Edition.objects.exclude(pk=edition.pk)
    return [one.pk for one in others if last_day(one) >= before.date()]


def _erase_people(edition: Edition, people: Keys, by: User) -> int:
    return sum(erase_over(edition, pk, by=by) for pk in people)


@act("person.erased")
def erase_over(edition: Edition, pk: Any, *, by: User) -> bool:
    """Erase a person (by key) whose period is over. Whoever is held back is tried again the next night. False where nothing was done."""
    person = Person.objects.select_for_update().get(pk=pk)
    if not person.wrapped_key or hindrances(scope_of(person)):
        nothing_changed()
        return False
    waiting, now = Erasure.objects.filter(person=person, state=Erasure.State.ASKED), timezone.now()
    waiting.update(state=Erasure.State.DECLINED, decided_by=by, decided_at=now)
    row = Erasure.objects.create(
        edition=edition, person=person, ground=Erasure.Ground.PERIOD, asked_by=by, asked_at=now
    )
    erase(row, by=by)
    return True


# -- files, messages, looks ----------------------------------------------------------------------------------------------


def _packets(edition: Edition) -> QuerySet[Packet]:
    return Packet.objects.filter(edition=edition, sha256__in=StoredFile.objects.values("pk"))


def _erase_packets(edition: Edition, over: Keys, by: User) -> int:  # noqa: ARG001 — as the others
    return forget_files(Packet.objects.filter(pk__in=over).values_list("sha256", flat=True), whole=True)


def _messages(edition: Edition) -> QuerySet[Message]:
    """Those that still have an address."""
    return Message.objects.filter(edition=edition.key).exclude(address_index="")


def _erase_messages(edition: Edition, over: Keys, by: User) -> int:  # noqa: ARG001
    found = list(Message.objects.filter(pk__in=over))
    for one in found:
        one.name, one.address_index = ERASED_NAME, ""
        one.sealed_address = seal(one.pk, "address", ERASED_NAME.encode())
        one.sealed_body = seal_body(one.pk, ERASED_NAME, ERASED_NAME)
    Message.objects.bulk_update(found, ["name", "address_index", "sealed_address", "sealed_body"], batch_size=100)
    Enclosure.objects.filter(message__in=over).delete()
    return len(found)


def _reads(edition: Edition) -> QuerySet[SensitiveRead]:
    return SensitiveRead.objects.filter(dossier__edition=edition)


def _erase_reads(edition: Edition, over: Keys, by: User) -> int:  # noqa: ARG001
    return SensitiveRead.objects.filter(pk__in=over).delete()[0]


def _keys(rows: Callable[[Edition], QuerySet[Any]], moment: str) -> Callable[[Edition, datetime], Keys]:
    return lambda edition, before: list(rows(edition).filter(**{f"{moment}__lt": before}).values_list("pk", flat=True))


def _first(rows: Callable[[Edition], QuerySet[Any]], moment: str) -> Callable[[Edition], datetime | None]:
    def first(edition: Edition) -> datetime | None:
        found: datetime | None = rows(edition).aggregate(first=Min(moment))["first"]
        return found

    return first


def _untitled(edition: Edition) -> QuerySet[Dossier]:
    return _dossiers(edition, titled=False)


def _titled(edition: Edition) -> QuerySet[Dossier]:
    return _dossiers(edition, titled=True)


KINDS: Final = (
    Kind(
        "drafts",
        gettext_lazy("Drafts"),
        gettext_lazy("Forms that were never submitted, with their files, and the account of whoever wrote them"),
        lambda edition, before: _people(_drafts(edition), edition, before),
        _erase_people,
        _first(_drafts, "updated_at"),
    ),
    Kind(
        "records",
        gettext_lazy("People without a title"),
        gettext_lazy("Everything of the person, as if the person had asked"),
        lambda edition, before: _people(_untitled(edition), edition, before),
        _erase_people,
        _first(_untitled, "updated_at"),
    ),
    Kind(
        "titled",
        gettext_lazy("People with a title"),
        gettext_lazy("Everything but name, post, title and number"),
        lambda edition, before: _people(_titled(edition), edition, before),
        _erase_people,
        _first(_titled, "updated_at"),
    ),
    Kind(
        "packets",
        gettext_lazy("Packets as received"),
        gettext_lazy("The files that the units sent; hash and receipt stay"),
        _keys(_packets, "received_at"),
        _erase_packets,
        _first(_packets, "received_at"),
    ),
    Kind(
        "messages",
        gettext_lazy("Messages"),
        gettext_lazy("Words, addresses and enclosures; when and on what occasion one went out stays"),
        _keys(_messages, "posted_at"),
        _erase_messages,
        _first(_messages, "posted_at"),
        by_itself=True,
    ),
    Kind(
        "reads",
        gettext_lazy("Log of looks"),
        gettext_lazy("Who opened what is sensitive, of whom and when"),
        _keys(_reads, "at"),
        _erase_reads,
        _first(_reads, "at"),
        by_itself=True,
    ),
)
