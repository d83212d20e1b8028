"""Whoever is erased is gone from rows, files and pages; the register still verifies, and what the law keeps is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from access_places import PLACES, Stage
from access_table import TABLE
from conferral.conferred import conferred
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from nomination.readings import Cast, make_reading, person
from recommendation.people import UNIT, ready

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.candidacy.models import Candidacy
from jiangbang.commands.invariants import all_invariants, look
from jiangbang.conferral.award_models import Award
from jiangbang.kernel.vault import Erased
from jiangbang.nomination import acts as nomination_acts
from jiangbang.nomination import evidence
from jiangbang.nomination.dossiers import full_record, sealed_values
from jiangbang.nomination.models import Dossier, Person, Revision
from jiangbang.notice.notice_models import NoticeEntry
from jiangbang.notice.objection_models import Objection
from jiangbang.outbox.acts import post_message
from jiangbang.privacy import erasing
from jiangbang.privacy.erasing import ask_erasure, confirm_erasure, decline_erasure
from jiangbang.privacy.models import Erasure
from jiangbang.privacy.scope import ERASED_NAME
from jiangbang.programme.models import Edition
from jiangbang.recommendation import submitting
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry
from jiangbang.register.verification import verify_register

pytestmark = pytest.mark.django_db


def dump() -> str:
    """Every table of the database as text, sealed values as hexadecimal."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row]) for row in cursor]
    return "\n".join(found)


def broken_rules() -> set[str]:
    """The invariants that do not hold."""
    return {one.rule.name for one in look(all_invariants()) if one.broken}


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code


def objection(entry: NoticeEntry) -> Objection:
    """An objection that waits for its handler."""
    today = date(2023, 4, 1)
    return Objection.objects.create(
        edition=entry.notice.edition, entry=entry, sequence=1, number="1", channel="web", source="person",
        sealed_identity=b"", sealed_facts=b"", secret_sha256="", received_at=timezone.now(), counted_on=today, due_on=today,
    )  # fmt: skip


def erased(person_: Person, edition: Edition, cast: Cast) -> Erasure:
    made = ask_erasure(edition, person_, ground="request", paper="来函 2026-3", by=cast.organiser)
    confirm_erasure(made, by=cast.discipline)
    made.refresh_from_db()
    return made


def test_nothing_is_left_of_whoever_is_erased_and_the_register_verifies(
    edition: Edition, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    unit = create_account("maker", role=Role.UNIT, password=None, edition=edition.key, scope=UNIT)
    candidate = create_account("candidate", role=Role.CANDIDATE, password=None, display_name="丁子")
    sent, other = ready(edition, unit, 13), ready(edition, unit, 54)
    Candidacy.objects.filter(pk=sent.pk).update(user=candidate)
    candidate.memberships.update(scope=str(sent.pk))
    prepared = submitting.prepare(edition, edition.spec.unit(UNIT), [sent, other], by=unit)
    packet, _ = submitting.submit_packet(prepared, declaration="属实", by=unit)
    dossier = Dossier.objects.select_related("person", "revision__dossier__edition").get(name=sent.name)
    revision = dossier.revision
    assert revision is not None
    said = full_record(revision)
    post_message(
        "outbox.trial", to="z@example.cn", name=dossier.name, edition=edition.key, context={"edition": "x"}, by=unit
    )
    canaries = [str(said[key]) for key in ("name", "id_number", "mobile", "address", "native_place") if said[key]]
    before, rules = dump(), broken_rules()
    assert canaries[0] in before
    with django_capture_on_commit_callbacks(execute=True):
        done = erased(dossier.person, edition, cast)
    after = dump()
    assert [one for one in canaries if one in after] == []
    gone = {"packet": packet.sha256, "photo": revision.photo_sha256}
    assert [key for key, one in gone.items() if default_storage.exists(evidence.storage_name(one))] == []
    revision.refresh_from_db()
    dossier.refresh_from_db()
    assert (dossier.state, dossier.name, done.bare) == ("erased", ERASED_NAME, False)
    assert (revision.open, bytes(revision.sealed), revision.source) == ({}, b"", "")
    assert set(full_record(revision).values()) == {None}
    with pytest.raises(Erased):
        sealed_values(revision)
    assert Person.objects.get(pk=dossier.person_id).index is None
    assert (User.objects.get(pk=candidate.pk).is_active, User.objects.get(pk=candidate.pk).username) == (
        False,
        f"erased-{candidate.pk}",
    )
    # the other's dossier stands, though the packet that both came in is gone
    assert full_record(Dossier.objects.get(name=other.name).revision)["mobile"] == person(54)["mobile"]  # type: ignore[arg-type]
    assert verify_register().problems == []
    assert broken_rules() - rules == set()
    told = Entry.objects.filter(type="person.erased").values_list("subject", flat=True)
    assert set(told) == {dossier.subject, f"candidacy:{sent.pk}"}
    assert (
        refused(lambda: ask_erasure(edition, dossier.person, ground="request", paper="x", by=cast.organiser))
        == "erased"
    )


def test_every_page_that_met_the_person_still_answers(edition: Edition, cast: Cast) -> None:
    client = Client(raise_request_exception=False)
    stage, places = Stage(cast, edition), {}
    for made in PLACES:
        places |= made(stage)
    # the bare fact of a title stays, of a revoked one it does not
    revoked = Award.objects.earliest("pk")
    Award.objects.filter(pk=revoked.pk).update(state="revoked")
    names = {one.name for one in Dossier.objects.exclude(award__state="held")}
    numbers = [str(person(number)["mobile"]) for number in range(1, 15)]
    Erasure.objects.all().delete()
    for one in Person.objects.filter(dossiers__isnull=False).distinct():
        row = Erasure.objects.create(
            edition=edition, person=one, ground="period", asked_by=cast.organiser, asked_at=edition.deadline.at
        )
        erasing.erase(row, by=cast.organiser)
    broken: list[str] = []
    told: set[str] = set()
    for user in (cast.organiser, cast.discipline, None):
        client.logout()
        if user is not None:
            client.force_login(user)
        for name in TABLE:
            if name in ("account_logout", "register_export"):
                continue
            answer = client.get(reverse(name, kwargs=places.get(name)))
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = content.decode("utf-8", "replace")
            told |= {name} if ERASED_NAME in text else set()
            if answer.status_code >= 500:
                broken.append(f"{name}: {answer.status_code}")
            broken += [f"{name} says {one}" for one in (*names, *numbers) if one and one in text]
    assert "\n".join(broken) == ""
    assert told >= {"dossier_list", "packet_detail", "conferral_desk"}


def test_erasing_is_two_persons_work_and_refused_where_the_law_says(
    edition: Edition, cast: Cast, client: Client
) -> None:
    awards = conferred(edition, cast.organiser)
    holder = Dossier.objects.select_related("person").get(pk=awards[0].dossier_id)
    entry = NoticeEntry.objects.get(dossier=holder)

    def asking(by: User = cast.organiser, ground: str = "request", paper: str = "来函") -> Erasure:
        return ask_erasure(edition, holder.person, ground=ground, paper=paper, by=by)

    codes = [
        refused(lambda: asking(by=cast.discipline)),
        refused(lambda: asking(ground="period")),
        refused(lambda: asking(paper=" ")),
    ]
    NoticeEntry.objects.filter(pk=entry.pk).update(state="suspended")
    codes.append(refused(asking))
    NoticeEntry.objects.filter(pk=entry.pk).update(state="stood")
    case = objection(entry)
    codes.append(refused(asking))
    case.delete()
    made = asking()
    codes += [
        refused(asking),
        refused(lambda: confirm_erasure(made, by=cast.organiser)),
        refused(lambda: confirm_erasure(made, by=cast.system)),
    ]
    case = objection(entry)
    # what came up between asking and confirming counts
    codes.append(refused(lambda: confirm_erasure(made, by=cast.discipline)))
    case.delete()
    decline_erasure(made, by=cast.discipline)
    codes.append(refused(lambda: confirm_erasure(made, by=cast.discipline)))
    assert codes == [
        *("permission", "ground", "paper", "notice", "objection", "asked", "same_person", "permission", "objection"),
        "state",
    ]
    done = erased(holder.person, edition, cast)
    holder.refresh_from_db()
    revision = Revision.objects.get(pk=holder.accepted_revision_id)
    assert (done.bare, holder.state, holder.name, set(revision.open)) == (
        True,
        "accepted",
        awards[0].name,
        {"name", "employer_and_position"},
    )
    assert NoticeEntry.objects.get(pk=entry.pk).name == awards[0].name
    client.force_login(cast.discipline)
    assert "基本事实" in client.get(reverse("privacy_person", args=[holder.pk])).content.decode()
    assert Entry.objects.get(type="person.erased").facts == {"ground": "request", "kind": "bare"}


def test_an_erasure_falls_with_its_entry(edition: Edition, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    nomination_acts.receive_packet(
        make_reading([person(1)]), edition=edition, unit=edition.spec.unit(UNIT), by=cast.organiser
    )
    dossier = Dossier.objects.get()
    made = ask_erasure(edition, dossier.person, ground="purpose", paper="会议纪要", by=cast.organiser)
    monkeypatch.setattr("jiangbang.register.acts._append", lambda _entries: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        confirm_erasure(made, by=cast.discipline)
    assert Person.objects.exclude(wrapped_key=b"").count() == 1
    assert (Dossier.objects.get().name, Erasure.objects.get().state) == (dossier.name, "asked")
