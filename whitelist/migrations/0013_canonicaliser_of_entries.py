"""Each entry names the version of the rules that made its bytes; like the bytes, it never changes afterwards."""

from django.db import migrations, models

NAME = "whitelist_entry_canonicaliser"
WORDS = "an entry is a fact: its bytes were made once"


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        then = f"FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('{WORDS}')"
    else:
        then = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    schema_editor.execute(f"CREATE TRIGGER {NAME} BEFORE UPDATE OF canonicaliser ON whitelist_entry {then}")


def allow(apps, schema_editor):
    table = " ON whitelist_entry" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER {NAME}{table}")


class Migration(migrations.Migration):

    dependencies = [
        ('whitelist', '0012_public_checks'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='canonicaliser',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.RunPython(refuse, allow),
    ]
