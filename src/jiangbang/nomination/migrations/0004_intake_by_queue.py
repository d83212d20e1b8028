"""The queue drives the intake: files that are on their way go into it; the intake's own leases go."""

from django.db import migrations
from django.utils import timezone


def hand_over(apps, schema_editor):
    job = apps.get_model("queue", "Job")
    moving = apps.get_model("nomination", "Intake").objects.filter(state__in=["waiting", "reading"])
    for pk in moving.values_list("pk", flat=True):
        job.objects.create(
            name="nomination.read_intake", arguments={"intake": str(pk)}, run_at=timezone.now(), max_attempts=3
        )


class Migration(migrations.Migration):
    dependencies = [("nomination", "0003_late_by"), ("queue", "0001_initial")]
    operations = [
        migrations.RunPython(hand_over, migrations.RunPython.noop),
        migrations.RemoveField("intake", "attempts"),
        migrations.RemoveField("intake", "lease_until"),
    ]
