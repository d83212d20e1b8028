"""What may happen in a unit's workspace. The rest of it: `inviting`, `scanning`, `submitting`, `returning`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy import handing
from jiangbang.candidacy.acts import locked
from jiangbang.candidacy.clock import refuse_late
from jiangbang.candidacy.drafts import answer_of, write_answer
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.candidacy.queries import attachments_of
from jiangbang.candidacy.typed import asked_facts, typed_fact
from jiangbang.kernel.edition import UnitSpec
from jiangbang.programme.models import Edition
from jiangbang.recommendation import policy, queries
from jiangbang.recommendation.models import NomineeOrder
from jiangbang.recommendation.queries import UNIT_FACT
from jiangbang.register.acts import Refused, act, nothing_changed, record

# Who may still get an opinion or a word of the unit: the form lies with the unit.
WITH_UNIT = Candidacy.State.WITH_UNIT


class OrderConflict(Refused):
    """Somebody else has saved the order since. `theirs` is how it stands now."""

    def __init__(self, theirs: NomineeOrder) -> None:
        super().__init__(
            "conflict",
            _("%(who)s has saved another order in the meantime. Yours was not saved; it is shown below for comparison.")
            % {"who": theirs.saved_by},
        )
        self.theirs = theirs


def refuse_others(by: User, edition: Edition, unit_code: str) -> None:
    """Refused (`permission`) for everybody but the unit's own people."""
    if not policy.may_work_for(by, edition, unit_code):
        raise Refused("permission", _("You may not do this for this unit."))


def refuse_frozen(candidacy: Candidacy) -> None:
    """Refused (`late`) after the deadline, unless the office gave the dossier back until a day that is still to come."""
    refuse_late(candidacy.edition, candidacy.mend_until)


@act("nominees.ordered")
def order_nominees(
    edition: Edition, unit: UnitSpec, ranked: Sequence[UUID], *, expected: int, by: User
) -> NomineeOrder:
    """Save the unit's order of its nominees as the successor of version `expected`; 1 is the first.

    Who was invited meanwhile and is not in `ranked` comes last.

    Refused: `permission`; `late`; `unknown_nominee`; OrderConflict when somebody else has saved since.
    """
    refuse_others(by, edition, unit.code)
    refuse_late(edition)
    order = held_order(edition, unit.code)
    if order.version != expected:
        raise OrderConflict(order)
    people = {one.pk: one for one in queries.standing_candidacies(edition, unit.code).select_for_update(of=("self",))}
    if len(set(ranked)) != len(ranked) or not set(ranked) <= set(people):
        raise Refused("unknown_nominee", _("The list has changed. Load the page again, then arrange it."))
    rest = [pk for pk in people if pk not in set(ranked)]
    wanted = [people[pk] for pk in (*ranked, *rest)]
    if [one.rank for one in wanted] == list(range(1, len(wanted) + 1)):
        nothing_changed()
        return order
    for rank, one in enumerate(wanted, 1):
        one.rank = rank
    Candidacy.objects.bulk_update(wanted, ["rank"], batch_size=200)
    order.version, order.saved_by, order.saved_at = order.version + 1, by, timezone.now()
    order.save()
    facts = {"unit": unit.code, "version": order.version, "people": [str(one.pk) for one in wanted]}
    record("nominees.ordered", by=by, edition=edition.key, subject=f"unit:{unit.code}", facts=facts)
    return order


def held_order(edition: Edition, unit_code: str) -> NomineeOrder:
    """The row of the unit's order, made when it is not there, held until the act is done: two people of a unit take turns."""
    NomineeOrder.objects.get_or_create(edition=edition, unit_code=unit_code)
    rows = NomineeOrder.objects.select_for_update(of=("self",)).select_related("saved_by")
    return rows.get(edition=edition, unit_code=unit_code)


@act("candidacy.unit_opinion")
def give_opinion(candidacies: Iterable[Candidacy], text: str, day: str, *, by: User) -> int:
    """The unit's opinion, dated, on each of these forms that lie with it. It counts as sealed where a sealed form has been scanned.

    Refused: `permission`; `late`; `nobody`; `date` for none, or one to come; `no_opinion`, `too_long`, `not_with_unit`.
    """
    people = list(candidacies)
    if not people:
        raise Refused("nobody", _("No form lies with you that could be given an opinion."))
    for candidacy in people:
        refuse_others(by, candidacy.edition, candidacy.unit_code)
        refuse_frozen(candidacy)
        sealed = bool(attachments_of(candidacy, Attachment.Kind.UNIT_SCAN))
        opinion = {"text": text, "sealed": sealed, "date": _day(day, candidacy.edition)}
        handing.write_unit_opinion(candidacy, opinion, by=by)
    return len(people)


def _day(text: str, edition: Edition) -> str:
    """The day as the form has it. An opinion is dated by the day on which it was given: none to come."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("date", _("Give the day of the opinion as year, month and day.")) from None
    today = edition.now().astimezone(edition.zone).date()
    if not date(1949, 10, 1) <= day <= today:
        raise Refused("date", _("The day of the opinion cannot be one that is still to come."))
    return day.isoformat()


@act("facts.declared")
def declare_for(candidacy: Candidacy, typed: Mapping[str, Any], *, by: User) -> list[str]:
    """The unit's own word on facts that the form does not carry; it stands before the candidate's. "" takes it back.

    Returns the keys that changed. Refused: `permission`; `late`; `not_with_unit`; `unknown_fact`.
    """
    candidacy = locked(candidacy)
    refuse_others(by, candidacy.edition, candidacy.unit_code)
    refuse_frozen(candidacy)
    if candidacy.state != WITH_UNIT:
        raise Refused("not_with_unit", _("This form does not lie with the unit now."))
    facts = {fact.key: fact for fact in asked_facts(candidacy.edition.spec)}
    if not set(typed) <= set(facts):
        raise Refused("unknown_fact", _("The edition asks for no such fact."))
    changed = [key for key, one in typed.items() if _declare(candidacy, key, typed_fact(facts[key], one), by=by)]
    if not changed:
        nothing_changed()
        return changed
    told = {"keys": changed, "source": "unit"}
    record("facts.declared", by=by, edition=candidacy.edition.key, subject=candidacy.subject, facts=told)
    return changed


def _declare(candidacy: Candidacy, key: str, value: object, *, by: User) -> bool:
    stands = answer_of(candidacy, UNIT_FACT + key)
    if value == (stands.value if stands else None):
        return False
    write_answer(candidacy, UNIT_FACT + key, value, by=by)
    return True


@act("candidacy.reopened")
def reopen(candidacy: Candidacy, *, by: User) -> None:
    """Take a submitted candidacy up again before the deadline, to change what the unit wrote; what was submitted counts until then.

    The employer's confirmation stands: the form itself is not touched. Refused: `permission`; `late`; `not_submitted`.
    """
    candidacy = locked(candidacy)
    refuse_others(by, candidacy.edition, candidacy.unit_code)
    refuse_late(candidacy.edition)
    if candidacy.state != Candidacy.State.SUBMITTED:
        raise Refused("not_submitted", _("This candidacy has not been submitted."))
    candidacy.state, candidacy.updated_at = WITH_UNIT, timezone.now()
    candidacy.save(update_fields=["state", "updated_at"])
    facts = {"unit": candidacy.unit_code}
    record("candidacy.reopened", by=by, edition=candidacy.edition.key, subject=candidacy.subject, facts=facts)


@act("file.downloaded")
def note_forms_taken(candidacies: Sequence[Candidacy], edition: Edition, unit: UnitSpec, *, by: User) -> None:
    """Register that the unit took its people's forms away, to be printed and sealed. Call before the bytes are sent.

    Refused: `permission`; `nobody`.
    """
    refuse_others(by, edition, unit.code)
    if not candidacies:
        raise Refused("nobody", _("There is no form to be sealed yet."))
    record("file.downloaded", by=by, edition=edition.key, subject=f"unit:{unit.code}", facts={"file": "forms.zip"})
