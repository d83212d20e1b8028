"""A rehearsed public notice: prepared by one, published by another, standing for two days, with objections; all through the acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from jiangbang.accounts.models import User
from jiangbang.notice import publishing
from jiangbang.notice.notice_models import Notice
from jiangbang.notice.site_texts import word_site
from jiangbang.programme.models import Edition
from jiangbang.rehearsal.clock import stand_at
from jiangbang.rehearsal.objections import rehearse_objections

SITE_TEXTS = {
    "about": (
        "**认定宗旨**：弘扬劳模精神、劳动精神、工匠精神，选树在数字经济一线岗位作出突出贡献的技能人才。\n\n"
        "经单位推荐、资格审核、专家评审、征求意见、领导小组审定和社会公示，认定称号并颁发证书。"
    ),
    "about_en": (
        "The title honours people who work with skill in the digital economy. Units recommend; the office screens, experts review, "
        "departments are asked, the leading group decides, and the public may object."
    ),
    "call": (
        "## 推荐范围\n\n在本市数字经济相关岗位工作的一线职工。\n\n"
        "## 报送材料\n\n- 推荐表，一人一份，须经推荐单位盖章；\n- 汇总表，按推荐顺序排列；\n- 证书、专利等证明材料复印件。\n\n"
        "## 报送方式\n\n由区、县（市）总工会和产业工会统一报送，逾期不予受理。"
    ),
    "call_en": "",
}


def rehearse_notice(edition: Edition, *, by: User, publisher: User, seed: int, say: Callable[[str], object]) -> Notice:
    """Publish the notice of a decided edition at the moment at which it stands, go two days on, and let people object.

    Raises Refused where nothing is decided, or `publisher` is who prepares.
    """
    rehearse_site(edition, by=by)
    notice = publishing.publish_notice(publishing.prepare_notice(edition, by=by), by=publisher)
    say(f"{notice.entries.count()} people stand before the public until {notice.last_day}.")
    edition = stand_at(edition, edition.now() + timedelta(days=2), by=by)
    rehearse_objections(edition, by=by, seed=seed, say=say)
    return Notice.objects.select_related("edition").get(pk=notice.pk)


def rehearse_site(edition: Edition, *, by: User) -> None:
    """Word the public page of an edition, with its call."""
    word_site(edition, SITE_TEXTS, called=True, by=by)
