"""Contacts of the units: read from a pasted table, kept, removed, found by address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.accounts.policy import is_organiser
from jiangbang.kernel.edition import EditionSpec
from jiangbang.nomination.contact_models import UnitContact
from jiangbang.outbox.addresses import channel_of
from jiangbang.outbox.sealing import address_index
from jiangbang.programme.models import Edition
from jiangbang.programme.queries import find_unit
from jiangbang.register.acts import Refused, act, nothing_changed, record
from jiangbang.vaults import vault

# A unit has a handful of contacts; a larger paste is the wrong table.
MOST_ROWS = 1000
CELLS = re.compile(r"\t|\s*[,，;；]\s*|\s{2,}")


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact as it is to be kept."""

    unit: str
    name: str
    address: str


def may_keep_contacts(user: User, edition: Edition) -> bool:
    """See and change whom the office writes to."""
    return is_organiser(user, edition.key)


def read_rows(text: str, spec: EditionSpec) -> list[ContactRow]:
    """A table pasted from Excel: unit, name, address in any order, one contact a line; a line of headings is passed over.

    Refused: `unknown_unit`, `address`, `too_many`, `empty`, each with the line. All lines or none.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_ROWS:
        raise Refused("too_many", _("This is more than 1,000 lines. Is it the right table?"))
    rows = [row for place, (number, line) in enumerate(lines) if (row := _row(number, line, spec, heading=place == 0))]
    if not rows:
        raise Refused("empty", _("There is no contact in this. Each line needs a unit, a name and an address."))
    return rows


def _row(number: int, line: str, spec: EditionSpec, *, heading: bool) -> ContactRow | None:
    cells = [cell.strip() for cell in CELLS.split(line) if cell.strip()]
    address = next((cell for cell in cells if channel_of(cell)), "")
    if not address:
        if heading:
            return None
        raise Refused("address", _("Line %(number)d has no e-mail or robot address: %(line)s") % _at(number, line))
    units = {cell: unit for cell in cells if (unit := find_unit(spec, cell))}
    if not units:
        sentence = _("Line %(number)d names no unit of this edition: %(line)s")
        raise Refused("unknown_unit", sentence % _at(number, line))
    said, unit = next(iter(units.items()))
    name = next((cell for cell in cells if cell not in (said, address)), "")
    return ContactRow(unit.code, name or unit.short_name, address)


def _at(number: int, line: str) -> dict[str, object]:
    return {"number": number, "line": line[:80]}


@act("contacts.kept")
def keep_contacts(edition: Edition, rows: Sequence[ContactRow], *, by: User) -> int:
    """Add contacts; one whose address the unit has already gets the new name. How many are new or renamed.

    Refused: `permission`.
    """
    if not may_keep_contacts(by, edition):
        raise Refused("permission", _("You may not keep the contacts of this edition."))
    # two people who paste at the same time take their turns
    Edition.objects.select_for_update().get(pk=edition.pk)
    known = {(one.unit_code, one.address_index): one for one in contacts_of(edition)}
    changed: set[str] = set()
    count = 0
    for row in rows:
        key = (row.unit, address_index(row.address))
        found = known.get(key)
        if found is not None and found.name == row.name:
            continue
        if found is None:
            known[key] = _new(edition, row, key[1], by)
        else:
            UnitContact.objects.filter(pk=found.pk).update(name=row.name[:100])
        changed.add(row.unit)
        count += 1
    if not count:
        nothing_changed()
        return 0
    facts = {"units": sorted(changed), "count": count}
    record("contacts.kept", by=by, edition=edition.key, subject=f"edition:{edition.key}", facts=facts)
    return count


def _new(edition: Edition, row: ContactRow, index: str, by: User) -> UnitContact:
    return UnitContact.objects.create(
        edition=edition,
        unit_code=row.unit,
        name=row.name[:100],
        sealed_address=vault().seal(row.address.encode(), _aad(edition, row.unit)),
        address_index=index,
        added_by=by,
    )


@act("contacts.removed")
def remove_contact(contact: UnitContact, *, by: User) -> None:
    """Write to a contact no more. Messages that were sent stay in the outbox.

    Refused: `permission`.
    """
    if not may_keep_contacts(by, contact.edition):
        raise Refused("permission", _("You may not keep the contacts of this edition."))
    gone, _kinds = UnitContact.objects.filter(pk=contact.pk).delete()
    if not gone:
        nothing_changed()
        return
    edition, facts = contact.edition.key, {"units": [contact.unit_code], "count": 1}
    record("contacts.removed", by=by, edition=edition, subject=f"edition:{edition}", facts=facts)


def contacts_of(edition: Edition) -> QuerySet[UnitContact]:
    """The edition's contacts, unit by unit."""
    return UnitContact.objects.filter(edition=edition).order_by("unit_code", "name", "pk")


def address_of(contact: UnitContact, edition: Edition) -> str:
    """The contact's address in clear. Raises VaultError."""
    return vault().unseal(bytes(contact.sealed_address), _aad(edition, contact.unit_code)).decode()


def units_at(edition: Edition, address: str) -> frozenset[str]:
    """Codes of the units whose contact has this address. One query."""
    found = UnitContact.objects.filter(edition=edition, address_index=address_index(address))
    return frozenset(found.values_list("unit_code", flat=True))


def _aad(edition: Edition, unit: str) -> bytes:
    return f"contact:{edition.key}:{unit}".encode()
