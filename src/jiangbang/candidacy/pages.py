"""What the candidate's pages show, made ready: controls by section, findings and conditions in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from jiangbang.candidacy.drafts import Answer
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.queries import Standing
from jiangbang.candidacy.typed import FACT_PREFIX, Item, asked_facts, new_item_id
from jiangbang.kernel.edition import Choice, EditionSpec, FactSpec
from jiangbang.kernel.form import FieldSpec, SectionSpec
from jiangbang.nomination.pages import Told, label_of, language, told
from jiangbang.papers.findings import Finding

# What a telephone's keyboard offers, and what browsers may fill in of themselves.
_INPUT_MODES = {"month": "decimal", "integer": "numeric", "phone": "tel", "mobile": "tel", "int": "numeric"}
_AUTOCOMPLETE = {"mobile": "tel-national"}
FACTS_SECTION = "facts"
# Up to this length a counter is of no use before two thirds are full.
SHORT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, with the evidence that hangs on it."""

    id: str
    text: str
    claim: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One field as the page offers it. `shown` is what stands in it; `claim` is set where files may prove it."""

    key: str
    label: str
    hint: str
    kind: str
    shown: str
    version: int
    required: bool
    limit: int | None
    options: tuple[Any, ...]
    findings: tuple[Told, ...]
    sensitive: bool
    claim: str
    files: tuple[Attachment, ...]
    entries: tuple[Entry, ...] = ()
    mode: str = "text"
    autocomplete: str = "off"
    ratio: str = ""
    # somebody else's text, where two wrote at once and the page works without a script
    theirs: str = ""

    @property
    def id(self) -> str:
        """An id that style sheets and `for` can name."""
        return "f-" + self.key.replace(".", "-")

    @property
    def count(self) -> int:
        """Characters as people count: line breaks are none."""
        return len(self.shown) - self.shown.count("\n")

    @property
    def quiet(self) -> bool:
        """Whether the counter keeps still: a short field, far from its end."""
        return self.limit is not None and self.limit <= SHORT and self.count * 3 < self.limit * 2


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form."""

    key: str
    label: str
    hint: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """A class of the list with its sub-classes, as a select offers them."""

    label: str
    choices: tuple[tuple[str, str], ...]


def sections(
    candidacy: Candidacy,
    answers: Mapping[str, Answer],
    findings: Iterable[Finding],
    evidence: Mapping[str, list[Attachment]],
) -> list[Section]:
    """The form of the edition, section by section, and the questions that the form does not carry."""
    spec = candidacy.edition.spec
    by_field: dict[str, list[Finding]] = {}
    for finding in findings:
        by_field.setdefault(finding.field or "", []).append(finding)
    made = [
        Section(
            section.key,
            label_of(section),
            _hint(section),
            tuple(
                control(field, spec, answers.get(field.key), by_field.get(field.key, ()), evidence)
                for field in fields
                if field.kind != "opinions"
            ),
        )
        for section, fields in spec.form.section_fields()
    ]
    questions = tuple(fact_control(fact, answers.get(FACT_PREFIX + fact.key), evidence) for fact in asked_facts(spec))
    if questions:
        hint = gettext(
            "The form does not ask these, the conditions of the letter do. Attach what proves them, if you have it."
        )
        made.append(Section(FACTS_SECTION, gettext("Conditions"), hint, questions))
    return [section for section in made if section.controls]


def _hint(spec: SectionSpec | FieldSpec) -> str:
    if isinstance(spec, SectionSpec):
        return spec.hint_en if language() == "en" else spec.hint
    return spec.hint.strip("()（）") if language() == "zh" else ""


def control(
    field: FieldSpec,
    spec: EditionSpec,
    answer: Answer | None,
    findings: Sequence[Finding],
    evidence: Mapping[str, list[Attachment]],
    theirs: str = "",
) -> Control:
    """One field of the form. What is merely empty still is no reproach: "missing" is said in the list of what is left."""
    value = answer.value if answer else None
    classes = field.key == "industry_class" and bool(spec.industry_classes)
    return Control(
        key=field.key,
        label=label_of(field),
        hint=_hint(field) or _format_hint(field),
        kind="class" if classes else field.kind,
        shown=shown_value(field, value),
        version=answer.version if answer else 0,
        required=field.required or bool(field.min_items),
        limit=field.max_length,
        options=class_groups(spec.industry_classes, str(value or "")) if classes else field.options,
        findings=tuple(told(one for one in findings if not one.code.endswith(".missing"))),
        sensitive=field.personal_data == "sensitive",
        claim=field.key if field.evidence and field.kind != "items" else "",
        files=tuple(evidence.get(field.key, ())),
        entries=_entries(field, value, evidence) if field.kind == "items" else (),
        mode=_INPUT_MODES.get(field.kind, "text"),
        autocomplete="name" if field.key == "name" else _AUTOCOMPLETE.get(field.kind, "off"),
        ratio=(field.ratio or "25:35") if field.kind == "image" else "",
        theirs=theirs,
    )


def _format_hint(field: FieldSpec) -> str:
    return {
        "month": gettext("Year and month, such as 1988.05"),
        "integer": gettext("Whole years"),
        "identity": gettext("18 characters, as on the card"),
        "mobile": gettext("11 digits"),
    }.get(field.kind, "")


def _entries(field: FieldSpec, value: Any, evidence: Mapping[str, list[Attachment]]) -> tuple[Entry, ...]:
    """As many entries as the form has room for; the empty ones have their ids already, so that files can hang on them."""
    held: list[Item] = list(value or ())
    room = max(field.max_items or len(held) + 1, len(held))
    held += [{"id": new_item_id(), "text": ""} for _n in range(room - len(held))]
    return tuple(
        Entry(item["id"], item["text"], claim, tuple(evidence.get(claim, ())))
        for item in held
        for claim in [f"{field.key}.{item['id']}" if field.evidence else ""]
    )


def fact_control(fact: FactSpec, answer: Answer | None, evidence: Mapping[str, list[Attachment]]) -> Control:
    """One question."""
    key = FACT_PREFIX + fact.key
    hint = gettext("Write 无 if there is none; several with commas") if fact.kind == "list" else ""
    return Control(
        key=key,
        label=label_of(fact)[:1].upper() + label_of(fact)[1:],
        hint=hint,
        kind=fact.kind,
        shown=shown_fact(fact, answer.value if answer else None),
        version=answer.version if answer else 0,
        required=False,
        limit=None,
        options=(),
        findings=(),
        sensitive=False,
        claim=key,
        files=tuple(evidence.get(key, ())),
        mode=_INPUT_MODES.get(fact.kind, "text"),
    )


def shown_value(field: FieldSpec, value: Any) -> str:
    """What stands in the field for a value; lists as their entries, line by line."""
    if value is None or field.kind == "image":
        return ""
    if field.kind == "items":
        return "\n".join(item["text"] for item in value)
    if field.kind == "month" and isinstance(value, str):
        return value.replace("-", ".")
    return str(value)


def shown_fact(fact: FactSpec, value: Any) -> str:
    """What stands in a question's field for an answer."""
    if value is None:
        return ""
    if fact.kind == "bool":
        return "yes" if value else "no"
    if fact.kind == "list":
        return "、".join(value) or "无"
    return str(value)


def shown_answer(spec: EditionSpec, key: str, value: Any) -> str:
    """`shown_value` or `shown_fact`, whichever the key is of."""
    if key.startswith(FACT_PREFIX):
        return shown_fact(next(fact for fact in asked_facts(spec) if FACT_PREFIX + fact.key == key), value)
    return shown_value(spec.form[key], value)


def class_groups(classes: Sequence[Choice], chosen: str) -> tuple[ClassGroup, ...]:
    """The list of classes as groups; a value that is not in the list is offered first, as it was written."""
    value = {choice.code: f"{choice.code} {choice.label}" for choice in classes}
    groups = [
        ClassGroup(
            f"{head.code} {label_of(head)}",
            tuple(
                (value[choice.code], f"{choice.code} {label_of(choice)}")
                for choice in classes
                if len(choice.code) > len(head.code) and choice.code.startswith(head.code)
            ),
        )
        for head in classes
        if not any(head.code != other.code and head.code.startswith(other.code) for other in classes)
    ]
    if chosen and chosen not in value.values():
        groups.insert(0, ClassGroup(gettext("As written"), ((chosen, chosen),)))
    return tuple(group for group in groups if group.choices)


@dataclass(frozen=True, slots=True)
class Left:
    """One thing that is left to do, and where on the page."""

    label: str
    message: str
    href: str


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One clause with its verdict, and what it still asks."""

    label: str
    text: str
    state: str
    missing: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    label: str
    lines: tuple[ConditionLine, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """What still stands in the way, for the page."""

    missing: tuple[Left, ...]
    mend: tuple[Left, ...]
    notes: tuple[Told, ...]
    conditions: tuple[ConditionGroup, ...]
    consents: tuple[str, ...]
    ready: bool
    counts: Mapping[str, int]

    @property
    def count(self) -> int:
        return len(self.missing) + len(self.mend) + len(self.consents)


def way(stands: Standing, spec: EditionSpec) -> Way:
    """Findings and verdicts as a list of what to do next."""
    labels = {field.key: label_of(field) for field in spec.form}
    missing: list[Left] = []
    mend: list[Left] = []
    for finding in stands.blocks:
        message = finding.message(language())
        left = Left(labels.get(finding.field or "", ""), message, f"#f-{finding.field}")
        (missing if finding.code.endswith(".missing") else mend).append(left)
    states = [verdict.verdict.value for verdict in stands.verdicts]
    return Way(
        tuple(missing),
        tuple(mend),
        tuple(told(one for one in stands.findings if one.severity != "block")),
        _condition_groups(stands, spec),
        stands.consents,
        stands.ready,
        {state: states.count(state) for state in ("met", "open", "not_met")},
    )


def _condition_groups(stands: Standing, spec: EditionSpec) -> tuple[ConditionGroup, ...]:
    verdicts = {verdict.clause: verdict.verdict for verdict in stands.verdicts}
    asked = {fact.key: (label_of(fact), f"#f-fact-{fact.key}") for fact in asked_facts(spec)}
    asked |= {fact.key: (label_of(fact), f"#f-{fact.from_field}") for fact in spec.facts if fact.from_field}
    kinds = (
        ("general", gettext("All of these must be met")),
        ("one_of", gettext("At least one of these must be met")),
        ("exclusion", gettext("Not excluded")),
    )
    groups = (
        ConditionGroup(
            label,
            tuple(
                ConditionLine(
                    label_of(clause),
                    clause.text,
                    verdicts[clause.code].value,
                    tuple(asked[key] for key in verdicts[clause.code].missing if key in asked),
                )
                for clause in spec.clauses
                if clause.kind == kind
            ),
        )
        for kind, label in kinds
    )
    return tuple(group for group in groups if group.lines)
