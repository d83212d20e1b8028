from django.db import migrations


def fill_lines(apps, schema_editor):
    """What stood on a notice until now was read from the dossier each time."""
    for entry in apps.get_model("notice", "NoticeEntry").objects.select_related("dossier"):
        entry.name, entry.employer = entry.dossier.name, entry.dossier.employer
        entry.save(update_fields=["name", "employer"])


def keep_first_versions(apps, schema_editor):
    """Each published notice keeps what it says."""
    entries, versions = apps.get_model("notice", "NoticeEntry"), apps.get_model("notice", "NoticeVersion")
    for notice in apps.get_model("notice", "Notice").objects.filter(published_at__isnull=False):
        rows = entries.objects.filter(notice=notice).order_by("title", "position")
        versions.objects.create(
            notice=notice, number=1, prepared_by=notice.prepared_by, prepared_at=notice.prepared_at or notice.published_at,
            released_by=notice.published_by, released_at=notice.published_at,
            rows=[{"entry": one.pk, "title": one.title, "name": one.name, "employer": one.employer} for one in rows],
        )  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('notice', '0003_as_published'),
    ]

    operations = [
        migrations.RunPython(fill_lines, migrations.RunPython.noop),
        migrations.RunPython(keep_first_versions, migrations.RunPython.noop),
    ]
