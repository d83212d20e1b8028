"""Rows of a rehearsed edition changed behind the acts' back, and rows that no act made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from jiangbang.accounts.models import User
from jiangbang.archive.models import Archive
from jiangbang.candidacy.models import Attachment, Candidacy
from jiangbang.conferral.models import Award, Revocation
from jiangbang.consultation.models import Inquiry, Reply
from jiangbang.decision.models import Place, Result, Round
from jiangbang.kernel import notes
from jiangbang.nomination.evidence import storage_name
from jiangbang.nomination.models import (
    Dossier,
    Intake,
    Mail,
    MailPacket,
    Packet,
    Person,
    StoredFile,
)
from jiangbang.notice.models import Notice, NoticeEntry, Objection, ObjectionFile
from jiangbang.programme.models import Edition, Extension
from jiangbang.recommendation.models import Return, Submission
from jiangbang.register.keys import ORIGIN, checkpoint_file, keep_checkpoint, signer
from jiangbang.register.models import Entry, Head
from jiangbang.review.models import (
    Card,
    PoolEntry,
    Ranking,
    Recusal,
    Seat,
)
from jiangbang.screening.models import ClauseRuling, DuplicatePair, Letter, ListMatch, ListRow, NameList

Row = TypeVar("Row", bound=models.Model)
HASH, NEVER = "f" * 64, timezone.now() - timedelta(days=4000)


def last(kind: type[Row], **wanted: Any) -> Row:
    """The newest row of a kind; there must be one."""
    found = kind._default_manager.filter(**wanted).order_by("pk").last()
    assert found is not None, f"the rehearsal made no {kind.__name__}"
    return found


def put(row: models.Model, **values: Any) -> None:
    """Set columns of one row, past its act and its `save`."""
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def skip(kind: type[models.Model], column: str, **wanted: Any) -> None:
    """Leave a gap before the newest number."""
    put(kind._default_manager.filter(**wanted).order_by(column, "pk").last(), **{column: F(column) + 500})  # type: ignore[arg-type]


def forget(*types: str) -> None:
    """Let the register know nothing of these types."""
    assert Entry.objects.filter(type__in=types).delete()[0]


def other(row: Row) -> Row:
    """Another row of the same kind."""
    found = type(row)._default_manager.exclude(pk=row.pk).order_by("pk").first()
    assert found is not None
    return found


def somebody() -> User:
    return last(User, is_active=True)


def elsewhere() -> Edition:
    """Another edition than the rehearsed one."""
    return Edition.objects.exclude(pk=last(Result).edition_id).order_by("pk")[0]


def to_come() -> Edition:
    return last(Result).edition


@contextmanager
def unguarded() -> Iterator[None]:
    """The triggers that refuse changes are set aside; the caller's transaction is rolled back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        yield


# -- rows that the rehearsal does not make ---------------------------------------------------------------------------------


def an_intake(**values: Any) -> Intake:
    defaults = {"edition": to_come(), "file_name": "a.zip", "sha256": last(StoredFile).pk, "size": 1, "channel": "web"}
    return Intake.objects.create(**{**defaults, "brought_by": somebody(), **values})


def a_mail(**values: Any) -> Mail:
    defaults = {"edition": to_come(), "contents": HASH, "sha256": HASH, "size": 1, "arrived_at": NEVER, "sealed": b""}
    return Mail.objects.create(**{**defaults, "state": Mail.State.TAKEN, **values})


def a_mail_packet(position: int) -> None:
    MailPacket.objects.create(mail=a_mail(), position=position, file_name="a.zip", sha256=HASH, size=1)


def a_candidacy(**values: Any) -> Candidacy:
    defaults = {"edition": to_come(), "unit_code": "330108", "person": last(Person), "name": "李艳"}
    return Candidacy.objects.create(**{**defaults, "invited_at": NEVER, "updated_at": NEVER, **values})


def handed(**values: Any) -> Candidacy:
    defaults = {"state": Candidacy.State.WITH_UNIT, "handed_at": NEVER, "commitment": HASH}
    return a_candidacy(**{**defaults, "confirmed_at": NEVER, "with_unit_at": NEVER, **values})


def submitted(dossier: Dossier) -> Candidacy:
    return handed(state=Candidacy.State.SUBMITTED, dossier=dossier)


def a_file() -> Attachment:
    return Attachment.objects.create(
        candidacy=a_candidacy(),
        kind=Attachment.Kind.EVIDENCE,
        sha256=HASH,
        file_name="a.pdf",
        media_type="application/pdf",
        size=1,
        added_by=somebody(),
        added_at=NEVER,
    )


def a_submission(people: int) -> None:
    packet = last(Packet)
    Submission.objects.create(packet=packet, people=people, submitted_by=somebody(), submitted_at=NEVER)


def a_return(**values: Any) -> None:
    dossier = last(Dossier)
    Return.objects.create(
        dossier=dossier,
        person=dossier.person,
        revision=dossier.revision,
        sealed=b"",
        due=NEVER,
        returned_by=somebody(),
        returned_at=NEVER,
        **values,
    )


def a_ruling(number: int) -> None:
    values = {"dossier": last(Dossier), "clause": "G1", "value": "met", "rests_on": HASH, "sealed_reason": b""}
    ClauseRuling.objects.create(**values, number=number, ruled_by=somebody(), ruled_at=NEVER)


def a_letter(sequence: int) -> None:
    dossier = last(Dossier)
    Letter.objects.create(
        edition=dossier.edition,
        dossier=dossier,
        person=dossier.person,
        unit_code=dossier.unit_code,
        sequence=sequence,
        number="1",
        clauses="G1",
        sealed=b"",
        objection_until=NEVER,
        concluded_at=NEVER,
        on_paper=True,
        sent_by=somebody(),
        sent_at=NEVER,
    )


def a_match() -> None:
    dossier, row = last(Dossier), last(ListRow)
    put(row.name_list, state=NameList.State.WITHDRAWN)
    ListMatch.objects.create(
        edition=dossier.edition,
        dossier=dossier,
        row=row,
        kind=row.kind,
        is_title=True,
        way="name",
        score=100,
        counts=True,
        waits=False,
    )


def a_pair() -> None:
    first = last(Dossier)
    second = other(first)
    DuplicatePair.objects.create(
        edition=first.edition,
        kind=DuplicatePair.Kind.TEXT,
        first=first,
        second=second,
        first_revision=second.revision,
        second_revision=first.revision,
        score=900,
        found_at=NEVER,
    )


def a_recusal() -> None:
    card = last(Card)
    Recusal.objects.create(
        seat=card.seat, dossier_id=card.reviewed_id, kind="kinship", origin="later", state="stands", made_at=NEVER
    )


def a_ranking(number: int) -> None:
    values = {"edition": elsewhere(), "method": "mean", "titles": 1, "nominees": 0, "seed": 1}
    Ranking.objects.create(
        **values, number=number, scores_csv="", result_csv="", computed_by=somebody(), computed_at=NEVER
    )


def a_paper_reply() -> None:
    Reply.objects.create(
        inquiry=last(Inquiry),
        channel=Reply.Channel.PAPER,
        state=Reply.State.ENTERED,
        scan_sha256=HASH,
        entered_by=somebody(),
        entered_at=NEVER,
    )


def a_substitution(follower: Place) -> None:
    entry = last(NoticeEntry, state=NoticeEntry.State.STRUCK)
    made = Notice.objects.create(edition=entry.notice.edition, number=2, days=5, substitutes=entry)
    NoticeEntry.objects.create(
        notice=made, dossier=follower.dossier, title=entry.title, position=entry.position, name="李艳"
    )


def an_objection_file() -> None:
    ObjectionFile.objects.create(
        objection=last(Objection), sealed_name=b"", media_type="image/png", size=1, sha256=HASH, added_at=NEVER
    )


def an_extension() -> None:
    values = {"edition": to_come(), "previous": NEVER, "deadline": timezone.now(), "reason": "雪"}
    extension = Extension.objects.create(**values, extended_by=somebody(), extended_at=NEVER)
    put(extension.edition, extended_to=extension.deadline)


def an_archive(**values: Any) -> None:
    Archive.objects.create(edition=to_come(), ordered_by=somebody(), ordered_at=NEVER, **values)


def a_revocation(award: Award) -> None:
    Revocation.objects.create(
        award=award,
        ground="伪造",
        resolution="1",
        state=Revocation.State.CONFIRMED,
        proposed_by=somebody(),
        proposed_at=NEVER,
        decided_by=other(somebody()),
        decided_at=NEVER,
    )


# -- breaking several rows -------------------------------------------------------------------------------------------------


def overfill_unit() -> None:
    """One more than a quota that binds allows, all in one unit."""
    like = last(Dossier, state=Dossier.State.ACCEPTED)
    unit = next(one for one in like.edition.spec.units if one.hard)
    Dossier.objects.bulk_create(
        Dossier(
            edition=like.edition,
            person=Person.objects.create(wrapped_key=b""),
            unit_code=unit.code,
            state=Dossier.State.ACCEPTED,
            revision=like.revision,
            accepted_revision=like.revision,
            updated_at=NEVER,
        )
        for _one in range(unit.quota_max + 1)
    )


def overload_expert() -> None:
    put(PoolEntry.objects.filter(seats__cards__isnull=False).first(), capacity=0)  # type: ignore[arg-type]


def overread_dossier() -> None:
    """The other cards of the panel are given to one dossier: more readers than any rule asks for."""
    card = last(Card)
    seats = {one.seat_id: one.pk for one in Card.objects.exclude(reviewed=card.reviewed)}
    taken = set(Card.objects.filter(reviewed=card.reviewed).values_list("seat_id", flat=True))
    for seat, pk in seats.items():
        if seat not in taken:
            Card.objects.filter(pk=pk).update(reviewed=card.reviewed)


def leave_a_file() -> None:
    """Bytes without a row, as old as a week."""
    name = default_storage.save(storage_name("ab" * 32), ContentFile(b"x"))
    os.utime(default_storage.path(name), (0, 0))


def keep_a_greater_checkpoint() -> None:
    text = notes.checkpoint_text(ORIGIN, Head.objects.get().size + 1, b"\0" * 32)
    keep_checkpoint(notes.sign_note(text, signer()))


def cast_twice() -> None:
    voting = last(Round)
    put(voting, ballots={**voting.ballots, HASH: []}, present=F("present"))


def elect(code: str) -> None:
    voting = last(Round)
    put(voting, outcome={**voting.outcome, "elected": [code]})


def swap_votes() -> None:
    voting = last(Round)
    put(voting, outcome={**voting.outcome, "votes": [[code, 99] for code in voting.candidates]})


def annul_with_ballots() -> None:
    put(last(Round), state=Round.State.ANNULLED)


def overseat() -> None:
    """Everybody of the reserve list gets a seat of the first title."""
    result = last(Result)
    title = next(one.key for one in result.edition.spec.titles if one.seats)
    for place in result.places.filter(reserve=True):
        put(place, reserve=False, title=title, position=place.position + 500)


def overconfer() -> None:
    like = last(Award)
    title = next(one for one in like.edition.spec.titles if one.seats and one.key == like.title)
    free = Dossier.objects.filter(edition=like.edition, award=None)
    assert title.seats is not None
    Award.objects.bulk_create(
        Award(
            edition=like.edition,
            dossier=dossier,
            title=title.key,
            position=500 + number,
            number=f"x{number}",
            name="李艳",
            conferred_by=like.conferred_by,
            conferred_at=NEVER,
        )
        for number, dossier in enumerate(free[: title.seats + 1])
    )


def reorder_draw() -> None:
    first, second = Seat.objects.filter(alternate=False).order_by("pk")[:2]
    spare = last(PoolEntry, edition=first.draw.edition, seats=None)
    held = first.entry
    put(first, entry=spare)
    put(second, entry=held)


def cleanup() -> None:
    """What a rolled-back transaction leaves outside the database."""
    checkpoint_file().unlink(missing_ok=True)
    Path(default_storage.path(storage_name("ab" * 32))).unlink(missing_ok=True)
