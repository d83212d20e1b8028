"""Everything that somebody can do to the register's tables, made at random: with the database alone, and with the key and the home as well.

`alter(count, seed)` does each to a register of its own acts, looks with every check there is, and undoes it. What the checks are:

    verify    `jiangbang register verify`: the rows, the tree, the head, the checkpoint kept in the home
    witness   somebody outside who kept the checkpoint from before and compares
    act       the next act: it refuses to add to a head that was not signed (tried where the head was touched)

`script/alterations.py` runs more of them and prints the figures.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role
from jiangbang.commands.register_sources import Rows
from jiangbang.kernel import merkle, notes
from jiangbang.kernel.witness import watch
from jiangbang.register import keys
from jiangbang.register.acts import ActError
from jiangbang.register.models import Entry, Head
from jiangbang.register.queries import head, present_leaves
from jiangbang.register.verification import verify_register

ENTRIES: Final = 10
TEXTS: Final = ("type", "actor", "edition", "subject")
THIEF: Final = notes.Signer(keys.ORIGIN, b"\x07" * 32)


@dataclass
class Scene:
    """A register, the heads that it had on the way, and what a witness kept of it last."""

    chance: random.Random
    heads: list[Head]
    kept: str

    def place(self, among: int = ENTRIES) -> int:
        return self.chance.randrange(among)


@dataclass
class Found:
    """How often each kind was done, by which checks it was found, and what was found by none."""

    done: Counter[str] = field(default_factory=Counter)
    by: dict[str, Counter[str]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


# --- with the database alone


def edit(scene: Scene) -> None:
    """One column of one row, the hash left as it was."""
    row = Entry.objects.filter(index=scene.place())
    change(scene, row.get())


def edit_to_fit(scene: Scene) -> None:
    """One column, and a hash that fits it."""
    entry = change(scene, Entry.objects.get(index=scene.place()))
    Entry.objects.filter(index=entry.index).update(leaf_hash=entry.computed_hash())


def edit_hash(scene: Scene) -> None:
    """The stored hash of a row."""
    Entry.objects.filter(index=scene.place()).update(
        leaf_hash=scene.chance.randbytes(scene.chance.choice((0, 31, 32, 33)))
    )


def edit_all_but_the_signature(scene: Scene) -> None:
    """A row, its hash, the tree's edge and the checkpoint's text: all fits but the signature."""
    edit_to_fit(scene)
    frontier = edge()
    text = notes.checkpoint_text(keys.ORIGIN, frontier.size, frontier.root())
    signatures = head().checkpoint.partition("\n\n")[2]
    set_head(frontier, f"{text}\n{signatures}")


def delete(scene: Scene) -> None:
    """A row taken out."""
    Entry.objects.filter(index=scene.place()).delete()


def cut(scene: Scene) -> None:
    """The newest rows taken out."""
    Entry.objects.filter(index__gte=scene.place()).delete()


def roll_back(scene: Scene) -> None:
    """The tables as they were some acts ago, rightly signed then."""
    size = scene.place()
    Entry.objects.filter(index__gte=size).delete()
    scene.heads[size].save()


def empty(_scene: Scene) -> None:
    """Everything taken out."""
    Entry.objects.all().delete()
    Head.objects.update(size=0, frontier=[], checkpoint="")


def reorder(scene: Scene) -> None:
    """Two rows exchanged, at times with hashes that fit."""
    one, other = scene.chance.sample(range(ENTRIES), 2)
    for here, there in ((one, 99), (other, one), (99, other)):
        Entry.objects.filter(index=here).update(index=there)
    if scene.chance.random() < 0.5:
        rehash()


def insert(scene: Scene) -> None:
    """A row put in: the others moved up, at times with hashes that fit."""
    put_in(scene, scene.place(ENTRIES + 1))


def insert_before(scene: Scene) -> None:
    """The same, but not at the end: with the key in hand that would be no alteration, only one more entry."""
    put_in(scene, scene.place())


def put_in(scene: Scene, place: int) -> None:
    rows = list(Entry.objects.order_by("index"))
    made = Entry(
        index=place, at=rows[0].at, type="role.granted", actor="user:1", edition="", subject="user:9", facts={}
    )
    made.leaf_hash = made.computed_hash()
    rewrite([*rows[:place], made, *rows[place:]], rehashed=scene.chance.random() < 0.5)


def overwrite(scene: Scene) -> None:
    """One row's content written over another's, hash included."""
    one, other = scene.chance.sample(range(ENTRIES), 2)
    row = Entry.objects.get(index=one)
    values = {name: getattr(row, name) for name in ("at", "facts", "leaf_hash", *TEXTS)}
    Entry.objects.filter(index=other).update(**values)


def unreadable(scene: Scene) -> None:
    """What no act writes: a float, and where the database lets it, a date that is none, a number for a hash."""
    place = scene.place()
    wrongs = ["facts = '{\"count\": 1.5}'", "facts = '[[1.0]]'"]
    if connection.vendor == "sqlite":
        wrongs += ["at = 'yesterday'", "at = ''", "leaf_hash = 1000000000000", "at = 7"]
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE register_entry SET {scene.chance.choice(wrongs)} WHERE "index" = {place}')


def alter_head(scene: Scene) -> None:
    """The head: its size, its edge, its checkpoint, or all of it."""
    present = head()
    letters = list(present.checkpoint)
    at = scene.chance.randrange(len(letters))
    letters[at] = "x" if letters[at] != "x" else "y"
    wrongs: list[dict[str, Any]] = [
        {"size": present.size + scene.chance.choice((-1, 1, 5))},
        {"frontier": [scene.chance.randbytes(32).hex() for _node in present.frontier]},
        {"frontier": present.frontier[1:]},
        {"checkpoint": "".join(letters)},
        {"checkpoint": scene.heads[scene.place()].checkpoint},
        {"checkpoint": notes.sign_note(present.checkpoint.partition("\n\n")[0] + "\n", THIEF)},
        {"checkpoint": ""},
    ]
    wrong = scene.chance.choice([*wrongs, None])
    Head.objects.update(**wrong) if wrong else Head.objects.all().delete()


def have_it_signed(scene: Scene) -> None:
    """A row rewritten with hash and edge, so that the next act would sign it with all the rest."""
    edit_to_fit(scene)
    frontier = edge()
    set_head(frontier, head().checkpoint)


# --- with the key and the home as well


def rewrite_and_sign(scene: Scene) -> None:
    """Rows edited, taken out, put in or exchanged, and all of it signed anew, the checkpoint in the home too."""
    scene.chance.choice((edit_to_fit, delete, reorder, insert_before, overwrite))(scene)
    close_up()
    sign_anew()


def roll_back_and_sign(scene: Scene) -> None:
    """An earlier state, also in the home."""
    roll_back(scene)
    sign_anew()


def roll_back_and_go_on(scene: Scene) -> None:
    """An earlier state, and other acts since: in the end more entries than the witness knows."""
    roll_back_and_sign(scene)
    for number in range(ENTRIES - head().size + scene.chance.randrange(1, 4)):
        create_account(f"instead{number}", role=Role.SYSTEM, password=None)
    sign_anew()


def change_the_key(scene: Scene) -> None:
    """All signed with another key, at times with rows edited before."""
    if scene.chance.random() < 0.5:
        edit_to_fit(scene)
    sign_anew(THIEF)


ALTERATIONS: Final[tuple[Callable[[Scene], None], ...]] = (
    edit, edit_to_fit, edit_hash, edit_all_but_the_signature, delete, cut, roll_back, empty, reorder, insert, overwrite, unreadable,
    alter_head, have_it_signed, rewrite_and_sign, roll_back_and_sign, roll_back_and_go_on, change_the_key,
)  # fmt: skip
# what leaves nothing for `verify`: only a witness finds it. The last shows where the key is not the home's.
INSIDERS: Final = frozenset({"rewrite_and_sign", "roll_back_and_sign", "roll_back_and_go_on", "change_the_key"})
# what would have to be signed by the next act to go unseen
BEFORE_AN_ACT: Final = frozenset({edit_all_but_the_signature, have_it_signed, alter_head})


# --- what they are made of


def change(scene: Scene, entry: Entry) -> Entry:
    """Another value in one column, in the database and in hand."""
    column = scene.chance.choice((*TEXTS, "at", "facts"))
    value: Any = f"{getattr(entry, column)}x"
    if column == "at":
        value = entry.at + timedelta(microseconds=scene.chance.choice((-1, 1, 3_600_000_000)))
    elif column == "facts":
        value = {
            **entry.facts,
            scene.chance.choice(("role", "username", "more")): scene.chance.choice(("mallory", 7, None, [])),
        }
    setattr(entry, column, value)
    Entry.objects.filter(index=entry.index).update(**{column: value})
    return entry


def rehash() -> None:
    for entry in Entry.objects.all():
        Entry.objects.filter(index=entry.index).update(leaf_hash=entry.computed_hash())


def rewrite(rows: list[Entry], *, rehashed: bool) -> None:
    """The table anew from these rows, numbered through."""
    Entry.objects.all().delete()
    for index, entry in enumerate(rows):
        entry.index = index
        entry.leaf_hash = entry.computed_hash() if rehashed else entry.leaf_hash
    Entry.objects.bulk_create(rows)


def close_up() -> None:
    rewrite(list(Entry.objects.order_by("index")), rehashed=True)


def edge() -> merkle.Frontier:
    return merkle.Frontier().extend(bytes(entry.leaf_hash) for entry in Entry.objects.order_by("index"))


def set_head(frontier: merkle.Frontier, checkpoint: str) -> None:
    edge_nodes = [node.hex() for node in frontier.hashes]
    Head.objects.update(size=frontier.size, frontier=edge_nodes, checkpoint=checkpoint)


def sign_anew(signer: notes.Signer | None = None) -> None:
    """Head and file of the home, as whoever has the key would leave them."""
    frontier = edge()
    note = notes.sign_note(notes.checkpoint_text(keys.ORIGIN, frontier.size, frontier.root()), signer or keys.signer())
    set_head(frontier, note)
    keys.checkpoint_file().write_text(note, encoding="utf-8")


# --- doing them


def alter(count: int, seed: int = 0) -> Found:
    """Do so many alterations, each kind in turn, and say by which checks they were found. Leaves nothing behind."""
    found = Found()
    with transaction.atomic(), guards_aside():
        scene = _scene(random.Random(seed))
        assert checks(scene) == set(), "the register is not whole to begin with"
        for number in range(count):
            kind = ALTERATIONS[number % len(ALTERATIONS)]
            with undone(scene):
                kind(scene)
                caught = checks(scene, acting=kind in BEFORE_AN_ACT)
            name = kind.__name__
            found.done[name] += 1
            found.by.setdefault(name, Counter()).update(caught)
            if not caught:
                found.missed.append(f"{name} (number {number})")
        transaction.set_rollback(True)
    return found


def _scene(chance: random.Random) -> Scene:
    heads = [head()]
    for number in range(ENTRIES - heads[0].size):
        create_account(f"someone{number}", role=Role.SYSTEM, password=None)
        heads.append(head())
    by_size = {one.size: one for one in heads}
    kept = head().checkpoint
    keys.checkpoint_file().unlink(missing_ok=True)
    keys.keep_checkpoint(kept)
    # sizes before the first act of this scene are those that a home had before
    return Scene(chance, [by_size.get(size, heads[0]) for size in range(ENTRIES)], kept)


def checks(scene: Scene, *, acting: bool = True) -> set[str]:
    """The checks that find something wrong; the next act is tried only where asked, it is the dearest of them."""
    found = set()
    if not verify_register().whole:
        found.add("verify")
    if not Head.objects.exists() or _witness_alarmed(scene):
        found.add("witness")
    if acting and not _next_act_succeeds():
        found.add("act")
    return found


def _next_act_succeeds() -> bool:
    try:
        with transaction.atomic():
            create_account("next", role=Role.SYSTEM, password=None)
            transaction.set_rollback(True)
    except (ActError, Head.DoesNotExist, IntegrityError):
        # the last: a row stands where the next one would
        return False
    return True


def _witness_alarmed(scene: Scene) -> bool:
    note, hashes = present_leaves()
    key = keys.signer().verifier
    try:
        return not watch(scene.kept, key, Rows(str(key), note, hashes)).good
    except notes.NoteError:
        return True


@contextmanager
def undone(scene: Scene) -> Iterator[None]:
    """Whatever is done to tables and home inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if keys.kept_checkpoint() != scene.kept:
        keys.checkpoint_file().write_text(scene.kept, encoding="utf-8")


@contextmanager
def guards_aside() -> Iterator[None]:
    """What somebody with the database's password can do first. Undone with the transaction around it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER register_entry_no_update")
            cursor.execute("DROP TRIGGER register_entry_no_delete")
        else:
            cursor.execute("ALTER TABLE register_entry DISABLE TRIGGER USER")
        yield
