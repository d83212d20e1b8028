"""The office's pages of the conferral: who waits, who holds what, the ceremony, one title with its certificate and revocation."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.conferral import papers, policy
from jiangbang.conferral.award_models import Award
from jiangbang.conferral.certificates import day_of_issue
from jiangbang.conferral.conferring import confer, hand_over, take_back, to_confer
from jiangbang.conferral.issuing import Batch, Titled, files_of, issue_certificates, prepare
from jiangbang.conferral.pages import handed_counts, handed_of, listed_of
from jiangbang.conferral.queries import awards_of, rules_of
from jiangbang.conferral.revoking import confirm_revocation, decline_revocation, note_recovered, propose_revocation
from jiangbang.kernel.edition import TitleSpec
from jiangbang.kernel.pipe import Pipe
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.pages import label_of
from jiangbang.nomination.performing import perform
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.review.paper_views import PAPER_KINDS, paper_response

PAPERS = {"decision": papers.decision, "handing": papers.handing_list}


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Who waits for a title, who holds one, what was handed over."""
    edition = edition_for(request, policy.may_watch_conferral)
    awards, rules = awards_of(edition), rules_of(edition)
    handed, waiting = handed_of(awards), to_confer(edition)
    titles = {title.key: label_of(title) for title in edition.spec.titles}
    context = {
        "edition": edition,
        "lists": listed_of(edition, awards),
        "waiting": [(entry, titles.get(entry.title, entry.title)) for entry in waiting],
        "items": rules.handed_over,
        "handed": handed,
        "counts": handed_counts(handed, rules.handed_over, sum(one.held for one in awards)),
        "may_lead": policy.may_confer(person(request), edition),
    }
    return render(request, "conferral/desk.html", context)


@login_required
@require_POST
@step_up.required
def make(request: HttpRequest) -> HttpResponse:
    """Confer the titles of everybody who waits."""
    edition, made = edition_for(request, policy.may_confer), []
    if perform(request, lambda: made.extend(confer(edition, by=person(request)))):
        sentence = ngettext("%(count)s title is conferred.", "%(count)s titles are conferred.", len(made))
        messages.success(request, sentence % {"count": len(made)})
    return redirect("conferral_desk")


@login_required
@require_GET
@never_cache
def ceremony(request: HttpRequest) -> HttpResponse:
    """The running order on a phone: a tick for each thing that is handed over. What a colleague ticks is there after a reload."""
    edition = edition_for(request, policy.may_confer)
    awards, rules = awards_of(edition), rules_of(edition)
    handed = handed_of(awards)
    context = {
        "edition": edition,
        "lists": [one for one in listed_of(edition, awards) if one.held],
        "items": rules.handed_over,
        "handed": handed,
        "counts": handed_counts(handed, rules.handed_over, sum(one.held for one in awards)),
    }
    return render(request, "conferral/ceremony.html", context)


@login_required
@require_GET
@never_cache
def paper(request: HttpRequest, which: str, kind: str) -> HttpResponse:
    """The decision, or the list for the ceremony, as PDF or Word."""
    edition = edition_for(request, policy.may_watch_conferral)
    make_paper = PAPERS.get(which)
    if make_paper is None or kind not in PAPER_KINDS or not Award.objects.filter(edition=edition).exists():
        raise Http404
    return paper_response(make_paper(edition), kind)


@login_required
@require_POST
@never_cache
@step_up.required
def certificates(request: HttpRequest) -> HttpResponseBase:
    """The signed certificates of everybody who holds a title, as one archive, or with `award` of one person as a PDF. Each batch is
    registered before its first file is written."""
    edition, by = edition_for(request, policy.may_make_certificates), person(request)
    wanted = request.POST.get("award", "")
    held = [one for one in awards_of(edition) if one.held and (not wanted or str(one.pk) == wanted)]
    people = [Titled(one.number, one.name, one.employer, one.title) for one in held]
    try:
        batch = prepare(edition, people, day_of_issue(edition), by=by)
        issue_certificates(edition, batch, by=by)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("conferral_desk")
    if wanted:
        _name, content = next(files_of(batch))
        response: HttpResponseBase = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = 'attachment; filename="certificate.pdf"'
    else:
        response = StreamingHttpResponse(_zipped(batch), content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="certificates.zip"'
    return response


def _zipped(batch: Batch) -> Iterator[bytes]:
    """The files of a batch as a zip that is written while it is sent: memory for one certificate, however many there are."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as packed:
        for name, content in files_of(batch):
            packed.writestr(name, content)
            yield pipe.taken()
    yield pipe.taken()


@login_required
@require_GET
@never_cache
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """One title: its holder, what was handed over, its revocation."""
    found = _award(request, pk, policy.may_watch_conferral)
    context = {
        "award": found,
        "title": label_of(_title(found)),
        "items": rules_of(found.edition).handed_over,
        "handed": set(found.handed.values_list("item", flat=True)),
        "revocations": found.revocations.select_related("proposed_by", "decided_by"),
        "may_lead": policy.may_confer(person(request), found.edition),
        "mine": person(request).pk,
    }
    return render(request, "conferral/award.html", context)


@login_required
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or take back the tick of a thing that is handed over."""
    found, by = _award(request, pk, policy.may_confer), person(request)
    item, back = request.POST.get("item", ""), request.POST.get("back") == "yes"
    perform(request, lambda: (take_back if back else hand_over)(found, item, by=by))
    if request.POST.get("to") == "award":
        return redirect("award", found.pk)
    return redirect(f"{reverse('conferral_ceremony')}#award-{found.pk}")


@login_required
@require_POST
@step_up.required
def revocation(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Propose, confirm or turn down the revocation of a title; note that certificate and plaque came back."""
    found, by = _award(request, pk, policy.may_confer), person(request)
    said = {key: request.POST.get(key, "").replace("\0", "") for key in ("ground", "resolution")}
    if what == "propose":
        done = _("Proposed. Another person confirms it.")
        perform(request, lambda: propose_revocation(found, **said, by=by), done)
        return redirect("award", found.pk)
    steps = {
        "confirm": (confirm_revocation, _("The title is revoked; roll and verification say so already.")),
        "decline": (decline_revocation, _("The title stays.")),
        "recover": (note_recovered, _("Noted.")),
    }
    latest = found.revocations.last()
    if what not in steps or latest is None:
        raise Http404
    step, done = steps[what]
    perform(request, lambda: step(latest, by=by), done)
    return redirect("award", found.pk)


def _award(request: HttpRequest, pk: int, may: policy.Right) -> Award:
    edition = edition_for(request, may)
    found = Award.objects.select_related("edition", "dossier", "conferred_by").filter(edition=edition, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _title(found: Award) -> TitleSpec:
    edition: Edition = found.edition
    return next(title for title in edition.spec.titles if title.key == found.title)
