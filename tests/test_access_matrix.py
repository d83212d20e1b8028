"""Every address for everybody with every method: who gets in stands in `access_table.py`, and each answer bears its headers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from access_house import SCOPED, Walk, astray, build_house, walk_through
from access_table import GROUPS, ROLES, TABLE, expected
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from nomination.conftest import cast, edition  # noqa: F401 — fixtures
from nomination.readings import Cast
from pytest_django.plugin import DjangoDbBlocker

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.programme.models import Edition

Note = Callable[[str, object], None]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        else:
            yield found


NAMES = [str(pattern.name) for pattern in patterns(get_resolver())]
# objects that are there for everybody who holds the role
SHARED = {("member", "decision_candidate"), ("member", "decision_recuse"), ("member", "decision_check")}
EXPECTED = {name: expected(line) for name, line in TABLE.items()}


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Walk:
    """The house is made once; everybody walks through it; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        walked = walk_through(build_house())
        transaction.set_rollback(True)
    return walked


def wanted(walk: Walk, method: str, name: str, player: str) -> frozenset[str]:
    """What the table says. HEAD is GET where the page takes it at all; another's object is 403 or 404."""
    role = player.removeprefix("other-")
    if method == "HEAD" and "HEAD" in walk.allowed.get(name, {"HEAD"}):
        method = "GET"
    said = EXPECTED[name]["PATCH" if method == "HEAD" else method, role]
    if role != player and (role, name) not in SHARED and said in ("200", "302", "422"):
        return frozenset(("403", "404"))
    return frozenset((said,))


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


def test_each_role_enters_where_the_table_says(walk: Walk, record_property: Note) -> None:
    found = [line for line in astray(walk, lambda *key: wanted(walk, *key)) if "as other-" not in line]
    assert "\n".join(found) == ""
    record_property("addresses × roles × methods held against the table", len(walk.answers))


def test_nobody_reaches_the_object_of_another(walk: Walk, record_property: Note) -> None:
    found = [line for line in astray(walk, lambda *key: wanted(walk, *key)) if "as other-" in line]
    assert "\n".join(found) == ""
    reached = Counter(player for _, _, player in walk.answers if player.startswith("other-"))
    assert set(reached) == {f"other-{role}" for role in SCOPED}
    record_property("of them on somebody else's object", sum(reached.values()))


def test_every_answer_bears_the_headers_of_the_house(walk: Walk, record_property: Note) -> None:
    assert "\n".join(walk.faults[:200]) == ""
    kinds = {kind.partition(" ")[0] for kind in walk.kinds}
    assert {"200", "302", "403", "404", "405", "422"} <= kinds
    record_property("answers whose headers are whole", sum(walk.kinds.values()))


@pytest.mark.django_db
def test_whoever_signs_in_goes_on_where_he_was_going(client: Client, db: None) -> None:
    answer = client.get("/dossiers/?unit=330108&q=%E5%BC%A0")
    assert answer["Location"] == "/account/login/?next=/dossiers/%3Funit%3D330108%26q%3D%25E5%25BC%25A0"


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_closed_account_is_signed_out_at_once(client: Client, cast: Cast, edition: Edition) -> None:  # noqa: F811
    client.force_login(cast.organiser)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=cast.organiser.pk).update(is_active=False)
    assert client.get("/")["Location"] == "/account/login/?next=/"
