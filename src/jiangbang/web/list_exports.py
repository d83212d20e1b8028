"""The shell's lists as files: the register, the people, the messages, each as its page is filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiangbang.accounts import step_up
from jiangbang.accounts.models import User
from jiangbang.accounts.policy import may_read_register, may_see_people
from jiangbang.nomination.access import person
from jiangbang.nomination.exports import ListExport, list_response
from jiangbang.nomination.policy import may_read_dossiers
from jiangbang.outbox import queries
from jiangbang.outbox.policy import may_read_outbox
from jiangbang.papers.tables import Column
from jiangbang.programme.models import Edition
from jiangbang.register.models import Entry
from jiangbang.web import outbox_page, people_page, register_page
from jiangbang.web.people_page import admitted

CHUNK = 500


def _here(may: Callable[[User, str], bool]) -> Callable[[User, Edition], bool]:
    """A right of accounts, asked of an edition."""
    return lambda user, edition: may(user, edition.key)


@login_required
@require_GET
@step_up.required
def register_list(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The register in words. What an outsider verifies is the register's own export, not this."""
    edition = register_page.readable_edition(request)
    names = may_read_dossiers(person(request), edition)
    columns: list[Column[register_page.Said]] = [
        Column(_("No."), lambda entry: entry.index, 8),
        Column(_("When"), lambda entry: entry.at, 18),
        Column(_("What"), lambda entry: entry.says, 20),
        Column(_("About"), lambda entry: entry.subject, 20),
        Column(_("Who"), lambda entry: entry.actor, 16),
        Column(_("Facts"), lambda entry: _("; ").join(f"{name} {value}" for name, value in entry.facts), 60),
        Column(_("Hash of that entry"), lambda entry: entry.leaf, 66),
    ]
    rows = _said(register_page.narrowed(request.GET), edition, names)
    listed = ListExport("register", _("register"), columns, rows)
    return list_response(listed, kind, edition=edition, by=person(request), may=_here(may_read_register))


def _said(found: QuerySet[Entry], edition: Edition, names: bool) -> Iterator[register_page.Said]:
    """Entries in words, so many at a time: what they are about is looked up for all of these at once."""
    chunk: list[Entry] = []
    for entry in found.iterator(chunk_size=CHUNK):
        chunk.append(entry)
        if len(chunk) == CHUNK:
            yield from register_page.said(chunk, edition, names=names)
            chunk = []
    yield from register_page.said(chunk, edition, names=names)


@login_required
@require_GET
@step_up.required
def people_list(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Names and roles."""
    reader, edition = admitted(request)

    def roles(one: User) -> str:
        held = people_page.holdings(one, edition, {})
        return _("; ").join(f"{role.role} {role.scope}".rstrip() for role in held)

    columns: list[Column[User]] = [
        Column(_("Name"), str, 16),
        Column(_("Account"), lambda one: one.username, 20),
        Column(_("Role"), roles, 40),
        Column(_("Last signed in"), lambda one: one.last_login, 18),
    ]
    rows = people_page.narrowed(edition, reader, request.GET).order_by("display_name", "id").iterator(chunk_size=CHUNK)
    listed = ListExport("people", _("people"), columns, rows)
    return list_response(listed, kind, edition=edition, by=reader, may=_here(may_see_people))


@login_required
@require_GET
@step_up.required
def outbox_list(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Who got what and when; never what a message says."""
    reader, edition = admitted(request, may_read_outbox)

    def posted(row: outbox_page.Row) -> datetime:
        return row.posted_at

    columns: list[Column[outbox_page.Row]] = [
        Column(_("To"), lambda row: row.name, 16),
        Column(_("Address"), lambda row: row.address, 28),
        Column(_("Subject"), lambda row: row.subject, 40),
        Column(_("Purpose"), lambda row: row.purpose, 20),
        Column(_("State"), lambda row: row.state, 12),
        Column(_("Error"), lambda row: row.error, 30),
        Column(_("Posted"), posted, 18),
        Column(_("Sent"), lambda row: row.sent_at, 18),
    ]
    wanted = outbox_page.Wanted.from_query(request.GET)
    found = wanted.of(queries.messages_of(edition.key)).order_by("-posted_at", "-id")
    rows = (row for message in found.iterator(chunk_size=CHUNK) for row in outbox_page.rows([message]))
    listed = ListExport("outbox", _("messages"), columns, rows)
    return list_response(listed, kind, edition=edition, by=reader, may=_here(may_read_outbox))
