"""What a unit's pages show: values made ready for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import qrcode
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.candidacy.typed import asked_facts
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.pages import label_of, language, told
from jiangbang.recommendation.inviting import InvitedPerson
from jiangbang.recommendation.models import Return
from jiangbang.recommendation.pasting import MAX_NAME, PastedPerson, Problem
from jiangbang.recommendation.queries import PROGRESS, Progress, Readiness, readiness
from jiangbang.recommendation.returning import Change, items_of

State = Candidacy.State
# How a state stands among the three tones that a verdict has.
TONES = {
    State.INVITED: "open",
    State.DRAFTING: "open",
    State.WITH_EMPLOYER: "open",
    State.WITH_UNIT: "open",
    State.SUBMITTED: "met",
    State.RETURNED: "not_met",
    State.WITHDRAWN: "not_met",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One nominee in a list of the unit's."""

    candidacy: Candidacy
    stands: Readiness
    returned: Return | None

    @property
    def href(self) -> str:
        return reverse("unit_person", args=[self.candidacy.pk])

    @property
    def tone(self) -> str:
        return "met" if self.ready else TONES[State(self.candidacy.state)]

    @property
    def ready(self) -> bool:
        """With the unit, and nothing missing: it can be submitted."""
        return self.candidacy.state == State.WITH_UNIT and self.stands.complete

    @property
    def goes_in(self) -> bool:
        """Whether the next packet may contain it."""
        return self.ready or (self.candidacy.state == State.SUBMITTED and self.stands.complete)

    @property
    def label(self) -> str:
        return _("ready to submit") if self.ready else str(self.candidacy.get_state_display())

    @property
    def missing(self) -> str:
        """What is still missing, in a word; empty where nothing is."""
        if self.candidacy.state in (State.WITHDRAWN, State.SUBMITTED):
            return ""
        blocks, opinion = len(self.stands.blocks) + len(self.stands.consents), self.stands.opinion
        words = [ngettext("%(n)s thing missing", "%(n)s things missing", blocks) % {"n": blocks}] if blocks else []
        if not blocks and not opinion and self.candidacy.state == State.WITH_UNIT:
            words.append(_("your opinion"))
        return _(", ").join(words)


def rows_of(people: Sequence[Candidacy], returns: Mapping[Any, Return]) -> list[Row]:
    """The unit's people with what is missing; no query where `queries.with_drafts` fetched them."""
    return [Row(one, readiness(one), returns.get(one.dossier_id)) for one in people]


def progress_steps(progress: Progress) -> list[dict[str, Any]]:
    """The states with their counts, as figures that can be clicked through."""
    labels = dict(State.choices)
    tones = {State.WITH_UNIT: "open", State.RETURNED: "not_met"}
    return [
        {
            "state": str(state),
            "label": labels[state],
            "count": progress.counts[str(state)],
            "tone": tones.get(state, "plain") if progress.counts[str(state)] else "plain",
        }
        for state in PROGRESS
    ]


def left_of(stands: Readiness, spec: EditionSpec) -> dict[str, Any]:
    """What is left to do, by kind: fields that are empty (by their labels), findings to mend or to look at, conditions not met or open."""
    empty = [one.field for one in stands.findings if one.code in ("field.missing", "photo.missing")]
    return {
        "empty": [label_of(spec.form[key]) for key in empty if key],
        "findings": [
            one
            for one in told(stands.findings)
            if one.severity != "note" and one.code not in ("field.missing", "photo.missing")
        ],
        "conditions": told(stands.clauses),
    }


def consents_missing(stands: Readiness) -> list[str]:
    """The consents that are still asked of the candidate."""
    return [str(Consent.Purpose(purpose).label) for purpose in stands.consents]


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that the form does not carry, with what candidate and unit say of it."""

    key: str
    label: str
    kind: str
    value: Any
    said: str


def asked_of(spec: EditionSpec, by_candidate: Mapping[str, object], by_unit: Mapping[str, object]) -> list[Asked]:
    """The facts that are asked, in the edition's order; `value` is the unit's own word, as its field shows it."""
    return [
        Asked(
            fact.key,
            label_of(fact),
            fact.kind,
            _typed(by_unit.get(fact.key)),
            _said(by_candidate[fact.key]) if fact.key in by_candidate else "",
        )
        for fact in asked_facts(spec)
    ]


def _typed(value: object) -> str:
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    return "" if value is None else str(value)


def _said(value: object) -> str:
    if value is True or value is False:
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(map(str, value)) or _("none")
    return str(value)


def problem_sentences() -> dict[Problem, str]:
    """What is wrong with a pasted line, and how to mend it."""
    return {
        "no_name": _("There is no name. Write one, or delete the line."),
        "name_odd": _("The name has digits or signs in it. Are two cells in one?"),
        "name_long": _("The name has more than %(limit)s characters.") % {"limit": MAX_NAME},
        "mobile": _("A mobile number has eleven digits and begins with 1."),
        "email": _("This is no e-mail address."),
        "no_address": _("There is neither e-mail nor mobile number."),
        "twice": _("The same person stands here twice. Delete one of the lines."),
        "known": _(
            "You have invited somebody of this name already. Delete the line, or invite again on that person's page."
        ),
        "too_many": _("There are more lines than can be taken at once."),
    }


def checked_lines(people: Iterable[PastedPerson]) -> list[dict[str, Any]]:
    """The lines of the preview, each with its sentences."""
    sentences = problem_sentences()
    return [{"person": one, "sentences": [sentences[problem] for problem in one.problems]} for one in people]


@dataclass(frozen=True, slots=True)
class Link:
    """An invitation's link, to be copied or shown. `path` draws its QR code in a square of `side` modules."""

    name: str
    href: str
    address: str
    url: str
    side: int
    path: str


def links_of(request: HttpRequest, people: Iterable[InvitedPerson]) -> list[Link]:
    """The links of those just invited; they are shown this once."""
    found = []
    for one in people:
        url = request.build_absolute_uri(reverse("invitation", args=[one.token])) if one.token else ""
        side, path = qr_path(url) if url else (0, "")
        href = reverse("unit_person", args=[one.candidacy.pk])
        found.append(Link(one.candidacy.name, href, one.address, url, side, path))
    return found


def qr_path(text: str) -> tuple[int, str]:
    """A QR code as the path of an SVG: its side in modules (with the quiet zone), and its dark modules."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, one in enumerate(row) if one]
    return len(rows), "".join(dark)


@dataclass(frozen=True, slots=True)
class Returned:
    """A return made ready: what to mend, until when, and how the answer differs."""

    made: Return
    items: list[str]
    changes: list[dict[str, str]]


def returned(made: Return, changes: Iterable[Change], spec: EditionSpec) -> Returned:
    """One return with its items and, once it was answered, the fields that changed."""
    labels = {field.key: label_of(field) for field in spec.form}
    rows = [
        {"label": labels.get(one.key, one.key), "before": _shown(one.before), "after": _shown(one.after)}
        for one in changes
    ]
    return Returned(made, items_of(made), rows)


def _shown(value: Any) -> str:
    """A record's value as text, whatever its kind."""
    if value in (None, "", []):
        return "—"
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, Mapping) and "sha256" in value:
        return f"{value['width']} × {value['height']} · {str(value['sha256'])[:12]}"
    if isinstance(value, Mapping):
        return "\n".join(str(one["text"]) for one in value.values() if isinstance(one, Mapping) and one.get("text"))
    return {"male": "男", "female": "女"}.get(str(value), str(value)) if language() == "zh" else str(value)


def declaration(unit_name: str) -> str:
    """The sentence by which a unit answers for what it submits."""
    return _("%(unit)s has checked these papers and answers for their truth.") % {"unit": unit_name}
