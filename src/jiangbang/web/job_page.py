"""Work behind the scenes that was given up: what, why, and trying it again."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from jiangbang.accounts.models import User
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.performing import perform
from jiangbang.queue import queries
from jiangbang.queue.acts import retry_job
from jiangbang.queue.models import Job
from jiangbang.queue.policy import may_keep_queue
from jiangbang.web.people_page import admitted

# What people call the kinds of work; a kind without words of ours shows its name.
KINDS: dict[str, str | Promise] = {
    "outbox.deliver": _("Delivering a message"),
    "nomination.read_intake": _("Reading a packet"),
    "nomination.remind_units": _("Reminding the units"),
    "consultation.remind": _("Reminding the departments"),
    "review.remind": _("Reminding the experts"),
    "queue.forget_done": _("Clearing away finished work"),
}


def _keeper(request: HttpRequest) -> User:
    """Who asks: 404 to outsiders, 403 to insiders without the right."""
    return admitted(request, lambda person, _edition: may_keep_queue(person))[0]


@login_required
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """How the queue stands, and what was set aside, newest first."""
    _keeper(request)
    page = keyset(
        queries.set_aside(),
        ("-finished_at", "-id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    rows = [(job, KINDS.get(job.name, job.name)) for job in page.rows]
    return render(request, "web/job_list.html", {"page": page, "rows": rows, "health": queries.health()})


@login_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one piece of work back."""
    person, job = _keeper(request), Job.objects.filter(pk=pk).first()
    if job is None:
        raise Http404
    perform(request, lambda: retry_job(job, by=person), gettext("It is tried again now."))
    return redirect("job_list")
