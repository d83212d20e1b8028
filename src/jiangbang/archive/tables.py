"""What an archive tells as data: rows that the public may have, and rows for the office's own archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import F

from jiangbang.conferral.award_models import Award, Revocation
from jiangbang.conferral.queries import awards_of
from jiangbang.consultation.models import Question
from jiangbang.decision.ballot_models import Round
from jiangbang.decision.group_models import Meeting
from jiangbang.decision.result_models import Place
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier, Packet, Revision
from jiangbang.notice.notice_models import Notice
from jiangbang.notice.objection_models import Objection
from jiangbang.programme.models import Edition
from jiangbang.publicity.queries import coverage_of
from jiangbang.review.models import Reviewed
from jiangbang.review.rank_models import Shortlisted
from jiangbang.screening.models import ClauseRuling

Row = dict[str, Any]
DOSSIERS = ("dossier", "unit", "industry_class", "direct_title", "state", "screening", "clauses")
UNITS = ("code", "name", "kind", "quota_min", "quota_max", "hard", "dossiers", "titles")
AWARDS = ("number", "title", "label", "name", "employer", "state", "conferred_on", "revoked_by")
COVERAGE = ("day", "channel", "media", "headline", "link", "reach")
PACKETS = ("number", "unit", "file", "sha256", "size", "verdict", "accepted", "waiting", "received_at", "kept")
OBJECTIONS = ("number", "channel", "source", "state", "notice", "received_at", "due_on")
QUESTIONS = ("letter", "department", "dossier", "answer", "decision")
PLACES = ("dossier", "title", "reserve", "position")
SHORTLIST = ("code", "dossier", "rank", "deviates", "off")
_MEETING = ("number", "state", "begins_at", "place", "agenda", "opened_at", "closed_at")
_ROUND = (
    "title", "number", "state", "mode", "seats", "candidates", "members", "present", "recused", "ballots", "outcome", "reason",
    "opened_at", "ended_at",
)  # fmt: skip
RULINGS = ("dossier", "clause", "number", "value", "ruled_at", "confirmed_at")


# --- for everybody: nobody is named but whoever stood before the public ------------------------------------------------


def dossiers(edition: Edition) -> list[Row]:
    """Every dossier by its identifier, without name: where it came from and how it was judged. One query."""
    found = Dossier.objects.filter(edition=edition).order_by("unit_code", "pk")
    columns = ("pk", "unit_code", "industry_class", "direct_title", "state", "screening__state", "screening__answer")
    return [dict(zip(DOSSIERS, map(str, row), strict=True)) for row in _blank(found.values_list(*columns))]


def units(edition: Edition) -> list[Row]:
    """The recommending units with their quotas, what they sent, what came of it. Two queries."""
    sent = Counter(Dossier.objects.filter(edition=edition, state="accepted").values_list("unit_code", flat=True))
    held = Award.objects.filter(edition=edition, state=Award.State.HELD).order_by()
    titles = Counter(held.values_list("dossier__unit_code", flat=True))
    return [
        {column: getattr(unit, column) for column in UNITS[:6]}
        | {"dossiers": sent[unit.code], "titles": titles[unit.code]}
        for unit in edition.spec.units
    ]


def awards(edition: Edition) -> list[Row]:
    """Who was given which title; of a revoked one only the number and the paper. Two queries."""
    papers = dict(
        Revocation.objects.filter(award__edition=edition, state="confirmed").values_list("award_id", "resolution")
    )
    return [
        {
            "number": one.number,
            "title": one.title,
            "label": one.title_label,
            "name": one.name if one.held else "",
            "employer": one.employer if one.held else "",
            "state": one.state,
            "conferred_on": one.conferred_at.astimezone(edition.zone).date().isoformat(),
            "revoked_by": papers.get(one.pk, ""),
        }
        for one in awards_of(edition)
    ]


def notices(edition: Edition) -> list[Row]:
    """The notices with every version as the public read it. Two queries."""
    found = Notice.objects.filter(edition=edition, published_at__isnull=False).prefetch_related("versions")
    told = ("title", "name", "employer")
    return [
        {
            "number": one.number,
            "first_day": one.first_day,
            "last_day": one.last_day,
            "working_days": one.days,
            "versions": [
                {
                    "number": version.number,
                    "reason": version.reason,
                    "released_at": version.released_at,
                    "rows": [{key: row.get(key, "") for key in told} for row in version.rows],
                }
                for version in sorted(one.versions.all(), key=lambda version: version.number)
                if version.released_at is not None
            ],
        }
        for one in found
    ]


def coverage(edition: Edition) -> list[Row]:
    """What was published and shown about the edition. One query."""
    return [{column: getattr(one, column) for column in COVERAGE} for one in coverage_of(edition)]


# --- for the office's own archive -------------------------------------------------------------------------------------


def packets(edition: Edition) -> list[tuple[Packet, Row]]:
    """What the units sent, with its receipt. One query."""
    found = Packet.objects.filter(edition=edition).defer("members", "findings", "roster").order_by("pk")
    return [
        (
            one,
            {
                "number": one.number,
                "unit": one.unit_code,
                "file": one.file_name,
                "sha256": one.sha256,
                "size": one.size,
                "verdict": one.verdict,
                "accepted": one.accepted_count,
                "waiting": one.waiting_count,
                "received_at": one.received_at,
                # whether its bytes are in the archive: what was erased is not
                "kept": True,
            },
        )
        for one in found
    ]


def records(edition: Edition) -> Iterator[tuple[str, Row]]:
    """Each dossier with every value in clear, as it was accepted. Two queries and one for every 500 dossiers."""
    found = Revision.objects.filter(dossier__edition=edition, dossier__accepted_revision=F("pk"))
    rows = found.select_related("dossier__edition", "person").order_by("dossier__unit_code", "dossier_id")
    for one in rows.iterator(chunk_size=500):
        one.dossier.edition = edition
        yield (
            f"records/{one.dossier.unit_code}/{one.dossier_id}.json",
            {
                "dossier": str(one.dossier_id),
                "state": one.dossier.state,
                "revision": one.number,
                "record": _record(one),
                "photo_sha256": one.photo_sha256,
                "findings": one.findings,
                "verdicts": one.verdicts,
                "commitment": one.commitment,
            },
        )


def rulings(edition: Edition) -> list[Row]:
    """What was ruled on clauses. One query."""
    found = ClauseRuling.objects.filter(dossier__edition=edition).order_by("dossier_id", "clause", "number")
    return _rows(RULINGS, found.values_list("dossier_id", "clause", "number", "value", "ruled_at", "confirmed_at"))


def shortlist(edition: Edition) -> list[Row]:
    """Under which code each dossier was reviewed and its place on the shortlist. Two queries."""
    codes = Reviewed.objects.filter(edition=edition).order_by("code").values_list("code", "dossier_id")
    taken = Shortlisted.objects.filter(ranking__edition=edition).order_by("rank")
    places = {row[0]: row[1:] for row in taken.values_list("reviewed_id", "rank", "deviates", "off")}
    return [dict(zip(SHORTLIST, (code, pk, *places.get(pk, (None,) * 3)), strict=True)) for code, pk in codes]


def questions(edition: Edition) -> list[Row]:
    """What the departments answered about whom. One query."""
    found = Question.objects.filter(inquiry__edition=edition).order_by("inquiry__sequence", "position")
    columns = ("inquiry__number", "inquiry__department", "dossier_id", "answer", "decision")
    return _rows(QUESTIONS, found.values_list(*columns))


def places(edition: Edition) -> list[Row]:
    """The result with its reserve list. One query."""
    found = Place.objects.filter(result__edition=edition).order_by("title", "reserve", "position")
    return _rows(PLACES, found.values_list(*("dossier_id", *PLACES[1:])))


def objections(edition: Edition) -> list[Row]:
    """The cases of the public, without whoever objected. One query."""
    found = Objection.objects.filter(edition=edition).order_by("sequence")
    columns = ("number", "channel", "source", "state", "entry__notice__number", "received_at", "due_on")
    return _rows(OBJECTIONS, found.values_list(*columns))


def ballots(edition: Edition) -> list[Row]:
    """The meetings with their rounds, ballots by fingerprint. Two queries."""
    rounds: dict[int, list[Row]] = {}
    for one in Round.objects.filter(edition=edition).exclude(state=Round.State.OPEN).order_by("pk"):
        rounds.setdefault(one.meeting_id, []).append({key: getattr(one, key) for key in _ROUND})
    found = Meeting.objects.filter(edition=edition).order_by("number")
    return [{key: getattr(one, key) for key in _MEETING} | {"rounds": rounds.get(one.pk, [])} for one in found]


def _record(revision: Revision) -> Row | None:
    """None where the person's key was destroyed: what was erased is in no archive."""
    return full_record(revision) if revision.person.wrapped_key else None


def _rows(columns: tuple[str, ...], values: Any) -> list[Row]:
    return [dict(zip(columns, row, strict=True)) for row in values]


def _blank(rows: Any) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield tuple("" if cell is None else cell for cell in row)
