"""Invitations without waiting for mail: made in the running installation by its own acts, on its own database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from journeys.house import House

_INVITE = """
import json, sys
import django
django.setup()
from jiangbang.accounts.models import Membership, Role, User
from jiangbang.candidacy.acts import InvitationRow, invite_candidates
from jiangbang.programme.models import Edition
edition = Edition.objects.get(slug="2023")
unit, made = User.objects.get_or_create(username="journey-unit", defaults={"display_name": "滨江区总工会"})
Membership.objects.get_or_create(user=unit, edition=edition.key, role=Role.UNIT, scope="330108")
(invited,) = invite_candidates(edition, edition.spec.unit("330108"), [InvitationRow(sys.argv[1])], by=unit)
print(json.dumps([str(invited.candidacy.pk), invited.token]))
"""
_LINK = """
import json, sys
import django
django.setup()
from jiangbang.accounts.invitations import invite
from jiangbang.accounts.models import Role, User
from jiangbang.programme.models import Edition
unit = User.objects.get(username="journey-unit")
_made, token = invite(role=Role(sys.argv[2]), edition=Edition.objects.get(slug="2023").key, scope=sys.argv[1], name=sys.argv[3], by=unit)
print(json.dumps(token))
"""
_FREEZE = """
import json, sys
import django
django.setup()
from jiangbang.candidacy.models import Candidacy
from django.utils import timezone
print(json.dumps(Candidacy.objects.filter(pk=sys.argv[1]).update(state="with_employer", handed_at=timezone.now())))
"""


def _run(house: House, script: str, *arguments: str) -> object:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**house.environment, "DJANGO_SETTINGS_MODULE": "jiangbang.settings"},
        cwd=Path(__file__).parents[2] / "src",
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def invite_candidate(house: House, name: str) -> tuple[str, str]:
    """The candidacy's id, and the address of its invitation."""
    found = _run(house, _INVITE, name)
    assert isinstance(found, list)
    return found[0], f"{house.base}/invitation/{found[1]}/"


def link_for(house: House, candidacy: str, role: str, name: str) -> str:
    """A further invitation to the same candidacy."""
    return f"{house.base}/invitation/{_run(house, _LINK, candidacy, role, name)}/"


def freeze(house: House, candidacy: str) -> None:
    """Let the form lie with the employer, whatever stands in it: nothing can be written any more."""
    assert _run(house, _FREEZE, candidacy) == 1
