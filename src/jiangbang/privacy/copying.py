"""A copy of everything that is kept of one person: for herself, or by the office for her request (PIPL 45)."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy.drafts import answers_of
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.policy import is_candidate
from jiangbang.conferral.award_models import Award
from jiangbang.kernel.form import FormSpec
from jiangbang.nomination import evidence
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.facts import declared_facts
from jiangbang.nomination.models import Dossier, Revision
from jiangbang.nomination.pages import label_of
from jiangbang.nomination.read_models import SensitiveRead
from jiangbang.papers.nomination_form import write_form
from jiangbang.privacy.policy import may_hand_over_copy
from jiangbang.privacy.scope import Scope, scope_of
from jiangbang.publicity.models import PublicityConsent
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.models import Entry

Row = dict[str, Any]
_LONGEST_NAME: Final = 60


@act("copy.handed_over")
def hand_over_copy(dossier: Dossier, *, by: User) -> bytes:
    """The copy for the person's request to the office. Refused: `permission`; `erased`."""
    if not may_hand_over_copy(by, dossier.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    facts = {"source": "office"}
    record("copy.handed_over", by=by, edition=dossier.edition.key, subject=dossier.subject, facts=facts)
    return _made(scope_of(dossier.person))


@act("copy.handed_over")
def take_copy(candidacy: Candidacy, *, by: User) -> bytes:
    """The copy that a candidate takes herself. Refused: `permission` (nobody takes another's); `erased`."""
    if not is_candidate(by, candidacy):
        raise Refused("permission", _("Only the person herself may take this copy."))
    facts = {"source": "candidate"}
    record("copy.handed_over", by=by, edition=candidacy.edition.key, subject=candidacy.subject, facts=facts)
    person = candidacy.dossier.person if candidacy.dossier is not None else candidacy.person
    return _made(scope_of(person))


def _made(scope: Scope) -> bytes:
    if not scope.person.wrapped_key:
        raise Refused("erased", _("This person is erased already."))
    told = told_of(scope)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        names = list(_papers(scope, package))
        plain = json.dumps(told, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
        package.writestr("data.json", plain)
        page = {"told": json.loads(plain), "papers": names, "made_at": timezone.now()}
        package.writestr("index.html", render_to_string("privacy/copy.html", page))
    return stream.getvalue()


def told_of(scope: Scope) -> Row:
    """Everything kept of the person as JSON values: records, facts, drafts, consents, titles, looks, entries of the register."""
    return {
        "dossiers": [_dossier(one) for one in scope.dossiers],
        "candidacies": [_candidacy(one) for one in scope.candidacies],
        "looks": looks_of(scope),
        "register": _entries(scope),
    }


def looks_of(scope: Scope) -> list[Row]:
    """Who opened what is sensitive of the person, and when, newest first. One query."""
    found = SensitiveRead.objects.filter(dossier__in=[one.pk for one in scope.dossiers]).select_related("reader")
    return [{"at": one.at, "what": one.what, "who": str(one.reader)} for one in found.order_by("-at", "-pk")]


def _dossier(dossier: Dossier) -> Row:
    form = dossier.edition.spec.form
    revisions = Revision.objects.filter(dossier=dossier).select_related("person").order_by("number")
    award = Award.objects.filter(dossier=dossier).first()
    consents = PublicityConsent.objects.filter(dossier=dossier)
    facts = {fact.key: label_of(fact) for fact in dossier.edition.spec.facts}
    return {
        "edition": dossier.edition.label,
        "state": str(dossier.get_state_display()),
        "revisions": [_revision(one, dossier, form) for one in revisions],
        "facts": [
            {"label": facts.get(key, key), "value": value}
            for key, value in declared_facts([dossier])[dossier.pk].items()
        ],
        "title": award and {"label": award.title_label, "number": award.number, "held": award.held},
        "publicity": [
            {"paper": one.paper, "photo": one.photo, "since": one.recorded_at, "until": one.withdrawn_at}
            for one in consents
        ],
    }


def _revision(revision: Revision, dossier: Dossier, form: FormSpec) -> Row:
    # known already; else reading the sealed values would ask for it again
    revision.dossier = dossier
    record_ = full_record(revision)
    return {
        "number": revision.number,
        "received_at": revision.created_at,
        "values": [{"key": one.key, "label": label_of(one), "value": record_.get(one.key)} for one in form],
    }


def _candidacy(candidacy: Candidacy) -> Row:
    labels = {one.key: label_of(one) for one in candidacy.edition.spec.form}
    answers = answers_of(candidacy) if candidacy.person.wrapped_key else {}
    return {
        "edition": candidacy.edition.label,
        "state": str(candidacy.get_state_display()),
        "answers": [
            {"key": key, "label": labels.get(key, key), "value": one.value, "changed_at": one.edited_at}
            for key, one in sorted(answers.items())
        ],
        "consents": [
            {"purpose": str(one.get_purpose_display()), "given_at": one.given_at, "withdrawn_at": one.withdrawn_at}
            for one in candidacy.consents.all()
        ],
    }


def _entries(scope: Scope) -> list[Row]:
    found = Entry.objects.filter(subject__in=[one.subject for one in scope.rows]).order_by("index")
    return [{"index": one.index, "at": one.at, "type": one.type, "facts": one.facts} for one in found]


def _papers(scope: Scope, package: zipfile.ZipFile) -> list[str]:
    """The forms in the official layout, photos and files of drafts; what cannot be read is left out, and said by its absence."""
    names = []
    for number, dossier in enumerate(scope.dossiers, 1):
        revision = Revision.objects.filter(pk__in=[dossier.revision_id]).select_related("person").first()
        if revision is None:
            continue
        revision.dossier = dossier
        photo = _bytes(revision.photo_sha256)
        record_, form = full_record(revision), dossier.edition.spec.form
        try:
            paper = write_form(record_, form, photo=photo)
        except ValueError:
            # a picture that Word could hold and we cannot place
            paper = write_form(record_, form, photo=None)
        names.append(f"form-{number}.docx")
        package.writestr(names[-1], paper)
        if photo is not None:
            names.append(f"photo-{number}.jpg")
            package.writestr(names[-1], photo)
    ids = [one.pk for one in scope.candidacies]
    for number, one in enumerate(Attachment.objects.filter(candidacy__in=ids).order_by("added_at", "pk"), 1):
        data = _bytes(one.sha256)
        if data is not None:
            names.append(f"files/{number:02}-{_as_file_name(one.file_name)}")
            package.writestr(names[-1], data)
    return names


def _bytes(sha256: str) -> bytes | None:
    try:
        return evidence.read_bytes(sha256) if sha256 else None
    except FileNotFoundError:
        return None


def _as_file_name(name: str) -> str:
    return "".join(one for one in name if one.isalnum() or one in "._-")[-_LONGEST_NAME:]
