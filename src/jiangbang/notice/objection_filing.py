"""How an objection comes in: from the web by whoever makes it, or by letter and telephone through the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.objections import read_objections
from jiangbang.notice import policy
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_case import Identity, hash_of, keep_file, new_secret, put, put_identity
from jiangbang.notice.objection_days import stands_until, today, working_days_on
from jiangbang.notice.objection_files import Sent
from jiangbang.notice.objection_models import Objection
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record

# Facts shorter than this say nothing that could be looked into; longer ones belong into a file.
LEAST_FACTS: Final = 10
MOST_FACTS: Final = 4_000
_MOST: Final = {"name": 50, "unit": 100, "contact": 100, "address": 200}


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says: as who, against which entry, what, and with which files."""

    source: str
    identity: Identity
    facts: str
    files: Sequence[Sent] = field(default=())


def public_account() -> User:
    """The account in whose name the public acts on the web: nobody can sign in with it."""
    sealed = {"is_active": False, "display_name": "公众", "password": make_password(None)}
    return User.objects.get_or_create(username="public", defaults=sealed)[0]


@act("objection.filed")
def file_objection(entry: NoticeEntry, statement: Statement, *, by: User) -> tuple[Objection, str]:
    """Take an objection from the web; returns the case and the secret that opens it, which is told this once.

    Refused: `over` when the notice no longer stands; `struck`; `name`, `contact`, `unit`, `seal`, `facts`, `too_long`.
    """
    edition = _locked(entry)
    if today(edition) > stands_until(entry):
        raise Refused("over", _("The notice is over: objections are no longer taken on this page."))
    _check(statement)
    return _kept(entry, edition, statement, Objection.Channel.WEB, today(edition), by=by, entered_by=None)


@act("objection.entered")
def enter_objection(
    entry: NoticeEntry, statement: Statement, *, channel: str, counted_on: date, by: User
) -> tuple[Objection, str]:
    """Enter an objection that came by letter (`counted_on`: the day of its postmark) or by telephone. One without a name is kept too.

    Refused: `permission`; `channel`; `day` in the future; `struck`; `name`, `contact`, `unit`, `facts`, `too_long`.
    """
    edition = _locked(entry)
    if not policy.may_see_objections(by, edition):
        raise Refused("permission", _("Only the organiser's office and the discipline office may do this."))
    if channel not in (Objection.Channel.LETTER, Objection.Channel.TELEPHONE):
        raise Refused("channel", _("Say whether it came by letter or by telephone."))
    if counted_on > today(edition):
        raise Refused("day", _("The day lies in the future."))
    _check(statement, entered=True)
    return _kept(entry, edition, statement, Objection.Channel(channel), counted_on, by=by, entered_by=by)


def _locked(entry: NoticeEntry) -> Edition:
    """The edition, locked: its cases are numbered one after the other."""
    if entry.state == NoticeEntry.State.STRUCK:
        raise Refused("struck", _("This person was struck from the list already."))
    return Edition.objects.select_for_update(no_key=True).get(pk=entry.notice.edition_id)


def _check(statement: Statement, *, entered: bool = False) -> None:
    who = statement.identity
    if statement.source not in Objection.Source.values or (statement.source == "anonymous" and not entered):
        raise Refused("source", _("Say whether you object in person or for a unit."))
    if statement.source != "anonymous":
        if len(who.name.strip()) < 2:
            raise Refused("name", _("Give the real name. Without it the objection cannot be pursued."))
        if len(who.contact.strip()) < 5:
            raise Refused("contact", _("Give a telephone number or an e-mail address, so that the answer reaches you."))
    if statement.source == "unit":
        if not who.unit.strip():
            raise Refused("unit", _("Give the name of the unit."))
        if not statement.files and not entered:
            raise Refused("seal", _("Add a picture or scan of the paper with the unit's seal."))
    if not LEAST_FACTS <= len(statement.facts.strip()) <= MOST_FACTS:
        raise Refused(
            "facts",
            _("Say what you object to, in %(least)s to %(most)s characters: what happened, when, how it can be proved.")
            % {"least": LEAST_FACTS, "most": MOST_FACTS},
        )
    if any(len(getattr(who, key)) > most for key, most in _MOST.items()):
        raise Refused("too_long", _("A name, unit, contact or address is too long."))


def _kept(
    entry: NoticeEntry,
    edition: Edition,
    statement: Statement,
    channel: Objection.Channel,
    counted_on: date,
    *,
    by: User,
    entered_by: User | None,
) -> tuple[Objection, str]:
    spec, secret = read_objections(edition.spec.document), new_secret()
    sequence = Objection.objects.filter(edition=edition).count() + 1
    objection = Objection(
        edition=edition,
        entry=entry,
        sequence=sequence,
        number=spec.number.replace("{year}", str(today(edition).year)).replace("{n}", str(sequence)),
        channel=channel,
        source=statement.source,
        secret_sha256=hash_of(secret),
        received_at=timezone.now(),
        counted_on=counted_on,
        due_on=working_days_on(edition, spec.answer_days),
        entered_by=entered_by,
    )
    put_identity(objection, statement.identity)
    put(objection, "facts", statement.facts.strip())
    objection.save(force_insert=True)
    for sent in statement.files:
        keep_file(objection, sent.name, sent.media_type, sent.data)
    facts = {"number": objection.number, "channel": channel.value, "day": objection.due_on.isoformat()}
    kind = "objection.filed" if entered_by is None else "objection.entered"
    record(kind, by=by, edition=edition.key, subject=objection.subject, facts=facts)
    return objection, secret
