"""Who may do what in the stage of the notice. One predicate per right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in, scopes_in
from jiangbang.programme.models import Edition

if TYPE_CHECKING:
    from jiangbang.notice.objection_models import Objection


def may_lead_notice(user: User, edition: Edition) -> bool:
    """Prepare, publish and end a notice, and let somebody follow from the reserve list: the office, two persons for each notice."""
    return Role.ORGANISER in roles_in(user, edition.key)


def may_watch_notice(user: User, edition: Edition) -> bool:
    """See the notices before they are published, and how each entry stands: the office and the discipline office."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def may_see_objections(user: User, edition: Edition) -> bool:
    """See which cases there are and how far, take one, enter a letter or call: the office and the discipline office."""
    return bool(roles_in(user, edition.key) & {Role.ORGANISER, Role.DISCIPLINE})


def may_change_entries(user: User, edition: Edition) -> bool:
    """Suspend, resume and strike an entry of the notice: who works on objections."""
    return may_see_objections(user, edition)


def is_related(user: User, objection: Objection) -> bool:
    """Whether somebody is the one objected against, works for the unit that recommended him, or holds his candidacy."""
    dossier, edition = objection.entry.dossier, objection.edition
    mine = (user.display_name or "").strip()
    if mine and mine == dossier.name.strip():
        return True
    if dossier.unit_code in scopes_in(user, edition.key, Role.UNIT):
        return True
    own = scopes_in(user, edition.key, Role.CANDIDATE) | scopes_in(user, edition.key, Role.EMPLOYER)
    return bool(own) and any(str(pk) in own for pk in dossier.candidacies.values_list("pk", flat=True))


def may_handle_objection(user: User, objection: Objection) -> bool:
    """See what was said in a case, and go on with it: its handler and its decider, nobody else of the office."""
    has = user.pk in (objection.handler_id, objection.decider_id)
    return has and may_see_objections(user, objection.edition) and not is_related(user, objection)
