"""Seals, checkpoints and addresses; refusals of the database for all three append-only tables.

SQLite makes a table anew to change it, and its triggers die with the old one: the refusals are dropped before and made
again after. There `REPLACE` deletes a row without firing a DELETE trigger, so a taken key is refused before the insert;
and a DELETE without WHERE is no longer a truncation once the table has a trigger. On PostgreSQL the triggers fire in
every session role (ENABLE ALWAYS), and TRUNCATE has one of its own.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Table -> what makes a row the one it is.
APPEND_ONLY = {
    "audit_auditevent": "id = NEW.id",
    "audit_auditseal": "sequence = NEW.sequence OR event_id = NEW.event_id",
    "audit_auditcheckpoint": "number = NEW.number",
}


def drop_refusals_of_0003(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_no_update")
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER audit_append_only ON audit_auditevent")


def make_refusals_of_0003(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(_sqlite(f"audit_no_{verb.lower()}", verb, "audit_auditevent"))
    else:
        schema_editor.execute(_postgresql("audit_append_only", "UPDATE OR DELETE", "audit_auditevent", "ROW"))


def make_refusals(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table, same in APPEND_ONLY.items():
        if is_sqlite:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(_sqlite(f"{table}_no_{verb.lower()}", verb, table))
            taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            schema_editor.execute(_sqlite(f"{table}_no_replace", "INSERT", table, taken))
            continue
        schema_editor.execute(_postgresql(f"{table}_append_only", "UPDATE OR DELETE", table, "ROW"))
        schema_editor.execute(_postgresql(f"{table}_no_truncate", "TRUNCATE", table, "STATEMENT"))
        for name in ("append_only", "no_truncate"):
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def drop_refusals(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    names = ("no_update", "no_delete", "no_replace") if is_sqlite else ("append_only", "no_truncate")
    for table in APPEND_ONLY:
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {table}_{name}" + ("" if is_sqlite else f" ON {table}"))


def _sqlite(name, verb, table, condition=""):
    refuse = "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {condition} {refuse}"


def _postgresql(name, verbs, table, level):
    return f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH {level} EXECUTE FUNCTION audit_refuse()"


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0003_append_only'),
        ('providers', '0002_answers_and_ends'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_refusals_of_0003, make_refusals_of_0003),
        migrations.CreateModel(
            name='AuditAddress',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='address', serialize=False, to='audit.auditevent')),
                ('address', models.GenericIPAddressField()),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='AuditCheckpoint',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('size', models.BigIntegerField()),
                ('head', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('statement', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditInspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('size', models.BigIntegerField()),
                ('checkpoints', models.BigIntegerField()),
                ('code', models.CharField(blank=True, max_length=60)),
                ('at_sequence', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('sequence', models.BigIntegerField(primary_key=True, serialize=False)),
                ('digest', models.BinaryField(max_length=32)),
                ('link', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditSealer',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('through', models.BigIntegerField(default=0)),
                ('gaps', models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField(
            model_name='auditevent',
            name='acting_operator',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.serviceprovider'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='actor_salt',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='after',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='before',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='request_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='actor',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='provider',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='providers.serviceprovider'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('provider__isnull', False)), fields=['provider', 'id'], name='audit_provider'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('actor__isnull', False)), fields=['actor', 'id'], name='audit_actor'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['action', 'id'], name='audit_action'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['at'], name='audit_at'),
        ),
        migrations.AddIndex(
            model_name='auditcheckpoint',
            index=models.Index(fields=['size', 'number'], name='audit_checkpoint_size'),
        ),
        migrations.AddConstraint(
            model_name='auditcheckpoint',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('size__gte', 1)), name='checkpoint_of_something'),
        ),
        migrations.AddConstraint(
            model_name='auditinspection',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('started_at'))), name='inspection_ends_after_start'),
        ),
        migrations.AddField(
            model_name='auditseal',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='audit.auditevent'),
        ),
        migrations.AddConstraint(
            model_name='auditsealer',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='one_sealer'),
        ),
        migrations.AddConstraint(
            model_name='auditseal',
            constraint=models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='audit_sequence_counts_from_one'),
        ),
        migrations.RunPython(make_refusals, drop_refusals),
    ]
