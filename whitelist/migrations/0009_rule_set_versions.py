"""Versions of the rule set; what was proposed is a fact, and what was decided stays decided."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLE = "whitelist_rulesetversion"
FACTS = "number, name, severities, note, dry_run, notice_days, proposed_by_id, proposed_at"


def _postgresql():
    yield f"""CREATE TRIGGER whitelist_rule_set_facts BEFORE UPDATE OF {FACTS} ON {TABLE}
              FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('a proposed rule set is a fact: it is only decided on')"""
    yield f"""CREATE TRIGGER whitelist_rule_set_decided BEFORE UPDATE ON {TABLE}
              FOR EACH ROW WHEN (OLD.state <> 'proposed')
              EXECUTE FUNCTION whitelist_refuse('a rule set is decided on once')"""
    yield f"""CREATE TRIGGER whitelist_rule_set_kept BEFORE DELETE ON {TABLE}
              FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('a rule set is withdrawn, not deleted')"""


def _sqlite():
    yield f"""CREATE TRIGGER whitelist_rule_set_facts BEFORE UPDATE OF {FACTS} ON {TABLE}
              BEGIN SELECT RAISE(ABORT, 'a proposed rule set is a fact: it is only decided on'); END"""
    yield f"""CREATE TRIGGER whitelist_rule_set_decided BEFORE UPDATE ON {TABLE} WHEN OLD.state <> 'proposed'
              BEGIN SELECT RAISE(ABORT, 'a rule set is decided on once'); END"""
    yield f"""CREATE TRIGGER whitelist_rule_set_kept BEFORE DELETE ON {TABLE}
              BEGIN SELECT RAISE(ABORT, 'a rule set is withdrawn, not deleted'); END"""


def forwards(apps, schema_editor):
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    where = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    for name in ("whitelist_rule_set_facts", "whitelist_rule_set_decided", "whitelist_rule_set_kept"):
        schema_editor.execute(f"DROP TRIGGER {name}{where}", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('whitelist', '0008_decisions_field_by_field'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleSetVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('name', models.CharField(max_length=40, unique=True)),
                ('severities', models.JSONField()),
                ('note', models.TextField()),
                ('dry_run', models.JSONField(default=list)),
                ('notice_days', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('confirmed', 'Confirmed'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('effective_from', models.DateTimeField()),
                ('notice_until', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed', 'withdrawn'])), name='rule_set_state_is_known'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('state',), name='one_rule_set_is_proposed_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('closed_by__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('closed_by__isnull', False)), _connector='OR'), name='a_closed_rule_set_says_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('closed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='a_rule_set_is_confirmed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('closed_at__isnull', False), ('effective_from__gte', models.F('closed_at')), ('notice_until__gte', models.F('effective_from')), ('notice_until__isnull', False)), _connector='OR'), name='a_confirmed_rule_set_gives_notice')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
