"""A rehearsed review: synthetic experts, a draw, cards and a ranking, all through the acts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random
from typing import Final, Literal
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from jiangbang.accounts import invitations
from jiangbang.accounts.models import User
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.papers.paper import Paper, Text
from jiangbang.papers.pdf import write_pdf
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused
from jiangbang.rehearsal import words
from jiangbang.rehearsal.stages import Bar, rehearse_recommendation
from jiangbang.review import assigning, blind_copies, discussing, drawing, pool, ranking, recusing, scoring
from jiangbang.review.access import rules_of
from jiangbang.review.dossiers import eligible, judged
from jiangbang.review.importing import ExpertRow
from jiangbang.review.matching import Tie
from jiangbang.review.models import Card, Draw, PoolEntry, Seat
from jiangbang.review.profiles import Profile, organisation
from jiangbang.screening import acts as screening_acts

Until = Literal["agreed", "judging", "published"]

# at least, and so many for each seat that is drawn
EXPERTS: Final = 36
PER_SEAT: Final = 3
# What the forms do not carry, so that screening can be concluded.
FACTS: Final[dict[str, object]] = {
    "employed_in_hangzhou": True,
    "union_member": True,
    "law_abiding": True,
    "years_in_hangzhou": 6,
    "in_technical_post": True,
    "standards_or_key_technology": False,
    "innovation_with_benefit": True,
    "national_qualification": False,
    "science_award": False,
    "trains_talent": False,
    "coached_best_rank": 0,
    "earlier_titles": [],
    "civil_service_staff": False,
    "institution_or_soe_leader": False,
    "contest_level": 0,
    "contest_rank": 0,
    "contest_year": 0,
}
HOUSES: Final = ("理工大学", "数字技术研究院", "智能制造学院", "信息工程大学", "工业互联网研究中心")
TOWNS: Final = ("杭州", "上海", "南京", "合肥", "宁波", "苏州")
REGIONS: Final = ("浙江杭州", "上海", "江苏南京", "安徽合肥", "浙江宁波", "江苏苏州")
TITLES: Final = ("教授", "研究员", "正高级工程师", "教授级高工")
RECOMMENDERS: Final = ("市总工会", "市经信局", "市软件行业协会", "省自动化学会")
# An account that tries it finds so many dossiers to judge, and so many to talk over.
LEFT_OPEN: Final = 10
TORN: Final = 2
WITNESSES: Final = (("王见证", "风好正是扬帆时"), ("李见证", "2024 08 16"), ("赵见证", "七三一"))


def rehearse_review(
    edition: Edition,
    *,
    dossiers: int,
    seed: int,
    by: User,
    say: Callable[[str], object],
    until: Until = "published",
    expert: User | None = None,
    progress: Bar | None = None,
) -> None:
    """Recommend, screen and review so many synthetic people in an edition that holds nothing yet. `expert` gets the busiest seat.

    Raises CannotRehearseError as the recommendation does.
    """
    rehearse_recommendation(dossiers=dossiers, seed=seed, say=say, progress=progress, edition=edition, fault_rate=0)
    experts = max(EXPERTS, PER_SEAT * sum(panel.rules.seats for panel in rules_of(edition).panels))
    say(f"Rehearsing the review of {edition.key} with {experts} experts …")
    _screen(edition, by=by, progress=progress)
    say(f"{eligible(edition).count()} dossiers are found eligible.")
    rows = [_expert(number, seed, edition.spec) for number in range(experts)]
    pool.list_experts(edition, rows, by=by)
    if until == "agreed":
        return
    drawn = drawing.hold_draw(drawing.commit_draw(edition, by=by), WITNESSES, by=by)
    experts_answer(drawn, by=by)
    say(f"{assigning.assign_dossiers(edition, by=by)} score cards are assigned.")
    assigning.release_cards(edition, by=by)
    busiest = max(recusing.sitting(edition), key=lambda seat: (seat.cards.count(), seat.mark))
    if expert is not None:
        take_seat(busiest, expert, by=by)
    if until == "judging":
        _experts_at_work(edition, busiest, seed, by=by)
        return
    experts_judge(edition, seed, by=by, progress=progress)
    say(f"{Card.objects.filter(reviewed__edition=edition, state=Card.State.SIGNED).count()} score cards are signed.")
    talk_over(edition, by=by)
    ranking.publish_ranking(ranking.compute_ranking(edition, by=by), by=by)


def _experts_at_work(edition: Edition, seat: Seat, seed: int, *, by: User) -> None:
    """In the middle of it: the expert of `seat` has ten dossiers to judge and two to talk over, somebody else has not begun."""
    own = list(scoring.own_cards(seat).order_by("reviewed__code").values_list("reviewed", flat=True))
    left, torn = own[:LEFT_OPEN], own[LEFT_OPEN:][:TORN]
    _release_papers([*left[:2], *torn[:1]], by=by)
    busy = set(Card.objects.filter(reviewed__in=torn).values_list("seat", flat=True))
    idle = next((one.pk for one in recusing.sitting(edition) if one.pk not in busy), 0)
    experts_judge(
        edition,
        seed,
        by=by,
        torn=torn,
        leave=lambda card: card.seat_id == idle or (card.seat_id == seat.pk and card.reviewed_id in left),
    )
    if torn and discussing.wide_dossiers(edition):
        discussing.open_discussions(edition, by=by)
        other = (
            Card.objects.filter(reviewed__in=torn, state=Card.State.OPEN)
            .exclude(seat=seat)
            .select_related("seat__entry__expert")
            .earliest("pk")
        )
        discussing.add_remark(
            other, "主要成果有第三方检测报告，建议结合应用规模再作比较。", by=_account_of(other.seat, by=by)
        )


def _release_papers(dossiers: Sequence[UUID], *, by: User) -> None:
    """A certificate of each dossier as experts see it: the name is blacked out."""
    for number, dossier in enumerate(Dossier.objects.filter(pk__in=dossiers).order_by("pk"), 1):
        lines = (
            "发明名称：一种生产线在线检测方法及系统",
            "发明人：██████　　专利权人：██████████",
            "授权公告日：2023年3月14日",
        )
        body = (
            *(Text(line, indent=False) for line in lines),
            Text("（演示用副本，姓名、单位、专利号和印章已遮盖）", indent=False),
        )
        data = write_pdf(Paper("发明专利证书", body, kind="证明材料"))
        upload = SimpleUploadedFile(f"{number}.pdf", data, content_type="application/pdf")
        blind_copies.release_redacted(dossier, "achievements", upload, by=by)


def talk_over(edition: Edition, *, by: User) -> None:
    """Where the edition's rule wants it, everybody comes half of the way to the panel's mean and signs again."""
    if not discussing.wide_dossiers(edition):
        return
    discussing.open_discussions(edition, by=by)
    rules = rules_of(edition)
    cards = Card.objects.filter(reviewed__edition=edition, state=Card.State.OPEN, asked_again_at__isnull=False)
    panel: dict[object, list[Card]] = {}
    for card in cards.select_related("reviewed__edition", "seat__draw__edition", "seat__entry__expert"):
        panel.setdefault(card.reviewed_id, []).append(card)
    for own in panel.values():
        middle = {key: sum(card.scores[key] for card in own) / len(own) for key in own[0].scores}
        for card in own:
            points = {key: round((card.scores[key] + middle[key]) / 2) for key in middle}
            said = {line.key: "经复议，维持该分段。" for line in rules.rubric if line.needs_comment(points[line.key])}
            typed = {key: str(value) for key, value in points.items()}
            scoring.keep_card(card, typed, said, expected=None, by=_account_of(card.seat, by=by))
    for seat in {card.seat_id: card.seat for own in panel.values() for card in own}.values():
        scoring.sign_cards(seat, by=_account_of(seat, by=by))


def experts_answer(drawn: Draw, *, by: User) -> list[Seat]:
    """Everybody who was drawn takes the seat; two have something to declare. Returns the seats."""
    for seat in drawn.seats.filter(state=Seat.State.ASKED):
        drawing.confirm_seat(seat, by=by, source="office")
    seats = list(recusing.sitting(drawn.edition))
    among = judged(eligible(drawn.edition), drawn.edition)
    said = dict(zip([seat.pk for seat in seats[1:]], _ties(drawn.edition), strict=False))
    for seat in seats:
        recusing.declare_relations(seat, said.get(seat.pk, []), among=among, by=_account_of(seat, by=by))
    return seats


def _ties(edition: Edition) -> list[list[Tie]]:
    """A student of the same name elsewhere (a doubt), and an employer in whom somebody has shares."""
    dossiers = list(eligible(edition).order_by("pk")[:2])
    if len(dossiers) < 2:
        return []
    return [
        [Tie("teacher", dossiers[0].name, "某大学", "曾为同名学生的导师")],
        [Tie("benefit", "", organisation(dossiers[1].employer), "持有少量股权")],
    ]


def take_seat(seat: Seat, expert: User, *, by: User) -> None:
    """Let an account act as the expert of a seat, by an invitation like everybody."""
    invitations.accept(pool.invite_expert(PoolEntry.objects.get(pk=seat.entry_id), by=by), as_user=expert)


def _screen(edition: Edition, *, by: User, progress: Bar | None) -> None:
    """Find everybody eligible whose clauses allow it."""
    screening_acts.begin_screening(edition, by=by)
    asked = {fact.key for fact in edition.spec.facts if fact.from_field is None}
    facts = {key: value for key, value in FACTS.items() if key in asked}
    waiting = list(Dossier.objects.filter(edition=edition, state=Dossier.State.ACCEPTED))
    for done, dossier in enumerate(waiting):
        if progress:
            progress(done, len(waiting), "screening")
        try:
            nomination_acts.declare_facts(dossier, facts, source=DeclaredFact.Source.OFFICE, by=by)
            screening_acts.conclude_screening(dossier, by=by)
        except Refused:
            # a clause is open for this person: screening goes on by hand
            continue


def _expert(number: int, seed: int, spec: EditionSpec) -> ExpertRow:
    """One expert; the number decides name, house and fields, so that the pool fills every panel."""
    dice = Random(f"jiangbang expert {seed} {number}")  # noqa: S311 — a rehearsal
    trade = sorted(words.TRADES)[number % len(words.TRADES)]
    other = sorted(words.TRADES)[(number + 1 + number // 5) % len(words.TRADES)]
    _kinds, _posts, fields, made = words.TRADES[trade]
    town = number % len(TOWNS)
    groups = [choice.code for choice in spec.industry_classes if len(choice.code) > 2 and choice.code.startswith(trade)]
    profile = Profile(
        name=dice.choice(words.SURNAMES) + dice.choice(words.GIVEN_SECOND) + dice.choice(words.GIVEN_MALE),
        mobile=f"199{seed % 1000:03d}{number:05d}",
        email=f"expert{number}@example.cn",
        employer=f"{TOWNS[town]}{HOUSES[number // len(TOWNS) % len(HOUSES)]}",
        title=dice.choice(TITLES),
        specialties="、".join([*dice.sample(fields, min(3, len(fields))), *dice.sample(made, 2)]),
        works="\n".join(f"省重点研发计划“{field}”专项课题负责人" for field in dice.sample(fields, 2)),
    )
    classes = tuple(sorted({trade, other, *dice.sample(groups, min(2, len(groups)))}))
    return ExpertRow(
        line=number + 2,
        profile=profile,
        classes=classes,
        region=REGIONS[town],
        recommender=RECOMMENDERS[number % len(RECOMMENDERS)],
        unit_code="",
        capacity=60,
        agreed=True,
    )


def _account_of(seat: Seat, *, by: User) -> User:
    """The account in whose name a seat acts; made by an invitation where there is none yet."""
    held = User.objects.filter(memberships__scope=str(seat.entry.expert_id)).order_by("pk").first()
    if held is not None:
        return held
    _made, user = invitations.accept(pool.invite_expert(PoolEntry.objects.get(pk=seat.entry_id), by=by))
    return user


def experts_judge(
    edition: Edition,
    seed: int,
    *,
    by: User,
    torn: Collection[object] = (),
    leave: Callable[[Card], bool] = lambda _card: False,
    progress: Bar | None = None,
) -> None:
    """Everybody scores what is still open: a dossier's quality, the expert's strictness, chance; then signs.

    On `torn` dossiers one expert gives little. Cards that are to be left stay as they are.
    """
    dice = Random(f"jiangbang scores {seed}")  # noqa: S311 — a rehearsal
    rules = rules_of(edition)
    quality: dict[object, float] = {}
    against: set[object] = set()
    seats = list(recusing.sitting(edition))
    for done, seat in enumerate(seats):
        if progress:
            progress(done, len(seats), "scoring")
        strict = dice.gauss(0, 4)
        account = _account_of(seat, by=by)
        for card in scoring.own_cards(seat).filter(state=Card.State.OPEN).order_by("reviewed__code"):
            good = quality.setdefault(card.reviewed_id, dice.gauss(78, 7))
            if leave(card):
                continue
            if card.reviewed_id in torn and card.reviewed_id not in against:
                against.add(card.reviewed_id)
                good = 20
            scores, comments = {}, {}
            for line in rules.rubric:
                points = min(98, max(40, round(good + strict + dice.gauss(0, 4))))
                scores[line.key] = str(points)
                if line.needs_comment(points):
                    comments[line.key] = "材料翔实，成果突出。" if points > 90 else "材料说明不足。"
            scoring.keep_card(card, scores, comments, expected=None, by=account)
        try:
            scoring.sign_cards(seat, by=account)
        except Refused:
            # nothing was open, or all of it was left
            continue
