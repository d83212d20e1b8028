"""What may happen to work that was set aside."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from jiangbang.queue import policy
from jiangbang.queue.models import Job
from jiangbang.register.acts import Refused, act, record


@act("job.retried")
def retry_job(job: Job, *, by: policy.Holder) -> None:
    """Put set-aside work back into the queue, with all its attempts anew.

    Refused: `permission`; `not_aside`.
    """
    if not policy.may_keep_queue(by):
        raise Refused("permission", _("You may not put work back."))
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state != Job.State.ASIDE:
        raise Refused("not_aside", _("This work is not set aside any more."))
    # further attempts, not the first ones again: the count is the fence against a worker that still believes to hold one
    job.max_attempts += job.attempts
    job.state, job.run_at, job.finished_at = Job.State.WAITING, timezone.now(), None
    job.save(update_fields=["state", "run_at", "finished_at", "max_attempts"])
    record("job.retried", by=by, edition="", subject=f"job:{job.pk}", facts={"job": job.name})
