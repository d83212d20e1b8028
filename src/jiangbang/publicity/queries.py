"""What the pages ask: who may be shown and how, and what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from jiangbang.conferral.award_models import Award
from jiangbang.conferral.queries import awards_of
from jiangbang.kernel.edition import TitleSpec
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.publicity.coverage import channels_of
from jiangbang.publicity.models import Coverage, PublicityConsent, StoryVersion


@dataclass(frozen=True, slots=True)
class Shown:
    """One who holds a title, with the agreement that stands, if there is one."""

    award: Award
    title: TitleSpec
    consent: PublicityConsent | None

    @property
    def dossier(self) -> Dossier:
        """The person's dossier."""
        return self.award.dossier


def people_of(edition: Edition) -> list[Shown]:
    """Everybody who holds a title, in the order of the titles and their numbers; whose title was revoked is not among them. Two queries."""
    awards = [one for one in awards_of(edition) if one.held]
    stands = PublicityConsent.objects.filter(dossier__in=[one.dossier_id for one in awards], withdrawn_at__isnull=True)
    consents = {one.dossier_id: one for one in stands}
    titles = {title.key: title for title in edition.spec.titles}
    return [Shown(one, titles[one.title], consents.get(one.dossier_id)) for one in awards if one.title in titles]


def coverage_of(edition: Edition, *, removed: bool = False) -> Sequence[Coverage]:
    """The log, newest first; instead what was taken out where `removed`. One query."""
    rows = Coverage.objects.filter(edition=edition, removed_at__isnull=not removed)
    return list(rows.select_related("entered_by", "removed_by"))


@dataclass(frozen=True, slots=True)
class ChannelSum:
    """What one channel brought. `reach` adds up what is known; `unknown` rows say nothing of theirs."""

    channel: str
    pieces: int
    reach: int
    unknown: int


def sums_of(edition: Edition) -> list[ChannelSum]:
    """For each channel of the edition, and each older one that has rows. One query."""
    rows = Coverage.objects.filter(edition=edition, removed_at__isnull=True).order_by()
    found = {
        row["channel"]: ChannelSum(row["channel"], row["pieces"], row["reached"] or 0, row["pieces"] - row["known"])
        for row in rows.values("channel").annotate(pieces=Count("pk"), reached=Sum("reach"), known=Count("reach"))
    }
    order = [*channels_of(edition), *sorted(set(found) - set(channels_of(edition)))]
    return [found.get(channel, ChannelSum(channel, 0, 0, 0)) for channel in order]


def published_stories(edition: Edition) -> list[StoryVersion]:
    """The newest published version of each story that may be shown: the title is held, the agreement stands, it is not taken down. In the
    order of the titles and their numbers. One query."""
    rows = _up().filter(award__edition=edition)
    newest = {one.award_id: one for one in rows.select_related("award").order_by("number")}
    order = {title.key: place for place, title in enumerate(edition.spec.titles)}
    return sorted(newest.values(), key=lambda one: (order.get(one.award.title, len(order)), one.award.position))


def published_story(award: Award) -> StoryVersion | None:
    """The newest published version of somebody's story, where it may be shown. One query."""
    return _up().filter(award=award).order_by("-number").first()


def consent_of(award: Award) -> PublicityConsent | None:
    """The person's agreement to be shown, where it stands. One query."""
    return PublicityConsent.objects.filter(dossier=award.dossier_id, withdrawn_at__isnull=True).first()


def _up() -> QuerySet[StoryVersion]:
    return StoryVersion.objects.filter(
        award__state=Award.State.HELD,
        published_at__isnull=False,
        taken_down_at__isnull=True,
        award__dossier__publicity_consents__withdrawn_at__isnull=True,
        award__dossier__publicity_consents__isnull=False,
    )
