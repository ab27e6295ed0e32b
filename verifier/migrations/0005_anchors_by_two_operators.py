"""A production anchor is proposed by one operator and confirmed by another: the database refuses everything else.

The triggers here are PostgreSQL's; those of SQLite are put up after each migration run by verifier.apps, which says why.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models



TWO_PEOPLE = "a production anchor is proposed by one operator and confirmed by another"
FACT = "a proposed anchor is a fact, and decided once"
PROPOSED = "public_id, purpose, der, fingerprint, subject, lists, proposed_by_id, proposed_at, expires_at"
CONFIRMED = """EXISTS (SELECT 1 FROM verifier_anchorproposal p WHERE p.fingerprint = NEW.fingerprint
    AND p.purpose = NEW.purpose AND p.der = NEW.der AND p.confirmed_at IS NOT NULL"""
UP = [
    f"""CREATE FUNCTION verifier_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (SELECT kind FROM environments_environment WHERE id = NEW.environment_id) <> 'production'
            THEN RETURN NEW; END IF;
            IF TG_OP = 'INSERT' THEN
                IF {CONFIRMED}) THEN RETURN NEW; END IF;
            ELSIF NEW.der = OLD.der AND NEW.fingerprint = OLD.fingerprint AND NEW.purpose = OLD.purpose
                AND NEW.key_id = OLD.key_id
                AND (OLD.distrusted_at IS NULL OR NEW.distrusted_at IS NOT DISTINCT FROM OLD.distrusted_at
                     OR NEW.distrusted_at IS NULL AND {CONFIRMED} AND p.confirmed_at > OLD.distrusted_at))
            THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{TWO_PEOPLE}' USING ERRCODE = 'check_violation';
        END $$""",
    """CREATE TRIGGER verifier_anchor_world_confirmed BEFORE INSERT OR UPDATE ON verifier_trustanchor
       FOR EACH ROW EXECUTE FUNCTION verifier_two_people()""",
    f"""CREATE FUNCTION verifier_proposal_is_fact() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{FACT}' USING ERRCODE = 'check_violation'; END $$""",
    f"""CREATE TRIGGER verifier_anchor_proposal_fact BEFORE UPDATE OF {PROPOSED} ON verifier_anchorproposal
       FOR EACH ROW EXECUTE FUNCTION verifier_proposal_is_fact()""",
    """CREATE TRIGGER verifier_anchor_proposal_begins BEFORE INSERT ON verifier_anchorproposal
       FOR EACH ROW WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION verifier_proposal_is_fact()""",
    """CREATE TRIGGER verifier_anchor_proposal_decided BEFORE UPDATE ON verifier_anchorproposal
       FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
       EXECUTE FUNCTION verifier_proposal_is_fact()""",
]
DOWN = [
    "DROP TRIGGER verifier_anchor_proposal_decided ON verifier_anchorproposal",
    "DROP TRIGGER verifier_anchor_proposal_begins ON verifier_anchorproposal",
    "DROP TRIGGER verifier_anchor_proposal_fact ON verifier_anchorproposal",
    "DROP FUNCTION verifier_proposal_is_fact()",
    "DROP TRIGGER verifier_anchor_world_confirmed ON verifier_trustanchor",
    "DROP FUNCTION verifier_two_people()",
]


def _run(statements, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement, params=None)


def forwards(apps, schema_editor):
    _run(UP, schema_editor)


def backwards(apps, schema_editor):
    _run(DOWN, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('verifier', '0004_what_became_of_certificates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnchorProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=30, unique=True)),
                ('purpose', models.CharField(choices=[('signature', 'Signature'), ('user_authentication', 'User Authentication')], max_length=20)),
                ('der', models.BinaryField()),
                ('fingerprint', models.CharField(max_length=64)),
                ('subject', models.CharField(max_length=400)),
                ('lists', models.JSONField(default=dict)),
                ('proposed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='anchor_takes_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('withdrawn_at', None), ('confirmed_at__lt', models.F('expires_at'))), _connector='OR'), name='anchor_confirmed_in_time_by_somebody'), models.UniqueConstraint(condition=models.Q(('confirmed_at', None), ('withdrawn_at', None)), fields=('fingerprint',), name='anchor_proposed_once_at_a_time'), models.CheckConstraint(condition=models.Q(('purpose__in', ['signature', 'user_authentication'])), name='anchor_proposal_purpose_is_known')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
