"""Whom the office writes to at a unit."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition


class UnitContact(models.Model):
    """A person or group of a recommending unit who gets the edition's messages. The address is sealed."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="contacts")
    unit_code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    sealed_address = models.BinaryField()
    # to find an address without opening any
    address_index = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "unit_code", "address_index"], name="one_contact_per_address")
        ]
        indexes = [models.Index(fields=["edition", "address_index"], name="contacts_by_address")]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.name}"
