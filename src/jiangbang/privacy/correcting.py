"""Correcting what is wrong in a dossier, on the person's request (PIPL 46): a revision of its own, whatever the stage."""

from __future__ import annotations

import json
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.candidacy.typed import read_typed
from jiangbang.nomination.dossiers import corrected, full_record
from jiangbang.nomination.models import Dossier, Revision
from jiangbang.privacy.policy import may_correct
from jiangbang.register.acts import Refused, act, record

# What nobody corrects by hand: another number is another person, pictures and opinions come with their papers.
UNTOUCHED: Final = frozenset({"id_number", "photo", "opinions"})
LONGEST: Final = 2000


def correctable(dossier: Dossier) -> list[Any]:
    """The fields that may be corrected so: what is personal or sensitive. What was judged (deeds, achievements) is not among them."""
    form = dossier.edition.spec.form
    keys = set(form.keys_of("personal", "sensitive")) - UNTOUCHED
    return [one for one in form if one.key in keys and one.kind not in ("image", "opinions")]


@act("value.corrected")
def correct_value(dossier: Dossier, key: str, typed: str, *, by: User) -> Revision:
    """Keep a further revision that differs in one value; the earlier ones stay as they were received.

    Refused: `permission`; `erased`; `unknown_field`; `too_long`; `same` as it stands.
    """
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("edition", "person", "revision__person")
    found = rows.get(pk=dossier.pk)
    if not may_correct(by, found.edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    if not found.person.wrapped_key or found.revision is None:
        raise Refused("erased", _("This person is erased already."))
    if key not in {one.key for one in correctable(found)}:
        raise Refused("unknown_field", _("This field cannot be corrected here."))
    if len(typed) > LONGEST:
        raise Refused("too_long", _("This text is far too long for the form. Shorten it; it was not saved."))
    before, value = found.revision, read_typed(found.edition.spec, key, typed)
    before.dossier = found
    record_ = full_record(before)
    if record_.get(key) == value:
        raise Refused("same", _("That is what stands there."))
    made = corrected(before, json.loads(json.dumps({**record_, key: value})))
    made.save(force_insert=True)
    _follow(found, before, made)
    facts = {"field": key, "revision": made.number, "commitment": made.commitment}
    record("value.corrected", by=by, edition=found.edition.key, subject=found.subject, facts=facts)
    return made


def _follow(dossier: Dossier, before: Revision, made: Revision) -> None:
    """The dossier stands for the new revision where it stood for the one before."""
    if dossier.accepted_revision_id == before.pk:
        dossier.accepted_revision = made
    dossier.revision, dossier.updated_at = made, timezone.now()
    dossier.save(update_fields=["revision", "accepted_revision", "updated_at"])
