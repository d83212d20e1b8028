"""Results of earlier editions as earlier titles of a later one: screening finds them by the person, not by the name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.benefits.queries import further_titles
from jiangbang.conferral.award_models import Award
from jiangbang.kernel.marks import EarlierTitle
from jiangbang.programme.models import Edition
from jiangbang.queue.jobs import enqueue
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.register.canonical import canonical_json
from jiangbang.screening.lists import COMPARE, TITLES
from jiangbang.screening.lists_models import ListRow, NameList
from jiangbang.succession.policy import may_succeed

# By which a list of ours is told from one that somebody brought.
ORIGIN: Final = "roll:"


def earlier_editions(edition: Edition) -> list[Edition]:
    """The editions of the programme that this one names as earlier, the last one first. One query."""
    slugs = list(edition.document["edition"].get("previous", ()))
    found = Edition.objects.filter(programme=edition.programme, slug__in=slugs)
    return sorted(found, key=lambda one: -slugs.index(one.slug))


def held_titles(edition: Edition) -> list[tuple[EarlierTitle, Award]]:
    """Who holds a title of an earlier edition that this one asks for, with the earlier title that it is. Two queries."""
    before = {one.slug: one for one in earlier_editions(edition)}
    wanted: dict[tuple[str, str], EarlierTitle] = {}
    for one in edition.spec.earlier_titles:
        if one.edition in before:
            words = {_folded(word) for word in one.words}
            for title in before[one.edition].spec.titles:
                label = _folded(title.label)
                # a title that is taken directly is the same title: 杭州数字工匠（直接认定）
                direct = title.direct and any(label.startswith(word) for word in words)
                if label in words or (direct and (one.edition, title.key) not in wanted):
                    wanted[one.edition, title.key] = one
    held = Award.objects.filter(edition__in=before.values(), state=Award.State.HELD)
    rows = held.select_related("edition", "dossier__person").order_by("edition_id", "title", "position")
    return [(wanted[key], one) for one in rows if (key := (one.edition.slug, one.title)) in wanted]


def higher_titles(edition: Edition) -> list[tuple[EarlierTitle, Award]]:
    """Holders of earlier editions who were given a higher title after a recommendation, where this edition asks for it. Two queries."""
    found = []
    for one in further_titles(earlier_editions(edition)):
        named = [
            title
            for title in edition.spec.earlier_titles
            if _folded(one.target) in {_folded(word) for word in title.words}
        ]
        found += [(title, one.award) for title in named]
    return found


def taken_list(edition: Edition) -> NameList | None:
    """The list of earlier results that is in force, if one is. One query."""
    ours = NameList.objects.filter(edition=edition, state=NameList.State.IN_FORCE, file_name__startswith=ORIGIN)
    return ours.select_related("imported_by").order_by("-imported_at").first()


@act("results.taken")
def take_results(edition: Edition, *, by: User) -> int:
    """Put whoever holds a title of an earlier edition on the list that screening looks in, in place of what was taken before: a title
    revoked since is not on it. How many stand on it. Refused: `permission`; `nobody` holds one."""
    if not may_succeed(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    found, before = [*held_titles(edition), *higher_titles(edition)], taken_list(edition)
    if not found and before is None:
        raise Refused("nobody", _("Nobody holds a title of an earlier edition of this programme in this house."))
    told = [[one.number, title.key] for title, one in found]
    sha256 = hashlib.sha256(canonical_json(told)).hexdigest()
    if before is not None and before.sha256 == sha256:
        nothing_changed()
        return len(found)
    now = timezone.now()
    made = NameList.objects.create(
        edition=edition, kind=TITLES, title=_("Rolls of earlier editions"), file_name=f"{ORIGIN}{edition.programme}",
        sha256=sha256, size=0, state=NameList.State.IN_FORCE, columns={}, unused=[], passed_over=0, row_count=len(found),
        usable_count=len(found), problem_count=0, kinds=sorted({title.key for title, _award in found}), problems={},
        replaces=before, brought_by=by, brought_at=now, imported_by=by, imported_at=now,
    )  # fmt: skip
    if before is not None:
        before.state, before.reason, before.ended_by, before.ended_at = NameList.State.REPLACED, made.title, by, now
        before.save(update_fields=["state", "reason", "ended_by", "ended_at"])
    ListRow.objects.bulk_create(_rows(made, found), batch_size=1000)
    facts = {"sha256": sha256, "count": len(found), "editions": sorted({one.edition.slug for _title, one in found})}
    record("results.taken", by=by, edition=edition.key, subject=made.subject, facts=facts)
    enqueue(COMPARE, edition=edition.key, by=by.pk)
    return len(found)


def _rows(made: NameList, found: Sequence[tuple[EarlierTitle, Award]]) -> Iterable[ListRow]:
    for number, (title, award) in enumerate(found, 1):
        yield ListRow(
            name_list=made,
            number=number,
            kind=title.key,
            name=award.name,
            employer=award.employer[:200],
            identity=award.dossier.person.index or "",
            year=award.conferred_at.astimezone(award.edition.zone).year,
            batch=award.number[:60],
            usable=True,
        )


def _folded(label: str) -> str:
    return "".join(one for one in label if one.isalnum())
