"""What was signed refuses update and delete in the database itself."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER review_signedcard_no_update BEFORE UPDATE ON review_signedcard
       BEGIN SELECT RAISE(ABORT, 'signed scores are never altered'); END""",
    """CREATE TRIGGER review_signedcard_no_delete BEFORE DELETE ON review_signedcard
       BEGIN SELECT RAISE(ABORT, 'signed scores are never deleted'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION review_signedcard_is_final() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'signed scores are never altered or deleted'; END $$""",
    """CREATE TRIGGER review_signedcard_final BEFORE UPDATE OR DELETE ON review_signedcard
       FOR EACH ROW EXECUTE FUNCTION review_signedcard_is_final()""",
    """CREATE TRIGGER review_signedcard_not_truncated BEFORE TRUNCATE ON review_signedcard
       FOR EACH STATEMENT EXECUTE FUNCTION review_signedcard_is_final()""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("review", "0003_cards")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
