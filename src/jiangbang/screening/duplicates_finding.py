"""Finding likenesses: what is new is sketched, compared with all that is there, and the pairs are kept. Run by the queue.

The first run, and a run for which the texts have doubled, learns the phrases anew and compares everything; any other opens only what is
new and what looks like it. A run that was cut off goes on where it was: a dossier counts as compared once its pairs are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from jiangbang.kernel.identity import examine
from jiangbang.kernel.sketches import BANDS, SKETCH_BYTES, Hashes, Phrases, candidates, phrases_of, score, sketch_of
from jiangbang.kernel.vault import VaultError
from jiangbang.nomination.dossiers import subject_of
from jiangbang.nomination.models import Dossier, Person
from jiangbang.screening import duplicates_people
from jiangbang.screening.duplicates_models import DuplicatePair, PhraseBook, Sketch
from jiangbang.screening.duplicates_places import Place, pair_of, portions
from jiangbang.screening.duplicates_texts import LIVE, PORTION, Opened, Texts
from jiangbang.vaults import vault

# Pairs aligned at a time.
PAIRS_AT_A_TIME: Final = 2_000
GROWTH: Final = 2


@dataclass(frozen=True, slots=True)
class Found:
    """How many dossiers were compared with the rest, and how many pairs they stand in."""

    dossiers: int
    pairs: int


def find_duplicates(programme: str) -> Found:
    """Compare what is new in any edition of the programme with everything there is, and keep the pairs."""
    _forget_the_gone(programme)
    texts = Texts(programme)
    if not _news(programme).exists():
        return Found(0, 0)
    phrases = _phrases(programme, texts)
    _sketch_news(programme, phrases, texts)
    fresh = list(Sketch.objects.filter(programme=programme, compared=False).values_list("pk", flat=True))
    pairs = [*duplicates_people.pairs_of(programme, fresh, texts), *_text_pairs(programme, phrases, texts)]
    _keep(pairs, fresh)
    return Found(len(fresh), len(pairs))


def _forget_the_gone(programme: str) -> None:
    """Undecided pairs of which one is not live any more."""
    undecided = DuplicatePair.objects.filter(edition__programme=programme, decision="")
    undecided.exclude(first__state__in=LIVE, second__state__in=LIVE).delete()


def _live(programme: str) -> QuerySet[Any]:
    """The dossiers that are compared, each with the revision that counts as `counting`."""
    live = Dossier.objects.filter(edition__programme=programme, state__in=LIVE)
    return live.annotate(counting=Coalesce("accepted_revision", "revision")).filter(counting__isnull=False)


def _news(programme: str) -> QuerySet[Any]:
    """Dossiers whose revision that counts is not compared yet."""
    seen = Q(sketch__revision=F("counting"), sketch__compared=True)
    return _live(programme).filter(Q(sketch=None) | ~seen)


def _phrases(programme: str, texts: Texts) -> Phrases:
    """The programme's phrases; learnt anew, with every sketch to be made anew, where there are twice the texts of last time."""
    count = _live(programme).count()
    book = PhraseBook.objects.filter(programme=programme).first()
    if book is not None and count < GROWTH * max(book.texts, 1):
        return Phrases.from_bytes(vault().unseal(bytes(book.sealed), _book_aad(programme)))
    revisions = _live(programme).order_by("pk").values_list("counting", flat=True)
    phrases = phrases_of((one.text for _, one in texts.opened(revisions) if one), count)
    kept = {
        "texts": count,
        "sealed": vault().seal(phrases.as_bytes(), _book_aad(programme)),
        "made_at": timezone.now(),
    }
    with transaction.atomic():
        PhraseBook.objects.update_or_create(programme=programme, defaults=kept)
        Sketch.objects.filter(programme=programme).delete()
    return phrases


def _sketch_news(programme: str, phrases: Phrases, texts: Texts) -> None:
    news = _news(programme).filter(Q(sketch=None) | ~Q(sketch__revision=F("counting")))
    waiting = list(news.order_by("pk").values_list("counting", "pk", "person"))
    for portion in portions(waiting, PORTION):
        of_revision = {revision: (dossier, person) for revision, dossier, person in portion}
        people = Person.objects.in_bulk([person for _, person in of_revision.values()])
        rows = []
        for revision, opened in texts.opened(of_revision):
            dossier, person = of_revision[revision]
            made = _sketched(dossier, people[person], opened, phrases)
            rows.append(Sketch(dossier_id=dossier, revision_id=revision, programme=programme, compared=False, **made))
        Sketch.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["dossier"],
            update_fields=["revision", "programme", "birth", "sealed", "compared"],
        )


def _sketched(dossier: Any, person: Person, opened: Opened | None, phrases: Phrases) -> dict[str, Any]:
    """Blind index of the birth date and the sealed sketch."""
    if opened is None:
        return {"birth": "", "sealed": b""}
    identity = examine(opened.number).identity
    sketch = sketch_of(opened.text, phrases)
    return {
        "birth": vault().blind_index(identity.birth.isoformat(), "sketch.birth") if identity else "",
        "sealed": subject_of(person).seal(sketch.astype("<u8").tobytes(), _sketch_aad(dossier))
        if sketch is not None
        else b"",
    }


def _text_pairs(programme: str, phrases: Phrases, texts: Texts) -> list[DuplicatePair]:
    """The pairs of like texts in which something new stands."""
    places, sketches, new = _all_sketches(programme)
    found = []
    for portion in portions(candidates(sketches, new), PAIRS_AT_A_TIME):
        meant = [(places[one], places[other]) for one, other in portion]
        # one person's texts may be alike: that pair is told as one person's
        meant = [(one, other) for one, other in meant if one.person != other.person]
        texts.have(place.revision for both in meant for place in both)
        for one, other in meant:
            if value := score(texts[one.revision], texts[other.revision], phrases):
                found.append(pair_of(one, other, texts, score=round(value * 1000)))
    return found


def _all_sketches(programme: str) -> tuple[list[Place], Hashes, np.ndarray[Any, np.dtype[np.bool_]]]:
    """The dossiers that have a text, their sketches, and which of them are new. 512 bytes for each, and its place."""
    rows = Sketch.objects.filter(programme=programme, dossier__state__in=LIVE).exclude(sealed=b"").order_by("pk")
    wanted = (
        "pk",
        "revision",
        "dossier__person",
        "dossier__edition",
        "dossier__person__wrapped_key",
        "sealed",
        "compared",
    )
    places: list[Place] = []
    packed, new = bytearray(), bytearray()
    for dossier, revision, person, edition, key, sealed, compared in rows.values_list(*wanted).iterator(PORTION):
        try:
            subject = subject_of(Person(pk=person, wrapped_key=bytes(key)))
            sketch = subject.unseal(bytes(sealed), _sketch_aad(dossier))
        except VaultError:
            continue
        if len(sketch) != SKETCH_BYTES:
            continue
        places.append(Place(dossier, revision, person, edition))
        packed += sketch
        new.append(not compared)
    sketches = np.frombuffer(bytes(packed), dtype="<u8").astype(np.uint64).reshape(-1, BANDS)
    return places, sketches, np.frombuffer(bytes(new), dtype=np.uint8).astype(np.bool_)


def _keep(pairs: Iterable[DuplicatePair], fresh: list[Any]) -> None:
    """Write the pairs and say that these dossiers are compared. What was decided stays; undecided pairs not found again go."""
    found = {(pair.first_id, pair.second_id, pair.kind): pair for pair in pairs}
    with transaction.atomic():
        for portion in portions(fresh, PORTION):
            rows = DuplicatePair.objects.filter(Q(first__in=portion) | Q(second__in=portion), decision="")
            known = {(row.first_id, row.second_id, row.kind): row.pk for row in rows.select_for_update()}
            DuplicatePair.objects.filter(pk__in=[pk for key, pk in known.items() if key not in found]).delete()
        DuplicatePair.objects.bulk_create(found.values(), batch_size=PORTION, ignore_conflicts=True)
        _bring_up_to_date(found.values())
        for portion in portions(fresh, PORTION):
            Sketch.objects.filter(pk__in=portion).update(compared=True)


def _bring_up_to_date(found: Iterable[DuplicatePair]) -> None:
    """Score and revisions of the undecided pairs that were there before; they keep their addresses."""
    for portion in portions(found, PORTION):
        anew = {(pair.first_id, pair.second_id, pair.kind): pair for pair in portion}
        rows = DuplicatePair.objects.filter(first__in={pair.first_id for pair in portion}, decision="")
        known = [row for row in rows if (row.first_id, row.second_id, row.kind) in anew]
        for row in known:
            pair = anew[row.first_id, row.second_id, row.kind]
            row.score, row.found_at = pair.score, pair.found_at
            row.first_revision_id, row.second_revision_id = pair.first_revision_id, pair.second_revision_id
        DuplicatePair.objects.bulk_update(known, ["score", "found_at", "first_revision", "second_revision"])


def _book_aad(programme: str) -> bytes:
    return b"phrases:" + programme.encode()


def _sketch_aad(dossier: Any) -> bytes:
    return b"sketch:" + bytes(dossier.bytes)
