"""Evidence in words: which files prove which claim of the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from jiangbang.candidacy.models import Attachment
from jiangbang.candidacy.typed import FACT_PREFIX
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.pages import label_of


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim in words, and the files that prove it, oldest first."""

    label: str
    files: tuple[Attachment, ...]


def proofs_of(attachments: Iterable[Attachment], spec: EditionSpec) -> list[Proof]:
    """The files by what they prove, in the order of form and questions; sealed forms and other papers last."""
    held: dict[str, list[Attachment]] = {}
    for one in attachments:
        held.setdefault(_claimed(one), []).append(one)
    labels = claim_labels(spec)
    known = [key for key in labels if key in held]
    return [
        Proof(labels.get(key, gettext("Other papers")), tuple(held[key]))
        for key in (*known, *(key for key in held if key not in labels))
    ]


def claim_labels(spec: EditionSpec) -> Mapping[str, str]:
    """What may be proved, in words: fields, questions, sealed forms."""
    return {
        **{field.key: label_of(field) for field in spec.form},
        **{FACT_PREFIX + fact.key: label_of(fact) for fact in spec.facts},
        Attachment.Kind.EMPLOYER_SCAN.value: str(Attachment.Kind.EMPLOYER_SCAN.label),
        Attachment.Kind.UNIT_SCAN.value: str(Attachment.Kind.UNIT_SCAN.label),
    }


def _claimed(attachment: Attachment) -> str:
    """The key of what a file proves: a field whichever of its entries, a question, or the kind of paper it is."""
    if attachment.kind != Attachment.Kind.EVIDENCE:
        return attachment.kind
    claim = attachment.claim
    return claim if claim.startswith(FACT_PREFIX) else claim.partition(".")[0]
