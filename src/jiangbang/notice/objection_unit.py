"""What the unit concerned does: it reads the question, never who asked it, and replies."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.accounts.models import User
from jiangbang.notice.objection_case import keep_file, put
from jiangbang.notice.objection_files import Sent
from jiangbang.notice.objection_models import Objection
from jiangbang.programme.models import Edition
from jiangbang.recommendation.policy import may_work_for
from jiangbang.register.acts import Refused, act, record

MOST_WORDS = 4_000


def inquiries_of(edition: Edition, unit_code: str) -> QuerySet[Objection]:
    """The questions put to a unit, the newest first; identity and facts of the objector stay in the database."""
    asked = Objection.objects.filter(edition=edition, entry__dossier__unit_code=unit_code, asked_at__isnull=False)
    rows = asked.select_related("entry__dossier", "replied_by").defer(
        "sealed_identity", "sealed_facts", "edition__document"
    )
    return rows.order_by("-asked_at")


@act("objection.replied")
def reply_inquiry(objection: Objection, *, reply: str, files: Sequence[Sent] = (), by: User) -> Objection:
    """Reply for the unit, with papers where there are some. Late replies are taken; the case shows that they were late.

    Refused: `permission`; `state` when nothing is asked or it is replied to; `words`.
    """
    rows = Objection.objects.select_for_update(of=("self",)).select_related("edition", "entry__dossier")
    found = rows.get(pk=objection.pk)
    unit = found.entry.dossier.unit_code
    if not may_work_for(by, found.edition, unit):
        raise Refused("permission", _("Only the unit itself replies."))
    if found.state != Objection.State.ADMITTED or found.asked_at is None or found.replied_at is not None:
        raise Refused("state", _("There is no open question: it was replied to, or the case has gone on."))
    said = reply.strip()
    if not said or len(said) > MOST_WORDS:
        raise Refused("words", _("Write the reply, in at most %(most)s characters.") % {"most": MOST_WORDS})
    put(found, "reply", said)
    found.replied_by, found.replied_at = by, timezone.now()
    found.save()
    for sent in files:
        keep_file(found, sent.name, sent.media_type, sent.data, of_reply=True)
    facts = {"case": found.number, "unit": unit, "count": len(files)}
    record("objection.replied", by=by, edition=found.edition.key, subject=found.subject, facts=facts)
    return found
