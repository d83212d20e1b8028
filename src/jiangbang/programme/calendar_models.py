"""The organiser's changes to the calendar of working days."""

from __future__ import annotations

from django.db import models

from jiangbang.accounts.models import User


class CalendarDay(models.Model):
    """A day that is worked, or is not, other than the published calendar says. Goes before it."""

    edition = models.ForeignKey("Edition", on_delete=models.PROTECT, related_name="calendar_days")
    day = models.DateField()
    worked = models.BooleanField()
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "day"], name="one_row_for_a_day"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="calendar_day_has_a_reason"),
        ]
        ordering = ["edition", "day"]

    def __str__(self) -> str:
        return f"{self.day}: {'worked' if self.worked else 'not worked'}"


class CalendarYear(models.Model):
    """A year that the organiser entered whole, before the program knew it; its holidays and worked weekends are rows of CalendarDay.
    `source`: the State Council's notice that it was taken from."""

    edition = models.ForeignKey("Edition", on_delete=models.PROTECT, related_name="calendar_years")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "year"], name="one_row_for_a_year"),
            models.CheckConstraint(condition=~models.Q(source=""), name="calendar_year_has_a_source"),
        ]
        ordering = ["edition", "year"]

    def __str__(self) -> str:
        return f"{self.year} of {self.edition_id}"
