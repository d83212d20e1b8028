"""What is asked of candidacies."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import scopes_in
from jiangbang.candidacy.drafts import EMPLOYER_OPINION, REMARK, UNIT_OPINION, Answer, answers_of
from jiangbang.candidacy.models import Attachment, Candidacy, Consent
from jiangbang.candidacy.typed import FACT_PREFIX, asked_facts, form_value
from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.form import Record
from jiangbang.nomination.desk_funnel import FunnelStep
from jiangbang.papers.clause_verdicts import ClauseVerdict, clause_findings, decide
from jiangbang.papers.facts import facts_of
from jiangbang.papers.findings import Finding
from jiangbang.papers.form_checks import check_record
from jiangbang.programme.models import Edition

# Without these two nothing may be handed over; publication is asked, and its refusal has other consequences.
NEEDED_CONSENTS = (Consent.Purpose.PROCESSING, Consent.Purpose.SENSITIVE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What still stands in the way. `findings` are the form's, `clauses` the conditions'; only blocking findings and consents hold it."""

    findings: tuple[Finding, ...]
    clauses: tuple[Finding, ...]
    verdicts: tuple[ClauseVerdict, ...]
    consents: tuple[str, ...]
    unanswered: tuple[str, ...]

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """The findings that must be mended first."""
        return tuple(finding for finding in self.findings if finding.severity == "block")

    @property
    def ready(self) -> bool:
        """Whether it can be handed over."""
        return not self.blocks and not self.consents


def candidacies(edition: Edition, unit_code: str) -> QuerySet[Candidacy]:
    """A unit's candidacies in its own order, those without a rank last."""
    found = Candidacy.objects.filter(edition=edition, unit_code=unit_code).select_related("edition", "person", "user")
    return found.defer("edition__document").order_by("rank", "invited_at", "pk")


def drafts_by_state(edition: Edition) -> list[FunnelStep]:
    """How many drafts there are, and how far they have come, for the desk's funnel. One query."""
    counts = dict(Candidacy.objects.filter(edition=edition).values_list("state").annotate(Count("pk")))
    state = Candidacy.State
    walks = (state.INVITED, state.DRAFTING, state.RETURNED, state.WITH_EMPLOYER, state.WITH_UNIT, state.SUBMITTED)
    return [FunnelStep(one.label, counts.get(one, 0)) for one in walks]


def with_all(pk: UUID | str) -> Candidacy | None:
    """A candidacy with edition and person, in one query."""
    found = Candidacy.objects.select_related("edition", "person", "user").defer("edition__document")
    return found.filter(pk=pk).first()


def candidacies_of(user: User, edition: Edition, role: Role = Role.CANDIDATE) -> QuerySet[Candidacy]:
    """What the user is a candidate (or an employer) of."""
    return Candidacy.objects.filter(edition=edition, pk__in=_ids(scopes_in(user, edition.key, role))).order_by(
        "invited_at"
    )


def _ids(scopes: Iterable[str]) -> list[UUID]:
    """Those that are ids: what a role is held for was typed by somebody, perhaps."""
    found = []
    for scope in scopes:
        with contextlib.suppress(ValueError):
            found.append(UUID(scope))
    return found


def record_of(candidacy: Candidacy, answers: Mapping[str, Answer] | None = None) -> Record:
    """The draft as a record, every key present, in clear. `answers` saves opening them twice."""
    held = answers_of(candidacy) if answers is None else answers
    record: Record = {}
    for spec in candidacy.edition.spec.form:
        if spec.kind == "opinions":
            record[spec.key] = _opinions(held)
        else:
            answer = held.get(spec.key)
            record[spec.key] = form_value(spec, answer.value if answer else None)
    return record


def _opinions(held: Mapping[str, Answer]) -> dict[str, Any] | None:
    """Opinions as the form's reader gives them; None while nobody has written one."""
    given = {
        who: held[key].value
        for who, key in (("employer", EMPLOYER_OPINION), ("unit", UNIT_OPINION))
        if key in held and held[key].value
    }
    empty = {"text": None, "sealed": False, "date": None}
    return {who: given.get(who, empty) for who in ("employer", "unit", "leading_group")} if given else None


def declared_facts(candidacy: Candidacy, answers: Mapping[str, Answer] | None = None) -> dict[str, object]:
    """The facts that the form does not carry, as far as they were answered."""
    held = answers_of(candidacy) if answers is None else answers
    found = {}
    for fact in asked_facts(candidacy.edition.spec):
        answer = held.get(FACT_PREFIX + fact.key)
        if answer is not None and answer.value is not None:
            found[fact.key] = answer.value
    return found


def standing(candidacy: Candidacy, answers: Mapping[str, Answer] | None = None) -> Standing:
    """What still stands in the way of this candidacy."""
    held = answers_of(candidacy) if answers is None else answers
    spec = candidacy.edition.spec
    record, declared = record_of(candidacy, held), declared_facts(candidacy, held)
    verdicts = decide(spec, facts_of(record, spec, declared))
    given = consents_of(candidacy)
    return Standing(
        form_findings(record, spec),
        clause_findings(spec, verdicts, where=None),
        verdicts,
        tuple(purpose.value for purpose in NEEDED_CONSENTS if purpose.value not in given),
        tuple(fact.key for fact in asked_facts(spec) if fact.key not in declared),
    )


def form_findings(record: Record, spec: EditionSpec) -> tuple[Finding, ...]:
    """What the form's own rules say of a record."""
    return check_record(record, spec.form, source="", industry_classes=spec.industry_classes)


def consents_of(candidacy: Candidacy) -> dict[str, Consent]:
    """The consents that stand, by purpose."""
    return {consent.purpose: consent for consent in candidacy.consents.all() if consent.withdrawn_at is None}


def attachments_of(candidacy: Candidacy, *kinds: str) -> list[Attachment]:
    """The files that count, oldest first; of these kinds, or all."""
    found = candidacy.attachments.filter(replaced_at__isnull=True).order_by("added_at", "pk")
    return list(found.filter(kind__in=kinds) if kinds else found)


def evidence_by_claim(candidacy: Candidacy) -> dict[str, list[Attachment]]:
    """The evidence files by what they prove."""
    found: dict[str, list[Attachment]] = {}
    for attachment in attachments_of(candidacy, Attachment.Kind.EVIDENCE):
        found.setdefault(attachment.claim, []).append(attachment)
    return found


def evidence_without_entry(candidacy: Candidacy, answers: Mapping[str, Answer]) -> list[UUID]:
    """Evidence of entries that stand in their lists no more; kept until the form is handed over, in case the entry comes back."""
    lost = []
    for attachment in attachments_of(candidacy, Attachment.Kind.EVIDENCE):
        key, _dot, item = attachment.claim.partition(".")
        answer = answers.get(key)
        if item and key != "fact" and item not in {one["id"] for one in (answer.value if answer else None) or ()}:
            lost.append(attachment.pk)
    return lost


def remark_of(answers: Mapping[str, Answer]) -> dict[str, Any] | None:
    """Why it came back last; None when it never did."""
    answer = answers.get(REMARK)
    return answer.value if answer is not None and answer.value else None
