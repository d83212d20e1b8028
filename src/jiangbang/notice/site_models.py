"""What the office says on the edition's public page."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User
from jiangbang.programme.models import Edition


class SitePage(models.Model):
    """The texts of an edition's public page, in Markdown: what the programme is, and the call for nominations; Chinese, and English where
    it is given. `called_at`: since when the call and its forms are public."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="site_page")
    about = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    call = models.TextField(blank=True)
    call_en = models.TextField(blank=True)
    called_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"public page of {self.edition_id}"
