"""What a notice says: as it was published, put right by two persons, what stood before kept."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from decision.decided import decided
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from notice.noticed import noticed
from notice.test_objection_views import words
from notice.test_publishing import code_of

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.decision.models import Result
from jiangbang.nomination.models import Dossier
from jiangbang.notice import entries, publishing
from jiangbang.notice.notice_models import Notice, NoticeEntry, NoticeVersion
from jiangbang.notice.versions import correct_entry, release_correction, sha256_of, withdraw_correction
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.models import Entry


@pytest.fixture
def second(cast: Cast) -> User:
    return create_account("second", role=Role.ORGANISER, password=None)


def corrected(entry: NoticeEntry, by: User, **changes: Any) -> NoticeVersion:
    told = {"name": entry.name, "employer": "甲智造有限公司 高级工程师", "reason": "单位更名", **changes}
    made = correct_entry(entry, by=by, **told)
    assert made is not None
    return made


def address(edition: Edition, name: str, *more: object) -> str:
    return reverse(name, args=[edition.programme, edition.slug, *more])


def test_publishing_keeps_what_is_said_and_the_register_knows_it(edition: Edition, cast: Cast, second: User) -> None:
    decided(edition, cast.organiser, released=False)
    notice = publishing.prepare_notice(edition, by=cast.organiser)
    publishing.publish_notice(notice, by=second)
    version = notice.versions.get()
    assert (version.number, version.prepared_by, version.released_by) == (1, cast.organiser, second)
    said = {row["name"]: row["employer"] for row in version.rows}
    assert said == {entry.dossier.name: entry.dossier.employer for entry in notice.entries.select_related("dossier")}
    assert Entry.objects.get(type="notice.published").facts["sha256"] == sha256_of(version.rows)
    # the register before the release, which has the preparation in it
    assert int(version.checkpoint.splitlines()[1]) == Entry.objects.get(type="result.released").index


def test_a_dossier_that_changes_does_not_change_the_notice(client: Client, edition: Edition, cast: Cast) -> None:
    entry = noticed(edition, cast.organiser).entries.order_by("pk").first()
    Dossier.objects.filter(pk=entry.dossier_id).update(name="别的名", employer="别的单位")
    shown = words(client.get(address(edition, "notice_page")).content)
    assert entry.name in shown
    assert "别的" not in shown


def test_a_correction_waits_for_another_person_and_keeps_what_was(
    client: Client, edition: Edition, cast: Cast, second: User
) -> None:
    notice = noticed(edition, cast.organiser)
    entry = notice.entries.order_by("pk").first()
    before = entry.employer
    version = corrected(entry, cast.organiser)
    assert before in words(client.get(address(edition, "notice_page")).content)
    assert client.get(address(edition, "notice_earlier", 1, 2)).status_code == 404
    assert code_of(release_correction, version, by=cast.organiser) == "same_person"
    assert code_of(release_correction, version, by=cast.stranger) == "permission"
    release_correction(version, by=second)
    now = words(client.get(address(edition, "notice_page")).content)
    assert "甲智造有限公司 高级工程师" in now
    assert "单位更名" in now
    was = words(client.get(address(edition, "notice_earlier", 1, 1)).content)
    assert before in was
    assert "甲智造有限公司 高级工程师" not in was
    entry_of_register = Entry.objects.get(type="notice.corrected")
    assert entry_of_register.facts == {
        "number": 1,
        "version": 2,
        "reason": "单位更名",
        "sha256": sha256_of(version.rows),
    }
    assert code_of(release_correction, version, by=second) == "released"


def test_whoever_was_struck_is_not_named_in_what_was_said_before(
    client: Client, edition: Edition, cast: Cast, second: User
) -> None:
    first, other, *_more = noticed(edition, cast.organiser).entries.order_by("pk")
    release_correction(corrected(first, cast.organiser), by=second)
    entries.strike(other, by=cast.organiser, reason="异议成立")
    assert other.name not in words(client.get(address(edition, "notice_earlier", 1, 1)).content)


def test_corrections_that_are_none_are_refused(edition: Edition, cast: Cast, second: User) -> None:
    first, other, *_more = noticed(edition, cast.organiser).entries.order_by("pk")

    def refused(entry: NoticeEntry, by: User, **changes: str) -> str:
        told = {"name": entry.name, "employer": "乙公司", "reason": "更正", **changes}
        return code_of(correct_entry, entry, by=by, **told)

    assert refused(first, cast.stranger) == "permission"
    assert refused(first, cast.organiser, employer=first.employer) == "same"
    assert refused(first, cast.organiser, reason=" ") == "reason"
    assert refused(first, cast.organiser, name=" ") == "empty"
    assert refused(first, cast.organiser, employer="乙公司 139 5712 3456") == "personal"
    waiting = corrected(first, cast.organiser)
    assert refused(other, second) == "waits"
    assert code_of(withdraw_correction, waiting, by=cast.stranger) == "permission"
    withdraw_correction(waiting, by=cast.organiser)
    assert code_of(withdraw_correction, waiting, by=cast.organiser) == "released"
    entries.strike(other, by=cast.organiser, reason="x")
    assert refused(other, second) == "state"
    assert Notice.objects.get().versions.count() == 1


def test_whoever_corrects_a_draft_does_not_publish_it(edition: Edition, cast: Cast, second: User) -> None:
    decided(edition, cast.organiser, released=False)
    notice = publishing.prepare_notice(edition, by=cast.organiser)
    entry = notice.entries.order_by("pk").first()
    NoticeEntry.objects.filter(pk=entry.pk).update(employer="乙公司 330106199003078888")
    assert code_of(publishing.publish_notice, notice, by=second) == "personal"
    assert Result.objects.get().released_at is None
    entry.refresh_from_db()
    assert correct_entry(entry, name=entry.name, employer="乙公司", reason="去除证件号", by=second) is None
    assert code_of(publishing.publish_notice, notice, by=second) == "same_person"
    publishing.publish_notice(notice, by=cast.organiser)
    assert notice.versions.get().prepared_by == second


def test_the_database_keeps_two_persons_one_waiting_and_a_reason(edition: Edition, cast: Cast, second: User) -> None:
    entry = noticed(edition, cast.organiser).entries.order_by("pk").first()
    version = corrected(entry, cast.organiser)
    copies = (
        {"number": 3},
        {"number": 3, "released_by": second},
        {"number": 3, "released_by": cast.organiser, "released_at": version.prepared_at},
        {"number": 3, "released_by": second, "released_at": version.prepared_at, "reason": ""},
    )
    for changes in copies:
        told = {"notice": version.notice, "rows": [], "reason": "x", "prepared_by": cast.organiser}
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeVersion.objects.create(prepared_at=version.prepared_at, **{**told, **changes})


def test_a_failed_register_write_corrects_nothing(edition: Edition, cast: Cast, second: User) -> None:
    entry = noticed(edition, cast.organiser).entries.order_by("pk").first()
    version = corrected(entry, cast.organiser)
    with mock.patch.object(register_acts, "_append", side_effect=OSError), pytest.raises(OSError):
        release_correction(version, by=second)
    assert NoticeEntry.objects.get(pk=entry.pk).employer == entry.employer


def test_the_office_corrects_on_its_page(client: Client, edition: Edition, cast: Cast, second: User) -> None:
    entry = noticed(edition, cast.organiser).entries.order_by("pk").first()
    NoticeEntry.objects.filter(pk=entry.pk).update(employer="乙公司 0571-88888888")
    client.force_login(cast.organiser)
    assert "一串数字，疑似电话" in words(client.get(reverse("notice_desk")).content)
    told = {"entry": entry.pk, "name": entry.name, "employer": "乙公司", "reason": "去除电话"}
    shown = words(client.post(reverse("notice_line", args=[1]), told, follow=True).content)
    assert "更正待另一人发布" in shown
    assert client.post(reverse("notice_line", args=[1]), {**told, "entry": "x"}).status_code == 404
    assert client.post(reverse("notice_correction", args=[1, 2, "other"])).status_code == 404
    client.force_login(second)
    client.post(reverse("notice_correction", args=[1, 2, "release"]))
    assert NoticeEntry.objects.get(pk=entry.pk).employer == "乙公司"
    assert Notice.objects.get().versions.count() == 2
