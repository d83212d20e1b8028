"""The pages of the data officer: who looked, how long what is kept, the register of processing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts import step_up
from jiangbang.kernel.retention import read_retention
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.downloads import attachment
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.read_models import SensitiveRead
from jiangbang.privacy import assessing, policy
from jiangbang.privacy import processing as register
from jiangbang.privacy.keeping import apply_periods, last_day, preview
from jiangbang.privacy.pages import looks_listed


@login_required
@require_GET
@never_cache
def looks(request: HttpRequest) -> HttpResponse:
    """Who opened what is sensitive, newest first; of one person with `dossier` in the address."""
    edition = edition_for(request, policy.may_see_privacy)
    found = SensitiveRead.objects.filter(dossier__edition=edition).select_related("dossier", "reader")
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = keyset(found, ("-at", "-id"), after=after, before=before)
    context = {
        "edition": edition,
        "page": page,
        "rows": looks_listed(page.rows, edition),
        "months": read_retention(edition.spec.document)["reads"],
    }
    return render(request, "privacy/looks.html", context)


@login_required
@require_GET
@never_cache
def periods(request: HttpRequest) -> HttpResponse:
    """What is over now and soon, kind by kind."""
    edition = edition_for(request, policy.may_see_privacy)
    lines = preview(edition)
    context = {
        "edition": edition,
        "lines": lines,
        "last_day": last_day(edition),
        "due": sum(line.now for line in lines),
        "may_apply": policy.may_apply_periods(person(request), edition),
    }
    return render(request, "privacy/periods.html", context)


@login_required
@require_POST
@step_up.required
def apply(request: HttpRequest) -> HttpResponse:
    """Erase now what is over, as the night would."""
    edition = edition_for(request, policy.may_apply_periods)
    count = apply_periods(edition, by=person(request))
    messages.success(request, ngettext("%(n)s thing was erased.", "%(n)s things were erased.", count) % {"n": count})
    return redirect("privacy_periods")


@login_required
@require_GET
@never_cache
def processing(request: HttpRequest) -> HttpResponse:
    """The register of processing."""
    edition = edition_for(request, policy.may_see_privacy)
    context = {
        "edition": edition,
        "activities": register.rows(edition),
        "classes": register.field_classes(edition),
    }
    return render(request, "privacy/processing.html", context)


@login_required
@require_GET
@never_cache
def assessment(request: HttpRequest) -> HttpResponse:
    """The impact assessment, as things are set up now."""
    edition = edition_for(request, policy.may_see_privacy)
    context = {"edition": edition, "answers": assessing.assessment(edition), "made_at": timezone.now()}
    return render(request, "privacy/assessment.html", context)


@login_required
@require_GET
@never_cache
def processing_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    edition = edition_for(request, policy.may_see_privacy)
    return attachment(register.table(edition).encode(), f"{edition.slug}-processing.csv", "text/csv; charset=utf-8")
