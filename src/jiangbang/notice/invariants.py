"""What must always hold of public notices and objections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.core.files.storage import default_storage
from django.db.models import Count, F, Q

from jiangbang.decision.models import Place
from jiangbang.nomination.models import ERASED_NAME
from jiangbang.notice.models import Notice, NoticeEntry, NoticeVersion, Objection, ObjectionFile
from jiangbang.notice.objection_case import place_of
from jiangbang.notice.objection_models import OPEN
from jiangbang.notice.versions import sha256_of
from jiangbang.programme.calendar import working_days_of
from jiangbang.register.invariant import Invariant, gaps, said_of, unlike, unsaid
from jiangbang.register.models import Entry

State = NoticeEntry.State
_ACTS: Final = "it was written past the acts: compare with the register, and restore from a backup"
_CORRECT: Final = "correct the line on the notice's page: what was published stays readable"


# -- notices -------------------------------------------------------------------------------------------------------------


def _published() -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Notice.objects.filter(published_at__isnull=False).values_list("pk", flat=True))


def _of_result() -> Iterator[str]:
    """First notices that hold others than the result, or otherwise."""
    for notice in Notice.objects.filter(number=1):
        places = Place.objects.filter(result__edition=notice.edition_id, reserve=False)
        told = set(places.values_list("dossier_id", "title", "position"))
        held = set(notice.entries.values_list("dossier_id", "title", "position"))
        yield from (f"{notice.subject}: dossier:{pk} {title} {position}" for pk, title, position in told ^ held)


def _reserves() -> Iterator[str]:
    """Whoever follows in a struck place without having stood on the reserve list."""
    rows = NoticeEntry.objects.filter(notice__substitutes__isnull=False)
    return (str(one) for one in rows.exclude(dossier__place__reserve=True))


def _substituted() -> Iterator[str]:
    rows = Notice.objects.filter(substitutes__isnull=False).exclude(substitutes__state=State.STRUCK)
    return (one.subject for one in rows)


def _cut_short() -> Iterator[str]:
    """Notices that stand for fewer working days than they have to."""
    for notice in Notice.objects.filter(published_at__isnull=False).select_related("edition"):
        assert notice.first_day is not None
        assert notice.last_day is not None
        worked = working_days_of(notice.edition).between(notice.first_day, notice.last_day)
        if worked < notice.days:
            yield f"{notice.subject}: {worked} of {notice.days} days"


def _reworded() -> Iterator[str]:
    """Lines of published notices that read otherwise than the version released last."""
    newest: dict[int, NoticeVersion] = {}
    for version in NoticeVersion.objects.filter(released_at__isnull=False).order_by("number"):
        newest[version.notice_id] = version
    for notice in Notice.objects.filter(published_at__isnull=False):
        told = (
            {(row["entry"], row["name"], row["employer"]) for row in newest[notice.pk].rows}
            if notice.pk in newest
            else set()
        )
        held = set(notice.entries.values_list("pk", "name", "employer"))
        if told != held:
            yield notice.subject


def _unregistered() -> Iterator[str]:
    """Released versions whose words are not the ones that the register has the hash of."""
    rows = Entry.objects.filter(type__in=("notice.published", "notice.corrected")).values_list("subject", "facts")
    said = {(subject, facts.get("sha256")) for subject, facts in rows}
    for version in NoticeVersion.objects.filter(released_at__isnull=False).select_related("notice"):
        erased = any(row["name"] == ERASED_NAME for row in version.rows)
        if not erased and (version.notice.subject, sha256_of(version.rows)) not in said:
            yield str(version)


def _struck() -> Iterator[str]:
    said = said_of("entry.struck")
    rows = NoticeEntry.objects.filter(state=State.STRUCK).values_list("dossier_id", flat=True)
    return (f"dossier:{pk}" for pk in rows if f"dossier:{pk}" not in said)


def _stood() -> Iterator[str]:
    """Notices for which more stood to the end than the register says; some of them may have been struck since."""
    rows = Entry.objects.filter(type="notice.ended").values_list("subject", "facts")
    said: dict[str, int] = {}
    for subject, facts in rows:
        said[subject] = said.get(subject, 0) + facts["count"]
    counted = Notice.objects.annotate(many=Count("entries", filter=Q(entries__state=State.STOOD)))
    return (one.subject for one in counted if one.many > said.get(one.subject, 0))


# -- objections ----------------------------------------------------------------------------------------------------------


def _filed() -> Iterator[tuple[object, int]]:
    return ((pk, 1) for pk in Objection.objects.values_list("pk", flat=True))


def _ended_over_case() -> Iterator[str]:
    """Entries that stood to the end although a case that came in time was not decided."""
    rows = Objection.objects.filter(
        state__in=OPEN, entry__state=State.STOOD, counted_on__lte=F("entry__notice__last_day")
    )
    return (one.subject for one in rows.exclude(source=Objection.Source.ANONYMOUS).only("pk"))


def _upheld() -> Iterator[str]:
    rows = Objection.objects.filter(state=Objection.State.UPHELD).exclude(entry__state=State.STRUCK)
    return (one.subject for one in rows.only("pk"))


def _files() -> Iterator[str]:
    return (str(one.pk) for one in ObjectionFile.objects.only("pk") if not default_storage.exists(place_of(one)))


INVARIANTS: Final = (
    Invariant(
        "notice.numbered",
        "The notices of an edition are numbered without a gap.",
        _ACTS,
        lambda: gaps(Notice.objects.all(), "number", "edition_id"),
    ),
    Invariant(
        "notice.published_once",
        "The register knows the publication of every notice, once.",
        _ACTS,
        lambda: unlike(_published(), "notice", "notice.published"),
    ),
    Invariant("notice.holds_result", "The first notice holds the result, line for line.", _ACTS, _of_result),
    Invariant("notice.follower_from_reserve", "Whoever follows comes from the reserve list.", _ACTS, _reserves),
    Invariant("notice.follows_struck", "A place is filled anew only where somebody was struck.", _ACTS, _substituted),
    Invariant(
        "notice.not_cut_short",
        "A notice stands for its working days, whole.",
        "let it stand longer: correct the calendar on the page of working days",
        _cut_short,
    ),
    Invariant(
        "notice.versions_numbered",
        "The versions of a notice are numbered without a gap.",
        _ACTS,
        lambda: gaps(NoticeVersion.objects.all(), "number", "notice_id"),
    ),
    Invariant("notice.reads_as_released", "A notice reads as its last released version.", _CORRECT, _reworded),
    Invariant("notice.words_registered", "Every released version is the registered one.", _CORRECT, _unregistered),
    Invariant("notice.struck_registered", "The register knows everybody who was struck.", _ACTS, _struck),
    Invariant("notice.stood_registered", "No more stood to the end than the register says.", _ACTS, _stood),
    Invariant(
        "notice.objections_numbered",
        "The objections of an edition are numbered without a gap.",
        _ACTS,
        lambda: gaps(Objection.objects.all(), "sequence", "edition_id"),
    ),
    Invariant(
        "notice.objections_registered",
        "The register knows every objection, once.",
        _ACTS,
        lambda: unlike(_filed(), "objection", "objection.filed", "objection.entered"),
    ),
    Invariant("notice.no_end_over_case", "No entry ends over an undecided case.", _ACTS, _ended_over_case),
    Invariant("notice.upheld_struck", "Where an objection is upheld, the entry is struck.", _ACTS, _upheld),
    Invariant(
        "notice.answers_registered",
        "The register knows every answer to an objector.",
        _ACTS,
        lambda: unsaid(Objection.objects.filter(answered_at__isnull=False), "objection", "objection.answered"),
    ),
    Invariant(
        "notice.files_there",
        "Every file of an objection lies in the storage.",
        "restore the files from the backup of the same day: jiangbang restore",
        _files,
    ),
)
