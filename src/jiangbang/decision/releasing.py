"""The end of the seal: what the leading group decided goes to the public notice."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangbang.accounts.models import User
from jiangbang.decision import policy
from jiangbang.decision.models import Place, Result
from jiangbang.decision.standing import not_cleared
from jiangbang.programme.models import Edition
from jiangbang.register.acts import Refused, act, nothing_changed, record


@act("result.released")
def release_result(edition: Edition, *, by: User) -> Result:
    """Release the edition's result, for the act that publishes it to call within its own. Releasing again changes nothing.

    Refused: `permission`; `no_result`; `stale` when the consultation does not clear somebody of the result (any more).
    """
    if not policy.may_lead_decision(by, edition):
        raise Refused("permission", _("Only the organiser's office may do this."))
    result = Result.objects.select_for_update().filter(edition=edition).first()
    if result is None:
        raise Refused("no_result", _("The leading group has not decided yet."))
    if result.released_at is not None:
        nothing_changed()
        return result
    doubtful = not_cleared(
        edition, Place.objects.filter(result=result, reserve=False).values_list("dossier_id", flat=True)
    )
    if doubtful:
        raise Refused("stale", _stale(doubtful))
    result.released_by, result.released_at = by, timezone.now()
    result.save(update_fields=["released_by", "released_at"])
    facts = {"number": result.resolution, "count": result.places.filter(reserve=False).count()}
    record("result.released", by=by, edition=edition.key, subject=result.subject, facts=facts)
    return result


def _stale(names: list[str]) -> str:
    sentence = ngettext(
        "The consultation does not clear %(count)s person of the result: %(names)s. Ask the departments again first.",
        "The consultation does not clear %(count)s people of the result: %(names)s. Ask the departments again first.",
        len(names),
    )
    return sentence % {"count": len(names), "names": "、".join(names)}
