"""The pages of the pool: the office's, and the expert's own."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.exports import KINDS
from jiangbang.nomination.listing import keyset
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.review import policy, pool, pool_pages
from jiangbang.review.access import entry_for, own_entry, rules_of
from jiangbang.review.bringing import rows_brought
from jiangbang.review.importing import TEMPLATE, ExpertList, as_text, read_experts
from jiangbang.review.models import Expert, PoolEntry
from jiangbang.review.profiles import Profile, profile_of, unsealed

State = PoolEntry.State


@login_required
@require_GET
@never_cache
def pool_list(request: HttpRequest) -> HttpResponse:
    """The edition's experts."""
    edition = edition_for(request, policy.may_watch_review)
    counts = pool_pages.state_counts(edition)
    found = pool_pages.narrowed(edition, request.GET)
    total = counts.get(request.GET.get("state", ""), sum(counts.values()))
    page = keyset(
        found,
        ("number",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        total=total,
    )
    context = {
        "leaves": pool_pages.leaves("review_pool"),
        "page": page,
        "rows": pool_pages.rows_of(page.rows, edition.spec, rules_of(edition)),
        "states": pool_pages.state_choices(counts),
        "state": request.GET.get("state", ""),
        "total": sum(counts.values()),
        "may_lead": policy.may_lead_review(person(request), edition),
    }
    return render(request, "review/pool.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def bring_list(request: HttpRequest) -> HttpResponse:
    """Bring a list of experts as a file or pasted, and look at it as it was read. Nothing is kept yet."""
    edition = edition_for(request, policy.may_lead_review)
    if request.method == "GET":
        return _list_page(request, edition, "", None)
    try:
        text = _brought(request)
    except Refused as refusal:
        return _list_page(request, edition, request.POST.get("people", ""), None, str(refusal))
    return _list_page(request, edition, text, _read(edition, text))


@login_required
@require_POST
@never_cache
def keep_list(request: HttpRequest) -> HttpResponse:
    """Take the experts of a list that was looked at into the pool."""
    edition = edition_for(request, policy.may_lead_review)
    text = request.POST.get("people", "").replace("\0", "")
    read = _read(edition, text)
    if not read.ready:
        return _list_page(request, edition, text, read)
    try:
        count = pool.list_experts(edition, read.rows, by=person(request))
    except Refused as refusal:
        return _list_page(request, edition, text, read, str(refusal))
    said = ngettext("%(n)d expert was taken into the pool.", "%(n)d experts were taken into the pool.", count)
    messages.success(request, said % {"n": count})
    return redirect("review_pool")


def _brought(request: HttpRequest) -> str:
    """The list as text: of the file where one came, else as pasted. Refused: `unreadable`."""
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("people", "").replace("\0", "")
    return as_text(rows_brought(upload))


def _read(edition: Edition, text: str) -> ExpertList:
    known = set(Expert.objects.filter(programme=edition.programme).values_list("contact_index", flat=True))
    return read_experts(text, edition.spec, rules_of(edition), is_known=known.__contains__)


def _list_page(
    request: HttpRequest, edition: Edition, text: str, read: ExpertList | None, refusal: str = ""
) -> HttpResponse:
    context = {
        "leaves": pool_pages.leaves("review_pool"),
        "read": read,
        "lines": pool_pages.lines_of(read.rows, edition.spec) if read else [],
        "known": sum(row.known for row in read.rows) if read else 0,
        "text": text,
        "refusal": refusal,
        "headings": TEMPLATE,
    }
    return render(request, "review/bring.html", context)


@login_required
@require_GET
def list_template(request: HttpRequest) -> HttpResponse:
    """An empty list for recommenders to fill in."""
    edition = edition_for(request, policy.may_lead_review)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, head = book.add_worksheet(_("Experts")), book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(TEMPLATE):
            sheet.set_column(place, place, 18)
            sheet.write_string(0, place, heading, head)
        notes = book.add_worksheet(_("Classes"))
        notes.set_column(1, 1, 40)
        for line, choice in enumerate(edition.spec.industry_classes):
            notes.write_string(line, 0, choice.code)
            notes.write_string(line, 1, choice.label)
    name = quote(_("Recommended experts"), safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}.xlsx"}
    return HttpResponse(out.getvalue(), content_type=KINDS["xlsx"], headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def expert(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One expert: profile, standing, history over the editions; the office brings the profile up to date here."""
    if request.method == "GET":
        return _expert_page(request, entry_for(request, pk))
    entry = entry_for(request, pk, policy.may_lead_review)
    try:
        pool.change_profile(entry, **profile_sent(request.POST), by=person(request))
    except Refused as refusal:
        return _expert_page(request, entry, sent=request.POST, refusal=str(refusal))
    messages.success(request, _("The profile is up to date."))
    return redirect("review_expert", entry.pk)


def _expert_page(request: HttpRequest, entry: PoolEntry, **more: Any) -> HttpResponse:
    edition = entry.edition
    may_lead = policy.may_lead_review(person(request), edition)
    history = PoolEntry.objects.filter(expert=entry.expert).select_related("edition").defer("edition__document")
    context = {
        "leaves": pool_pages.leaves("review_pool"),
        "entry": entry,
        "tone": pool_pages.TONES[State(entry.state)],
        "reason": unsealed(entry.expert, bytes(entry.sealed_reason)),
        "history": history.order_by("-listed_at"),
        "may_lead": may_lead,
        "may_remove": may_lead and entry.state != State.REMOVED,
        **profile_context(entry, more.get("sent")),
        **more,
    }
    return render(request, "review/expert.html", context)


def profile_context(entry: PoolEntry, sent: QueryDict | None = None) -> dict[str, Any]:
    """The profile for its form: as sent where it was refused, else as it stands."""
    if sent is None:
        profile, region, capacity = profile_of(entry.expert), entry.expert.region, str(entry.capacity)
        classes = list(entry.expert.classes)
    else:
        said = {name: sent.get(name, "").replace("\0", "") for name in Profile.__slots__}
        profile, region, capacity = Profile(**said), sent.get("region", ""), sent.get("capacity", "")
        classes = sent.getlist("classes")
    names = pool_pages.class_names(entry.edition.spec)
    return {
        "profile": profile,
        "region": region,
        "capacity": capacity,
        "classes": pool_pages.class_choices(entry.edition.spec, classes),
        "class_names": [names.get(code, code) for code in classes],
    }


def profile_sent(sent: QueryDict) -> dict[str, Any]:
    """What a form of a profile sent, for the act."""
    said = {name: sent.get(name, "").replace("\0", "").strip() for name in Profile.__slots__}
    limits = {"works": 4000, "specialties": 1000, "email": 254, "employer": 200}
    capacity = sent.get("capacity", "")
    return {
        "profile": Profile(**{name: value[: limits.get(name, 100)] for name, value in said.items()}),
        "classes": sent.getlist("classes"),
        "region": sent.get("region", "").replace("\0", ""),
        "capacity": int(capacity) if capacity.isdecimal() and len(capacity) < 6 else 0,
    }


@login_required
@require_POST
@never_cache
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite an expert by a link, which is shown this once."""
    entry = entry_for(request, pk, policy.may_lead_review)
    try:
        token = pool.invite_expert(entry, by=person(request))
    except Refused as refusal:
        return _expert_page(request, entry, refusal=str(refusal))
    link = request.build_absolute_uri(f"/invitation/{token}/")
    return _expert_page(request, entry, link=link, posted=bool(profile_of(entry.expert).email))


@login_required
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove an expert from the pool."""
    entry = entry_for(request, pk, policy.may_lead_review)
    reason = request.POST.get("reason", "").replace("\0", "")
    perform(
        request,
        lambda: pool.remove_expert(entry, reason=reason, by=person(request)),
        _("The expert is in the pool no more. The reason is kept."),
    )
    return redirect("review_expert", entry.pk)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def own_profile(request: HttpRequest) -> HttpResponse:
    """The expert's own profile."""
    entry = own_entry(request)
    if entry.state == State.REMOVED:
        raise PermissionDenied
    context: dict[str, Any] = {"entry": entry, "own": True}
    if request.method == "POST":
        try:
            pool.change_profile(entry, **profile_sent(request.POST), by=person(request), own=True)
        except Refused as refusal:
            context |= {"sent": request.POST, "refusal": str(refusal)}
        else:
            messages.success(request, _("The profile is up to date."))
            return redirect("review_mine")
    return render(request, "review/profile.html", {**context, **profile_context(entry, context.get("sent"))})


@login_required
@require_POST
def own_agree(request: HttpRequest) -> HttpResponse:
    """The expert agrees to review."""
    entry = own_entry(request)
    perform(request, lambda: pool.agree(entry, by=person(request)), _("Thank you. You will hear of the draw."))
    return redirect("review_mine")


@login_required
@require_POST
def own_decline(request: HttpRequest) -> HttpResponse:
    """The expert does not review in this edition."""
    entry = own_entry(request)
    reason = request.POST.get("reason", "").replace("\0", "")
    perform(
        request,
        lambda: pool.decline(entry, reason=reason, by=person(request)),
        _("You do not review in this edition. Thank you for saying so."),
    )
    return redirect("review_mine")


def perform(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Perform an act and say how it went."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True
