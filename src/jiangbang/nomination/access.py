"""Look-up and permission in one place: outsiders of an edition get 404, insiders without the right 403."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import may_read_register, may_see_people, roles_in
from jiangbang.nomination import policy
from jiangbang.nomination.guides import guided
from jiangbang.nomination.mailbox_models import Mail
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.nomination.queries import dossier_with_all
from jiangbang.programme.chosen import chosen_edition
from jiangbang.programme.models import Edition

Predicate = Callable[[User, Edition], bool]
Found = TypeVar("Found", Dossier, Intake, Packet, Mail)


def person(request: HttpRequest) -> User:
    """Who asks. The views stand behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user


def admit(user: User, edition: Edition, may: Predicate) -> None:
    """Let pass, or raise: 404 for who has no role in the edition, 403 for who lacks the right."""
    if may(user, edition):
        return
    if roles_in(user, edition.key):
        raise PermissionDenied
    raise Http404


def edition_for(request: HttpRequest, may: Predicate = policy.may_read_dossiers) -> Edition:
    """The chosen edition, if the person may."""
    edition = chosen_edition(request)
    if edition is None:
        raise Http404
    admit(person(request), edition, may)
    return edition


def first_room(request: HttpRequest) -> str:
    """The address with which a person who has no desk begins: register or people for the administrators, whatever packages above say;
    his own account where nothing of the edition waits for him yet.

    Empty for whoever has a desk, and for strangers.
    """
    edition, user = chosen_edition(request), person(request)
    if edition is None or policy.may_read_dossiers(user, edition):
        return ""
    if may_read_register(user, edition.key):
        return "register"
    if may_see_people(user, edition.key):
        return "people"
    return guided(user, edition) or ("account" if roles_in(user, edition.key) else "")


def _admitted(request: HttpRequest, found: Found | None, may: Predicate) -> Found:
    if found is None:
        raise Http404
    admit(person(request), found.edition, may)
    return found


def packet_for(request: HttpRequest, pk: int, may: Predicate = policy.may_read_dossiers) -> Packet:
    packets = Packet.objects.select_related("edition", "received_by", "late_by").defer("edition__document")
    return _admitted(request, packets.filter(pk=pk).first(), may)


def intake_for(request: HttpRequest, pk: UUID, may: Predicate = policy.may_receive_packets) -> Intake:
    return _admitted(
        request,
        Intake.objects.select_related("edition", "brought_by", "packet")
        .defer("edition__document")
        .filter(pk=pk)
        .first(),
        may,
    )


def mail_for(request: HttpRequest, pk: UUID, may: Predicate = policy.may_read_dossiers) -> Mail:
    mails = Mail.objects.select_related("edition", "decided_by").defer("edition__document")
    return _admitted(request, mails.filter(pk=pk).first(), may)


def dossier_for(request: HttpRequest, pk: UUID, may: Predicate = policy.may_read_dossiers) -> Dossier:
    return _admitted(request, dossier_with_all(str(pk)), may)
