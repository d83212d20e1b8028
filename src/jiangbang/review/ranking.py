"""What may happen to rankings: computed from what was signed, published with their scores, taken as the shortlist."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.kernel.edition import EditionSpec
from jiangbang.kernel.ranking import Method, ScoresError, rank
from jiangbang.kernel.ranking.sheet import Sheet, read_sheet
from jiangbang.kernel.ranking.written import ranking_csv
from jiangbang.kernel.review import ReviewSpec
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, record
from jiangbang.register.models import Head
from jiangbang.review import policy
from jiangbang.review.access import rules_of
from jiangbang.review.discussing import wide_dossiers
from jiangbang.review.models import Card, Ranking, Reviewed, Shortlisted
from jiangbang.review.signed import Counted, before_discussion, counted
from jiangbang.vaults import vault

# Hexadecimal digits of the scores' hash that make the seed of the lot.
SEED_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class RankedLine:
    """One line of a published ranking."""

    rank: int
    dossier: str
    score: str
    low: int
    high: int
    p_title: float
    p_nominee: float


def places(spec: EditionSpec) -> tuple[int, int]:
    """How many titles the ranking decides on, and how many prizes after them: the edition's first two titles that have seats."""
    seats = [title.seats for title in spec.titles if title.seats and not title.direct]
    return (seats[0] if seats else 0), (seats[1] if len(seats) > 1 else 0)


@act("ranking.computed")
def compute_ranking(edition: Edition, *, by: User) -> Ranking:
    """Rank the dossiers from what was signed, by the method that the edition declares.

    Refused: `permission`; `no_scores`; `unsigned` while cards are open; `undiscussed` while the edition's rule wants dossiers talked over;
    `method` when the method cannot take these scores.
    """
    _lead(by, edition)
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    rules = rules_of(edition)
    waiting = Card.objects.filter(reviewed__edition=edition, state=Card.State.OPEN).count()
    if waiting:
        raise Refused("unsigned", _("%(n)d cards are not signed yet.") % {"n": waiting})
    if wide := wide_dossiers(edition):
        values = {"n": len(wide), "codes": "、".join(one.code for one in wide)}
        raise Refused(
            "undiscussed", _("By the edition's rule %(n)d dossiers are talked over first: %(codes)s.") % values
        )
    scores = scores_csv(edition, rules)
    seed = int(hashlib.sha256(scores.encode()).hexdigest()[:SEED_DIGITS], 16)
    titles, nominees = places(edition.spec)
    try:
        sheet = sheet_of(scores, rules)
        found = rank(sheet.scores, method=rules.method, titles=titles, nominees=nominees, seed=seed)
    except ScoresError as error:
        code = "method" if "\n" in scores.strip() else "no_scores"
        raise Refused(code, _("There is nothing to rank by this method: %(error)s.") % {"error": error}) from None
    last = Ranking.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    made = Ranking.objects.create(
        edition=edition,
        number=last + 1,
        method=rules.method,
        titles=titles,
        nominees=nominees,
        seed=seed,
        scores_csv=scores,
        first_csv=first_csv(edition, rules),
        result_csv=ranking_csv(found),
        computed_by=by,
        computed_at=timezone.now(),
    )
    _tell("ranking.computed", made, by=by, method=made.method)
    return made


def scores_csv(edition: Edition, rules: ReviewSpec) -> str:
    """Every card that counts, by the dossier's code and the expert's mark: neither leads to a name without the office's tables."""
    return _csv(counted(edition), rules)


def first_csv(edition: Edition, rules: ReviewSpec) -> str:
    """The first scores of dossiers that were talked over, in the same columns; empty where none was. They do not count."""
    rows = before_discussion(edition)
    return _csv(rows, rules) if rows else ""


def _csv(rows: Sequence[Counted], rules: ReviewSpec) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["dossier", "expert", *rules.keys])
    for one in rows:
        writer.writerow([one.code, one.mark, *(one.scores[key] for key in rules.keys)])
    return out.getvalue()


def sheet_of(scores: str, rules: ReviewSpec) -> Sheet:
    """The published scores, read as `jiangbang rank` reads them. Raises ScoresError."""
    return read_sheet(scores.splitlines(), {one.key: Fraction(one.weight) for one in rules.rubric})


def command_of(ranking: Ranking, rules: ReviewSpec) -> str:
    """What anybody types to get the same file."""
    weights = " ".join(f"--weight {one.key}={one.weight}" for one in rules.rubric)
    return (
        f"jiangbang rank scores.csv --method {ranking.method} --titles {ranking.titles} --nominees {ranking.nominees} "
        f"{weights} --seed {ranking.seed} -o ranking.csv"
    )


def lines_of(ranking: Ranking) -> list[RankedLine]:
    """The published order."""
    return [
        RankedLine(
            int(row["rank"]),
            row["dossier"],
            row["score"],
            int(row["low"]),
            int(row["high"]),
            float(row["p_title"]),
            float(row["p_nominee"]),
        )
        for row in csv.DictReader(io.StringIO(ranking.result_csv))
    ]


@act("ranking.published")
def publish_ranking(ranking: Ranking, *, by: User) -> None:
    """Publish scores, order, method and the register's checkpoint. Refused: `permission`; `published`; `stale` when cards changed since."""
    ranking = _locked(ranking)
    _lead(by, ranking.edition)
    if ranking.published_at is not None:
        raise Refused("published", _("This ranking has been published already."))
    if scores_csv(ranking.edition, rules_of(ranking.edition)) != ranking.scores_csv:
        raise Refused("stale", _("The signed scores have changed since this was computed. Compute it again."))
    ranking.published_by, ranking.published_at = by, timezone.now()
    # it covers the entry of the computation, which names the hashes of both files
    ranking.checkpoint = Head.objects.get(pk=1).checkpoint
    ranking.save(update_fields=["published_by", "published_at", "checkpoint"])
    _tell("ranking.published", ranking, by=by)


@act("shortlist.taken", "shortlist.deviated")
def take_shortlist(ranking: Ranking, *, changes: Mapping[str, str] | None = None, by: User) -> int:
    """The first of the published ranking become the shortlist. `changes`: codes that are put on it, or taken off it, against the ranking,
    each with its reason. Returns how many stand on it.

    Refused: `permission`; `not_published`; `taken`; `unknown_code`; `no_reason`.
    """
    ranking = _locked(ranking)
    edition = ranking.edition
    _lead(by, edition)
    if ranking.published_at is None:
        raise Refused("not_published", _("Publish the ranking first: the shortlist is taken from what is published."))
    if Ranking.objects.filter(edition=edition, taken_at__isnull=False).exists():
        raise Refused("taken", _("The shortlist of this edition has been taken already."))
    order = {line.dossier: line.rank for line in lines_of(ranking)}
    changes = dict(changes or {})
    if unknown := sorted(set(changes) - set(order)):
        raise Refused("unknown_code", _("The ranking has no %(codes)s.") % {"codes": "、".join(unknown)})
    if any(not reason.strip() for reason in changes.values()):
        raise Refused("no_reason", _("Each deviation from the ranking has its reason."))
    codes = {one.code: one for one in Reviewed.objects.filter(edition=edition)}
    most, count = last_place(ranking), 0
    for code, place in order.items():
        first, changed = place <= most, code in changes
        if not first and not changed:
            continue
        on = first != changed
        reason = vault().seal(changes[code].strip()[:1000].encode(), _aad(ranking, code)) if changed else b""
        Shortlisted.objects.create(
            ranking=ranking, reviewed=codes[code], rank=place, deviates=changed, off=not on, sealed_reason=reason
        )
        count += on
        if changed:
            facts = {"rank": place, "added": on}
            record("shortlist.deviated", by=by, edition=edition.key, subject=ranking.subject, facts=facts)
    ranking.taken_by, ranking.taken_at = by, timezone.now()
    ranking.save(update_fields=["taken_by", "taken_at"])
    facts = {"number": ranking.number, "count": count, "deviations": len(changes)}
    record("shortlist.taken", by=by, edition=edition.key, subject=ranking.subject, facts=facts)
    return count


def last_place(ranking: Ranking) -> int:
    """The last place of the ranking that the shortlist takes: the seats, and what the edition has it take beyond them."""
    return ranking.titles + ranking.nominees + rules_of(ranking.edition).shortlist_more


def reason_of(one: Shortlisted) -> str:
    """Why the shortlist deviates here. Raises VaultError."""
    if not one.sealed_reason:
        return ""
    return vault().unseal(bytes(one.sealed_reason), _aad(one.ranking, one.reviewed.code)).decode()


def method_of(ranking: Ranking) -> Method:
    """The method as the kernel names it."""
    return ranking.method  # type: ignore[return-value]


def _tell(type_name: str, ranking: Ranking, *, by: User, **more: str) -> None:
    facts = {
        "number": ranking.number,
        "scores": hashlib.sha256(ranking.scores_csv.encode()).hexdigest(),
        "sha256": hashlib.sha256(ranking.result_csv.encode()).hexdigest(),
        **({"first": hashlib.sha256(ranking.first_csv.encode()).hexdigest()} if ranking.first_csv else {}),
        **more,
    }
    record(type_name, by=by, edition=ranking.edition.key, subject=ranking.subject, facts=facts)


def _lead(by: User, edition: Edition) -> None:
    if not policy.may_lead_review(by, edition):
        raise Refused("permission", _("You may not rank the dossiers of this edition."))


def _locked(ranking: Ranking) -> Ranking:
    return Ranking.objects.select_for_update(of=("self",)).select_related("edition").get(pk=ranking.pk)


def _aad(ranking: Ranking, code: str) -> bytes:
    return f"shortlist:{ranking.pk}:{code}".encode()
