"""What a notice says word for word, and how a wrong word in it is put right: openly, by two persons, what stood before kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.notice import personal_in, read_notice_fields
from jiangbang.nomination.models import Dossier
from jiangbang.notice import policy
from jiangbang.notice.notice_models import Notice, NoticeEntry, NoticeVersion
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.canonical import canonical_json
from jiangbang.register.queries import head


def wording_of(edition: Edition, dossier: Dossier) -> tuple[str, str]:
    """Name, and unit and post, of the accepted revision: the fields that the edition makes public, and of these only what is kept open."""
    revision = dossier.accepted_revision
    said = revision.open if revision is not None else {}
    name, *others = (" ".join(str(said.get(key) or "").split()) for key in read_notice_fields(edition.spec.document))
    return name[:100], " ".join(filter(None, others))[:500]


def rows_of(entries: Sequence[NoticeEntry]) -> list[dict[str, Any]]:
    """What a version keeps of its entries, by title and position."""
    ordered = sorted(entries, key=lambda one: (one.title, one.position))
    return [{"entry": one.pk, "title": one.title, "name": one.name, "employer": one.employer} for one in ordered]


def sha256_of(rows: Sequence[dict[str, Any]]) -> str:
    """By which the register knows a version: of its rows without the keys that mean nothing outside this house."""
    said = [{key: row[key] for key in ("title", "name", "employer")} for row in rows]
    return hashlib.sha256(canonical_json(said)).hexdigest()


def first_version(notice: Notice, *, by: User) -> NoticeVersion:
    """Keep what a notice says as it is published, for the act that publishes it. Raises Refused `personal`, `empty`."""
    entries = list(notice.entries.all())
    for entry in entries:
        refuse_personal(entry.name, entry.employer)
    now = timezone.now()
    return NoticeVersion.objects.create(
        notice=notice, number=1, rows=rows_of(entries), checkpoint=head().checkpoint,
        prepared_by=notice.prepared_by, prepared_at=notice.prepared_at or now, released_by=by, released_at=now,
    )  # fmt: skip


def refuse_personal(name: str, employer: str) -> None:
    """Raises Refused: `empty` without a name; `personal` where a line has a number or an address that leads to a person."""
    if not name:
        raise Refused("empty", _("A line of the notice has no name."))
    if set(personal_in(f"{name} {employer}")) - {"figures"}:
        sentence = _(
            "The line of %(name)s has an identity or mobile number or a mail address: it must not be published."
        )
        raise Refused("personal", sentence % {"name": name})


@act("notice.corrected", "correction.prepared")
def correct_entry(entry: NoticeEntry, *, name: str, employer: str, reason: str, by: User) -> NoticeVersion | None:
    """Write a line of a notice otherwise. On a draft at once, and who did it counts as who prepared it; on a published notice it waits
    for another person and becomes a new version.

    Refused: `permission`; `state` of a struck entry; `same` words as before; `reason`; `waits` while another correction does; what
    `refuse_personal` refuses.
    """
    edition = _locked(entry.notice.edition, by)
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=entry.notice_id)
    found = notice.entries.get(pk=entry.pk)
    name, employer, reason = " ".join(name.split())[:100], " ".join(employer.split())[:500], reason.strip()[:300]
    if found.state == NoticeEntry.State.STRUCK:
        raise Refused("state", _("The entry has changed since: look at it again."))
    if (name, employer) == (found.name, found.employer):
        raise Refused("same", _("The line reads as it did before."))
    if not reason:
        raise Refused("reason", _("Write down the reason."))
    refuse_personal(name, employer)
    if notice.published_at is None:
        found.name, found.employer = name, employer
        found.save(update_fields=["name", "employer"])
        notice.prepared_by = by
        notice.save(update_fields=["prepared_by"])
        _record("notice.corrected", edition, notice, by, reason=reason)
        return None
    if notice.versions.filter(released_at__isnull=True).exists():
        raise Refused("waits", _("A correction waits already: let it be released or take it back first."))
    rows = rows_of(list(notice.entries.all()))
    for row in rows:
        if row["entry"] == found.pk:
            row |= {"name": name, "employer": employer}
    number = (notice.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = NoticeVersion.objects.create(
        notice=notice, number=number, rows=rows, reason=reason, prepared_by=by, prepared_at=timezone.now()
    )
    _record("correction.prepared", edition, notice, by, version=number, reason=reason)
    return made


@act("notice.corrected")
def release_correction(version: NoticeVersion, *, by: User) -> NoticeVersion:
    """Let a prepared correction stand: from now on the notice reads so, and what it said before stays readable.

    Refused: `permission`; `released` already; `same_person` as prepared it.
    """
    edition = _locked(version.notice.edition, by)
    found = _waiting(version)
    if found.prepared_by_id == by.pk:
        raise Refused("same_person", _("Another person than who prepared the correction releases it."))
    for row in found.rows:
        found.notice.entries.filter(pk=row["entry"]).update(name=row["name"], employer=row["employer"])
    found.checkpoint, found.released_by, found.released_at = head().checkpoint, by, timezone.now()
    found.save(update_fields=["checkpoint", "released_by", "released_at"])
    facts = {"version": found.number, "reason": found.reason, "sha256": sha256_of(found.rows)}
    _record("notice.corrected", edition, found.notice, by, **facts)
    return found


@act("correction.withdrawn")
def withdraw_correction(version: NoticeVersion, *, by: User) -> None:
    """Take back a correction that waits. Refused: `permission`; `released` already."""
    edition = _locked(version.notice.edition, by)
    found = _waiting(version)
    _record("correction.withdrawn", edition, found.notice, by, version=found.number)
    found.delete()


def _waiting(version: NoticeVersion) -> NoticeVersion:
    rows = NoticeVersion.objects.select_for_update(of=("self",)).select_related("notice")
    found = rows.filter(pk=version.pk, released_at__isnull=True).first()
    if found is None:
        raise Refused("released", _("This correction does not wait any more."))
    return found


def _locked(edition: Edition, by: User) -> Edition:
    if not policy.may_lead_notice(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def _record(kind: str, edition: Edition, notice: Notice, by: User, **facts: object) -> None:
    record(kind, by=by, edition=edition.key, subject=notice.subject, facts={"number": notice.number, **facts})
