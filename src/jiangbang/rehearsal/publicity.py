"""Rehearsed publicity: most agree to be shown, a few have a story that another person found good, the log has coverage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from jiangbang.accounts.models import User
from jiangbang.conferral.queries import awards_of
from jiangbang.programme.models import Edition
from jiangbang.publicity.consents import record_consent
from jiangbang.publicity.coverage import channels_of, enter_coverage
from jiangbang.publicity.stories import publish_story, review_story, write_story

STORIES = 3
HEADLINES = ("把毫秒抠出来的人", "车间里的算法课", "让老设备开口说话", "一条产线的十年")
TEXT = (
    "从学徒到带头人，{name}在{employer}一线干了十多年。\n\n"
    "“问题总在现场，答案也在现场。”遇到疑难，他习惯先蹲在设备旁看完一个班次，再动手改。"
    "几年下来，团队累计完成技术改造数十项，故障停机时间逐年下降。\n\n"
    "如今他带的徒弟也当上了班组长。对他来说，手艺传下去，比什么都要紧。"
)
# from the last of the edition's channels back: new media, the press, screens in the street
COVERAGE = (
    ("市工会微信公众号", "榜样｜新一届数字工匠", 35_000),
    ("本市日报", "数字工匠：在一线点亮数字经济", 120_000),
    ("地铁灯箱", "匠心数智", None),
)


def rehearse_publicity(edition: Edition, *, by: User, reviewer: User, say: Callable[[str], object]) -> None:
    """Note who agrees, publish stories, log coverage. `reviewer` is not `by`."""
    held = [one for one in awards_of(edition) if one.held]
    agreed = [one for place, one in enumerate(held) if place % 4 != 3]
    for award in agreed:
        record_consent(award.dossier, paper="宣传同意书第1卷", photo=True, by=by)
    for place, award in enumerate(agreed[:STORIES]):
        employer = award.employer.partition(" ")[0]
        story = write_story(
            award, headline=HEADLINES[place], text=TEXT.format(name=award.name, employer=employer), by=by
        )
        if story is not None:
            review_story(award, story.number, by=reviewer)
            publish_story(award, story.number, by=by)
    today, channels = edition.now().astimezone(edition.zone).date(), channels_of(edition)
    for place, (media, headline, reach) in enumerate(COVERAGE if channels else ()):
        channel, day = channels[-1 - place % len(channels)], today - timedelta(days=place)
        enter_coverage(edition, channel=channel, media=media, headline=headline, day=day, reach=reach, by=by)
    say(f"{len(agreed)} of {len(held)} agree to be shown; {min(STORIES, len(agreed))} stories are published.")
