"""Entries refuse update and delete in the database itself, and the tree gets its one head."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER register_entry_no_update BEFORE UPDATE ON register_entry
       BEGIN SELECT RAISE(ABORT, 'register entries are never altered'); END""",
    """CREATE TRIGGER register_entry_no_delete BEFORE DELETE ON register_entry
       BEGIN SELECT RAISE(ABORT, 'register entries are never deleted'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION register_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'register entries are never altered or deleted'; END $$""",
    """CREATE TRIGGER register_entry_final BEFORE UPDATE OR DELETE ON register_entry
       FOR EACH ROW EXECUTE FUNCTION register_entry_is_final()""",
    """CREATE TRIGGER register_entry_not_truncated BEFORE TRUNCATE ON register_entry
       FOR EACH STATEMENT EXECUTE FUNCTION register_entry_is_final()""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)
    apps.get_model("register", "Head").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
