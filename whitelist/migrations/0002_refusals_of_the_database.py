"""What the database itself refuses, on both engines.

Revisions, check reports and list versions are append-only; of an entry only the state moves, and its world is its
environment's; a review is never written by somebody who edited the application, or who belongs to the applicant or to a
platform operator it has delegated to.
"""

from django.db import migrations

APPEND_ONLY = ["whitelist_revision", "whitelist_checkreport", "whitelist_listversion"]
ENTRY_FACTS = (
    "public_id, environment_id, world, provider_id, url, url_text, host, kind, purposes, ways_in, entered_by_id, "
    "first_approver_id, second_approver_id, revision_id, rule_set_version, created_at"
)
REVIEW_FACTS = (
    "revision_id, report_id, reviewer_id, stage, decision, binding, criteria, findings_seen, criterion, message, note, "
    "created_at"
)

REVIEWER_IS_INVOLVED = """
    EXISTS (SELECT 1 FROM whitelist_revision mine
              JOIN whitelist_revision other ON other.application_id = mine.application_id
             WHERE mine.id = NEW.revision_id AND other.created_by_id = NEW.reviewer_id)
    OR EXISTS (SELECT 1 FROM whitelist_revision mine
              JOIN whitelist_application_editors editor ON editor.application_id = mine.application_id
             WHERE mine.id = NEW.revision_id AND editor.user_id = NEW.reviewer_id)
    OR EXISTS (SELECT 1 FROM whitelist_revision mine
              JOIN whitelist_application asked ON asked.id = mine.application_id
              JOIN providers_membership seat ON seat.user_id = NEW.reviewer_id
             WHERE mine.id = NEW.revision_id AND (
                   seat.provider_id = asked.provider_id
                   OR seat.provider_id IN (SELECT operator_id FROM providers_delegation
                                            WHERE provider_id = asked.provider_id)))
"""
WORLD_DIFFERS = (
    "NOT EXISTS (SELECT 1 FROM environments_environment e WHERE e.id = NEW.environment_id AND e.kind = NEW.world)"
)


def _postgresql():
    yield """CREATE FUNCTION whitelist_refuse() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    for table in APPEND_ONLY:
        yield f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                  FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('{table} is append-only')"""
    yield f"""CREATE TRIGGER whitelist_entry_facts BEFORE UPDATE OF {ENTRY_FACTS} ON whitelist_entry
              FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('an entry is a fact: only its state moves')"""
    yield """CREATE TRIGGER whitelist_entry_kept BEFORE DELETE ON whitelist_entry
             FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('an entry is ended, not deleted')"""
    yield f"""CREATE TRIGGER whitelist_review_facts BEFORE UPDATE OF {REVIEW_FACTS} ON whitelist_review
              FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('a review is a fact: it can only be voided')"""
    yield """CREATE TRIGGER whitelist_review_kept BEFORE DELETE ON whitelist_review
             FOR EACH ROW EXECUTE FUNCTION whitelist_refuse('a review is voided, not deleted')"""
    yield f"""CREATE FUNCTION whitelist_refuse_involved() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN
                IF {REVIEWER_IS_INVOLVED} THEN
                  RAISE EXCEPTION 'the reviewer is involved' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
              END $$"""
    yield """CREATE TRIGGER whitelist_review_uninvolved BEFORE INSERT ON whitelist_review
             FOR EACH ROW EXECUTE FUNCTION whitelist_refuse_involved()"""
    yield f"""CREATE FUNCTION whitelist_refuse_untrue_entry() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN
                IF {WORLD_DIFFERS} OR NEW.url <> convert_to(NEW.url_text, 'UTF8') THEN
                  RAISE EXCEPTION 'world or text of the entry is untrue' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
              END $$"""
    yield """CREATE TRIGGER whitelist_entry_true BEFORE INSERT ON whitelist_entry
             FOR EACH ROW EXECUTE FUNCTION whitelist_refuse_untrue_entry()"""


def _sqlite():
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            yield f"""CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}
                      BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
    yield f"""CREATE TRIGGER whitelist_entry_facts BEFORE UPDATE OF {ENTRY_FACTS} ON whitelist_entry
              BEGIN SELECT RAISE(ABORT, 'an entry is a fact: only its state moves'); END"""
    yield """CREATE TRIGGER whitelist_entry_kept BEFORE DELETE ON whitelist_entry
             BEGIN SELECT RAISE(ABORT, 'an entry is ended, not deleted'); END"""
    yield f"""CREATE TRIGGER whitelist_review_facts BEFORE UPDATE OF {REVIEW_FACTS} ON whitelist_review
              BEGIN SELECT RAISE(ABORT, 'a review is a fact: it can only be voided'); END"""
    yield """CREATE TRIGGER whitelist_review_kept BEFORE DELETE ON whitelist_review
             BEGIN SELECT RAISE(ABORT, 'a review is voided, not deleted'); END"""
    yield f"""CREATE TRIGGER whitelist_review_uninvolved BEFORE INSERT ON whitelist_review
              WHEN {REVIEWER_IS_INVOLVED}
              BEGIN SELECT RAISE(ABORT, 'the reviewer is involved'); END"""
    yield f"""CREATE TRIGGER whitelist_entry_true BEFORE INSERT ON whitelist_entry
              WHEN {WORLD_DIFFERS} OR CAST(NEW.url AS TEXT) <> NEW.url_text
              BEGIN SELECT RAISE(ABORT, 'world or text of the entry is untrue'); END"""


POSTGRESQL_TRIGGERS = {
    "whitelist_revision_append_only": "whitelist_revision",
    "whitelist_checkreport_append_only": "whitelist_checkreport",
    "whitelist_listversion_append_only": "whitelist_listversion",
    "whitelist_entry_facts": "whitelist_entry",
    "whitelist_entry_kept": "whitelist_entry",
    "whitelist_entry_true": "whitelist_entry",
    "whitelist_review_facts": "whitelist_review",
    "whitelist_review_kept": "whitelist_review",
    "whitelist_review_uninvolved": "whitelist_review",
}
POSTGRESQL_FUNCTIONS = ["whitelist_refuse", "whitelist_refuse_involved", "whitelist_refuse_untrue_entry"]
SQLITE_TRIGGERS = [
    *(f"{table}_no_{event}" for table in APPEND_ONLY for event in ("update", "delete")),
    *("whitelist_entry_facts", "whitelist_entry_kept", "whitelist_entry_true"),
    *("whitelist_review_facts", "whitelist_review_kept", "whitelist_review_uninvolved"),
]


def forwards(apps, schema_editor):
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        statements = [f"DROP TRIGGER {name} ON {table}" for name, table in POSTGRESQL_TRIGGERS.items()]
        statements += [f"DROP FUNCTION {name}()" for name in POSTGRESQL_FUNCTIONS]
    else:
        statements = [f"DROP TRIGGER {name}" for name in SQLITE_TRIGGERS]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("whitelist", "0001_initial"), ("providers", "0001_initial"), ("environments", "0002_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
