"""Stories of those who hold a title: written by one person, found good by another, then published; each change is a new version."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award
from jiangbang.publicity.models import PublicityConsent, StoryVersion
from jiangbang.publicity.policy import may_publicise
from jiangbang.register.acts import Refused, act, nothing_changed, record

LONGEST: Final = 10_000


@act("story.written")
def write_story(award: Award, *, headline: str, text: str, by: User) -> StoryVersion | None:
    """Write a story, or write it otherwise, as a new version; None where nothing is different. What is published stays until the new
    version is. Refused: `permission`; `title` is not held; `agreed` is nothing; `headline`; `text`."""
    found = _open(award, by)
    headline, text = " ".join(headline.split()), text.replace("\r\n", "\n").strip()
    if not 0 < len(headline) <= 120:
        raise Refused("headline", _("Give the headline, in at most %(most)s characters.") % {"most": 120})
    if not 0 < len(text) <= LONGEST:
        raise Refused("text", _("Write the story, in at most %(most)s characters.") % {"most": LONGEST})
    last = _last(found)
    if last is not None and (last.headline, last.text) == (headline, text):
        nothing_changed()
        return None
    made = StoryVersion.objects.create(
        award=found, number=last.number + 1 if last else 1, headline=headline, text=text,
        written_by=by, written_at=timezone.now(),
    )  # fmt: skip
    _record("story.written", made, by)
    return made


@act("story.reviewed")
def review_story(award: Award, number: int, *, by: User) -> None:
    """Find the newest version good. Refused: `permission`; `title`; `agreed`; `changed` where there is a newer one or it is reviewed
    already; `same_person` as wrote it."""
    version = _newest(award, number, "written", by)
    if version.written_by_id == by.pk:
        raise Refused("same_person", _("Another person than who wrote the story reviews it."))
    version.reviewed_by, version.reviewed_at = by, timezone.now()
    version.save(update_fields=["reviewed_by", "reviewed_at"])
    _record("story.reviewed", version, by)


@act("story.published")
def publish_story(award: Award, number: int, *, by: User) -> None:
    """Put the newest version before the public, in the place of an earlier one. Refused: `permission`; `title`; `agreed`; `changed` unless
    it is the newest and reviewed."""
    version = _newest(award, number, "reviewed", by)
    version.published_by, version.published_at = by, timezone.now()
    version.save(update_fields=["published_by", "published_at"])
    _record("story.published", version, by)


@act("story.taken_down")
def take_story_down(award: Award, *, by: User) -> None:
    """Take whatever is published of somebody's story from the public. Refused: `permission`; `absent` where nothing is."""
    found = _locked(award, by)
    shown = list(StoryVersion.objects.filter(award=found, published_at__isnull=False, taken_down_at__isnull=True))
    if not shown:
        raise Refused("absent", _("Nothing of this story is published."))
    StoryVersion.objects.filter(pk__in=[one.pk for one in shown]).update(taken_down_by=by, taken_down_at=timezone.now())
    _record("story.taken_down", shown[0], by)


def _newest(award: Award, number: int, state: str, by: User) -> StoryVersion:
    last = _last(_open(award, by))
    if last is None or last.number != number or last.state != state:
        raise Refused("changed", _("The story has changed since: look at it again."))
    return last


def _last(award: Award) -> StoryVersion | None:
    return StoryVersion.objects.filter(award=award).order_by("-number").first()


def _open(award: Award, by: User) -> Award:
    found = _locked(award, by)
    if not found.held:
        raise Refused("title", _("The person holds no title of this edition."))
    if not PublicityConsent.objects.filter(dossier=found.dossier_id, withdrawn_at__isnull=True).exists():
        raise Refused("agreed", _("No agreement of this person is noted."))
    return found


def _locked(award: Award, by: User) -> Award:
    found = Award.objects.select_for_update(of=("self",)).select_related("edition", "dossier").get(pk=award.pk)
    if not may_publicise(by, found.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return found


def _record(kind: str, version: StoryVersion, by: User) -> None:
    award = version.award
    record(kind, by=by, edition=award.edition.key, subject=award.dossier.subject, facts={"version": version.number})
