"""The shell's own pages: edition switch and gallery."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import is_organiser, roles_in
from jiangbang.programme.chosen import SESSION_KEY, chosen_edition
from jiangbang.programme.queries import find_edition
from jiangbang.web.gallery import examples


@login_required
@require_POST
def switch_edition(request: HttpRequest) -> HttpResponse:
    """Work in another edition from now on."""
    edition = find_edition(request.POST.get("edition", ""))
    if edition is None:
        raise Http404
    request.session[SESSION_KEY] = edition.key
    return HttpResponseRedirect("/")


@login_required
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states. For the office, and for whoever develops or demonstrates."""
    edition = chosen_edition(request)
    assert isinstance(request.user, User)
    if not (settings.DEBUG or settings.JIANGBANG_DEMO or (edition and is_organiser(request.user, edition.key))):
        if edition and roles_in(request.user, edition.key):
            raise PermissionDenied
        raise Http404
    return render(request, "web/gallery.html", examples())
