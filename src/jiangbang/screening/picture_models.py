"""What the pictures of the screening count of people, apart from the people."""

from __future__ import annotations

from django.db import models

from jiangbang.programme.models import Edition


class Trait(models.Model):
    """Gender, age and years in bands, and focus fields of somebody in screening, so that pictures need not open ten thousand forms.

    `key` is a blind index of the dossier: with the installation's key the row is found and kept up to date; without it nobody can say
    whose it is. `state` copies the screening's. Bands begin at `age` and `years`; None where the form does not say.
    """

    key = models.CharField(max_length=64, primary_key=True)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=12)
    gender = models.CharField(max_length=6, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    years = models.PositiveSmallIntegerField(null=True)
    # keys of focus fields, each between spaces: " ai iot "
    focus = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["edition", "state"], name="traits_by_state")]

    def __str__(self) -> str:
        return f"{self.gender} {self.age} {self.years}"
