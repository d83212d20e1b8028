"""Every address of the house, every role, GET, POST, PUT and DELETE, against the table in `access_table.py`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from access_places import PLACES, Arguments, Stage
from access_table import GROUPS, METHODS, ROLES, TABLE, expected
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Membership, Role, User
from jiangbang.programme.models import Edition

pytestmark = pytest.mark.django_db


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        else:
            yield found


NAMES = [str(pattern.name) for pattern in patterns(get_resolver())]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Refusals are what is looked for here: they need no line in the log each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def stage(edition: Edition, cast: Cast) -> Stage:  # noqa: F811
    return Stage(cast, edition)


@pytest.fixture
def places(stage: Stage) -> dict[str, Arguments]:
    """Arguments of the addresses that need some."""
    found: dict[str, Arguments] = {}
    for made in PLACES:
        found |= made(stage)
    return found


def player(role: str, stage: Stage) -> User | None:
    """Whoever plays this role, with what the role is held for; nobody for `anonymous`."""
    if role == "anonymous":
        return None
    made: User | None = getattr(stage.cast, role, None)
    if role == "closed":
        made = create_account("closed", role=Role.ORGANISER, password=None)
        made.is_active = False
    elif made is None:
        made = create_account(role, role=Role(role), password=None)
    Membership.objects.filter(user=made).update(scope=stage.scopes.get(role, ""))
    made.password = "some password, as everybody who signs in has one"
    made.save()
    return made


def met(client: Client, method: str, name: str, place: Arguments | None, sent: dict[str, object] | None) -> str:
    """The answer in the table's words. What the request changes is undone, so that each stands for itself."""
    with transaction.atomic():
        answer = getattr(client, method.lower())(reverse(name, kwargs=place), sent if method == "POST" else None)
        # papers are sent in pieces: what is not read is not made
        assert b"".join(answer.streaming_content) if answer.streaming else True
        transaction.set_rollback(True)
    to_login = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
    return "login" if to_login else str(answer.status_code)


def test_every_address_stands_in_the_table() -> None:
    assert sorted(TABLE) == sorted(NAMES)
    assert tuple(Role.values) == ROLES


def test_a_line_of_the_table_says_who_gets_what() -> None:
    assert {role: expected("GET 200 readers 302 audit")["GET", role] for role in GROUPS["all"]} == {
        **dict.fromkeys(ROLES, "403"),
        "organiser": "200",
        "screener": "200",
        "discipline": "200",
        "audit": "302",
        "stranger": "404",
        "anonymous": "login",
        "closed": "login",
    }
    assert {expected("GET 200 readers")["POST", role] for role in ROLES} == {"405"}
    with pytest.raises(ValueError, match="no such role"):
        expected("GET 200 nobody")


@pytest.mark.parametrize("role", GROUPS["all"])
def test_each_role_enters_where_the_table_says(
    stage: Stage, places: dict[str, Arguments], role: str, record_property: Callable[[str, object], None]
) -> None:
    user, client = player(role, stage), Client()
    if user is not None:
        client.force_login(user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    astray = []
    for name in TABLE:
        for method in METHODS:
            client.cookies.load(cookies)
            found = met(client, method, name, places.get(name), stage.sent.get(name))
            wanted = expected(TABLE[name])[method, role]
            astray += [] if found == wanted else [f"{method} {name}: {found} instead of {wanted}"]
    assert "\n".join(astray) == ""
    record_property("answers held against the access table", len(TABLE) * len(METHODS))


def test_patch_is_met_nowhere_in_the_house(stage: Stage, places: dict[str, Arguments]) -> None:
    client = Client()
    client.force_login(stage.cast.organiser)
    ours = [name for name in NAMES if not name.startswith("account_") and name != "set_language"]
    assert {name: met(client, "PATCH", name, places.get(name), None) for name in ours} == dict.fromkeys(ours, "405")


def test_whoever_signs_in_goes_on_where_he_was_going(client: Client, db: None) -> None:
    answer = client.get("/dossiers/?unit=330108&q=%E5%BC%A0")
    assert answer["Location"] == "/account/login/?next=/dossiers/%3Funit%3D330108%26q%3D%25E5%25BC%25A0"


def test_a_role_in_another_edition_opens_nothing_here(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    elsewhere = create_account(
        "elsewhere", role=Role.ORGANISER, password=None, edition="hangzhou-digital-craftsman/2024"
    )
    client.force_login(elsewhere)
    # who has a role in one edition only begins there, not in the default one
    assert client.get("/dossiers/").context["frame"].edition.slug == "2024"
    client.post("/edition/", {"edition": edition.key})
    assert client.get("/dossiers/").status_code == 404
    client.post("/edition/", {"edition": "hangzhou-digital-craftsman/2024"})
    assert client.get("/dossiers/").status_code == 200


def test_a_closed_account_is_signed_out_at_once(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    client.force_login(cast.organiser)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=cast.organiser.pk).update(is_active=False)
    assert client.get("/")["Location"] == "/account/login/?next=/"
