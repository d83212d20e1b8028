"""The candidate's form: the page, saving field by field or whole, what still stands in the way, consents."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in
from jiangbang.candidacy import acts, pages, policy, queries
from jiangbang.candidacy.access import candidacy_for
from jiangbang.candidacy.clock import is_frozen
from jiangbang.candidacy.drafts import Answer, answers_of
from jiangbang.candidacy.models import Candidacy, Consent
from jiangbang.candidacy.typed import known_keys
from jiangbang.nomination.access import person
from jiangbang.nomination.pages import told, unit_name
from jiangbang.programme.chosen import chosen_edition
from jiangbang.register.acts import Refused


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The candidate's or employer's own form; a choice where there are several."""
    edition, user = chosen_edition(request), person(request)
    if edition is None:
        raise Http404
    own = list(queries.candidacies_of(user, edition))
    asked = list(queries.candidacies_of(user, edition, Role.EMPLOYER))
    if len(own) + len(asked) == 1:
        return redirect("candidacy_form" if own else "candidacy_employer", (own or asked)[0].pk)
    if not own and not asked:
        if roles_in(user, edition.key):
            raise PermissionDenied
        raise Http404
    return render(request, "candidacy/mine.html", {"own": own, "asked": asked, "edition": edition})


@login_required
@require_GET
@never_cache
def form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form: to be agreed to, to be filled in, or to be read where it lies with others."""
    return _form_page(request, candidacy_for(request, pk))


def _form_page(request: HttpRequest, candidacy: Candidacy, kept: Kept | None = None, status: int = 200) -> HttpResponse:
    answers = answers_of(candidacy)
    stands = queries.standing(candidacy, answers)
    evidence = queries.evidence_by_claim(candidacy)
    made = pages.sections(candidacy, answers, stands.findings, evidence)
    context = {
        **frame_of(request, candidacy, answers),
        "sections": kept.over(made) if kept else made,
        "way": pages.way(stands, candidacy.edition.spec),
        "photo": queries.attachments_of(candidacy, "photo"),
        "scans": queries.attachments_of(candidacy, "employer_scan"),
    }
    return render(request, "candidacy/form.html", context, status=status)


def frame_of(request: HttpRequest, candidacy: Candidacy, answers: dict[str, Answer]) -> dict[str, Any]:
    """What every page of a candidacy shows: whose, in which state, what may be done."""
    user, frozen = person(request), is_frozen(candidacy.edition, until=candidacy.mend_until)
    given = queries.consents_of(candidacy)
    deadline = candidacy.edition.deadline
    return {
        "candidacy": candidacy,
        "edition": candidacy.edition,
        "unit": unit_name(candidacy.unit),
        "own": policy.is_candidate(user, candidacy),
        "open": policy.is_open(candidacy) and not frozen,
        "frozen": frozen,
        "handed": policy.is_handed(candidacy),
        "agreed": Consent.Purpose.PROCESSING.value in given,
        "sensitive_agreed": Consent.Purpose.SENSITIVE.value in given,
        "consents": [(purpose, given.get(purpose.value)) for purpose in Consent.Purpose],
        "remark": queries.remark_of(answers),
        "deadline": deadline.at,
        "now": candidacy.edition.now(),
        "steps": steps(candidacy),
    }


def steps(candidacy: Candidacy) -> list[dict[str, Any]]:
    """The way of a form, and where on it this one is."""
    states = ("drafting", "with_employer", "with_unit", "submitted")
    labels = (_("Fill in"), _("Employer confirms"), _("Unit recommends"), _("Submitted"))
    at = states.index(candidacy.state) if candidacy.state in states else 0
    return [
        {"label": label, "state": "done" if place < at else "now" if place == at else "later"}
        for place, label in enumerate(labels)
    ]


@dataclass(slots=True)
class Kept:
    """What was typed and could not be saved, for a page without a script: it goes back into its field."""

    texts: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, Answer] = field(default_factory=dict)

    def over(self, made: list[pages.Section]) -> list[pages.Section]:
        return [replace(section, controls=tuple(map(self._control, section.controls))) for section in made]

    def _control(self, control: pages.Control) -> pages.Control:
        if control.key not in self.texts:
            return control
        text = self.texts[control.key]
        entries = control.entries
        if entries:
            lines = text.split("\n")
            entries = tuple(
                replace(entry, text=lines[place] if place < len(lines) else "") for place, entry in enumerate(entries)
            )
        theirs = control.shown if control.key in self.conflicts else ""
        return replace(control, shown=text, entries=entries, theirs=theirs)


@login_required
@require_POST
@never_cache
@sensitive_post_parameters()
@sensitive_variables("typed")
def save(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Save one field for the script of the page, or every field that a plain form sends."""
    candidacy = candidacy_for(request, pk, policy.may_edit)
    if request.headers.get("X-Requested-With") == "fetch":
        return _save_one(request, candidacy)
    kept = Kept()
    for key in sorted(known_keys(candidacy.edition.spec) & set(request.POST)):
        typed = typed_in(request, candidacy, key)
        try:
            acts.save_field(candidacy, key, typed, expected=version_in(request, key), by=person(request))
        except acts.Conflict as conflict:
            kept.conflicts[key], kept.texts[key] = conflict.theirs, shown_typed(typed)
        except Refused as refusal:
            kept.texts[key] = shown_typed(typed)
            if str(refusal) not in [str(message) for message in messages.get_messages(request)]:
                messages.error(request, str(refusal))
    if kept.texts:
        if kept.conflicts:
            messages.error(
                request, _("Somebody else changed the same fields. Both texts are shown; save again to keep yours.")
            )
        return _form_page(request, candidacy, kept, status=409)
    messages.success(request, _("Saved at %(time)s.") % {"time": f"{timezone.localtime():%H:%M}"})
    return redirect("candidacy_form", candidacy.pk)


def typed_in(request: HttpRequest, candidacy: Candidacy, key: str) -> Any:
    """What was typed for a key: one text, or the entries of a list with their ids."""
    spec = next((spec for spec in candidacy.edition.spec.form if spec.key == key), None)
    if spec is None or spec.kind != "items":
        return request.POST.get(key, "")
    texts, ids = request.POST.getlist(key), request.POST.getlist(f"{key}.id")
    return [{"text": text, "id": ids[place] if place < len(ids) else ""} for place, text in enumerate(texts)]


def version_in(request: HttpRequest, key: str) -> int:
    """The version that was changed; what is no number counts as none, and so as a conflict where something stands."""
    given = request.POST.get(f"{key}.version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def shown_typed(typed: Any) -> str:
    return "\n".join(item["text"] for item in typed) if isinstance(typed, list) else str(typed)


def _save_one(request: HttpRequest, candidacy: Candidacy) -> JsonResponse:
    key, spec = request.POST.get("key", ""), candidacy.edition.spec
    try:
        saved = acts.save_field(
            candidacy,
            key,
            typed_in(request, candidacy, key),
            expected=version_in(request, key),
            by=person(request),
        )
    except acts.Conflict as conflict:
        return JsonResponse(
            {"code": "conflict", "message": str(conflict), **_theirs(spec, key, conflict.theirs)}, status=409
        )
    except Refused as refusal:
        return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=422)
    return JsonResponse(
        {
            "version": saved.version,
            "time": f"{timezone.localtime(saved.at):%H:%M}",
            "shown": pages.shown_answer(spec, key, saved.value),
            "findings": _findings(candidacy, key),
        }
    )


def _theirs(spec: Any, key: str, theirs: Answer) -> dict[str, Any]:
    """The other text, for the page to show beside one's own."""
    return {
        "version": theirs.version,
        "who": str(theirs.edited_by),
        "time": f"{timezone.localtime(theirs.edited_at):%H:%M}",
        "shown": pages.shown_answer(spec, key, theirs.value),
        "items": theirs.value
        if isinstance(theirs.value, list) and theirs.value and isinstance(theirs.value[0], dict)
        else [],
    }


def _findings(candidacy: Candidacy, key: str) -> dict[str, list[dict[str, str]]]:
    """What the form's rules say of this field, and of those that are compared with it (the number with birth and gender)."""
    record, spec = queries.record_of(candidacy), candidacy.edition.spec
    related = {key} | {one.key for one in spec.form if one.kind == "identity"}
    found: dict[str, list[dict[str, str]]] = {one: [] for one in related}
    for one in told(queries.form_findings(record, spec)):
        if one.field in related and (one.field == key or not one.code.endswith(".missing")):
            found[one.field].append({"severity": one.severity, "message": one.message})
    return found


@login_required
@require_GET
@never_cache
def standing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What still stands in the way: the part of the page that is fetched again after each save."""
    candidacy = candidacy_for(request, pk)
    answers = answers_of(candidacy)
    context = {
        **frame_of(request, candidacy, answers),
        "way": pages.way(queries.standing(candidacy, answers), candidacy.edition.spec),
    }
    return render(request, "candidacy/way.html", context)


@login_required
@require_POST
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree to the purposes that are ticked, or withdraw one."""
    candidacy, by = candidacy_for(request, pk, policy.is_candidate), person(request)
    try:
        if withdrawn := request.POST.get("withdraw", ""):
            acts.withdraw_consent(candidacy, withdrawn, by=by)
            messages.success(request, withdrawn_sentence(withdrawn))
        else:
            _agree(candidacy, request.POST.getlist("purpose"), by=by)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("candidacy_form", candidacy.pk)


def _agree(candidacy: Candidacy, purposes: list[str], *, by: User) -> None:
    if not purposes:
        raise Refused("nothing", _("Tick what you agree to. Nothing is used without it."))
    for purpose in purposes:
        acts.give_consent(candidacy, purpose, by=by)


def withdrawn_sentence(purpose: str) -> str:
    """What has followed from withdrawing."""
    return {
        "processing": _("Your candidacy has been withdrawn and what you wrote has been erased."),
        "sensitive": _("Your identity number, photo, telephone numbers and address have been erased."),
    }.get(purpose, _("It is written down that you do not agree to publication."))
