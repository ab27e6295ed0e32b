"""Applications are checked, published and reopened; entries are approved, warned and retired.

SQLite makes a table anew to change its checks and forgets its triggers on the way; and it refuses to rename a table
that a trigger elsewhere speaks of. So the database's own refusals step aside first and come back last.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

refusals = import_module("whitelist.migrations.0002_refusals_of_the_database")


def name_the_live_entries(apps, schema_editor):
    """What was published before applications could be reopened is what is live of them."""
    Application, Entry = apps.get_model("whitelist", "Application"), apps.get_model("whitelist", "Entry")
    for application in Application.objects.filter(state="published"):
        entry = Entry.objects.get(revision_id=application.current_revision_id)
        Application.objects.filter(pk=application.pk).update(live_entry=entry)
    waiting = Application.objects.filter(state="approved").values("current_revision_id")
    Entry.objects.filter(world="production", state="live", revision_id__in=waiting).update(state="approved")
    if schema_editor.connection.vendor == "postgresql":  # a table with open foreign key checks cannot be altered
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('environments', '0002_initial'),
        ('providers', '0002_answers_and_ends'),
        ('whitelist', '0003_probes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(refusals.backwards, refusals.forwards),
        migrations.RemoveConstraint(
            model_name='application',
            name='application_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='a_url_is_listed_once',
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='entry_state_is_known',
        ),
        migrations.AddField(
            model_name='application',
            name='live_entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='whitelist.entry'),
        ),
        migrations.RunPython(name_the_live_entries, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'checked', 'submitted', 'in_review', 'first_approved', 'approved', 'publishing', 'published', 'changes_requested', 'refused', 'withdrawn', 'reopened'])), name='application_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'reopened']), _negated=True), ('live_entry__isnull', False), _connector='OR'), name='what_is_published_has_its_entry'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['at_risk', 'live', 'retiring', 'review_due', 'suspended', 'warned'])), fields=('environment', 'url'), name='a_url_is_listed_once'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('environment', 'url'), name='a_url_is_approved_once'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['approved', 'live', 'warned', 'at_risk', 'review_due', 'suspended', 'retiring', 'removed'])), name='entry_state_is_known'),
        ),
        migrations.RunPython(refusals.forwards, refusals.backwards),
    ]
