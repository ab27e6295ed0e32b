"""Re-checks, suspensions, reinstatements, retirements; and what the database refuses about them on both engines.

A production entry that was suspended is live again only after a reinstatement that two people have signed; a re-check is
append-only; a reinstatement's and a suspension's first half is never rewritten.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


NOT_REINSTATED_BY_TWO = """
    NOT EXISTS (SELECT 1 FROM whitelist_reinstatement r JOIN whitelist_suspension s ON s.id = r.suspension_id
                 WHERE s.entry_id = NEW.id AND s.id = (SELECT MAX(id) FROM whitelist_suspension WHERE entry_id = NEW.id)
                   AND r.withdrawn_at IS NULL AND r.confirmed_by_id IS NOT NULL AND r.confirmed_by_id <> r.proposed_by_id)
"""
COMES_BACK = "OLD.world = 'production' AND OLD.state = 'suspended' AND NEW.state NOT IN ('suspended', 'removed')"
FACTS = {
    "whitelist_suspension": "public_id, entry_id, reason, words, by_provider, asked_by_id, asked_at",
    "whitelist_reinstatement": "suspension_id, words, proposed_by_id, proposed_at",
}


def _postgresql():
    yield f"""CREATE FUNCTION whitelist_refuse_return_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN
                IF {COMES_BACK} AND {NOT_REINSTATED_BY_TWO} THEN
                  RAISE EXCEPTION 'a suspended entry comes back by two people'
                  USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
              END $$"""
    yield """CREATE TRIGGER whitelist_entry_reinstated_by_two BEFORE UPDATE OF state ON whitelist_entry
             FOR EACH ROW EXECUTE FUNCTION whitelist_refuse_return_by_one()"""
    yield """CREATE TRIGGER whitelist_recheck_append_only BEFORE UPDATE OR DELETE ON whitelist_recheck
             FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('a re-check is append-only')"""
    for table, facts in FACTS.items():
        yield f"""CREATE TRIGGER {table}_facts BEFORE UPDATE OF {facts} ON {table}
                  FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('who asked, when and why is a fact')"""
        yield f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('it is ended, not deleted')"""


def _sqlite():
    yield f"""CREATE TRIGGER whitelist_entry_reinstated_by_two BEFORE UPDATE OF state ON whitelist_entry
              WHEN {COMES_BACK} AND {NOT_REINSTATED_BY_TWO}
              BEGIN SELECT RAISE(ABORT, 'a suspended entry comes back by two people'); END"""
    for event in ("UPDATE", "DELETE"):
        yield f"""CREATE TRIGGER whitelist_recheck_no_{event.lower()} BEFORE {event} ON whitelist_recheck
                  BEGIN SELECT RAISE(ABORT, 'a re-check is append-only'); END"""
    for table, facts in FACTS.items():
        yield f"""CREATE TRIGGER {table}_facts BEFORE UPDATE OF {facts} ON {table}
                  BEGIN SELECT RAISE(ABORT, 'who asked, when and why is a fact'); END"""
        yield f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
                  BEGIN SELECT RAISE(ABORT, 'it is ended, not deleted'); END"""


POSTGRESQL_TRIGGERS = {
    "whitelist_entry_reinstated_by_two": "whitelist_entry",
    "whitelist_recheck_append_only": "whitelist_recheck",
    **{f"{table}_{what}": table for table in FACTS for what in ("facts", "kept")},
}
SQLITE_TRIGGERS = [
    "whitelist_entry_reinstated_by_two",
    "whitelist_recheck_no_update",
    "whitelist_recheck_no_delete",
    *(f"{table}_{what}" for table in FACTS for what in ("facts", "kept")),
]


def forwards(apps, schema_editor):
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        statements = [f"DROP TRIGGER {name} ON {table}" for name, table in POSTGRESQL_TRIGGERS.items()]
        statements += ["DROP FUNCTION whitelist_refuse_return_by_one()"]
    else:
        statements = [f"DROP TRIGGER {name}" for name in SQLITE_TRIGGERS]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('whitelist', '0006_change_log'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=30, unique=True)),
                ('reason', models.CharField(choices=[('incident', 'Incident'), ('takeover', 'Takeover'), ('key_compromise', 'Key Compromise'), ('basis_ended', 'Basis Ended'), ('other', 'Other')], max_length=20)),
                ('words', models.TextField(blank=True)),
                ('by_provider', models.BooleanField()),
                ('asked_at', models.DateTimeField()),
                ('effective_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='whitelist.entry')),
                ('seconded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Reinstatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('suspension', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reinstatements', to='whitelist.suspension')),
            ],
        ),
        migrations.CreateModel(
            name='Recheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('health', models.CharField(max_length=12)),
                ('blocking', models.JSONField(default=list)),
                ('inconclusive', models.JSONField(default=list)),
                ('strike', models.PositiveSmallIntegerField(default=0)),
                ('rule_set_version', models.CharField(max_length=40)),
                ('report_digest', models.CharField(max_length=64)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='whitelist.entry')),
            ],
            options={
                'indexes': [models.Index(fields=['entry', '-at'], name='rechecks_of_an_entry')],
                'constraints': [models.CheckConstraint(condition=models.Q(('health__in', ['healthy', 'failing', 'inconclusive'])), name='recheck_health_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Retirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('impact', models.JSONField(default=dict)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retirement', to='whitelist.entry')),
                ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='whitelist.entry')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('asked_at'))), name='retirement_is_not_in_the_past')],
            },
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('entry',), name='one_open_suspension_per_entry'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.CheckConstraint(condition=models.Q(('seconded_by__isnull', True), models.Q(('seconded_by', models.F('asked_by')), _negated=True), _connector='OR'), name='suspension_is_seconded_by_another'),
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['incident', 'takeover', 'key_compromise', 'basis_ended', 'other'])), name='suspension_reason_is_known'),
        ),
        migrations.AddConstraint(
            model_name='reinstatement',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('suspension',), name='one_standing_reinstatement'),
        ),
        migrations.AddConstraint(
            model_name='reinstatement',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='reinstatement_takes_two_people'),
        ),
        migrations.AddConstraint(
            model_name='reinstatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='confirmed_reinstatement_says_when'),
        ),
        migrations.RunPython(forwards, backwards),
    ]
