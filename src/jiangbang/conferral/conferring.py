"""Titles are conferred on whoever stood before the public undisturbed, and handed over."""

from __future__ import annotations

from collections import Counter

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.conferral.award_models import Award, HandedOver
from jiangbang.conferral.policy import may_confer
from jiangbang.conferral.queries import rules_of
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.queries import completed_places
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record


def to_confer(edition: Edition) -> list[NoticeEntry]:
    """Who stood before the public to the end and holds nothing yet, in the order of titles and of the notice. Two queries."""
    held = set(Award.objects.filter(edition=edition).values_list("dossier_id", flat=True))
    order = {title.key: place for place, title in enumerate(edition.spec.titles)}
    waiting = [entry for entry in completed_places(edition) if entry.dossier_id not in held]
    return sorted(waiting, key=lambda one: (order.get(one.title, len(order)), one.notice.number, one.position))


@act("titles.conferred")
def confer(edition: Edition, *, by: User) -> list[Award]:
    """Give everybody who stood before the public undisturbed the title, with a number by the edition's rule; numbers go on where the last
    conferral ended, so it may be repeated as cases are decided. Refused: `permission`; `nobody` waits; `number` taken elsewhere.
    """
    locked = _locked(edition, by)
    waiting = to_confer(locked)
    if not waiting:
        raise Refused("nobody", _("Nobody waits for a title: a notice has to end first."))
    rules, now = rules_of(locked), locked.now()
    year, slug = now.astimezone(locked.zone).year, locked.slug
    last = Counter(
        dict(Award.objects.filter(edition=locked).values_list("title").annotate(last=Max("position")).order_by())
    )
    made = []
    for entry in waiting:
        last[entry.title] += 1
        made.append(
            Award(
                edition=locked,
                dossier_id=entry.dossier_id,
                title=entry.title,
                position=last[entry.title],
                number=rules.number(entry.title, last[entry.title], year=year, slug=slug),
                name=entry.name,
                employer=entry.employer,
                conferred_by=by,
                conferred_at=now,
            )
        )
    taken = Award.objects.filter(number__in=[one.number for one in made]).values_list("number", flat=True).first()
    if taken is not None:
        sentence = _("The number %(number)s is taken already: change conferral.numbers in the edition's file.")
        raise Refused("number", sentence % {"number": taken})
    Award.objects.bulk_create(made)
    facts = {"count": len(made), "first": made[0].number, "last": made[-1].number}
    record("titles.conferred", by=by, edition=locked.key, subject=f"edition:{locked.pk}", facts=facts)
    return made


@act("award.handed_over")
def hand_over(award: Award, item: str, *, by: User) -> None:
    """Note that somebody was given a thing. Twice is once. Refused: `permission`; `item` not handed over in this edition; `revoked`."""
    edition = _locked(award.edition, by)
    if item not in rules_of(edition).handed_over:
        raise Refused("item", _("Nothing of that name is handed over."))
    found = Award.objects.get(pk=award.pk)
    if not found.held:
        raise Refused("revoked", _("The title is revoked: nothing is handed over."))
    _handed, fresh = HandedOver.objects.get_or_create(
        award=found, item=item, defaults={"handed_by": by, "handed_at": timezone.now()}
    )
    if not fresh:
        nothing_changed()
        return
    facts = {"number": found.number, "item": item}
    record("award.handed_over", by=by, edition=edition.key, subject=found.subject, facts=facts)


@act("award.handed_back")
def take_back(award: Award, item: str, *, by: User) -> None:
    """Take a tick back that was set by mistake. Refused: `permission`."""
    edition = _locked(award.edition, by)
    count, _kinds = HandedOver.objects.filter(award=award, item=item).delete()
    if not count:
        nothing_changed()
        return
    facts = {"number": award.number, "item": item}
    record("award.handed_back", by=by, edition=edition.key, subject=award.subject, facts=facts)


def _locked(edition: Edition, by: User) -> Edition:
    if not may_confer(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    return Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
