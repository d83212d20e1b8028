"""The people of an edition: who has which role, who is invited, and what the office and the administrators do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiangbang.accounts import acts, invitations, sessions
from jiangbang.accounts.models import ADMINISTRATORS, Invitation, Membership, Role, User
from jiangbang.accounts.policy import (
    LINK_ROLES,
    grantable,
    hidden_roles,
    may_close_accounts,
    may_invite,
    may_see_people,
    roles_in,
)
from jiangbang.nomination.listing import keyset
from jiangbang.nomination.pages import unit_names
from jiangbang.nomination.performing import perform
from jiangbang.programme.chosen import chosen_edition
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.web.invitation_mail import post_link
from jiangbang.web.invitation_page import scope_label

DAYS = (3, 7, 14, 30, 90)


@dataclass(frozen=True, slots=True)
class Holding:
    """One role of one person, in words; `mine_to_give`: the reader may withdraw it."""

    pk: int
    pk_text: str
    role: str
    scope: str
    everywhere: bool
    mine_to_give: bool


def admitted(request: HttpRequest, may: Callable[[User, str], bool] = may_see_people) -> tuple[User, Edition]:
    """Who asks, and the chosen edition: 404 to outsiders, 403 to insiders without the right."""
    edition, person = chosen_edition(request), request.user
    assert isinstance(person, User)
    if edition is None or not roles_in(person, edition.key):
        raise Http404
    if not may(person, edition.key):
        raise PermissionDenied
    return person, edition


def people_of(edition: Edition, hidden: Iterable[Role]) -> QuerySet[User]:
    """Everybody with a role in the edition, with the roles that the reader is shown (`shown_roles`)."""
    shown = Membership.objects.filter(edition__in=("", edition.key)).exclude(role__in=hidden).order_by("role", "scope")
    return (
        User.objects.filter(pk__in=shown.order_by().values("user"))
        .exclude(username__startswith="console-")
        .prefetch_related(Prefetch("memberships", queryset=shown, to_attr="shown_roles"))
    )


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Names and roles, filtered by role, found by name."""
    person, edition = admitted(request)
    role, wanted = request.GET.get("role", ""), request.GET.get("q", "").replace("\0", "").strip()
    page = keyset(
        narrowed(edition, person, request.GET),
        ("display_name", "id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "rows": [(one, holdings(one, edition, {})) for one in page.rows],
        "roles": role_choices(set(Role) - hidden_roles(person, edition.key)),
        "role": role,
        "q": wanted,
        "narrowed": bool(role or wanted),
        "may_invite": may_invite(person, edition.key),
        "open_invitations": open_invitations(edition, person).count(),
    }
    return render(request, "web/people.html", context)


def narrowed(edition: Edition, reader: User, query: Mapping[str, str]) -> QuerySet[User]:
    """The people as the address narrows them, as far as the reader is shown them. Unordered."""
    found = people_of(edition, hidden_roles(reader, edition.key))
    role, wanted = query.get("role", ""), query.get("q", "").replace("\0", "").strip()
    if role in Role.values:
        found = found.filter(memberships__role=role, memberships__edition__in=("", edition.key)).distinct()
    if wanted:
        found = found.filter(Q(display_name__icontains=wanted) | Q(username__icontains=wanted))
    return found


def role_choices(roles: Iterable[Role]) -> list[dict[str, Any]]:
    """Roles as a filter or a select shows them, in the order of the list."""
    return [{"value": role.value, "label": role.label} for role in Role if role in set(roles)]


def gives(reader: User, edition: Edition) -> dict[str, frozenset[Role]]:
    """The roles that the reader may give: here, and in every edition."""
    return {where: grantable(reader, where) for where in (edition.key, "")}


def holdings(one: User, edition: Edition, given: Mapping[str, frozenset[Role]]) -> list[Holding]:
    """The person's roles in words, as far as the reader is shown them; `given`: those that the reader may take, by edition."""
    shown: list[Membership] = one.__dict__.get("shown_roles", [])
    return [
        Holding(
            held.pk,
            str(held.pk),
            str(Role(held.role).label),
            scope_label(edition, held.role, held.scope),
            not held.edition,
            held.role in given.get(held.edition, ()),
        )
        for held in shown
    ]


def one_of(request: HttpRequest, pk: int) -> tuple[User, Edition, User]:
    """Who asks, the edition, and one of its people as far as the reader is shown them; 404 for anybody else."""
    reader, edition = admitted(request)
    found = people_of(edition, hidden_roles(reader, edition.key)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return reader, edition, found


@login_required
@require_GET
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles here, and what may be done."""
    reader, edition, found = one_of(request, pk)
    may_close = found != reader and may_close_accounts(reader, edition.key)
    context = {
        "one": found,
        "holdings": holdings(found, edition, {} if found == reader else gives(reader, edition)),
        "is_self": found == reader,
        "may_close": may_close,
        "sessions": sessions.sessions_of(found) if may_close else [],
        **offered(reader, edition),
    }
    return render(request, "web/person.html", context)


def offered(reader: User, edition: Edition) -> dict[str, Any]:
    """What the forms that give a role offer. Candidates and employers are invited where their candidacy is."""
    everywhere, here = grantable(reader, ""), grantable(reader, edition.key)
    given = {role for role in here - LINK_ROLES if role not in ADMINISTRATORS or role in everywhere}
    return {"given": role_choices(given), "units": unit_names(edition.spec), "days": DAYS}


def asked_for(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """Role, edition and scope of a sent form. Refused: `role`, `scope`."""
    role = request.POST.get("role", "")
    if role not in set(Role.values) - LINK_ROLES:
        raise Refused("role", _("Choose a role."))
    # the form has one field for each kind of scope, named as the role
    scope = request.POST.get(role, "").replace("\0", "").strip() if role in (Role.UNIT, Role.DEPARTMENT) else ""
    if role == Role.UNIT and scope not in unit_names(edition.spec):
        raise Refused("scope", _("Choose the unit that the person acts for."))
    if role == Role.DEPARTMENT and not 0 < len(scope) <= 40:
        raise Refused("scope", _("Name the department that the person acts for, in 40 characters at most."))
    where = "" if role in ADMINISTRATORS else edition.key
    return {"role": Role(role), "edition": where, "scope": scope}


@login_required
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one of the edition's people another role."""
    reader, edition, found = one_of(request, pk)
    perform(request, lambda: acts.grant_role(found, **asked_for(request, edition), by=reader))
    return redirect("person", pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role from one of the edition's people."""
    reader, edition = admitted(request)
    held = Membership.objects.select_related("user").filter(pk=pk, edition__in=("", edition.key)).first()
    if held is None or held.role in hidden_roles(reader, edition.key):
        raise Http404
    try:
        acts.withdraw_role(held, by=reader)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("person", held.user_id)
    messages.success(
        request, _("%(name)s no longer has the role: %(role)s.") % {"name": held.user, "role": Role(held.role).label}
    )
    return redirect("people")


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account."""
    return _open_or_close(request, pk, acts.close_account)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen an account."""
    return _open_or_close(request, pk, acts.reopen_account)


def _open_or_close(request: HttpRequest, pk: int, act: Callable[..., None]) -> HttpResponse:
    reader, edition, found = one_of(request, pk)
    if not may_close_accounts(reader, edition.key):
        raise PermissionDenied
    perform(request, lambda: act(found, by=reader, edition=edition.key))
    return redirect("person", pk)


@login_required
@require_POST
@never_cache
def give_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password for somebody who has lost his, shown this once."""
    reader, edition, found = one_of(request, pk)
    if not may_close_accounts(reader, edition.key):
        raise PermissionDenied
    try:
        password = acts.give_password(found, by=reader, edition=edition.key)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("person", pk)
    return render(request, "web/password_given.html", {"one": found, "password": password})


@login_required
@require_POST
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out everywhere."""
    reader, edition, found = one_of(request, pk)
    if not may_close_accounts(reader, edition.key):
        raise PermissionDenied
    ended = acts.end_sessions(found, by=reader, edition=edition.key)
    told = ngettext("%(count)s browser is signed out.", "%(count)s browsers are signed out.", ended)
    messages.success(request, told % {"count": ended})
    return redirect("person", pk)


def open_invitations(edition: Edition, reader: User) -> QuerySet[Invitation]:
    """Invitations that may still be taken up, newest first, without the ones of roles that the reader is not shown."""
    return (
        Invitation.objects.filter(edition__in=("", edition.key), used_at=None, revoked_at=None, account=None)
        .filter(expires_at__gt=timezone.now())
        .exclude(role__in=hidden_roles(reader, edition.key))
        .select_related("invited_by")
    )


@login_required
@require_GET
@never_cache
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Who is invited and has not come yet."""
    reader, edition = admitted(request)
    found = open_invitations(edition, reader)
    page = keyset(found, ("-made_at", "id"), after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    given = gives(reader, edition)
    rows = [
        {
            "invitation": one,
            "whom": invitations.addressee(one),
            "role": Role(one.role).label,
            "scope": scope_label(edition, one.role, one.scope),
            "may_revoke": one.role in given[one.edition],
        }
        for one in page.rows
    ]
    context = {"page": page, "rows": rows, "may_invite": may_invite(reader, edition.key)}
    return render(request, "web/invitations.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by a link, which is shown this once."""
    reader, edition = admitted(request, may_invite)
    context = {**offered(reader, edition), "sent": request.POST}
    if request.method == "POST":
        try:
            made, token, posted = _invite(request, edition, by=reader)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            context["posted"] = posted
            context["link"] = request.build_absolute_uri(reverse("invitation", args=[token]))
            context["made"] = made
            context["role"] = Role(made.role).label
    return render(request, "web/invite.html", context)


@transaction.atomic
def _invite(request: HttpRequest, edition: Edition, *, by: User) -> tuple[Invitation, str, bool]:
    """Make the invitation and, where an address of mail was given and it is wanted, post its message with it."""
    made, token = invitations.invite(**asked_for(request, edition), **_addressed(request), by=by)
    posted = request.POST.get("send") == "yes" and post_link(made, token, language=_language())
    return made, token, posted


def _language() -> str:
    return "en" if get_language() == "en" else "zh"


def _addressed(request: HttpRequest) -> dict[str, Any]:
    """Name, address and validity of a sent form. Refused: `name`, `span`."""
    name = request.POST.get("name", "").replace("\0", "").strip()
    if not 0 < len(name) <= 100:
        raise Refused("name", _("Say who is invited, in 100 characters at most."))
    days = request.POST.get("days", "14")
    if days not in map(str, DAYS):
        raise Refused("span", _("Choose how long the link is valid."))
    address = request.POST.get("address", "").replace("\0", "").strip()[:254]
    return {"name": name, "address": address, "valid_for": timedelta(days=int(days))}


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    reader, edition = admitted(request)
    found = Invitation.objects.filter(pk=pk, edition__in=("", edition.key)).first()
    if found is None or found.role in hidden_roles(reader, edition.key):
        raise Http404
    perform(request, lambda: invitations.revoke(found, by=reader), _("The link no longer opens."))
    return redirect("invitation_list")
