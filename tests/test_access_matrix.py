"""Who may enter where: every address of the house, every role, GET and POST, against one table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from nomination.conftest import cast, edition, reading  # noqa: F401 — fixtures
from nomination.readings import Cast, MakeReading, person

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.nomination import acts, evidence
from jiangbang.nomination.models import Dossier, Intake, Packet
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "stranger", "organiser", "discipline", "system", "security", "audit")

# One word for each role: `login` sends to the sign-in page, a number is the answer's status.
NOT_SO = "login 405 405 405 405 405 405"
READERS = "login 404 200 200 403 403 403"
OFFICE = "login 404 200 403 403 403 403"
REGISTER = "login 404 200 200 403 403 200"
SIGNED_IN = "login 200 200 200 200 200 200"
SIGNED_OUT = "200 302 302 302 302 302 302"
EVERYBODY = "200 200 200 200 200 200 200"
NEVER_SO = "405 405 405 405 405 405 405"
MOVED_ON = "302 302 302 302 302 302 302"

# address: GET, POST
TABLE: dict[str, tuple[str, str]] = {
    # the desk sends the audit administrator, whose only room is the register, there
    "desk": ("login 404 200 200 403 403 302", NOT_SO),
    "packet_list": (READERS, NOT_SO),
    "packet_receive": (NOT_SO, "login 404 302 403 403 403 403"),
    "packet_intake": (READERS, NOT_SO),
    "packet_intake_answer": (NOT_SO, "login 404 302 403 403 403 403"),
    "packet_detail": (READERS, NOT_SO),
    "packet_receipt": (READERS, NOT_SO),
    "packet_roster": (OFFICE, NOT_SO),
    "packet_original": (OFFICE, NOT_SO),
    "dossier_list": (READERS, NOT_SO),
    "dossier_csv": (OFFICE, NOT_SO),
    "dossier_detail": (READERS, NOT_SO),
    "dossier_reveal": (NOT_SO, READERS),
    "dossier_photo": (READERS, NOT_SO),
    "dossier_form": (OFFICE, NOT_SO),
    "dossier_original": (OFFICE, NOT_SO),
    "unit_roster": (OFFICE, NOT_SO),
    "register": (REGISTER, NOT_SO),
    "register_verify": (NOT_SO, REGISTER),
    "register_export": (REGISTER, NOT_SO),
    "gallery": (OFFICE, NOT_SO),
    # which editions there are is no secret; what is in them is guarded above
    "switch_edition": (NOT_SO, "login 302 302 302 302 302 302"),
    "set_language": (MOVED_ON, MOVED_ON),
    # allauth's: accounts are made by an act, passwords are given out by the office
    "account_login": (SIGNED_OUT, SIGNED_OUT),
    "account_logout": ("302 200 200 200 200 200 200", MOVED_ON),
    "account_signup": (SIGNED_OUT, SIGNED_OUT),
    "account_inactive": (EVERYBODY, NEVER_SO),
    "account_reauthenticate": (SIGNED_IN, SIGNED_IN),
    "account_change_password": (SIGNED_IN, SIGNED_IN),
    "account_set_password": ("login 302 302 302 302 302 302", "login 302 302 302 302 302 302"),
}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        else:
            yield found


PATTERNS = {str(pattern.name): pattern for pattern in patterns(get_resolver())}


@pytest.fixture
def places(edition: Edition, cast: Cast, reading: MakeReading) -> dict[str, dict[str, object]]:  # noqa: F811
    """Arguments of the addresses that need some: all of them name something that exists."""
    packet, _ = acts.receive_packet(
        reading([person(1)]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    evidence.keep_bytes(b"photo")
    Packet.objects.update(sha256=evidence.keep_bytes(b"no archive"))
    intake = acts.bring_packet(
        edition=edition, file_name="x.zip", sha256="0" * 64, size=9, unit_code="", channel="web", by=cast.organiser
    )
    Intake.objects.update(state="needs_unit")
    dossier = {"pk": Dossier.objects.get().pk}
    return {
        "packet_intake": {"pk": intake.pk},
        "packet_intake_answer": {"pk": intake.pk},
        "packet_detail": {"pk": packet.pk},
        "packet_receipt": {"pk": packet.pk},
        "packet_roster": {"pk": packet.pk, "kind": "xlsx"},
        "packet_original": {"pk": packet.pk},
        "dossier_detail": dossier,
        "dossier_reveal": dossier,
        "dossier_photo": dossier,
        "dossier_form": dossier,
        "dossier_original": dossier,
        "unit_roster": {"code": "330108", "kind": "docx"},
    }


# What a form of the page would send; where nothing stands here, nothing is sent.
SENT = {
    "switch_edition": {"edition": "hangzhou-digital-craftsman/2024"},
    "set_language": {"language": "en"},
    "packet_intake_answer": {"unit": "330108"},
    "dossier_reveal": {"field": "address"},
}


def player(role: str, cast: Cast) -> User:  # noqa: F811
    found: User = getattr(cast, role, None) or create_account(role, role=Role(role), password=None)
    found.password = "some password, as everybody who signs in has one"
    found.save()
    return found


def met(client: Client, method: str, name: str, place: dict[str, object] | None) -> str:
    answer = getattr(client, method)(reverse(name, kwargs=place), SENT.get(name) if method == "post" else None)
    to_login = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
    return "login" if to_login else str(answer.status_code)


def test_every_address_stands_in_the_table() -> None:
    assert set(TABLE) == set(PATTERNS)
    assert "None" not in PATTERNS
    assert {len(row.split()) for rows in TABLE.values() for row in rows} == {len(ROLES)}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_enters_where_the_table_says(
    client: Client,
    cast: Cast,  # noqa: F811
    places: dict[str, dict[str, object]],
    role: str,
) -> None:
    column = ROLES.index(role)
    user = None if role == "anonymous" else player(role, cast)
    found = {}
    for name in PATTERNS:
        for method in ("get", "post"):
            client.logout()
            if user is not None:
                client.force_login(user)
            found[name, method] = met(client, method, name, places.get(name))
    expected = {
        (name, method): row.split()[column]
        for name in TABLE
        for method, row in zip(("get", "post"), TABLE[name], strict=True)
    }
    assert found == expected


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_the_house_is_entered_by_get_and_post_only(
    client: Client,
    cast: Cast,  # noqa: F811
    places: dict[str, dict[str, object]],
    method: str,
) -> None:
    client.force_login(cast.organiser)
    ours = [name for name in PATTERNS if not name.startswith("account_") and name != "set_language"]
    assert {name: met(client, method, name, places.get(name)) for name in ours} == dict.fromkeys(ours, "405")


def test_whoever_signs_in_goes_on_where_he_was_going(client: Client, db: None) -> None:
    answer = client.get("/dossiers/?unit=330108&q=%E5%BC%A0")
    assert answer["Location"] == "/account/login/?next=/dossiers/%3Funit%3D330108%26q%3D%25E5%25BC%25A0"


def test_a_role_in_another_edition_opens_nothing_here(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    elsewhere = create_account(
        "elsewhere", role=Role.ORGANISER, password=None, edition="hangzhou-digital-craftsman/2024"
    )
    client.force_login(elsewhere)
    assert client.get("/dossiers/").status_code == 404
    client.post("/edition/", {"edition": "hangzhou-digital-craftsman/2024"})
    assert client.get("/dossiers/").status_code == 200


def test_a_closed_account_is_signed_out_at_once(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    client.force_login(cast.organiser)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=cast.organiser.pk).update(is_active=False)
    assert client.get("/")["Location"] == "/account/login/?next=/"
