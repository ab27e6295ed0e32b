"""Corrections by field, second looks of one's own, the trail of states; and what the database refuses about them.

A review is never written by somebody who belongs to an organisation that the applicant serves as platform operator,
and an entry of production is never written without two standing approvals of its revision, over one and the same
evidence, by the two people it names.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


first_refusals = import_module("whitelist.migrations.0002_refusals_of_the_database")

APPEND_ONLY = ["whitelist_transition", "whitelist_provisionalverdict", "whitelist_fieldrequest"]
REVIEW_FACTS = first_refusals.REVIEW_FACTS + ", no_conflict, objection"
REVIEWER_IS_INVOLVED = (
    first_refusals.REVIEWER_IS_INVOLVED
    + """
    OR EXISTS (SELECT 1 FROM whitelist_revision mine
              JOIN whitelist_application asked ON asked.id = mine.application_id
              JOIN providers_delegation served ON served.operator_id = asked.provider_id
              JOIN providers_membership seat ON seat.provider_id = served.provider_id
             WHERE mine.id = NEW.revision_id AND seat.user_id = NEW.reviewer_id)
"""
)
NOT_APPROVED_TWICE = """
    NEW.world = 'production' AND NOT EXISTS (
        SELECT 1 FROM whitelist_review one
          JOIN whitelist_review two ON two.revision_id = one.revision_id AND two.binding = one.binding
         WHERE one.revision_id = NEW.revision_id
           AND one.stage = 'first' AND one.decision = 'approve' AND one.voided_at IS NULL
           AND two.stage = 'second' AND two.decision = 'approve' AND two.voided_at IS NULL
           AND one.reviewer_id = NEW.first_approver_id AND two.reviewer_id = NEW.second_approver_id)
"""


def _postgresql():
    for table in APPEND_ONLY:
        yield f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('{table} is append-only')"""
    yield "DROP TRIGGER whitelist_review_facts ON whitelist_review"
    yield f"""CREATE TRIGGER whitelist_review_facts BEFORE UPDATE OF {REVIEW_FACTS} ON whitelist_review
              FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('a review is a fact: it can only be voided')"""
    yield _postgresql_function("whitelist_refuse_involved", REVIEWER_IS_INVOLVED, "the reviewer is involved")
    yield _postgresql_function("whitelist_refuse_unapproved", NOT_APPROVED_TWICE, "the entry was not approved twice")
    yield """CREATE TRIGGER whitelist_entry_approved BEFORE INSERT ON whitelist_entry
             FOR EACH ROW EXECUTE FUNCTION whitelist_refuse_unapproved()"""


def _postgresql_function(name, condition, words):
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
               BEGIN
                 IF {condition} THEN
                   RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';
                 END IF;
                 RETURN NEW;
               END $$"""


def _sqlite():
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            yield f"""CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}
                      BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
    yield "DROP TRIGGER whitelist_review_facts"
    yield f"""CREATE TRIGGER whitelist_review_facts BEFORE UPDATE OF {REVIEW_FACTS} ON whitelist_review
              BEGIN SELECT RAISE(ABORT, 'a review is a fact: it can only be voided'); END"""
    yield "DROP TRIGGER whitelist_review_uninvolved"
    yield f"""CREATE TRIGGER whitelist_review_uninvolved BEFORE INSERT ON whitelist_review
              WHEN {REVIEWER_IS_INVOLVED}
              BEGIN SELECT RAISE(ABORT, 'the reviewer is involved'); END"""
    yield f"""CREATE TRIGGER whitelist_entry_approved BEFORE INSERT ON whitelist_entry
              WHEN {NOT_APPROVED_TWICE}
              BEGIN SELECT RAISE(ABORT, 'the entry was not approved twice'); END"""


def first_aside(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":  # PostgreSQL alters a table in place and keeps its triggers
        first_refusals.backwards(apps, schema_editor)


def first_back(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        first_refusals.forwards(apps, schema_editor)


def forwards(apps, schema_editor):
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        statements = [f"DROP TRIGGER {table}_append_only ON {table}" for table in APPEND_ONLY]
        statements += ["DROP TRIGGER whitelist_entry_approved ON whitelist_entry"]
        statements += ["DROP FUNCTION whitelist_refuse_unapproved()"]
        statements += ["DROP TRIGGER whitelist_review_facts ON whitelist_review", *_first_of_postgresql()]
    else:
        statements = [f"DROP TRIGGER {table}_no_{event}" for table in APPEND_ONLY for event in ("update", "delete")]
        statements += ["DROP TRIGGER whitelist_entry_approved"]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def _first_of_postgresql():
    """The two refusals of 0002 that are told anew here, as they were."""
    yield f"""CREATE TRIGGER whitelist_review_facts BEFORE UPDATE OF {first_refusals.REVIEW_FACTS} ON whitelist_review
              FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('a review is a fact: it can only be voided')"""
    yield _postgresql_function(
        "whitelist_refuse_involved", first_refusals.REVIEWER_IS_INVOLVED, "the reviewer is involved"
    )


def write_the_trail(apps, schema_editor):
    """The states that applications have been in, as far as revisions, corrections and decisions tell."""
    Application, Transition = apps.get_model("whitelist", "Application"), apps.get_model("whitelist", "Transition")
    for application in Application.objects.all():
        moments = [(application.created_at, "draft")]
        for revision in application.revisions.all():
            moments.append((revision.created_at, "submitted"))
            for review in revision.reviews.filter(decision="request_changes"):
                moments.append((review.created_at, "changes_requested"))
        if application.decided_at:
            moments.append((application.decided_at, application.state))
        for at, state in sorted(moments):
            Transition.objects.create(application=application, state=state, at=at)
    if schema_editor.connection.vendor == "postgresql":  # a table with open foreign key checks cannot be altered
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('whitelist', '0007_incidents_of_entries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(first_aside, first_back),
        migrations.CreateModel(
            name='FieldRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=60)),
                ('template_code', models.CharField(max_length=40)),
                ('text', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='ProvisionalVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('binding', models.CharField(max_length=64)),
                ('decision', models.CharField(choices=[('approve', 'Approve'), ('request_changes', 'Request Changes'), ('refuse', 'Refuse')], max_length=20)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='review',
            name='correction_says_what',
        ),
        migrations.AddField(
            model_name='application',
            name='warned_at_per_cent',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='review',
            name='no_conflict',
            field=models.CharField(default='not asked', max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='review',
            name='objection',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('no_conflict', ''), _negated=True), name='reviewer_states_no_conflict'),
        ),
        migrations.AddField(
            model_name='fieldrequest',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='field_requests', to='whitelist.review'),
        ),
        migrations.AddField(
            model_name='provisionalverdict',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='provisionalverdict',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provisional_verdicts', to='whitelist.revision'),
        ),
        migrations.AddField(
            model_name='transition',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='whitelist.application'),
        ),
        migrations.AddConstraint(
            model_name='fieldrequest',
            constraint=models.UniqueConstraint(fields=('review', 'field'), name='a_field_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='provisionalverdict',
            constraint=models.UniqueConstraint(fields=('revision', 'reviewer', 'binding'), name='one_provisional_verdict_each'),
        ),
        migrations.AddConstraint(
            model_name='provisionalverdict',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['approve', 'request_changes', 'refuse'])), name='provisional_decision_is_known'),
        ),
        migrations.AddIndex(
            model_name='transition',
            index=models.Index(fields=['application', 'id'], name='trail_of_an_application'),
        ),
        migrations.AddIndex(
            model_name='transition',
            index=models.Index(fields=['state', 'at'], name='transitions_by_time'),
        ),
        migrations.AddConstraint(
            model_name='transition',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'checked', 'submitted', 'in_review', 'first_approved', 'approved', 'publishing', 'published', 'changes_requested', 'refused', 'withdrawn', 'reopened'])), name='transition_state_is_known'),
        ),
        migrations.RunPython(write_the_trail, migrations.RunPython.noop),
        migrations.RunPython(first_back, first_aside),
        migrations.RunPython(forwards, backwards),
    ]
