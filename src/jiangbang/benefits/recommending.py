"""Holders are recommended for higher titles; what comes of it is an earlier title for every later edition."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Final

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.benefits.models import Further
from jiangbang.benefits.policy import may_keep_benefits
from jiangbang.conferral.award_models import Award
from jiangbang.kernel.form import Record
from jiangbang.nomination import evidence
from jiangbang.nomination.acts import note_download
from jiangbang.nomination.dossiers import full_record
from jiangbang.papers.docx_writer import write_form
from jiangbang.papers.roster_writer import write_roster
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record

_LONGEST: Final = 500


def targets_of(edition: Edition) -> tuple[str, ...]:
    """The higher titles for which the edition's file says that its best are recommended."""
    return tuple(edition.document["edition"].get("conferral", {}).get("further_recommendation", ()))


@act("further.proposed")
def recommend_further(award: Award, target: str, *, reason: str, by: User) -> Further:
    """Recommend a holder for a higher title, behind those recommended for it before. Refused: `permission`; `target` that the edition has
    not; `title` revoked; `reason`; `twice`."""
    found = _locked(award, by)
    if target not in targets_of(found.edition):
        raise Refused("target", _("The edition's file names no such title."))
    if not found.held:
        raise Refused("title", _("The person holds no title of this edition."))
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= _LONGEST:
        raise Refused("reason", _("Give the reason, in at most %(most)s characters.") % {"most": _LONGEST})
    if Further.objects.filter(award=found, target=target).exists():
        raise Refused("twice", _("This person is recommended for it already."))
    rows = Further.objects.filter(award__edition=found.edition, target=target)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    made = Further.objects.create(
        award=found, target=target, position=last + 1, reason=reason, proposed_by=by, proposed_at=timezone.now()
    )
    facts = {"number": found.number, "target": target}
    record("further.proposed", by=by, edition=found.edition.key, subject=made.subject, facts=facts)
    return made


@act("further.decided")
def note_result(further: Further, *, conferred: bool, document: str, on: date, by: User) -> None:
    """Enter what came of a recommendation: conferred by a document, or not. Refused: `permission`; `decided`; `document`."""
    found = Further.objects.select_for_update(of=("self",)).select_related("award__edition").get(pk=further.pk)
    edition = found.award.edition
    if not may_keep_benefits(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    if found.state != Further.State.PROPOSED:
        raise Refused("decided", _("The result is entered already."))
    document = " ".join(document.split())
    if conferred and not 0 < len(document) <= 85:
        raise Refused("document", _("Give the number of the document that confers the title."))
    found.state = Further.State.CONFERRED if conferred else Further.State.NOT_CONFERRED
    found.document, found.decided_on = document[:85], on
    found.save(update_fields=["state", "document", "decided_on"])
    facts = {"number": found.award.number, "target": found.target, "conferred": conferred, "document": found.document}
    record("further.decided", by=by, edition=edition.key, subject=found.subject, facts=facts)


def packet_of(edition: Edition, target: str, *, by: User) -> bytes:
    """The papers of everybody recommended for a title: a form each, filled in from the dossier, and the roster in the order of the
    recommendation. Registered before it is made. Refused: `permission`; `nobody`."""
    rows = Further.objects.filter(award__edition=edition, target=target, award__state=Award.State.HELD).exclude(
        state=Further.State.NOT_CONFERRED
    )
    chosen = list(rows.select_related("award__dossier__accepted_revision__person").order_by("position"))
    if not chosen:
        raise Refused("nobody", _("Nobody is recommended for it."))
    note_download(f"edition:{edition.key}", "further.zip", edition=edition, by=by, may=may_keep_benefits)
    form, out, records = edition.spec.form, io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packet:
        for one in chosen:
            revision = one.award.dossier.accepted_revision
            assert revision is not None
            revision.dossier.edition = edition
            record_ = full_record(revision)
            records.append(record_)
            packet.writestr(f"{one.position:02}-{one.award.name}.docx", _form(record_, edition, revision.photo_sha256))
        packet.writestr(f"{target}推荐汇总表.xlsx", write_roster(records, form, unit="", kind="xlsx"))
    return out.getvalue()


def _form(record_: Record, edition: Edition, photo_sha256: str) -> bytes:
    try:
        photo = evidence.read_bytes(photo_sha256) if photo_sha256 else None
        return write_form(record_, edition.spec.form, photo=photo)
    except (ValueError, FileNotFoundError):
        # a picture of a kind that Word cannot place, or one that was erased
        return write_form(record_, edition.spec.form, photo=None)


def _locked(award: Award, by: User) -> Award:
    found = Award.objects.select_for_update(of=("self",)).select_related("edition").get(pk=award.pk)
    if not may_keep_benefits(by, found.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return found
