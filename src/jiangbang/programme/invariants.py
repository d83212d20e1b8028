"""What must always hold of editions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count

from jiangbang.accounts.models import Membership
from jiangbang.programme.acts import document_hash
from jiangbang.programme.models import Edition, Extension
from jiangbang.register.invariant import Invariant, unlike
from jiangbang.register.models import Entry

_LOAD: Final = "load the programme again: jiangbang programme load"


def _keys() -> set[str]:
    return {f"{programme}/{slug}" for programme, slug in Edition.objects.values_list("programme", "slug")}


def _altered() -> Iterator[str]:
    return (one.key for one in Edition.objects.all() if document_hash(one.document) != one.sha256)


def _unloaded() -> Iterator[str]:
    """Editions whose content no entry names."""
    loaded = Entry.objects.filter(type__in=("programme.loaded", "edition.copied"))
    said = {(edition, facts.get("sha256")) for edition, facts in loaded.values_list("edition", "facts")}
    rows = Edition.objects.defer("document")
    return (one.key for one in rows if (one.key, one.sha256) not in said)


def _unextended() -> Iterator[str]:
    """Editions whose extension in force is not the last one decided."""
    last = dict(Extension.objects.order_by("pk").values_list("edition_id", "deadline"))
    rows = Edition.objects.defer("document")
    return (one.key for one in rows if one.extended_to != last.get(one.pk))


def _extended() -> Iterator[tuple[object, int]]:
    return iter(Extension.objects.order_by().values_list("edition_id").annotate(many=Count("pk")))


def _astray() -> Iterator[str]:
    known = {"", *_keys()}
    return (key for key in Entry.objects.values_list("edition", flat=True).distinct() if key not in known)


def _roles_astray() -> Iterator[str]:
    known = {"", *_keys()}
    return (str(one) for one in Membership.objects.select_related("user") if one.edition not in known)


INVARIANTS: Final = (
    Invariant(
        "programme.one_default",
        "A programme has one default edition at most.",
        _LOAD,
        lambda: (
            Edition.objects.filter(is_default=True)
            .order_by()
            .values_list("programme", flat=True)
            .annotate(many=Count("pk"))
            .filter(many__gt=1)
        ),
    ),
    Invariant("programme.document_whole", "An edition's rules are the ones that its hash names.", _LOAD, _altered),
    Invariant("programme.loaded", "The register names the rules by which each edition runs.", _LOAD, _unloaded),
    Invariant(
        "programme.deadline_decided",
        "The deadline in force is the one that was decided last.",
        "extend the deadline anew",
        _unextended,
    ),
    Invariant(
        "programme.extensions_registered",
        "The register knows each extension of a deadline.",
        "report it: an extension was written past the acts",
        lambda: unlike(_extended(), "edition", "edition.deadline_extended"),
    ),
    Invariant(
        "programme.entries_of_editions",
        "Every entry is of an edition that exists, or of none.",
        "an edition was deleted: take it from a backup",
        _astray,
    ),
    Invariant(
        "programme.roles_in_editions",
        "Every role is held in an edition that exists, or in all.",
        "withdraw the role on the page of people",
        _roles_astray,
    ),
)
