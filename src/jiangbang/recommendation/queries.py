"""What is asked for a unit's workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from jiangbang.candidacy import queries as candidacy_queries
from jiangbang.candidacy.drafts import UNIT_OPINION, Answer, answers_of
from jiangbang.candidacy.models import Attachment, Candidacy, DraftField
from jiangbang.candidacy.queries import candidacies, declared_facts, record_of
from jiangbang.candidacy.typed import asked_facts
from jiangbang.kernel.edition import UnitSpec
from jiangbang.kernel.quotas import QuotaLine, quota_line
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.papers.clause_verdicts import clause_findings, decide
from jiangbang.papers.facts import facts_of
from jiangbang.papers.findings import Finding
from jiangbang.programme.models import Edition
from jiangbang.recommendation.models import NomineeOrder, Return, Submission

# Where the draft keeps the unit's own word on a fact, beside the candidate's.
UNIT_FACT = "unit_fact."
State = Candidacy.State
# In the order in which a candidacy goes through them.
PROGRESS = (
    State.INVITED,
    State.DRAFTING,
    State.WITH_EMPLOYER,
    State.WITH_UNIT,
    State.SUBMITTED,
    State.RETURNED,
)


def standing_candidacies(edition: Edition, unit_code: str) -> QuerySet[Candidacy]:
    """The unit's candidacies in its own order, without those that were withdrawn."""
    return candidacies(edition, unit_code).exclude(state=State.WITHDRAWN)


def with_drafts(found: QuerySet[Candidacy]) -> list[Candidacy]:
    """These candidacies with all that `readiness` asks of them: four queries, however many there are."""
    fields = Prefetch("fields", DraftField.objects.select_related("edited_by"))
    scans = Prefetch("attachments", Attachment.objects.filter(replaced_at__isnull=True))
    return list(found.prefetch_related(fields, scans, "consents"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a unit is: how many in each state, and whom the quota counts."""

    counts: Mapping[str, int]
    quota: QuotaLine
    filed: int

    @property
    def people(self) -> int:
        """All who may end up in the packet: invited and not withdrawn, and who came by file."""
        return sum(self.counts.values()) + self.filed


def progress_of(people: Iterable[Candidacy], edition: Edition, unit: UnitSpec) -> Progress:
    """The unit's progress. One query: accepted people who came in packets brought as files count too, direct titles do not."""
    counts = Counter(one.state for one in people)
    accepted = Q(state=Dossier.State.ACCEPTED)
    found = Dossier.objects.filter(edition=edition, unit_code=unit.code).aggregate(
        filed=Count("pk", filter=accepted & Q(candidacies__isnull=True), distinct=True),
        outside=Count("pk", filter=accepted & ~Q(direct_title=""), distinct=True),
    )
    total = max(0, sum(counts.values()) + found["filed"] - found["outside"])
    return Progress({str(state): counts.get(state, 0) for state in PROGRESS}, quota_line(unit, total), found["filed"])


def filed_dossiers(edition: Edition, unit_code: str) -> QuerySet[Dossier]:
    """The unit's dossiers that no candidacy of the workspace has become: they came in packets brought as files."""
    found = Dossier.objects.filter(edition=edition, unit_code=unit_code).exclude(state=Dossier.State.SUPERSEDED)
    return found.filter(candidacies__isnull=True).order_by("name", "pk")


def packets_of(edition: Edition, unit_code: str) -> QuerySet[Packet]:
    """The unit's packets, newest first, however they came."""
    found = Packet.objects.filter(edition=edition, unit_code=unit_code).select_related("received_by", "edition")
    return found.defer("edition__document").order_by("-sequence")


def open_intakes_of(edition: Edition, unit_code: str) -> QuerySet[Intake]:
    """The unit's files that are on their way or could not be received, newest first."""
    return (
        Intake.objects.filter(edition=edition, unit_code=unit_code)
        .exclude(state=Intake.State.DONE)
        .order_by("-brought_at")
    )


def last_submission(edition: Edition, unit_code: str) -> Submission | None:
    """What the unit submitted last in the browser."""
    found = Submission.objects.filter(packet__edition=edition, packet__unit_code=unit_code)
    return found.select_related("packet", "submitted_by").order_by("-packet__sequence").first()


def open_returns(edition: Edition, unit_code: str) -> dict[UUID, Return]:
    """What the office gave back to the unit and was not answered yet, by dossier. One query."""
    found = Return.objects.filter(answer__isnull=True, dossier__edition=edition, dossier__unit_code=unit_code)
    return {one.dossier_id: one for one in found.select_related("dossier", "person", "returned_by", "revision")}


def order_version(edition: Edition, unit_code: str) -> NomineeOrder:
    """How the unit's order stands; a new one where it was never saved."""
    found = NomineeOrder.objects.filter(edition=edition, unit_code=unit_code).select_related("saved_by").first()
    return found or NomineeOrder(edition=edition, unit_code=unit_code)


def has_been_invited(people: Iterable[Candidacy], name: str) -> bool:
    """Whether somebody of this name stands among the unit's candidacies already."""
    return any(one.name == name for one in people)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What still stands in the way of one candidacy as the unit sees it."""

    findings: tuple[Finding, ...]
    clauses: tuple[Finding, ...]
    consents: tuple[str, ...]
    opinion: Mapping[str, Any] | None
    facts: Mapping[str, object]
    sealed: bool

    @property
    def blocks(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "block")

    @property
    def complete(self) -> bool:
        """Whether the form may be submitted: whole, consented to, with the unit's opinion."""
        return not self.blocks and not self.consents and bool(self.opinion)

    @property
    def missing(self) -> int:
        return len(self.blocks) + len(self.consents) + (not self.opinion)


def readiness(candidacy: Candidacy, answers: Mapping[str, Answer] | None = None) -> Readiness:
    """Everything that the unit must know of one candidacy; the clauses with its own word on facts taken in."""
    held = answers_of(candidacy) if answers is None else answers
    stands = candidacy_queries.standing(candidacy, held)
    spec, declared = candidacy.edition.spec, declared_by_both(candidacy, held)
    verdicts = decide(spec, facts_of(record_of(candidacy, held), spec, declared))
    opinion = held.get(UNIT_OPINION)
    return Readiness(
        stands.findings,
        clause_findings(spec, verdicts, where=None),
        stands.consents,
        opinion.value if opinion and opinion.value else None,
        declared,
        any(one.kind == Attachment.Kind.UNIT_SCAN and not one.replaced_at for one in candidacy.attachments.all()),
    )


def declared_by_both(candidacy: Candidacy, answers: Mapping[str, Answer]) -> dict[str, object]:
    """What candidate and unit say beside the form; the unit's word stands before the candidate's."""
    return {**declared_facts(candidacy, answers), **unit_facts(candidacy, answers)}


def unit_facts(candidacy: Candidacy, answers: Mapping[str, Answer]) -> dict[str, object]:
    """The unit's own word."""
    found = {}
    for fact in asked_facts(candidacy.edition.spec):
        answer = answers.get(UNIT_FACT + fact.key)
        if answer is not None and answer.value is not None:
            found[fact.key] = answer.value
    return found
