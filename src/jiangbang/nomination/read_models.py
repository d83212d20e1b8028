"""Who opened what is sensitive, of whom and when: never what it said, and never in the register, which keeps everything for ever."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User


class SensitiveRead(models.Model):
    """One look at something sensitive of one dossier (PIPL 51; Cybersecurity Law 23). Rows go when their time is over (`privacy.keeping`).

    `what`: the field's key, or the paper: photo, form, roster, original, evidence, list.
    """

    dossier = models.ForeignKey("nomination.Dossier", on_delete=models.CASCADE, related_name="reads")
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "-at", "-id"], name="reads_of_dossier"),
            models.Index(fields=["reader", "-at", "-id"], name="reads_by_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.dossier_id}"
