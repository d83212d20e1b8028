"""The register of processing (PIPL 55, 56): what is kept of whom, why, on what ground, who sees it, how long, where. From the models
and the edition's own form; a test fails when something sealed is not in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiangbang.kernel.retention import read_retention
from jiangbang.nomination.pages import label_of
from jiangbang.programme.models import Edition

Words = str | Promise
_DATABASE: Final = _("database, sealed with AES-256-GCM")
_FILES: Final = _("file storage, sealed with AES-256-GCM")


@dataclass(frozen=True, slots=True)
class Activity:
    """One use of personal data. `fields`: the sealed columns that it keeps, as app.Model.field; `period`: a key of the periods."""

    key: str
    label: Words
    data: Words
    purpose: Words
    ground: Words
    seen_by: Words
    period: str
    place: Words
    fields: tuple[str, ...]


_CONSENT: Final = _("consent of the person, given for this purpose (PIPL 13 (1) 1)")
_SENSITIVE: Final = _("separate consent of the person (PIPL 29)")
_DUTY: Final = _("performance of the programme's duties under its notice (PIPL 13 (1) 3)")
ACTIVITIES: Final = (
    Activity(
        "draft",
        _("Drafts of candidates"),
        _("form, photo, proofs, scans of sealed forms"),
        _("to prepare a recommendation"),
        _SENSITIVE,
        _("the candidate and the recommending unit; the employer what it confirms"),
        "drafts",
        _DATABASE,
        ("candidacy.Candidacy.sealed_salt", "candidacy.DraftField.sealed", "recommendation.ScanPage.sealed"),
    ),
    Activity(
        "dossier",
        _("Dossiers"),
        _("form and roster with identity number, birth, photo, addresses; declared facts"),
        _("to decide who is recognised"),
        _SENSITIVE,
        _(
            "office and screeners masked, each look is logged; experts without identity; departments what they are asked about"
        ),
        "records",
        _DATABASE,
        (
            "nomination.Person.wrapped_key",
            "nomination.Revision.sealed",
            "nomination.DeclaredFact.sealed",
            "recommendation.Return.sealed",
            "recommendation.DirectRoute.sealed",
        ),
    ),
    Activity(
        "packet",
        _("Packets and mails as received"),
        _("files of units with the papers of many people; senders"),
        _("to prove what came and when"),
        _DUTY,
        _("the office, after a fresh proof of identity; each time is registered"),
        "packets",
        _FILES,
        ("nomination.Mail.sealed",),
    ),
    Activity(
        "screening",
        _("Screening"),
        _("reasons of rulings, notes, letters, likenesses, matches with lists"),
        _("to decide by the conditions and to say why"),
        _DUTY,
        _("office, screeners, discipline office; the unit its letters"),
        "records",
        _DATABASE,
        (
            "screening.PhraseBook.sealed",
            "screening.Sketch.sealed",
            "screening.DuplicatePair.sealed_reason",
            "screening.Letter.sealed",
            "screening.ListMatch.sealed_reason",
            "screening.ClauseRuling.sealed_reason",
            "screening.Note.sealed",
        ),
    ),
    Activity(
        "review",
        _("Expert review"),
        _("profiles, relations and recusals of experts; comments on codes"),
        _("to judge fairly, by people without ties"),
        _CONSENT,
        _("the chief of the review; comments the group, by code"),
        "titled",
        _DATABASE,
        (
            "review.Expert.wrapped_key",
            "review.Expert.sealed",
            "review.PoolEntry.sealed_reason",
            "review.Draw.sealed_secret",
            "review.Draw.sealed_witnesses",
            "review.Seat.sealed_reason",
            "review.Relation.sealed",
            "review.Recusal.sealed_ground",
            "review.Recusal.sealed_reason",
            "review.Card.sealed_comments",
            "review.Card.sealed_reason",
            "review.SignedCard.sealed",
            "review.Discussion.sealed_reason",
            "review.Remark.sealed",
            "review.Shortlisted.sealed_reason",
        ),
    ),
    Activity(
        "consultation",
        _("Consultation of departments"),
        _("what a department is asked about a person, its answer and grounds"),
        _("to learn what stands against a title"),
        _DUTY,
        _("the office; the department its own letter"),
        "records",
        _DATABASE,
        (
            "consultation.Inquiry.sealed_password",
            "consultation.Question.sealed_reason",
            "consultation.Question.sealed_grounds",
            "consultation.Reply.sealed",
        ),
    ),
    Activity(
        "decision",
        _("Decision of the leading group"),
        _("members with post and address, recusals, ballots"),
        _("to decide, and to prove how"),
        _DUTY,
        _("the office; a secret ballot nobody"),
        "titled",
        _DATABASE,
        (
            "decision.Member.sealed",
            "decision.MemberRecusal.sealed_reason",
            "decision.Round.sealed_key",
            "decision.Round.box",
        ),
    ),
    Activity(
        "objection",
        _("Objections of the public"),
        _("who objects, with contact; facts, files, findings, answers"),
        _("to look into objections, and to protect who objects"),
        _DUTY,
        _("the two who have the case; each look is registered"),
        "titled",
        _DATABASE,
        (
            "notice.Objection.sealed_identity",
            "notice.Objection.sealed_facts",
            "notice.Objection.sealed_reason",
            "notice.Objection.sealed_question",
            "notice.Objection.sealed_reply",
            "notice.Objection.sealed_finding",
            "notice.Objection.sealed_answer",
            "notice.ObjectionFile.sealed_name",
        ),
    ),
    Activity(
        "holder",
        _("Holders of titles"),
        _("addresses; portrait and story where the person agreed"),
        _("benefits, and to make the titles known"),
        _CONSENT,
        _("the office; the public what was agreed to"),
        "titled",
        _DATABASE,
        ("benefits.HolderAddress.sealed",),
    ),
    Activity(
        "message",
        _("Messages, invitations, contacts"),
        _("names and addresses, words and enclosures"),
        _("to reach people"),
        _DUTY,
        _("the office"),
        "messages",
        _DATABASE,
        (
            "outbox.Message.sealed_address",
            "outbox.Message.sealed_body",
            "outbox.Enclosure.sealed",
            "accounts.Invitation.wrapped_key",
            "accounts.Invitation.sealed",
            "nomination.UnitContact.sealed_address",
        ),
    ),
    Activity(
        "look",
        _("Log of looks"),
        _("who opened what is sensitive, of whom and when; never what it said"),
        _("to find misuse, and to tell the person"),
        _("a duty by law (PIPL 51; Cybersecurity Law 23)"),
        _("office and discipline office; the person her own"),
        "reads",
        _("database, without values"),
        (),
    ),
)
# Binary columns that hold no personal data: hashes of the register.
NOT_PERSONAL: Final = frozenset({"register.Entry.leaf_hash"})
COLUMNS: Final = ("activity", "data", "purpose", "ground", "seen_by", "months", "place", "fields")


@dataclass(frozen=True, slots=True)
class FieldClass:
    """The fields of the edition's form in one class: open, personal or sensitive."""

    label: str
    labels: tuple[str, ...]


def sealed_columns() -> set[str]:
    """Every column of the house that holds sealed bytes, as app.Model.field."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("jiangbang.")
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField)
    } - NOT_PERSONAL


def field_classes(edition: Edition) -> list[FieldClass]:
    """The form's fields by class, as the edition declares them."""
    form = edition.spec.form
    words: dict[str, Words] = {"open": _("open"), "personal": _("personal"), "sensitive": _("sensitive")}
    return [
        FieldClass(str(words[key]), tuple(label_of(one) for one in form if one.personal_data == key))
        for key in ("open", "personal", "sensitive")
    ]


def rows(edition: Edition) -> list[tuple[Activity, int]]:
    """The activities with their periods in months."""
    periods = read_retention(edition.spec.document)
    return [(one, periods[one.period]) for one in ACTIVITIES]


def table(edition: Edition) -> str:
    """The register of processing as CSV that Excel opens."""
    stream = io.StringIO()
    out = csv.writer(stream)
    out.writerow(COLUMNS)
    for one, months in rows(edition):
        cells: Iterable[object] = (one.label, one.data, one.purpose, one.ground, one.seen_by, months, one.place)
        out.writerow([*map(str, cells), " ".join(one.fields)])
    return "﻿" + stream.getvalue()
