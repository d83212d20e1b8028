"""Synthetic people: whole records, always the same for the same seed. No clock, no real employer, no number that is anybody's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from jiangbang.kernel.edition import Choice
from jiangbang.kernel.form import FieldSpec, FormSpec, Record, Value
from jiangbang.kernel.identity import Gender, synthetic
from jiangbang.rehearsal import words
from jiangbang.rehearsal.portraits import SIZE, portrait

# A region code that no table has, past ones included.
REGION: Final = "990101"
_EARLIEST_BIRTH = date(1965, 1, 1)
# Birthdays are drawn in steps of 64 days (31 years and a half in all) and shifted by a number of the person's own.
_BIRTH_STEP, _BIRTH_STEPS = 64, 180
# GB 11643's sequence has three digits, the last one odd for men: so many people of one birthday
_SEQUENCES = 500
# Every so many people one has a name that old software spoils, so that small rehearsals meet them too.
_EVERY = 20
_RARE_AT, _COMPOUND_AT, _MINORITY_AT = 5, 11, 17
# one in so many has too few years in the industry: a clause to decide, not a fault
_NEWCOMER = 18
DEEDS_LIMIT: Final = 400


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """A person with the record that the form will carry and the portrait's bytes (None where it is left out)."""

    record: Record
    photo: bytes | None

    @property
    def name(self) -> str:
        return str(self.record.get("name") or "")

    @property
    def id_number(self) -> str:
        return str(self.record.get("id_number") or "")

    def changed(self, **values: Value) -> SyntheticPerson:
        """The same person with other values."""
        return replace(self, record={**self.record, **values})

    def with_photo(self, photo: bytes | None, size: tuple[int, int] = SIZE) -> SyntheticPerson:
        """The same person with another portrait, or none."""
        return SyntheticPerson({**self.record, "photo": _photo_value(photo, size) if photo else None}, photo)


def make_people(
    count: int, *, seed: int, form: FormSpec, classes: Sequence[Choice], signed: date, year: int, start: int = 0
) -> list[SyntheticPerson]:
    """So many people; the first of a longer list are the people of a shorter one. `signed` dates the opinions
    on the form; `year` is the edition's, up to which careers are told.

    No two of 32,000 have the same identity number. Fields that the form has and this programme's form has not are filled with a plain word.
    """
    groups = [choice for choice in classes if len(choice.code) > 2] or list(classes)
    return [_person(number, seed, form, groups, signed, year) for number in range(start, start + count)]


def _person(
    number: int, seed: int, form: FormSpec, groups: Sequence[Choice], signed: date, year: int
) -> SyntheticPerson:
    dice = Random(f"jiangbang person {seed} {number}")  # noqa: S311 — rehearsed people, not secrets
    gender, name, native_place = _name(number, dice)
    birth = _birthday(number + seed, dice)
    values: dict[str, Value] = {
        "name": name,
        "gender": gender,
        "birth_month": f"{birth:%Y-%m}",
        "native_place": native_place,
        "id_number": _id_number(number + seed * 31, birth, gender),
        **_standing(dice),
        **_contact(dice),
        **_work(dice, birth, gender, year, groups),
        "opinions": _opinions(signed),
    }
    record = form.empty_record()
    for spec in form:
        record[spec.key] = values.get(spec.key, _plain_word(spec))
    person = SyntheticPerson(record, None)
    return person.with_photo(portrait(f"{seed} {number}"))


def _birthday(number: int, dice: Random) -> date:
    """A birthday such that those who share a sequence number never share it, up to 32,000 people of one seed."""
    shift = (number // _SEQUENCES + number * 7) % _BIRTH_STEP
    return _EARLIEST_BIRTH + timedelta(days=dice.randrange(_BIRTH_STEPS) * _BIRTH_STEP + shift)


def _id_number(number: int, birth: date, gender: Gender) -> str:
    return synthetic(REGION, birth, number % _SEQUENCES * 2 + (gender == "male"))


def _name(number: int, dice: Random) -> tuple[Gender, str, str]:
    """Gender, name and native place."""
    gender: Gender = "male" if dice.random() < 0.68 else "female"
    kind, turn = number % _EVERY, number // _EVERY
    if kind == _MINORITY_AT:
        written, name, _people, place = words.MINORITY[turn % len(words.MINORITY)]
        return ("male" if written == "male" else "female"), name, place
    place = dice.choice(words.NATIVE_PLACES)
    surname = dice.choice(words.COMPOUND_SURNAMES if kind == _COMPOUND_AT else words.SURNAMES)
    if kind == _RARE_AT:
        given = words.RARE[turn % len(words.RARE)]
        return gender, surname + (dice.choice(words.GIVEN_SECOND) if dice.random() < 0.5 else "") + given, place
    given = dice.choice(words.GIVEN_MALE if gender == "male" else words.GIVEN_FEMALE)
    return gender, surname + (dice.choice(words.GIVEN_SECOND) if dice.random() < 0.78 else "") + given, place


def _standing(dice: Random) -> dict[str, Value]:
    return {
        "education": dice.choice(words.EDUCATION),
        "political_status": dice.choice(words.POLITICAL),
        "skill_level": dice.choice(words.SKILL_LEVELS),
        "professional_title": dice.choice(words.PROFESSIONAL_TITLES),
        "talent_class": dice.choice(words.TALENT_CLASSES),
    }


def _contact(dice: Random) -> dict[str, Value]:
    """Numbers that are not given out: Hangzhou numbers do not begin with 0, 199 with these digits is drawn blindly."""
    return {
        "telephone": f"0571-0{dice.randrange(10**7):07d}" if dice.random() < 0.85 else None,
        "mobile": f"199{dice.randrange(10**8):08d}",
        "address": f"杭州市{dice.choice(words.DISTRICTS)}{dice.choice(words.STREETS)}{dice.randrange(1, 999)}号"
        f"{dice.randrange(1, 30)}幢{dice.randrange(101, 2800)}室",
        "motto": dice.choice(words.MOTTOES),
    }


def _work(dice: Random, birth: date, gender: Gender, year: int, groups: Sequence[Choice]) -> dict[str, Value]:
    group = dice.choice(groups)
    trades, posts, fields, things = words.TRADES.get(group.code[:2], words.TRADES["03"])
    post, field = dice.choice(posts), dice.choice(fields)
    grown = max(1, year - birth.year - 20)
    years = dice.randrange(1, 5) if dice.randrange(_NEWCOMER) == 0 else dice.randrange(5, max(6, min(grown, 30) + 1))
    made = dice.sample(things, k=min(len(things), 3))
    parts = _Parts(dice, post, field, years, made, "他" if gender == "male" else "她")
    return {
        "industry_class": f"{group.code} {group.label}",
        "years_in_industry": years,
        "employer_and_position": f"杭州{dice.choice(words.EMPLOYER_NAMES)}{dice.choice(trades)} {post}",
        "specialty": field,
        "remarks": "一线职工" if dice.random() < 0.2 else None,
        "achievements": parts.achievements(),
        "honours": _honours(dice, year),
        "deeds": parts.deeds(),
    }


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a person's sentences speak of."""

    dice: Random
    post: str
    field: str
    years: int
    made: Sequence[str]
    him: str

    def achievements(self) -> list[str]:
        effects = self.dice.sample(words.EFFECTS, k=len(self.made))
        count = self.dice.randrange(1, len(self.made) + 1)
        made = zip(self.made[:count], effects, strict=False)
        return [f"{self.dice.choice(words.ROLES)}{thing}，{effect}" for thing, effect in made]

    def deeds(self) -> str:
        """At most 400 characters: sentences are added while they fit."""
        opening, ending = self.dice.choice(words.DEED_OPENINGS), self.dice.choice(words.DEED_ENDINGS)
        text, last = self._said(opening, self.made[0]), self._said(ending, self.made[0])
        for turn in range(self.dice.randrange(2, 9)):
            sentence = self._said(self.dice.choice(words.DEED_SENTENCES), self.made[turn % len(self.made)])
            if len(text) + len(sentence) + len(last) <= DEEDS_LIMIT:
                text += sentence
        return text + last

    def _said(self, template: str, thing: str) -> str:
        return template.format(
            years=self.years,
            first="学徒工",
            post=self.post,
            field=self.field,
            him=self.him,
            thing=thing,
            role=self.dice.choice(words.ROLES),
            effect=self.dice.choice(words.EFFECTS),
        )


def _honours(dice: Random, year: int) -> list[str]:
    count = dice.choice((0, 1, 1, 2, 2, 3))
    years = sorted(dice.sample(range(year - 9, year), k=count))
    return [f"{when}年{honour}" for when, honour in zip(years, dice.sample(words.HONOURS, k=count), strict=True)]


def _opinions(signed: date) -> dict[str, Any]:
    """The employer's and the unit's opinion; the leading group has not met yet."""
    return {
        "employer": {"text": "情况属实，同意推荐。", "sealed": True, "date": signed.isoformat()},
        "unit": {"text": "同意推荐。", "sealed": True, "date": (signed + timedelta(days=3)).isoformat()},
        "leading_group": {"text": None, "sealed": False, "date": None},
    }


def _plain_word(spec: FieldSpec) -> Value:
    """A value for a field of another programme's form."""
    if spec.kind == "items":
        return ["演练"] if spec.min_items else []
    if not spec.required or spec.kind in ("image", "opinions"):
        return None
    return 1 if spec.kind == "integer" else "演练"


def _photo_value(photo: bytes, size: tuple[int, int]) -> dict[str, Any]:
    return {
        "media_type": "image/jpeg",
        "width": size[0],
        "height": size[1],
        "sha256": hashlib.sha256(photo).hexdigest(),
    }
