"""What happens to one entry of a notice: it stands still, goes on, is struck. No other entry is touched."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.notice import policy
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.register.acts import Refused, act, record

State = NoticeEntry.State


@act("entry.suspended")
def suspend(entry: NoticeEntry, *, by: User, reason: str) -> NoticeEntry:
    """Let the entry stand still while something is looked into. Refused: `permission`; `state` unless it is running; `reason`."""
    return _changed(entry, State.SUSPENDED, (State.RUNNING,), "entry.suspended", reason, by)


@act("entry.resumed")
def resume(entry: NoticeEntry, *, by: User, reason: str) -> NoticeEntry:
    """Let a suspended entry go on. Refused: `permission`; `state` unless it is suspended; `reason`."""
    return _changed(entry, State.RUNNING, (State.SUSPENDED,), "entry.resumed", reason, by)


@act("entry.struck")
def strike(entry: NoticeEntry, *, by: User, reason: str) -> NoticeEntry:
    """Strike the entry from the list, for good. Refused: `permission`; `state` where it is struck already; `reason`."""
    before = (State.RUNNING, State.SUSPENDED, State.STOOD)
    return _changed(entry, State.STRUCK, before, "entry.struck", reason, by)


def _changed(entry: NoticeEntry, state: str, before: tuple[str, ...], kind: str, reason: str, by: User) -> NoticeEntry:
    rows = NoticeEntry.objects.select_for_update(of=("self",)).select_related("notice__edition", "dossier")
    found = rows.get(pk=entry.pk)
    edition = found.notice.edition
    if not policy.may_change_entries(by, edition):
        raise Refused("permission", _("Only the organiser's office and the discipline office may do this."))
    if found.state not in before:
        raise Refused("state", _("The entry has changed since: look at it again."))
    if not reason.strip():
        raise Refused("reason", _("Write down the reason."))
    found.state = entry.state = state
    found.save(update_fields=["state"])
    facts = {"number": found.notice.number, "reason": reason.strip()[:200]}
    record(kind, by=by, edition=edition.key, subject=found.dossier.subject, facts=facts)
    return found
