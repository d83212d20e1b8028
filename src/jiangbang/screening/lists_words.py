"""What lists, their rows and what was found on them are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.pages import label_of

REFUSAL_SENTENCES: dict[str, Promise] = {
    "empty": _("The file is empty. Nothing was read."),
    "encrypted": _("The file is protected by a password. Take the password off and bring it again."),
    "macro": _("The workbook holds macros. Save it as .xlsx without macros and bring it again."),
    "pdf": _("A PDF cannot be read as a list. Bring the Excel, CSV or Word file, or copy the table into Excel."),
    "kind": _("This is no Excel, CSV or Word file (.xlsx, .xls, .csv, .docx). Save the list as one of these."),
    "encoding": _("The text's encoding is not known. Save it as CSV UTF-8 and bring it again."),
    "too_long": _("The list has more than 200,000 rows. Split it and bring the parts."),
    "too_large": _("The file is too large to be read (64 MB at most). Leave out what is no list."),
    "damaged": _("The file is damaged. Open it in Excel or WPS, save it again and bring it."),
    "no_header": _(
        "No heading row was found. A list needs a row that names its columns, such as 企业名称 and 统一社会信用代码, or 姓名 and 单位."
    ),
    "no_rows": _("There is a heading row, and no row below it."),
}
PROBLEM_WORDS: dict[str, Promise] = {
    "no_name": _("names nobody"),
    "name_long": _("the name is too long to be one"),
    "code_format": _("the credit code has not the 18 characters of one"),
    "code_letter": _("the credit code has a letter that no code has (I, O, S, V, Z)"),
    "code_checksum": _("the credit code's check character is wrong"),
    "id_wrong": _("the identity number is wrong; only the name is compared"),
    "no_kind": _("does not say for which mark or title"),
    "year_odd": _("the year cannot be read"),
    "duplicate": _("says the same as row %(row)s"),
}
COLUMN_WORDS: dict[str, Promise] = {
    "firm": _("firm"),
    "person": _("person"),
    "code": _("credit code"),
    "identity": _("identity number"),
    "kind": _("mark or title"),
    "year": _("year"),
    "batch": _("batch"),
}
WAY_WORDS: dict[str, Promise] = {
    "identity": _("by identity number"),
    "code": _("by credit code"),
    "name": _("by the full name"),
    "near": _("likely"),
}


def refusal_sentence(code: str) -> str:
    """Why a file cannot be read as a list, and what to do."""
    return str(REFUSAL_SENTENCES[code])


def problem_sentence(problem: str, repeats: int | None = None) -> str:
    """What is wrong with a row, in plain words."""
    words = str(PROBLEM_WORDS[problem])
    return words % {"row": repeats} if problem == "duplicate" else words


def problem_sentences(problems: Iterable[str], repeats: int | None = None) -> list[str]:
    return [problem_sentence(problem, repeats) for problem in problems]


def kind_words(spec: EditionSpec) -> dict[str, str]:
    """What each kind of list is called: the edition's marks and titles, and the lists whose rows say which."""
    marks = {mark.key: label_of(mark) for mark in spec.priorities}
    titles = {title.key: label_of(title) for title in spec.earlier_titles}
    return {"marks": gettext("several priority marks"), "titles": gettext("several titles"), **marks, **titles}


def mark_choices(spec: EditionSpec) -> list[tuple[str, str]]:
    """What the queue may be narrowed to: a mark or title that a list confirms, or whoever a row waits for."""
    words = kind_words(spec)
    declared = [(one, words[one]) for one in words if one not in ("marks", "titles")]
    return [("waiting", gettext("a row of a list waits for a decision")), *declared]
