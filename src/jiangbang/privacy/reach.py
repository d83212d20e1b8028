"""What is erased of a person at each stage, in the order in which a dossier walks. Called inside the act only.

Each step takes the scope and says how much it erased. A row that others rest on (a revision, a ruling, a place in the result) stays
without what it said; a row that was about the person alone goes. What is sealed with her key needs no step: it is unreadable once
the key is destroyed (docs/decisions/0038-privacy.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from jiangbang.accounts.invitations import forget_addressee
from jiangbang.accounts.models import Invitation, Membership, Role, SignIn, User
from jiangbang.benefits.models import Further, HolderAddress
from jiangbang.candidacy.acts import take_back
from jiangbang.candidacy.models import Attachment, Candidacy, DraftField
from jiangbang.conferral.award_models import Award
from jiangbang.consultation.models import Question
from jiangbang.decision.group_models import MemberRecusal
from jiangbang.nomination.models import DeclaredFact, Dossier, FindingCount, Revision
from jiangbang.privacy.files import forget_files
from jiangbang.privacy.scope import ERASED_NAME, Scope
from jiangbang.publicity.models import PublicityConsent, StoryVersion
from jiangbang.recommendation.models import DirectRoute, Return
from jiangbang.review.models import BlindCopy, Recusal
from jiangbang.screening.duplicates_models import DuplicatePair, Sketch
from jiangbang.screening.lists_models import ListLook, ListMatch
from jiangbang.screening.models import ClauseRuling, Note
from jiangbang.screening.traits import forget_traits

Counts = dict[str, int]
# Of a titled person's form these two stay: the bare fact that the roll and the notice state.
BARE: Final = ("name", "employer_and_position")


def erase_candidacies(scope: Scope) -> Counts:
    """Drafts, files, scans and their pages, consents' candidacies: nothing of a draft is of use without its person."""
    ids = [one.pk for one in scope.candidacies]
    attachments = Attachment.objects.filter(candidacy__in=ids)
    hashes = set(attachments.values_list("sha256", flat=True))
    fields = DraftField.objects.filter(candidacy__in=ids).count()
    DraftField.objects.filter(candidacy__in=ids).delete()
    attachments.delete()
    for one in scope.candidacies:
        one.name = ERASED_NAME
        take_back(one, Candidacy.State.WITHDRAWN)
        one.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=one.updated_at)
    return {"answers": fields, "files": forget_files(hashes)}


def erase_accounts(scope: Scope) -> Counts:
    """Invitations, and the account of a candidate who has no other part in the house: closed, nameless, signed out everywhere."""
    ids = [str(one.pk) for one in scope.candidacies]
    for invitation in Invitation.objects.filter(role__in=(Role.CANDIDATE, Role.EMPLOYER), scope__in=ids):
        forget_addressee(invitation, ERASED_NAME)
    users = {one.user for one in scope.candidacies if one.user is not None}
    mine = Q(scope__in=ids)
    Membership.objects.filter(mine, role__in=(Role.CANDIDATE, Role.EMPLOYER)).delete()
    alone = [user for user in users if not user.memberships.exists()]
    for user in alone:
        _close(user)
    return {"accounts": len(alone)}


def _close(user: User) -> None:
    user.is_active, user.username, user.display_name = False, f"erased-{user.pk}", ERASED_NAME
    user.email = user.first_name = user.last_name = ""
    user.set_unusable_password()
    user.save()
    for rows in ("emailaddress_set", "authenticator_set", "socialaccount_set", "old_passwords"):
        getattr(user, rows).all().delete()
    Session.objects.filter(pk__in=SignIn.objects.filter(user=user).values("session_key")).delete()
    SignIn.objects.filter(user=user).delete()


def erase_dossiers(scope: Scope) -> Counts:
    """Revisions lose what they said, dossiers the copies of it; a titled person's keep name and employer."""
    ids = [one.pk for one in scope.dossiers]
    revisions = list(Revision.objects.filter(dossier__in=ids))
    photos = {one.photo_sha256 for one in revisions}
    for one in revisions:
        kept = BARE if one.dossier_id in scope.titled else ()
        one.open = {key: one.open[key] for key in kept if key in one.open}
        one.sealed, one.photo_sha256, one.source, one.roster_row = b"", "", "", None
        one.findings, one.verdicts = [], []
    fields = ["open", "sealed", "photo_sha256", "source", "roster_row", "findings", "verdicts"]
    Revision.objects.bulk_update(revisions, fields, batch_size=50)
    for dossier in scope.dossiers:
        dossier.block_count = dossier.warn_count = 0
        if dossier.pk not in scope.titled:
            dossier.state, dossier.name, dossier.employer = Dossier.State.ERASED, ERASED_NAME, ""
    Dossier.objects.bulk_update(scope.dossiers, ["state", "name", "employer", "block_count", "warn_count"])
    FindingCount.objects.filter(dossier__in=ids).delete()
    facts, _by_model = DeclaredFact.objects.filter(dossier__in=ids).delete()
    return {"revisions": len(revisions), "facts": facts, "files": forget_files(photos)}


def erase_recommendation(scope: Scope) -> Counts:
    """What was to be mended, and what was claimed of a contest."""
    ids = [one.pk for one in scope.dossiers]
    claims = DirectRoute.objects.filter(dossier__in=ids)
    # a granted one is why the dossier stands outside the quota
    routes, _by_model = claims.exclude(state=DirectRoute.State.GRANTED).delete()
    claims.update(sealed=b"")
    return {"texts": routes + Return.objects.filter(dossier__in=ids).exclude(sealed=b"").update(sealed=b"")}


def erase_screening(scope: Scope) -> Counts:
    """Notes, likenesses, sketches, matches with lists and what the statistics know; rulings stand, their reasons go."""
    ids = [one.pk for one in scope.dossiers]
    notes, _by_model = Note.objects.filter(dossier__in=ids).delete()
    DuplicatePair.objects.filter(Q(first__in=ids) | Q(second__in=ids)).delete()
    Sketch.objects.filter(dossier__in=ids).delete()
    ListMatch.objects.filter(dossier__in=ids).delete()
    ListLook.objects.filter(dossier__in=ids).delete()
    forget_traits(ids)
    reasons = ClauseRuling.objects.filter(dossier__in=ids).exclude(sealed_reason=b"").update(sealed_reason=b"")
    return {"texts": notes + reasons}


def erase_review(scope: Scope) -> Counts:
    """The copies that the experts saw, and on what a recusal rests; scores stand, for the ranking rests on them."""
    ids = [one.pk for one in scope.dossiers]
    copies = BlindCopy.objects.filter(dossier__in=ids)
    hashes = {sha256 for one in copies for sha256 in (one.sha256, *one.pages)}
    copies.delete()
    grounds = Recusal.objects.filter(dossier__in=ids).update(sealed_ground=b"", sealed_reason=b"")
    return {"files": forget_files(hashes), "texts": grounds}


def erase_decision(scope: Scope) -> Counts:
    """What departments and members said of the person; that they were asked and how they voted stands."""
    ids = [one.pk for one in scope.dossiers]
    said = Question.objects.filter(dossier__in=ids).update(sealed_reason=b"", sealed_grounds=b"")
    return {"texts": said + MemberRecusal.objects.filter(dossier__in=ids).update(sealed_reason=b"")}


def erase_publicity(scope: Scope) -> Counts:
    """Nobody who is erased is shown: the agreement and the stories go, with addresses and reasons; a revoked title names nobody."""
    ids = [one.pk for one in scope.dossiers]
    agreed = PublicityConsent.objects.filter(dossier__in=ids)
    agreed.filter(withdrawn_at=None).update(withdrawn_by=scope.by, withdrawn_at=timezone.now())
    agreed.update(paper=ERASED_NAME)
    stories, _by_model = StoryVersion.objects.filter(award__dossier__in=ids).delete()
    HolderAddress.objects.filter(award__dossier__in=ids).delete()
    revoked = Award.objects.filter(dossier__in=ids).exclude(dossier__in=scope.titled)
    revoked.update(name=ERASED_NAME, employer="")
    reasons = Further.objects.filter(award__dossier__in=ids).update(reason=ERASED_NAME)
    return {"texts": stories + reasons}


STEPS: Final[tuple[Callable[[Scope], Counts], ...]] = (
    erase_accounts,
    erase_candidacies,
    erase_recommendation,
    erase_screening,
    erase_review,
    erase_decision,
    erase_publicity,
    erase_dossiers,
)
