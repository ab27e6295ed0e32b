"""The change log with its tree heads, and list versions that are places in it. Leaves and heads are append-only.

As in 0004, the database's own refusals step aside while SQLite makes the table of versions anew.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

refusals = import_module("whitelist.migrations.0002_refusals_of_the_database")

APPEND_ONLY = ["whitelist_logleaf", "whitelist_treehead"]
# An emptied table would be a cut-off log: PostgreSQL's TRUNCATE passes by the triggers of rows.
NEVER_EMPTIED = [*APPEND_ONLY, "whitelist_listversion"]


def _postgresql():
    yield """CREATE FUNCTION whitelist_log_refuse() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    for table in APPEND_ONLY:
        yield f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION whitelist_log_refuse('{table} is append-only')"""
    for table in NEVER_EMPTIED:
        yield f"""CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
                  FOR EACH STATEMENT EXECUTE FUNCTION whitelist_log_refuse('{table} is append-only')"""


def _sqlite():
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            yield f"""CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}
                      BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""


def forwards(apps, schema_editor):
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        statements = [f"DROP TRIGGER {table}_append_only ON {table}" for table in APPEND_ONLY]
        statements += [f"DROP TRIGGER {table}_never_emptied ON {table}" for table in NEVER_EMPTIED]
        statements.append("DROP FUNCTION whitelist_log_refuse()")
    else:
        statements = [f"DROP TRIGGER {table}_no_{event}" for table in APPEND_ONLY for event in ("update", "delete")]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('environments', '0002_initial'),
        ('whitelist', '0005_contacts_that_answer'),
    ]

    operations = [
        migrations.RunPython(refusals.backwards, refusals.forwards),
        migrations.CreateModel(
            name='ListHead',
            fields=[
                ('environment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='environments.environment')),
                ('jws', models.TextField()),
                ('signed_at', models.DateTimeField()),
                ('valid_until', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='LogLeaf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveIntegerField()),
                ('change', models.CharField(max_length=12)),
                ('entry_public_id', models.CharField(blank=True, max_length=20)),
                ('list_version', models.PositiveIntegerField()),
                ('content', models.TextField()),
                ('digest', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='TreeHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.PositiveIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('jws', models.TextField()),
                ('signed_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='listversion',
            name='changes',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='listversion',
            name='kid',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='listversion',
            name='tree_root',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='listversion',
            name='tree_size',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='listversion',
            name='document_json',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddConstraint(
            model_name='listversion',
            constraint=models.CheckConstraint(condition=models.Q(('tree_size__isnull', False), models.Q(('document_json', ''), _negated=True), _connector='OR'), name='list_version_can_be_rebuilt'),
        ),
        migrations.AddField(
            model_name='listhead',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='whitelist.listversion'),
        ),
        migrations.AddField(
            model_name='logleaf',
            name='environment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='environments.environment'),
        ),
        migrations.AddField(
            model_name='treehead',
            name='environment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='environments.environment'),
        ),
        migrations.AddIndex(
            model_name='logleaf',
            index=models.Index(fields=['environment', 'entry_public_id'], name='log_leaves_of_an_entry'),
        ),
        migrations.AddConstraint(
            model_name='logleaf',
            constraint=models.UniqueConstraint(fields=('environment', 'index'), name='log_leaf_index_once'),
        ),
        migrations.AddIndex(
            model_name='treehead',
            index=models.Index(fields=['environment', '-signed_at'], name='tree_heads_newest_first'),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.RunPython(refusals.forwards, refusals.backwards),
    ]
