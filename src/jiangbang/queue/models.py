"""What the queue is: one table of jobs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work. `attempts` is also the fence: only the worker whose attempt it is may complete it.

    `arguments` hold keys and codes, never a personal value: the row is kept in clear and shown to the system administrator.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("at work")
        DONE = "done", _("done")
        ASIDE = "aside", _("set aside")

    name = models.CharField(max_length=80)
    # equal keys of one name are one job; empty: every call is its own
    key = models.CharField(max_length=160, blank=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # smaller goes first
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField()
    lease_until = models.DateTimeField(null=True, blank=True)
    # host, process and thread that hold the lease, for the operator's eyes
    worker = models.CharField(max_length=120, blank=True)
    # why the last attempt failed, in words
    error = models.CharField(max_length=1000, blank=True)
    enqueued_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "key"], condition=~models.Q(key=""), name="one_job_per_key"),
            models.CheckConstraint(
                condition=models.Q(state="running", lease_until__isnull=False)
                | (~models.Q(state="running") & models.Q(lease_until__isnull=True)),
                name="running_jobs_have_a_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "run_at", "id"], condition=models.Q(state="waiting"), name="jobs_to_take"),
            models.Index(fields=["lease_until"], condition=models.Q(state="running"), name="jobs_at_work"),
            models.Index(fields=["state", "-finished_at", "-id"], name="jobs_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk} ({self.state})"
