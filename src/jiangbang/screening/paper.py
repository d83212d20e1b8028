"""The form in the split view as the paper shows it: the official order, sensitive values masked, what was found on it numbered."""

from __future__ import annotations

from dataclasses import dataclass

from jiangbang.kernel.form import FormSpec
from jiangbang.nomination.pages import Line, Sheet, Told

LONG = ("items", "long_text", "opinions")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One field of the paper, with the numbers of what was found on it."""

    line: Line
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding with its number on the paper; without a field it concerns the paper as a whole."""

    number: int
    label: str
    found: Told


@dataclass(frozen=True, slots=True)
class Paper:
    """Short fields stand in the table at the top, long ones across the page below it."""

    title: str
    short: tuple[PaperLine, ...]
    long: tuple[PaperLine, ...]
    remarks: tuple[Remark, ...]


def paper_of(sheet: Sheet, form: FormSpec) -> Paper:
    """The paper of a dossier's sheet; fields that only the roster prints are left out, what was found on them is not."""
    on_form = {spec.key for spec in form if spec.on_form}
    short: list[PaperLine] = []
    long: list[PaperLine] = []
    remarks: list[Remark] = []
    for line in sheet.lines:
        numbers = []
        for found in line.findings:
            remarks.append(Remark(len(remarks) + 1, line.label, found))
            numbers.append(len(remarks))
        if line.key in on_form:
            (long if line.kind in LONG else short).append(PaperLine(line, tuple(numbers)))
    placed = {line.key for line in sheet.lines}
    for found in sheet.findings:
        if found.field not in placed:
            remarks.append(Remark(len(remarks) + 1, "", found))
    return Paper(form.title, tuple(short), tuple(long), tuple(remarks))
