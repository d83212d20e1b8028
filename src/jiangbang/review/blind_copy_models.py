"""Evidence as experts may see it."""

from __future__ import annotations

import uuid

from django.db import models

from jiangbang.accounts.models import User
from jiangbang.nomination.models import Dossier


class BlindCopy(models.Model):
    """One paper of a dossier, released to its experts after somebody of the office has made sure that it shows nobody's identity.

    The experts get `pages`: pictures of the house's own making, without the name, the properties and the text layer of the file that they
    were made from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="blind_copies")
    # the key of what it proves, as `candidacy.proofs.claim_labels` has it; empty for another paper
    claim = models.CharField(max_length=80, blank=True)
    # of the file that the pages were made from: the candidate's own, or one on which the office has blacked out what identifies
    sha256 = models.CharField(max_length=64)
    redacted = models.BooleanField()
    # hashes of the pages' pictures, in order
    pages = models.JSONField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | models.Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="blind_copy_withdrawn_by_and_when",
            ),
            models.UniqueConstraint(
                fields=["dossier", "sha256"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_blind_copy_of_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"copy {self.pk} of {self.dossier_id}"
