"""The contacts of the units, and what they were reminded of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jiangbang.nomination import contacts
from jiangbang.nomination.access import edition_for, person
from jiangbang.nomination.contact_models import UnitContact
from jiangbang.nomination.pages import unit_names
from jiangbang.nomination.performing import perform
from jiangbang.nomination.queries import ledger
from jiangbang.nomination.reminders import due_kind, standing
from jiangbang.outbox.addresses import shown_address
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused


@dataclass(frozen=True, slots=True)
class Row:
    """A contact as the list shows it."""

    pk: int
    unit: str
    name: str
    address: str


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def contact_list(request: HttpRequest) -> HttpResponse:
    """Whom the office writes to at each unit; a pasted table adds to it. What was pasted stays when it is refused."""
    edition = edition_for(request, contacts.may_keep_contacts)
    if request.method == "GET":
        return _page(request, edition)
    pasted = request.POST.get("rows", "").replace("\0", "")
    try:
        count = contacts.keep_contacts(edition, contacts.read_rows(pasted, edition.spec), by=person(request))
    except Refused as refusal:
        return _page(request, edition, pasted, str(refusal))
    said = ngettext("%(count)d contact was kept.", "%(count)d contacts were kept.", count) % {"count": count}
    messages.success(request, said)
    return redirect("contact_list")


def _page(request: HttpRequest, edition: Edition, pasted: str = "", refusal: str = "") -> HttpResponse:
    names, found = unit_names(edition.spec), list(contacts.contacts_of(edition))
    reached = {contact.unit_code for contact in found}
    rows = [
        Row(one.pk, names.get(one.unit_code, one.unit_code), one.name, shown_address(contacts.address_of(one, edition)))
        for one in found
    ]
    context = {
        "rows": rows,
        "without": [name for code, name in names.items() if code not in reached],
        "pasted": pasted,
        "refusal": refusal,
        "reminders": reminders_now(edition),
    }
    return render(request, "nomination/contact_list.html", context)


def reminders_now(edition: Edition) -> list[dict[str, Any]]:
    """How many units each kind of reminder is due for at this moment."""
    left = edition.deadline.at - edition.now()
    kinds = [due_kind(standing(line), left) for line in ledger(edition)]
    labels = {
        "not_started": _("not started"),
        "incomplete": _("not complete"),
        "three_days": _("three days left"),
        "one_day": _("one day left"),
    }
    return [{"label": label, "count": kinds.count(kind)} for kind, label in labels.items() if kind in kinds]


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to somebody no more."""
    edition = edition_for(request, contacts.may_keep_contacts)
    contact = UnitContact.objects.filter(pk=pk, edition=edition).select_related("edition").first()
    if contact is None:
        raise Http404
    perform(
        request,
        lambda: contacts.remove_contact(contact, by=person(request)),
        _("%(name)s is written to no more.") % {"name": contact.name},
    )
    return redirect("contact_list")
