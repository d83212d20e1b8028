"""The house with everybody in it, made once, and one walk through all of it: every player tries every address with every method.

Beside whoever holds each role stands somebody who holds the same role for something else: `other-unit`, `other-expert` and so on.
Nothing is rendered but what a page sends itself: who gets in is decided before, and how pages look others test.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final
from unittest.mock import patch

from access_headers import PUBLIC, faults_of
from access_places import PLACES, Arguments, Stage
from access_table import GROUPS, METHODS, TABLE
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from nomination.readings import load_bundled, make_cast

from jiangbang import urls
from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Membership, Role, User
from jiangbang.candidacy.models import Candidacy
from jiangbang.decision.models import Member
from jiangbang.review.models import Seat

# roles that are held for something: a unit, a candidacy, a department, a seat
SCOPED: Final = ("unit", "candidate", "employer", "expert", "department", "member")
# HEAD is GET without its body; TRACE must be met nowhere
TRIED: Final = (*METHODS, "HEAD")


@dataclass
class House:
    """The stage, what its addresses lead to, and who walks."""

    stage: Stage
    places: dict[str, Arguments]
    players: dict[str, User | None]


def build_house() -> House:
    cast = make_cast()
    stage, places = Stage(cast, load_bundled(by=cast.organiser)), {}
    for made in PLACES:
        places |= made(stage)
    players = {role: player(role, stage) for role in GROUPS["all"]}
    return House(stage, places, players | _others(stage))


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


def _others(stage: Stage) -> dict[str, User]:
    """For each role that is held for something, somebody who holds it for something else that is there too."""
    candidacy = str(Candidacy.objects.exclude(pk=stage.scopes["candidate"]).earliest("pk").pk)
    seat = Seat.objects.filter(alternate=False).exclude(entry__expert_id=stage.scopes["expert"]).earliest("pk")
    scopes = {
        "unit": next(unit.code for unit in stage.edition.spec.units if unit.code != stage.scopes["unit"]),
        "candidate": candidacy,
        "employer": candidacy,
        "expert": str(seat.entry.expert_id),
        "department": "发改（信用）",
        "member": str(Member.objects.exclude(pk=stage.scopes["member"]).earliest("pk").pk),
    }
    made = {}
    for role in SCOPED:
        user = create_account(f"other-{role}", role=Role(role), password=None)
        Membership.objects.filter(user=user).update(scope=scopes[role])
        made[f"other-{role}"] = user
    return made


@dataclass
class Walk:
    """Every answer in the table's words, by method, address and player; and what was wrong with its headers."""

    answers: dict[tuple[str, str, str], str] = field(default_factory=dict)
    allowed: dict[str, frozenset[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    with_object: frozenset[str] = frozenset()


def walk_through(house: House, names: Mapping[str, str] = TABLE) -> Walk:
    """All players, all addresses, all methods. What a request changes is undone, so that each stands for itself."""
    leading = (
        name for name, place in house.places.items() if name not in PUBLIC and {"pk", "code", "token"} & set(place)
    )
    walk = Walk(with_object=frozenset(leading))
    for who, user in house.players.items():
        client = Client()
        if user is not None:
            client.force_login(user)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        with _unpainted(), _known(client, user):
            for name in names:
                if who.startswith("other-") and name not in walk.with_object:
                    continue
                address, sent = reverse(name, kwargs=house.places.get(name)), house.stage.sent.get(name)
                for method in TRIED:
                    client.cookies.load(cookies)
                    _try(walk, client, (method, name, who), address, sent)
    return walk


def _try(walk: Walk, client: Client, key: tuple[str, str, str], address: str, sent: dict[str, Any] | None) -> None:
    method, name, who = key
    with transaction.atomic():
        answer = getattr(client, method.lower())(address, sent if method == "POST" else None)
        if answer.streaming:
            # papers are sent in pieces: what is not read is not made
            assert b"".join(answer.streaming_content) or method == "HEAD"
        transaction.set_rollback(True)
    to_login = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
    walk.answers[key] = "login" if to_login else str(answer.status_code)
    if answer.status_code == 405:
        walk.allowed.setdefault(name, frozenset(answer["Allow"].split(", ")))
    walk.kinds[f"{answer.status_code} {answer.headers.get('Content-Type', '').partition(';')[0]}"] += 1
    walk.faults += faults_of(name, answer, where=f"{method} {name} as {who}")


def _bare(status: int) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, exception: object = None) -> HttpResponse:
        return HttpResponse(str(status), status=status)

    return answer


def _unpainted() -> Any:
    """Pages without their templates, errors without their pages, and no line in the log for each refusal that is looked for."""
    return _Together(
        patch("django.template.loader.render_to_string", lambda *_args, **_kwargs: "page"),
        patch.object(urls, "handler403", _bare(403), create=True),
        patch.object(urls, "handler404", _bare(404), create=True),
        _Quiet(),
    )


def _known(client: Client, user: User | None) -> Any:
    """Session and account are read once for each player: reading them anew is a third of the walk. What a request leaves there is lost."""
    session, whole = dict(client.session.items()) if user is not None else {}, user and User.objects.get(pk=user.pk)

    def who_asks(request: HttpRequest) -> User | AnonymousUser:
        signed_in = whole is not None and whole.is_active and "_auth_user_id" in request.session
        return copy(whole) if signed_in and whole is not None else AnonymousUser()

    return _Together(
        patch.object(SessionStore, "load", lambda _self: dict(session)),
        patch("django.contrib.auth.get_user", who_asks),
    )


class _Quiet:
    def __enter__(self) -> None:
        logging.disable(logging.CRITICAL)

    def __exit__(self, *_raised: object) -> None:
        logging.disable(logging.NOTSET)


class _Together:
    """Several context managers as one."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    def __enter__(self) -> None:
        for part in self.parts:
            part.__enter__()

    def __exit__(self, *raised: Any) -> None:
        for part in reversed(self.parts):
            part.__exit__(*raised)


def astray(walk: Walk, wanted: Callable[[str, str, str], frozenset[str]]) -> Iterator[str]:
    """Every answer that is none of those wanted."""
    for (method, name, who), found in walk.answers.items():
        good = wanted(method, name, who)
        if found not in good:
            yield f"{method} {name} as {who}: {found} instead of {' or '.join(sorted(good))}"
