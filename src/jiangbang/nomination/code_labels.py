"""Codes as short phrases: findings for filters and the register's page (their sentences stand in `papers.findings`), papers, refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CODE_LABELS: dict[str, str | Promise] = {
    "id_number.checksum": _("identity number: check digit"),
    "id_number.birth_mismatch": _("identity number: birth month"),
    "id_number.gender_mismatch": _("identity number: gender"),
    "id_number.region_unknown": _("identity number: region"),
    "field.missing": _("field missing"),
    "field.too_long": _("field too long"),
    "field.too_many": _("too many items"),
    "field.format": _("field format"),
    "photo.missing": _("photo missing"),
    "photo.too_small": _("photo too small"),
    "roster.missing": _("roster missing"),
    "roster.row_without_form": _("row without form"),
    "roster.form_without_row": _("form without row"),
    "roster.mismatch": _("form and roster differ"),
    "duplicate.in_packet": _("twice in the packet"),
    "duplicate.in_edition": _("recommended by another unit"),
    "packet.member_unreadable": _("file unreadable"),
    "packet.path_escape": _("path out of the archive"),
    "packet.too_large": _("packet too large"),
    "packet.encrypted": _("file with password"),
    "packet.macro": _("file with macros"),
    "packet.name": _("file name"),
    "packet.member_unexpected": _("unexpected file"),
    "form.layout_unknown": _("form not recognised"),
    "quota.over_range": _("over the quota"),
    "quota.under_range": _("under the quota"),
    "clause.not_met": _("condition not met"),
    "clause.open": _("condition open"),
}

# What a person took away, by the fact `file` of `file.downloaded`.
FILE_LABELS: dict[str, str | Promise] = {
    "roster.xlsx": _("Roster, Excel"),
    "roster.docx": _("Roster, Word"),
    "form.docx": _("Form in the official layout"),
    "forms.zip": _("Forms of a unit, to be sealed"),
    "original": _("original as received"),
    "mail.eml": _("original of the mail"),
    **{
        f"{name}.{kind}": label
        for name, label in (
            ("sheet", _("finding sheet")),
            ("sheets", _("finding sheets of a unit")),
            ("letter", _("letter on the result of the screening")),
            ("minutes", _("minutes of the draw")),
        )
        for kind in ("pdf", "docx")
    },
    **{f"picture.{kind}": _("picture of the screening") for kind in ("svg", "png", "csv", "xlsx")},
    **{
        f"{name}.{kind}": label
        for name, label in (
            ("dossiers", _("list of dossiers")),
            ("packets", _("list of packets")),
            ("units", _("ledger of units")),
            ("register", _("list of the register")),
            ("people", _("list of people")),
            ("outbox", _("list of messages")),
            ("list_rows", _("rows of an imported list")),
        )
        for kind in ("csv", "xlsx")
    },
}

# Why a packet was refused, by the fact `reason` of `packet.refused`.
REFUSAL_LABELS: dict[str, str | Promise] = {
    "unreadable": _("unreadable"),
    "late": _("late"),
    "storage": _("storage failed"),
    "fault": _("fault of the program"),
    "permission": _("no permission"),
}
