"""The office's page of archives."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jiangbang.archive import policy
from jiangbang.archive.archiving import file_of, order_archive
from jiangbang.archive.models import Archive
from jiangbang.conferral.award_models import Award
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.models import Dossier
from jiangbang.nomination.performing import perform
from jiangbang.notice.notice_models import Notice
from jiangbang.register.models import Entry


@login_required
@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """What would go in, the archive that is being made, and those that were; only the latter for whoever asks again and again."""
    edition = edition_for(request, policy.may_see_archives)
    archives = list(Archive.objects.filter(edition=edition).select_related("ordered_by"))
    context = {
        "edition": edition,
        "archives": archives,
        "making": any(one.state == Archive.State.ORDERED for one in archives),
        "may_archive": policy.may_archive(person(request), edition),
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "archive/rows.html", context)
    context |= {
        "dossiers": Dossier.objects.filter(edition=edition).exclude(state=Dossier.State.SUPERSEDED).count(),
        "titles": Award.objects.filter(edition=edition).count(),
        "notices": Notice.objects.filter(edition=edition, published_at__isnull=False).count(),
        "entries": Entry.objects.filter(edition=edition.key).count(),
    }
    return render(request, "archive/desk.html", context)


@login_required
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Order an archive."""
    edition = edition_for(request, policy.may_archive)
    done = _("It is being made; you may leave this page.")
    perform(request, lambda: order_archive(edition, by=person(request)), done)
    return redirect("archive_desk")


@login_required
@require_GET
@never_cache
def package(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An archive that was made. It names nobody but whoever stood before the public."""
    edition = edition_for(request, policy.may_see_archives)
    found = Archive.objects.filter(edition=edition, pk=pk, state=Archive.State.MADE).first()
    if found is None or not file_of(found).exists():
        raise Http404
    name = f"{edition.programme}-{edition.slug}-{found.pk}.zip"
    return FileResponse(file_of(found).open("rb"), as_attachment=True, filename=name, content_type="application/zip")
