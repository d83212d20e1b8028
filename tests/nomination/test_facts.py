"""What is declared about a dossier beside its form."""

from __future__ import annotations

import pytest
from django.db import connection
from nomination.readings import Cast, MakeReading, person

from jiangbang.accounts.models import Membership, Role, User
from jiangbang.nomination import acts
from jiangbang.nomination.facts import declare_each, declared_facts
from jiangbang.nomination.models import DeclaredFact, Dossier
from jiangbang.programme.models import Edition
from jiangbang.register import acts as register_acts
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db
OFFICE, UNIT = DeclaredFact.Source.OFFICE, DeclaredFact.Source.UNIT


@pytest.fixture
def dossier(edition: Edition, cast: Cast, reading: MakeReading) -> Dossier:
    acts.receive_packet(reading([person(1)]), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser)
    return Dossier.objects.select_related("edition", "person").get()


def said(dossier: Dossier) -> dict[str, object]:
    return declared_facts([dossier])[dossier.pk]


def test_the_last_word_counts_and_the_earlier_ones_stay(dossier: Dossier, cast: Cast) -> None:
    acts.declare_facts(dossier, {"union_member": True, "years_in_hangzhou": 3}, source=UNIT, by=cast.organiser)
    changed = acts.declare_facts(
        dossier, {"union_member": None, "years_in_hangzhou": 4}, source=OFFICE, by=cast.organiser, evidence="ab" * 32
    )
    assert changed == ["union_member", "years_in_hangzhou"]
    assert said(dossier) == {"years_in_hangzhou": 4}
    assert list(DeclaredFact.objects.order_by("key", "number").values_list("key", "number", "source")) == [
        ("union_member", 1, "unit"),
        ("union_member", 2, "office"),
        ("years_in_hangzhou", 1, "unit"),
        ("years_in_hangzhou", 2, "office"),
    ]
    entry = Entry.objects.filter(type="facts.declared").latest("index")
    assert entry.facts == {"keys": ["union_member", "years_in_hangzhou"], "source": "office", "evidence": "ab" * 32}


def test_the_same_said_twice_changes_nothing(dossier: Dossier, cast: Cast) -> None:
    acts.declare_facts(dossier, {"union_member": True}, source=UNIT, by=cast.organiser)
    assert acts.declare_facts(dossier, {"union_member": True}, source=UNIT, by=cast.organiser) == []
    assert (DeclaredFact.objects.count(), Entry.objects.filter(type="facts.declared").count()) == (1, 1)


def test_values_lie_sealed(dossier: Dossier, cast: Cast) -> None:
    acts.declare_facts(dossier, {"earlier_titles": ["杭州工匠"]}, source=UNIT, by=cast.organiser)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM nomination_declaredfact")
        (sealed,) = cursor.fetchone()
    assert b"\\u676d" not in bytes(sealed)
    assert said(dossier) == {"earlier_titles": ["杭州工匠"]}


@pytest.mark.parametrize(
    "facts", [{"unheard_of": True}, {"union_member": "yes"}, {"years_in_hangzhou": True}, {"years_in_industry": 9}]
)
def test_what_the_edition_does_not_ask_for_is_refused(dossier: Dossier, cast: Cast, facts: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        acts.declare_facts(dossier, facts, source=UNIT, by=cast.organiser)
    assert (refusal.value.code, DeclaredFact.objects.count()) == ("unknown_fact", 0)


def test_a_unit_speaks_of_its_own_people_only(dossier: Dossier, edition: Edition) -> None:
    own, other = User.objects.create(username="own"), User.objects.create(username="other")
    Membership.objects.create(user=own, role=Role.UNIT, edition=edition.key, scope="330108")
    Membership.objects.create(user=other, role=Role.UNIT, edition=edition.key, scope="330106")
    assert acts.declare_facts(dossier, {"union_member": True}, source=UNIT, by=own) == ["union_member"]
    with pytest.raises(Refused) as refusal:
        acts.declare_facts(dossier, {"union_member": False}, source=UNIT, by=other)
    assert (refusal.value.code, said(dossier)) == ("permission", {"union_member": True})


def test_a_failed_register_write_leaves_no_fact(dossier: Dossier, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_entries: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(register_acts, "_append", fail)
    with pytest.raises(RuntimeError):
        acts.declare_facts(dossier, {"union_member": True}, source=UNIT, by=cast.organiser)
    assert DeclaredFact.objects.count() == 0


def test_facts_that_come_with_a_packet_are_judged_and_kept(edition: Edition, cast: Cast, reading: MakeReading) -> None:
    record = person(1)
    declared = {str(record["id_number"]): {"years_in_hangzhou": 1, "union_member": True}}
    unit = edition.spec.unit("330108")
    acts.receive_packet(reading([record]), edition=edition, unit=unit, by=cast.organiser, declared=declared)
    dossier = Dossier.objects.select_related("person", "revision").get()
    verdicts = {one["clause"]: one["value"] for one in dossier.revision.verdicts}  # type: ignore[union-attr]
    assert (verdicts["G5"], verdicts["G2"], verdicts["G6"]) == ("not_met", "met", "open")
    assert said(dossier) == {"years_in_hangzhou": 1, "union_member": True}


def test_what_was_declared_before_counts_for_the_corrected_packet(
    edition: Edition, cast: Cast, reading: MakeReading, dossier: Dossier
) -> None:
    acts.declare_facts(dossier, {"union_member": True}, source=UNIT, by=cast.organiser)
    acts.receive_packet(
        reading([person(1)], salt="again"), edition=edition, unit=edition.spec.unit("330108"), by=cast.organiser
    )
    newest = Dossier.objects.select_related("revision").get().revision
    assert {one["clause"]: one["value"] for one in newest.verdicts}["G2"] == "met"  # type: ignore[union-attr]


def test_many_are_declared_at_once_as_one_by_one(
    edition: Edition, cast: Cast, reading: MakeReading, dossier: Dossier
) -> None:
    acts.receive_packet(
        reading([person(2)], salt="2"), edition=edition, unit=edition.spec.unit("330106"), by=cast.organiser
    )
    acts.declare_facts(dossier, {"union_member": True}, source=UNIT, by=cast.organiser)
    both = list(Dossier.objects.select_related("edition", "person").order_by("name"))
    wanted = {one: {"union_member": True, "earlier_titles": []} for one in both}
    changed = register_acts.act("facts.declared")(lambda: declare_each(wanted, source=OFFICE, by=cast.organiser))()
    assert {one.name: keys for one, keys in changed.items()} == {
        dossier.name: ["earlier_titles"],
        str(person(2)["name"]): ["union_member", "earlier_titles"],
    }
    assert declared_facts(both) == {one.pk: {"union_member": True, "earlier_titles": []} for one in both}
    assert declared_facts(both, sources=[UNIT])[dossier.pk] == {"union_member": True}
    assert declared_facts(both, keys=["earlier_titles"])[dossier.pk] == {"earlier_titles": []}
    assert Entry.objects.filter(type="facts.declared").count() == 3
    with pytest.raises(Refused):
        register_acts.act("facts.declared")(
            lambda: declare_each({dossier: {"strange": 1}}, source=OFFICE, by=cast.organiser)
        )()
