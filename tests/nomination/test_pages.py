"""What pages show and what they never show: canaries in every personal field, searched for on every page."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from nomination.readings import Cast, MakeReading, person

from jiangbang.kernel.form import Record
from jiangbang.nomination import acts, evidence, pages
from jiangbang.nomination.dossiers import full_record
from jiangbang.nomination.models import Dossier, Packet
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db

SENSITIVE = {
    "id_number": "99010119850615700X",
    "telephone": "0571-87654399",
    "mobile": "19987654321",
    "address": "金丝雀路七号金丝雀大厦",
}
PERSONAL = {"birth_month": "1985-06", "political_status": "金丝雀盟员", "native_place": "金丝雀岛"}
# the same in other spellings that a page might use
SPELLINGS = [*SENSITIVE.values(), "057187654399", "199 8765 4321", "990101 19850615 700X", "金丝雀路"]
# values that fail their own checks, so that findings speak about them
FAULTY = {"id_number": "990101198506157777", "telephone": "金丝雀电话", "mobile": "1998765", "address": "金丝雀巷" * 60}
FAULTY_SPELLINGS = [*FAULTY.values(), "金丝雀"]


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


def receive(edition: Edition, cast: Cast, reading: MakeReading, records: list[Record], **more: object) -> Packet:
    unit = edition.spec.unit("330108")
    return acts.receive_packet(reading(records, **more), edition=edition, unit=unit, by=cast.organiser)[0]


def everything_shown(client: Client, packet: Packet, *, own_page: bool) -> dict[str, str]:
    """Every page, fragment, list and header that shows something of a packet and its people, in both languages."""
    evidence.keep_bytes(b"photo")
    dossiers = [f"/dossiers/{pk}/" for pk in packet.revisions.values_list("dossier", flat=True)]
    paths = [
        "/",
        "/packets/",
        f"/packets/{packet.pk}/",
        f"/packets/{packet.pk}/receipt/",
        "/dossiers/",
        "/dossiers.csv",
    ]
    paths += ["/dossiers/?sort=findings", "/register/", "/register/export/", *(f"{one}photo/" for one in dossiers)]
    shown = {}
    # what the pages activate ends with them, not with the test
    with translation.override("zh-hans"):
        for language in ("zh-hans", "en"):
            client.cookies["jiangbang_language"] = language
            for path in [*paths, *(dossiers if own_page else ())]:
                shown[f"{language} {path}"] = told(client.get(path))
    return shown


def told(answer: HttpResponse) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return body.decode("utf-8", "replace") + repr(answer.headers) + repr(answer.cookies)


def leaks(shown: dict[str, str], values: list[str]) -> list[tuple[str, str]]:
    return [(where, value) for where, page in shown.items() for value in values if value in page]


def test_no_page_holds_a_sensitive_value(office: Client, edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet = receive(edition, cast, reading, [person(1, **SENSITIVE)])
    assert full_record(packet.revisions.get())["address"] == SENSITIVE["address"]
    assert leaks(everything_shown(office, packet, own_page=True), SPELLINGS) == []


def test_findings_about_sensitive_values_do_not_repeat_them(
    office: Client, edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    faulty = person(1, **FAULTY)
    packet = receive(edition, cast, reading, [faulty], roster_of=[person(1, name=faulty["name"])])
    codes = {finding.code for finding in packet.revisions.get().found}
    assert {"id_number.checksum", "roster.mismatch"} <= codes
    assert leaks(everything_shown(office, packet, own_page=True), FAULTY_SPELLINGS) == []


def test_personal_values_stand_on_the_dossiers_own_page_only(
    office: Client, edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    packet = receive(edition, cast, reading, [person(1, **PERSONAL)])
    values = ["金丝雀", "1985-06", "1985年6月"]
    assert leaks(everything_shown(office, packet, own_page=False), values) == []
    page = office.get(f"/dossiers/{Dossier.objects.get().pk}/").content.decode()
    assert all(value in page for value in (PERSONAL["political_status"], PERSONAL["native_place"]))


def test_a_reveal_shows_one_value_and_no_other(
    office: Client, edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    receive(edition, cast, reading, [person(1, **SENSITIVE)])
    url = f"/dossiers/{Dossier.objects.get().pk}/reveal/"
    for field in SENSITIVE:
        for headers in ({}, {"HX-Request": "true"}):
            answer = office.post(url, {"field": field}, headers=headers)
            text = "".join(answer.content.decode().split('<span class="figure-group">')).replace("</span>", "")
            assert [key for key, value in SENSITIVE.items() if value in text] == [field]
            assert "no-store" in answer["Cache-Control"]


def test_the_discipline_office_sees_masks_too(
    client: Client, edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    receive(edition, cast, reading, [person(1, **SENSITIVE)])
    client.force_login(cast.discipline)
    dossier = f"/dossiers/{Dossier.objects.get().pk}/"
    assert leaks({dossier: told(client.get(dossier))}, SPELLINGS) == []


def test_values_from_papers_are_never_markup(
    office: Client, edition: Edition, cast: Cast, reading: MakeReading
) -> None:
    evil = "<script>alert(1)</script>"
    texts = (
        "name",
        "education",
        "native_place",
        "motto",
        "deeds",
        "employer_and_position",
        "industry_class",
        "address",
    )
    record = person(1, **dict.fromkeys(texts, evil), achievements=[evil], honours=[evil])
    packet = receive(edition, cast, reading, [record])
    shown = everything_shown(office, packet, own_page=True)
    html = {where: page for where, page in shown.items() if ".csv" not in where and "export" not in where}
    assert leaks(html, [evil, "<script>alert"]) == []


def test_a_person_who_comes_twice_has_one_group_of_findings(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet = receive(edition, cast, reading, [person(1), person(1), person(2, deeds="长" * 401)])
    groups = pages.finding_groups(packet, packet.revisions.select_related("dossier").order_by("source"))
    people = {group.title: group.findings for group in groups if group.dossier is not None}
    assert sorted(people) == sorted([person(1)["name"], person(2)["name"]])
    (twice,) = (one for one in people[str(person(1)["name"])] if one.code == "duplicate.in_packet")
    assert twice.where == "附件2推荐表（张乙子）0.docx、附件2推荐表（张乙子）1.docx"


def test_a_mask_never_shows_more_than_four_characters(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet = receive(edition, cast, reading, [person(1, **SENSITIVE)])
    revision = packet.revisions.get()
    lines = {line.key: line for line in pages.sheet(revision, full_record(revision), edition.spec).lines}
    assert {key: str(lines[key].shown).lstrip("•") for key in SENSITIVE} == {
        "id_number": "700X",
        "telephone": "",
        "mobile": "4321",
        "address": "",
    }
    assert {key for key, line in lines.items() if line.masked} == set(SENSITIVE)


def test_every_finding_code_has_its_phrase() -> None:
    assert set(pages.CODE_LABELS) == set(pages.CODES)


def test_values_are_told_in_the_readers_language(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    revision = receive(edition, cast, reading, [person(1)]).revisions.get()
    record = full_record(revision)
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            lines = {line.key: line for line in pages.sheet(revision, record, edition.spec).lines}
            said[language] = [lines[key].shown for key in ("gender", "birth_month", "years_in_industry")]
    assert said == {"zh-hans": ["男", "1985年6月", "12年"], "en": ["male", "1985-06", "12 years"]}


def test_findings_are_grouped_by_person_the_gravest_first(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    packet = receive(edition, cast, reading, [person(1), person(2, mobile=None), person(3)])
    revisions = list(packet.revisions.select_related("dossier"))
    with translation.override("zh-hans"):
        groups = pages.finding_groups(packet, revisions)
    assert [group.title for group in groups] == ["材料包整体", person(2)["name"]]
    assert pages.severity_counts(groups)["block"] == 1
    regions = [one for one in pages.remarks(revisions) if one.told.code == "id_number.region_unknown"]
    assert [len(one.dossiers) for one in regions] == [3]
