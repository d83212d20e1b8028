"""The edition after a rehearsed one: copied from it, its titles known, whoever works for it taken over, prize holders told."""

from __future__ import annotations

from collections.abc import Callable

from jiangbang.accounts.models import User
from jiangbang.nomination.contacts import ContactRow, keep_contacts
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition
from jiangbang.succession.carrying import carried, carry_over
from jiangbang.succession.copying import Plan, copy_edition, next_document
from jiangbang.succession.differences import differences
from jiangbang.succession.inviting import invite_holders, may_stand_again
from jiangbang.succession.results import take_results


def rehearse_next(edition: Edition, *, by: User, say: Callable[[str], object]) -> Edition:
    """Make the edition that follows `edition`, a year later and a practice edition as well, and take over all that there is. Returns it.

    Refused: as `copy_edition` and `take_results`; `taken` where it was made before.
    """
    plan = Plan(f"{edition.slug}-next", f"下一届{edition.name}", f"{edition.name_en}, next edition"[:200])
    document = next_document(edition, plan)
    changed = len(differences(edition.document, document))
    following = copy_edition(edition, plan, seen=document_hash(document), by=by)
    titles = take_results(following, by=by)
    moved = {one.key: carry_over(edition, following, one.key, by=by) for one in carried(edition, following)}
    # the units of a rehearsed edition have no address to write to
    units = sorted({one.award.dossier.unit_code for one in may_stand_again(following)})
    keep_contacts(following, [ContactRow(one, f"联系人{one}", f"{one}@unit.example") for one in units], by=by)
    told = invite_holders(following, by=by)
    counts = ", ".join(f"{kind} {count}" for kind, count in moved.items())
    say(
        f"{following.slug}: {changed} differences; {titles} earlier titles are known; carried over {counts}; {told} prize holders are told."
    )
    return following
