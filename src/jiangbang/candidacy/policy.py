"""Who may do what with a candidacy. One predicate per right; most ask for the person's own, not for an office."""

from __future__ import annotations

from jiangbang.accounts.models import Role, User
from jiangbang.accounts.policy import roles_in, scopes_in
from jiangbang.candidacy.models import Candidacy
from jiangbang.programme.models import Edition

_OPEN = frozenset({Candidacy.State.INVITED, Candidacy.State.DRAFTING, Candidacy.State.RETURNED})
_HANDED = frozenset({Candidacy.State.WITH_EMPLOYER, Candidacy.State.WITH_UNIT})


def may_invite(user: User, edition: Edition, unit_code: str) -> bool:
    """Invite candidates for this unit: its own people, and the office."""
    return Role.ORGANISER in roles_in(user, edition.key) or unit_code in scopes_in(user, edition.key, Role.UNIT)


def is_candidate(user: User, candidacy: Candidacy) -> bool:
    """Whose candidacy it is."""
    if not user.is_authenticated or not user.is_active:
        return False
    if candidacy.user_id is not None:
        return bool(candidacy.user_id == user.pk)
    return str(candidacy.pk) in scopes_in(user, candidacy.edition.key, Role.CANDIDATE)


def is_employer(user: User, candidacy: Candidacy) -> bool:
    """Who was asked to confirm it for the employer."""
    return str(candidacy.pk) in scopes_in(user, candidacy.edition.key, Role.EMPLOYER)


def is_unit(user: User, candidacy: Candidacy) -> bool:
    """Who works for the unit that recommends."""
    return candidacy.unit_code in scopes_in(user, candidacy.edition.key, Role.UNIT)


def may_read(user: User, candidacy: Candidacy) -> bool:
    """See the draft: the candidate, and the unit from the moment when it was invited. The office sees what is submitted."""
    return is_candidate(user, candidacy) or is_unit(user, candidacy)


def may_read_paper(user: User, candidacy: Candidacy) -> bool:
    """See the form as a paper: who may read it, and the employer while it is to be confirmed or is confirmed."""
    shown = candidacy.state in _HANDED or candidacy.state == Candidacy.State.SUBMITTED
    return may_read(user, candidacy) or (shown and is_employer(user, candidacy))


def may_edit(user: User, candidacy: Candidacy) -> bool:
    """Fill it in: the candidate, and the unit that helps him."""
    return may_read(user, candidacy)


def may_confirm(user: User, candidacy: Candidacy) -> bool:
    """Speak for the employer."""
    return is_employer(user, candidacy)


def is_open(candidacy: Candidacy) -> bool:
    """Whether it can be filled in, by its state; the deadline is another question."""
    return candidacy.state in _OPEN


def is_handed(candidacy: Candidacy) -> bool:
    """Whether it lies with employer or unit and can be called back."""
    return candidacy.state in _HANDED
