-- What each process of the site may do in the database. Run it as the owner of the tables after every `migrate`:
--
--     python manage.py dbshell -- --single-transaction --set ON_ERROR_STOP=1 --file deploy/postgresql-roles.sql
--
-- Running it again is harmless. It makes the roles without passwords; give each its own (`\password portal_web`).
-- The owner needs CREATEROLE the first time. A table made by a later migration is out of reach until this runs again.
--
-- portal_web         pages and API; never the CA keys, never bytes sealed in custody
-- portal_responders  reads what the CRL and OCSP responders serve, and nothing else
-- portal_worker      all rows; no tables made, changed or dropped
-- portal_prober      what the probes of return servers and proofs of domains need, and nothing else
-- The trail of events can only be appended to by either of them (triggers refuse the rest a second time).

REVOKE CREATE ON SCHEMA public FROM PUBLIC; -- the default since PostgreSQL 15

DO $$
DECLARE
    one_role text;
    one_table text;
    readable text;
BEGIN
    FOREACH one_role IN ARRAY ARRAY['portal_web', 'portal_responders', 'portal_worker', 'portal_prober'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one_role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', one_role);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), one_role);
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', one_role);
        -- Begin from nothing, so that a grant dropped from this file is dropped from the database.
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', one_role);
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM %I', one_role);
    END LOOP;

    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_web, portal_worker;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_web, portal_worker;

    -- A column whose name begins with `sealed` holds what only a worker may open. In such a table the web role reads
    -- the other columns and writes nothing, whichever table it is and whenever it was made.
    FOR one_table, readable IN
        SELECT c.table_name,
               string_agg(format('%I', c.column_name), ', ') FILTER (WHERE c.column_name NOT LIKE 'sealed%')
        FROM information_schema.columns AS c
        JOIN information_schema.tables AS t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
        GROUP BY c.table_name
        HAVING bool_or(c.column_name LIKE 'sealed%')
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM portal_web', one_table);
        EXECUTE format('GRANT SELECT (%s) ON %I TO portal_web', readable, one_table);
    END LOOP;
END
$$;

-- The keys of the sandboxes' CAs: not even that there are any.
REVOKE ALL ON testenv_cakey FROM portal_web;
REVOKE SELECT (id, authority_id) ON testenv_cakey FROM portal_web;
-- The responders' delegated keys are the responders' and the worker's.
REVOKE ALL ON testenv_ocspresponderkey FROM portal_web;

REVOKE UPDATE, DELETE ON audit_auditevent FROM portal_web, portal_worker;
-- Seals and checkpoints are the sealer's, and the sealer is in the worker. Addresses go after 90 days, by the worker.
REVOKE UPDATE, DELETE ON audit_auditseal, audit_auditcheckpoint, audit_auditinspection FROM portal_web, portal_worker;
REVOKE INSERT ON audit_auditseal, audit_auditcheckpoint, audit_auditinspection FROM portal_web;
REVOKE INSERT, UPDATE, DELETE ON audit_auditsealer FROM portal_web;
REVOKE UPDATE ON audit_auditaddress FROM portal_web, portal_worker;
REVOKE DELETE ON audit_auditaddress FROM portal_web;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM portal_web, portal_worker;

GRANT SELECT ON
    environments_environment,
    testenv_certificateauthority,
    testenv_issuedcertificate,
    testenv_ocspresponderkey,
    testenv_publishedcrl
TO portal_responders;

-- The prober takes its jobs, keeps what it saw and leaves its pulse.
GRANT SELECT, INSERT, UPDATE ON jobs_job, jobs_workerpulse TO portal_prober;
GRANT SELECT, UPDATE ON whitelist_probe, whitelist_domainproof TO portal_prober;
GRANT USAGE ON jobs_job_id_seq TO portal_prober;
