"""The trail is append-only: the database itself refuses update and delete."""

from django.db import migrations

POSTGRESQL = [
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$""",
    """CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
       FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
]
SQLITE = [
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditevent
       BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditevent
       BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
]
DROP = {
    "postgresql": ["DROP TRIGGER audit_append_only ON audit_auditevent", "DROP FUNCTION audit_refuse()"],
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
}


def _run(statements, schema_editor):
    for statement in statements:
        schema_editor.execute(statement)


def forwards(apps, schema_editor):
    _run(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE, schema_editor)


def backwards(apps, schema_editor):
    _run(DROP[schema_editor.connection.vendor], schema_editor)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
