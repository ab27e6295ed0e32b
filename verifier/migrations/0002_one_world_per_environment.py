"""A sandbox environment can never trust a production root, nor the other way round: the database refuses it.

PostgreSQL only; the same triggers for SQLite are put up after each migration run by verifier.apps, which says why.
"""

from django.db import migrations

MESSAGE = "an anchor belongs to the world of its environment"
UP = [
    f"""CREATE FUNCTION verifier_one_world() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.world IS DISTINCT FROM (SELECT kind FROM environments_environment WHERE id = NEW.environment_id)
            THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END $$""",
    """CREATE TRIGGER verifier_anchor_world BEFORE INSERT OR UPDATE ON verifier_trustanchor
       FOR EACH ROW EXECUTE FUNCTION verifier_one_world()""",
    f"""CREATE FUNCTION verifier_kind_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM verifier_trustanchor WHERE environment_id = NEW.id AND world <> NEW.kind)
            THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END $$""",
    """CREATE TRIGGER verifier_environment_kind BEFORE UPDATE OF kind ON environments_environment
       FOR EACH ROW EXECUTE FUNCTION verifier_kind_is_fixed()""",
]
DOWN = [
    "DROP TRIGGER verifier_environment_kind ON environments_environment",
    "DROP FUNCTION verifier_kind_is_fixed()",
    "DROP TRIGGER verifier_anchor_world ON verifier_trustanchor",
    "DROP FUNCTION verifier_one_world()",
]


def _run(statements, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


def forwards(apps, schema_editor):
    _run(UP, schema_editor)


def backwards(apps, schema_editor):
    _run(DOWN, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("verifier", "0001_trust_and_verifications"), ("environments", "0002_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
