"""What may happen to the draw: committed, held before witnesses, given up; and to the seats that come of it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.kernel.draw import (
    FORMAT,
    ImpossibleDrawError,
    Panel,
    Rules,
    Short,
    commitment,
    draw,
    read_plan,
    replacement,
    seed_of,
)
from jiangbang.outbox.acts import post_message
from jiangbang.outbox.addresses import absolute
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.review import policy
from jiangbang.review.access import rules_of
from jiangbang.review.discussing import put_back
from jiangbang.review.messages import DRAWN
from jiangbang.review.models import Card, Draw, PoolEntry, Seat
from jiangbang.review.pool import invite_expert
from jiangbang.review.profiles import profile_of, sealed
from jiangbang.vaults import vault

FEWEST_WITNESSES: Final = 2
LONGEST_ENTRY: Final = 200
_ANSWERS: Final = ("message.posted", "expert.invited", "invitation.made", "invitation.revoked", "seat.asked")


@act("draw.committed")
def commit_draw(edition: Edition, *, by: User) -> Draw:
    """Fix pool, rules and a secret, and publish the commitment that binds all three.

    Refused: `permission`; `no_panel`; `exists` while a draw counts; `impossible` when the pool cannot fill the panels, with what is short.
    """
    _lead(by, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if Draw.objects.filter(edition=edition).exclude(state=Draw.State.GIVEN_UP).exists():
        raise Refused("exists", _("A draw of this edition has been committed already."))
    if not rules_of(edition).panels:
        raise Refused("no_panel", _("The edition's file declares no panel."))
    document = plan_document(edition)
    try:
        plan = read_plan(document)
        draw(plan, b"whether it is possible at all")
    except ImpossibleDrawError as error:
        raise Refused("impossible", short_sentence(error.shortages)) from None
    except ValueError:
        raise Refused("impossible", _("Nobody in the pool has agreed yet.")) from None
    secret = secrets.token_urlsafe(32)
    last = Draw.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    made = Draw(
        edition=edition,
        number=last + 1,
        document=document,
        commitment=commitment(plan, secret),
        committed_by=by,
        committed_at=timezone.now(),
    )
    made.sealed_secret = vault().seal(secret.encode(), _aad(made))
    made.save()
    facts = {"number": made.number, "commitment": made.commitment, "count": len(plan.pool)}
    record("draw.committed", by=by, edition=edition.key, subject=made.subject, facts=facts)
    return made


def plan_document(edition: Edition) -> dict[str, Any]:
    """Pool and rules as the file of the draw says them: experts by number, employers by letters of their own."""
    rules = rules_of(edition)
    entries = PoolEntry.objects.filter(edition=edition, state=PoolEntry.State.CONSENTED).select_related("expert")
    employers = sorted({entry.expert.employer_index for entry in entries} - {""})
    names = {index: f"W{number:03d}" for number, index in enumerate(employers, 1)}
    pool = [
        {
            "id": entry.expert.code,
            "fields": sorted({part for code in entry.expert.classes for part in (code, code[:2])}),
            "employer": names.get(entry.expert.employer_index, ""),
            "outside": rules.from_outside(entry.expert.region),
        }
        for entry in sorted(entries, key=lambda one: one.expert.number)
    ]
    return {"format": FORMAT, "pool": pool, "panels": [_panel_document(panel.rules) for panel in rules.panels]}


def _panel_document(rules: Rules) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": rules.name,
        "seats": rules.seats,
        "alternates": rules.alternates,
        "fields": dict(rules.fields),
        "outside": rules.outside,
    }
    if rules.most_per_employer is not None:
        found["most_per_employer"] = rules.most_per_employer
    return found


def short_sentence(shortages: Iterable[Short]) -> str:
    """What is short, for the chief: each rule with how many it needs and how many the pool has."""
    said = []
    for one in shortages:
        values = {"panel": one.panel, "needed": one.needed, "available": one.available}
        if one.rule == "together":
            said.append(_("%(panel)s: each rule could be kept alone, but not all together") % values)
        elif one.rule.startswith("field "):
            field = one.rule.removeprefix("field ").split(" ")[0]
            sentence = _("%(panel)s: class %(field)s needs %(needed)s, there are %(available)s")
            said.append(sentence % {**values, "field": field})
        elif one.rule.startswith("outside"):
            said.append(_("%(panel)s: from outside %(needed)s are needed, there are %(available)s") % values)
        else:
            said.append(_("%(panel)s: %(needed)s are needed, there are %(available)s") % values)
    return _("The pool cannot fill the panels. %(shortages)s.") % {"shortages": _("; ").join(said)}


@act("draw.given_up")
def give_up_draw(drawn: Draw, *, reason: str, by: User) -> None:
    """Give up a committed draw that was not held, so that another can be committed. Refused: `permission`; `no_reason`; `held`."""
    drawn = _locked_draw(drawn)
    _lead(by, drawn.edition)
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason: it stands in the register."))
    if drawn.state != Draw.State.COMMITTED:
        raise Refused("held", _("This draw has been held. What was drawn is not drawn again."))
    drawn.state, drawn.reason = Draw.State.GIVEN_UP, reason.strip()[:500]
    drawn.save(update_fields=["state", "reason"])
    facts = {"number": drawn.number, "reason": drawn.reason}
    record("draw.given_up", by=by, edition=drawn.edition.key, subject=drawn.subject, facts=facts)


@act("draw.held", *_ANSWERS)
def hold_draw(drawn: Draw, witnesses: Sequence[tuple[str, str]], *, by: User) -> Draw:
    """Open the secret, draw with what the witnesses wrote (name and entry of each, in order), seat the panels and ask the members.

    Refused: `permission`; `not_committed`; `few_witnesses`; `empty_entry`; `too_long`.
    """
    drawn = _locked_draw(drawn)
    _lead(by, drawn.edition)
    if drawn.state != Draw.State.COMMITTED:
        raise Refused("not_committed", _("This draw has been held or given up."))
    if len(witnesses) < FEWEST_WITNESSES:
        raise Refused("few_witnesses", _("At least two witnesses write something."))
    if any(not name.strip() or not entry.strip() for name, entry in witnesses):
        raise Refused("empty_entry", _("Each witness gives a name and writes something."))
    if any(len(entry) > LONGEST_ENTRY or len(name) > LONGEST_ENTRY for name, entry in witnesses):
        raise Refused("too_long", _("A witness writes 200 characters at most."))
    secret = vault().unseal(bytes(drawn.sealed_secret), _aad(drawn)).decode()
    entries = [entry.strip() for _name, entry in witnesses]
    panels = draw(drawn.plan, seed_of(drawn.plan, secret, entries))
    drawn.document = {
        **drawn.document,
        "commitment": drawn.commitment,
        "secret": secret,
        "witnesses": entries,
        "result": [_result(panel) for panel in panels],
    }
    names = json.dumps([name.strip() for name, _entry in witnesses], ensure_ascii=False)
    drawn.sealed_witnesses = vault().seal(names.encode(), _aad(drawn))
    drawn.state, drawn.held_by, drawn.held_at = Draw.State.HELD, by, timezone.now()
    drawn.save()
    facts = {"number": drawn.number, "sha256": hashlib.sha256(published(drawn)).hexdigest(), "count": len(entries)}
    record("draw.held", by=by, edition=drawn.edition.key, subject=drawn.subject, facts=facts)
    _seat(drawn, panels, by=by)
    return drawn


def published(drawn: Draw) -> bytes:
    """The file that anybody can draw again from, as it is published after the ceremony."""
    # in the order of the keys: PostgreSQL gives a document back in another than it was written in
    return (json.dumps(drawn.document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def witness_names(drawn: Draw) -> list[str]:
    """Who wrote the entries, in their order."""
    if not drawn.sealed_witnesses:
        return []
    return [str(name) for name in json.loads(vault().unseal(bytes(drawn.sealed_witnesses), _aad(drawn)))]


def _result(panel: Panel) -> dict[str, Any]:
    return {
        "name": panel.name,
        "members": list(panel.members),
        "alternates": list(panel.alternates),
        "attempts": panel.attempts,
        "exhaustive": panel.exhaustive,
    }


def _seat(drawn: Draw, panels: Sequence[Panel], *, by: User) -> None:
    rows = PoolEntry.objects.filter(edition=drawn.edition).select_related("edition", "expert")
    entries = {entry.expert.code: entry for entry in rows}
    people = sum(len(panel.members) + len(panel.alternates) for panel in panels)
    # marks in an order of their own, so that a mark leads to no number
    marks = [f"P{number:02d}" for number in range(1, people + 1)]
    secrets.SystemRandom().shuffle(marks)
    for panel in panels:
        for alternate, codes in ((False, panel.members), (True, panel.alternates)):
            for place, code in enumerate(codes, 1):
                seat = Seat.objects.create(
                    draw=drawn,
                    entry=entries[code],
                    panel=panel.name,
                    place=place,
                    alternate=alternate,
                    state=Seat.State.WAITING,
                    mark=marks.pop(),
                )
                if not alternate:
                    _ask(seat, by=by)


def _ask(seat: Seat, *, by: User) -> None:
    """Ask the expert of a seat whether he takes it; whoever has no account gets the link of an invitation."""
    seat.state, seat.asked_at = Seat.State.ASKED, timezone.now()
    seat.save(update_fields=["state", "asked_at", "replaces"])
    entry, edition = seat.entry, seat.entry.edition
    facts = {"panel": seat.panel, "place": seat.place}
    record("seat.asked", by=by, edition=edition.key, subject=entry.expert.subject, facts=facts)
    profile = profile_of(entry.expert)
    scope = str(entry.expert_id)
    if not Membership.objects.filter(role=Role.EXPERT, edition=edition.key, scope=scope).exists():
        _invite(seat, by)
    if profile.email:
        context = {
            "edition": edition.name,
            "name": profile.name,
            "panel": seat.panel,
            "link": absolute(reverse("review_mine")),
        }
        post_message(DRAWN.key, to=profile.email, name=profile.name, edition=edition.key, context=context, by=by)


def _invite(seat: Seat, by: User) -> None:
    """Whoever leaves a seat cannot invite the one who follows: then the link goes out in the name of who held the draw."""
    for inviter in (by, seat.draw.held_by):
        if inviter is not None and policy.may_lead_review(inviter, seat.entry.edition):
            invite_expert(seat.entry, by=inviter)
            return


@act("seat.confirmed")
def confirm_seat(seat: Seat, *, by: User, source: str = "expert") -> None:
    """The expert takes the seat. `source`: the expert, or the office that has had the answer by telephone.

    Refused: `permission`; `not_asked`. Confirming twice changes nothing.
    """
    seat = _locked_seat(seat)
    _answers_for(seat, source, by)
    if seat.state == Seat.State.CONFIRMED:
        return nothing_changed()
    if seat.state != Seat.State.ASKED:
        raise Refused("not_asked", _("This seat is not waiting for an answer."))
    seat.state, seat.answered_at = Seat.State.CONFIRMED, timezone.now()
    seat.save(update_fields=["state", "answered_at"])
    facts = {"panel": seat.panel, "source": source}
    record("seat.confirmed", by=by, edition=seat.draw.edition.key, subject=seat.entry.expert.subject, facts=facts)
    return None


@act("seat.refused", "seat.filled", "seat.vacant", "card.voided", "card.restored", *_ANSWERS)
def refuse_seat(seat: Seat, *, reason: str, by: User, source: str = "expert") -> Seat | None:
    """The expert does not take the seat, or leaves it; the next alternate with whom the panel keeps its rules is asked.

    Returns the alternate's seat, None where nobody fits. Refused: `permission`; `no_reason`; `not_seated`.
    """
    seat = _locked_seat(seat)
    _answers_for(seat, source, by)
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason."))
    if not seat.sits:
        raise Refused("not_seated", _("This seat is not held."))
    return _vacate(seat, Seat.State.REFUSED, "seat.refused", reason, by=by, source=source)


@act("seat.released", "seat.filled", "seat.vacant", "card.voided", "card.restored", *_ANSWERS)
def release_seat(seat: Seat, *, reason: str, by: User) -> Seat | None:
    """The office releases an expert who does not answer or cannot go on; the next alternate is asked.

    Refused: `permission`; `no_reason`; `not_seated`.
    """
    seat = _locked_seat(seat)
    _lead(by, seat.draw.edition)
    if not reason.strip():
        raise Refused("no_reason", _("Give the reason."))
    if not seat.sits:
        raise Refused("not_seated", _("This seat is not held."))
    return _vacate(seat, Seat.State.RELEASED, "seat.released", reason, by=by, source="office")


def _vacate(seat: Seat, state: Seat.State, type_name: str, reason: str, *, by: User, source: str) -> Seat | None:
    edition = seat.draw.edition
    seat.state, seat.answered_at = state, timezone.now()
    seat.sealed_reason = sealed(seat.entry.expert, reason.strip()[:1000])
    seat.save(update_fields=["state", "answered_at", "sealed_reason"])
    facts: dict[str, object] = {"panel": seat.panel, "source": source}
    record(type_name, by=by, edition=edition.key, subject=seat.entry.expert.subject, facts=facts)
    _void_open_cards(seat, by=by)
    follower = _follower(seat)
    if follower is None:
        record("seat.vacant", by=by, edition=edition.key, subject=seat.draw.subject, facts={"panel": seat.panel})
        return None
    follower.replaces = seat
    _ask(follower, by=by)
    facts = {"panel": seat.panel, "place": follower.place}
    record("seat.filled", by=by, edition=edition.key, subject=follower.entry.expert.subject, facts=facts)
    return follower


def _void_open_cards(seat: Seat, *, by: User) -> None:
    """What whoever leaves has not signed is void; what he signed stays, also where a discussion asked for it again."""
    rows = Card.objects.filter(seat=seat, state=Card.State.OPEN).select_related(
        "reviewed__edition", "seat__entry__expert"
    )
    for card in rows.select_for_update(of=("self",)):
        if card.asked_again_at is not None:
            put_back(card, by=by)
            continue
        card.state = Card.State.VOID
        card.save(update_fields=["state"])
        record("card.voided", by=by, edition=seat.draw.edition.key, subject=card.subject, facts={"reason": "released"})


def _follower(left: Seat) -> Seat | None:
    """The alternate who takes the seat, by the rules of the draw."""
    rows = Seat.objects.select_related("draw", "entry__edition", "entry__expert")
    seats = list(rows.filter(draw=left.draw, panel=left.panel).order_by("place"))
    sitting = [seat.entry.expert.code for seat in seats if seat.sits]
    waiting = {seat.entry.expert.code: seat for seat in seats if seat.state == Seat.State.WAITING}
    panel = Panel(left.panel, tuple(sitting), tuple(waiting), 0, False)
    chosen = replacement(left.draw.plan, panel, ())
    return waiting[chosen] if chosen else None


def _answers_for(seat: Seat, source: str, by: User) -> None:
    """An expert answers for himself (the view has made sure who it is), the office for whoever has told it."""
    if source == "office":
        _lead(by, seat.draw.edition)
    elif not policy.is_expert(by, seat.draw.edition):
        raise Refused("permission", _("You may not answer for this expert."))


def _lead(by: User, edition: Edition) -> None:
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not hold the draw of this edition."))


def _locked_draw(drawn: Draw) -> Draw:
    return Draw.objects.select_for_update(of=("self",)).select_related("edition").get(pk=drawn.pk)


def _locked_seat(seat: Seat) -> Seat:
    """The seat; its draw is locked too, so that two who leave at once do not get the same alternate."""
    Draw.objects.select_for_update(of=("self",)).get(pk=seat.draw_id)
    rows = Seat.objects.select_for_update(of=("self",)).select_related("draw__edition", "entry__expert")
    return rows.get(pk=seat.pk)


def _aad(drawn: Draw) -> bytes:
    return f"draw:{drawn.edition_id}:{drawn.number}".encode()
