"""The log of coverage: what was published where, and how many it reached."""

from __future__ import annotations

from datetime import date
from typing import Final
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition
from jiangbang.publicity.models import Coverage
from jiangbang.publicity.policy import may_publicise
from jiangbang.register.acts import Refused, act, record

# what a PositiveIntegerField holds on every database
_MOST_KEPT: Final = 2_147_483_647


def channels_of(edition: Edition) -> list[str]:
    """The channels of the edition's `[publicity]` table, in its order."""
    return [str(one) for one in edition.spec.document.get("publicity", {}).get("channels", ())]


@act("coverage.entered")
def enter_coverage(
    edition: Edition,
    *,
    channel: str,
    media: str,
    headline: str,
    day: date,
    link: str = "",
    reach: int | None = None,
    by: User,
) -> Coverage:
    """Enter one publication. Refused: `permission`; `channel` is none of the edition; `media`; `headline`; `link` is no web address;
    `day` lies ahead; `reach` is negative or absurd."""
    if not may_publicise(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    media, headline, link = (" ".join(one.split()) for one in (media, headline, link))
    if channel not in channels_of(edition):
        raise Refused("channel", _("Choose one of the edition's channels."))
    if not 0 < len(media) <= 80:
        raise Refused("media", _("Name the medium, in at most 80 characters."))
    if not 0 < len(headline) <= 200:
        raise Refused("headline", _("Give the headline, in at most 200 characters."))
    if link and not _is_web_address(link):
        raise Refused("link", _("The link must begin with http:// or https:// and have at most 500 characters."))
    if day > edition.now().astimezone(edition.zone).date():
        raise Refused("day", _("The day lies ahead: enter what has been published."))
    if reach is not None and not 0 <= reach <= _MOST_KEPT:
        raise Refused("reach", _("The reach is a number of people."))
    made = Coverage.objects.create(
        edition=edition, channel=channel, media=media, headline=headline, link=link, day=day, reach=reach,
        entered_by=by, entered_at=timezone.now(),
    )  # fmt: skip
    facts = {"media": media, "date": day.isoformat()}
    record("coverage.entered", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


@act("coverage.removed")
def remove_coverage(coverage: Coverage, *, reason: str, by: User) -> None:
    """Take a wrong row out of the log; it stays readable below. Refused: `permission`; `removed` already; `reason`."""
    found = Coverage.objects.select_for_update(of=("self",)).select_related("edition").get(pk=coverage.pk)
    if not may_publicise(by, found.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    if found.removed_at is not None:
        raise Refused("removed", _("The row is taken out already."))
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise Refused("reason", _("Write down the reason."))
    found.removed_by, found.removed_at, found.removed_reason = by, timezone.now(), reason
    found.save(update_fields=["removed_by", "removed_at", "removed_reason"])
    facts = {"media": found.media, "date": found.day.isoformat(), "reason": reason}
    record("coverage.removed", by=by, edition=found.edition.key, subject=found.subject, facts=facts)


def _is_web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(link) <= 500
