"""What was voted and decided refuses update and delete in the database itself."""

from django.db import migrations

# table → (condition under which an update is refused, what is said)
GUARDS = {
    "decision_round": ("OLD.state <> 'open'", "a round that has ended is never altered or deleted"),
    "decision_voter": (
        "OLD.served OR NEW.round_id <> OLD.round_id OR NEW.attendance_id <> OLD.attendance_id",
        "who has voted is never altered or deleted",
    ),
    "decision_openballot": ("1 = 1", "votes are never altered or deleted"),
    "decision_place": ("1 = 1", "places of a result are never altered or deleted"),
    "decision_result": ("OLD.released_at IS NOT NULL", "a result that was released is never altered or deleted"),
}


def sqlite(table, condition, says):
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{says}'); END"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{says}'); END"


def postgresql(table, condition, says):
    yield f"CREATE FUNCTION {table}_is_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{says}'; END $$"
    yield f"CREATE TRIGGER {table}_final BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {table}_is_final()"
    yield f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_is_final()"
    yield f"CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_final()"


def guard(apps, schema_editor):
    write = sqlite if schema_editor.connection.vendor == "sqlite" else postgresql
    for table, (condition, says) in GUARDS.items():
        for statement in write(table, condition, says):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("decision", "0002_leading_group")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
