"""An administrator holds no other role: the database refuses it.

On SQLite a migration that alters `Membership` makes its table anew and loses the triggers: run `guard` again after it.
"""

from django.db import migrations

CLASH = """SELECT 1 FROM accounts_membership
    WHERE user_id = NEW.user_id AND id <> NEW.id AND role <> NEW.role
    AND (role IN ('system', 'security', 'audit') OR NEW.role IN ('system', 'security', 'audit'))"""
REFUSAL = "an administrator holds no other role"
SQLITE = [
    f"""CREATE TRIGGER accounts_membership_apart_{event.split()[0].lower()} AFTER {event} ON accounts_membership
        WHEN EXISTS ({CLASH}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
    for event in ("INSERT", "UPDATE OF role, user_id")
]
POSTGRESQL = [
    f"""CREATE FUNCTION accounts_administrators_apart() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS ({CLASH}) THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF;
        RETURN NULL; END $$""",
    """CREATE TRIGGER accounts_membership_apart AFTER INSERT OR UPDATE OF role, user_id ON accounts_membership
       FOR EACH ROW EXECUTE FUNCTION accounts_administrators_apart()""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_invitations")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
