"""Everything that is kept of a person, in her hands; corrected where it was wrong; and who looked at it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from nomination.readings import Cast
from recommendation.people import UNIT, ready

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.candidacy.models import Candidacy
from jiangbang.commands.invariants import all_invariants, look
from jiangbang.nomination.acts import reveal_value
from jiangbang.nomination.dossiers import commitment_holds, full_record
from jiangbang.nomination.models import Dossier, Revision
from jiangbang.nomination.read_models import SensitiveRead
from jiangbang.privacy.copying import hand_over_copy, take_copy
from jiangbang.privacy.correcting import correct_value
from jiangbang.programme.models import Edition
from jiangbang.recommendation import submitting
from jiangbang.register.acts import Refused
from jiangbang.register.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(edition: Edition, cast: Cast) -> Candidacy:
    """A candidacy that was submitted, with the candidate's account."""
    unit = create_account("maker", role=Role.UNIT, password=None, edition=edition.key, scope=UNIT)
    made = ready(edition, unit, 13)
    candidate = create_account("candidate", role=Role.CANDIDATE, password=None, edition=edition.key, scope=str(made.pk))
    Candidacy.objects.filter(pk=made.pk).update(user=candidate)
    prepared = submitting.prepare(edition, edition.spec.unit(UNIT), [made], by=unit)
    submitting.submit_packet(prepared, declaration="属实", by=unit)
    return Candidacy.objects.select_related("edition", "user", "person", "dossier__person").get(pk=made.pk)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code


def test_the_copy_is_whole_and_only_hers(client: Client, edition: Edition, cast: Cast, sent: Candidacy) -> None:
    assert sent.dossier is not None
    assert sent.dossier.revision is not None
    dossier = Dossier.objects.select_related("edition", "person", "revision__dossier__edition").get(pk=sent.dossier.pk)
    reveal_value(dossier, "id_number", by=cast.organiser)
    said = full_record(Revision.objects.select_related("person", "dossier__edition").get(pk=dossier.revision_id))
    made = zipfile.ZipFile(io.BytesIO(hand_over_copy(dossier, by=cast.organiser)))
    told = json.loads(made.read("data.json"))
    values = {one["key"]: one["value"] for one in told["dossiers"][0]["revisions"][0]["values"]}
    assert values == json.loads(json.dumps(said))
    assert [(one["what"], one["who"]) for one in told["looks"]] == [("id_number", str(cast.organiser))]
    assert told["candidacies"][0]["answers"]
    assert str(said["id_number"]) in made.read("index.html").decode()
    assert {"form-1.docx", "photo-1.jpg"} <= set(made.namelist())
    assert refused(lambda: hand_over_copy(dossier, by=cast.discipline)) == "permission"
    assert refused(lambda: take_copy(sent, by=cast.organiser)) == "permission"
    assert isinstance(sent.user, User)
    client.force_login(sent.user)
    page = client.get(reverse("privacy_own", args=[sent.pk])).content.decode()
    assert ("身份证号" in page, str(said["id_number"]) in page) == (True, False)
    taken = client.post(reverse("privacy_own_copy", args=[sent.pk]))
    assert json.loads(zipfile.ZipFile(io.BytesIO(taken.content)).read("data.json"))["dossiers"] == told["dossiers"]
    assert Entry.objects.filter(type="copy.handed_over").count() == 2
    # the log knows who and what, never the value, and the register nothing of it
    assert str(said["id_number"]) not in repr(list(SensitiveRead.objects.values()))


def test_a_wrong_value_is_corrected_by_a_further_revision(edition: Edition, cast: Cast, sent: Candidacy) -> None:
    assert sent.dossier is not None
    before = Revision.objects.get(pk=sent.dossier.revision_id)

    def correcting(key: str = "native_place", value: str = "浙江宁波", by: User = cast.organiser) -> Revision:
        return correct_value(sent.dossier, key, value, by=by)  # type: ignore[arg-type]

    rules = {one.rule.name for one in look(all_invariants()) if one.broken}
    made = correcting()
    assert {one.rule.name for one in look(all_invariants()) if one.broken} - rules == set()
    dossier = Dossier.objects.get(pk=sent.dossier.pk)
    again = Revision.objects.select_related("person", "dossier__edition").get(pk=made.pk)
    assert (dossier.revision_id, dossier.accepted_revision_id, again.number) == (made.pk, made.pk, before.number + 1)
    assert full_record(again)["native_place"] == "浙江宁波"
    assert commitment_holds(again)
    assert Entry.objects.get(type="value.corrected").facts == {
        "field": "native_place",
        "revision": made.number,
        "commitment": made.commitment,
    }
    assert [
        refused(correcting),
        refused(lambda: correcting(key="id_number")),
        refused(lambda: correcting(key="deeds")),
        refused(lambda: correcting(value="x" * 3000)),
        refused(lambda: correcting(by=cast.discipline)),
    ] == ["same", "unknown_field", "unknown_field", "too_long", "permission"]
