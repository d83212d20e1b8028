"""The shell's own pages: gallery, register, edition switch, language, sign-in, errors, headers."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.conf import LazySettings
from django.test import Client
from nomination.readings import Cast, MakeReading, person
from pytest_django import DjangoAssertNumQueries

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.nomination import acts
from jiangbang.nomination.models import Dossier
from jiangbang.programme.models import Edition
from jiangbang.register.entry_types import ENTRY_TYPES
from jiangbang.register.models import Entry
from jiangbang.web.headers import CONTENT_SECURITY_POLICY
from jiangbang.web.register_words import FACT_LABELS, UNSAID_FACTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client, cast: Cast, edition: Edition) -> Client:
    client.force_login(cast.organiser)
    return client


def test_the_gallery_shows_every_component_to_the_office(office: Client) -> None:
    assert office.get("/gallery/").status_code == 200


def test_the_gallery_is_hidden_from_strangers_and_closed_to_other_roles(
    client: Client, cast: Cast, edition: Edition, settings: LazySettings
) -> None:
    client.force_login(cast.stranger)
    assert client.get("/gallery/").status_code == 404
    client.force_login(cast.system)
    assert client.get("/gallery/").status_code == 403
    settings.JIANGBANG_DEMO = True
    assert client.get("/gallery/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/packets/", "/dossiers/", "/register/", "/gallery/", "/dossiers.csv"])
def test_nobody_enters_without_signing_in(client: Client, edition: Edition, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={path}")


def test_sign_up_is_closed(client: Client, db: None) -> None:
    assert "不开放注册" in client.get("/account/signup/").content.decode()


def test_every_answer_carries_the_policy(client: Client, db: None) -> None:
    answer = client.get("/account/login/")
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_pages_are_chinese_first_and_english_by_cookie(office: Client) -> None:
    assert "<h1>工作台</h1>" in office.get("/").content.decode()
    office.post("/language/", {"language": "en", "next": "/"})
    page = office.get("/").content.decode()
    assert "<h1>Desk</h1>" in page
    assert '<html lang="en">' in page


def test_fields_do_not_repeat_their_labels_as_placeholders(client: Client, cast: Cast) -> None:
    cast.organiser.set_password("a long enough pass phrase")
    cast.organiser.save()
    client.force_login(cast.organiser)
    page = client.get("/account/password/change/").content.decode()
    assert (page.count('type="password"'), page.count("placeholder")) == (3, 0)


def test_the_edition_switch_is_kept_in_the_session(office: Client) -> None:
    assert "首届" in office.get("/").content.decode()
    office.post("/edition/", {"edition": "hangzhou-digital-craftsman/2024"})
    assert office.session["edition"] == "hangzhou-digital-craftsman/2024"
    assert office.post("/edition/", {"edition": "nowhere/1"}).status_code == 404


def test_the_register_says_who_did_what_with_constant_queries(
    office: Client,
    cast: Cast,
    edition: Edition,
    reading: MakeReading,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    unit = edition.spec.unit("330108")
    acts.receive_packet(reading([person(1)]), edition=edition, unit=unit, by=cast.organiser)
    with django_assert_num_queries(11):
        page = office.get("/register/").content.decode()
    assert "接收材料包" in page
    assert "2023-330108-001" in page
    acts.receive_packet(reading([person(n) for n in range(3)]), edition=edition, unit=unit, by=cast.organiser)
    with django_assert_num_queries(11):
        office.get("/register/")


def test_the_registers_facts_are_words_and_grouped_figures(office: Client, cast: Cast, edition: Edition) -> None:
    brought = acts.bring_packet(
        edition=edition,
        file_name="a.zip",
        sha256="0" * 64,
        size=1234567,
        unit_code="",
        channel="web",
        by=cast.organiser,
    )
    acts.refuse_intake(brought, code="storage", sentence="…")
    acts.note_download(f"edition:{edition.key}", "roster.xlsx", edition=edition, by=cast.organiser)
    page = office.get("/register/").content.decode()
    for words in ("1,234,567", "存储故障", "汇总表（Excel）"):
        assert words in page
    assert "roster.xlsx" not in page


def test_a_reveal_names_the_field_as_the_form_does(
    office: Client, cast: Cast, edition: Edition, reading: MakeReading
) -> None:
    unit = edition.spec.unit("330108")
    acts.receive_packet(reading([person(1)]), edition=edition, unit=unit, by=cast.organiser)
    acts.reveal_value(Dossier.objects.get(), "id_number", by=cast.organiser)
    page = office.get("/register/?type=value.revealed").content.decode()
    assert "身份证" in page
    assert "id_number" not in page


def test_verifying_says_in_words_whether_the_register_is_whole(office: Client) -> None:
    count = Entry.objects.count()
    page = office.post("/register/verify/").content.decode()
    assert "登记簿完整无误" in page
    assert f"全部 {count} 条" in page


def test_the_register_is_exported_for_outsiders_to_check(office: Client) -> None:
    body = office.get("/register/export/").content
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {"entries.jsonl", "checkpoint", "key.pub", "README.txt"} <= set(archive.namelist())


def test_the_audit_administrator_reads_the_register_without_names(
    client: Client, cast: Cast, edition: Edition, reading: MakeReading
) -> None:
    unit = edition.spec.unit("330108")
    acts.receive_packet(reading([person(1, name="欧阳䶮")]), edition=edition, unit=unit, by=cast.organiser)
    client.force_login(create_account("audit", role=Role.AUDIT, password=None))
    assert client.get("/")["Location"] == "/register/"
    assert "欧阳䶮" not in client.get("/register/").content.decode()
    client.force_login(cast.organiser)
    assert "欧阳䶮" in client.get("/register/").content.decode()


@pytest.mark.parametrize("path", ["/register/", "/register/export/"])
def test_the_register_is_closed_to_other_roles(client: Client, cast: Cast, edition: Edition, path: str) -> None:
    client.force_login(cast.system)
    assert client.get(path).status_code == 403
    client.force_login(cast.stranger)
    assert client.get(path).status_code == 404


def test_an_unknown_page_says_what_to_do(office: Client) -> None:
    answer = office.get("/nothing/")
    assert answer.status_code == 404
    assert "回到工作台" in answer.content.decode()


def test_every_fact_of_the_register_has_words_or_is_left_to_the_export() -> None:
    facts = {fact for kind in ENTRY_TYPES.values() for fact in kind.facts}
    assert facts - set(FACT_LABELS) - UNSAID_FACTS == set()
