"""The database's own guards: who may touch tables, what is insert-only, and the cache table."""

from django.db import migrations

GRANTS = """
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['marketplace_web', 'marketplace_worker'] LOOP
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role_name);
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', role_name);
            EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', role_name);
            EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', role_name);
            EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO %I', role_name);
        END IF;
    END LOOP;
END $$;
"""

# keep_insert_only(table) makes a table insert-only: a trigger for everyone, and no right to
# UPDATE, DELETE or TRUNCATE for the web and worker roles.
KEEP_INSERT_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is insert-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION keep_insert_only(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    role_name text;
BEGIN
    EXECUTE format('CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION refuse_change()', table_name);
    EXECUTE format('CREATE TRIGGER insert_only_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', table_name);
    FOREACH role_name IN ARRAY ARRAY['marketplace_web', 'marketplace_worker'] LOOP
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', table_name, role_name);
        END IF;
    END LOOP;
END $$;

SELECT keep_insert_only('base_auditentry');
"""

UNDO = """
DROP TRIGGER insert_only ON base_auditentry;
DROP TRIGGER insert_only_truncate ON base_auditentry;
DROP FUNCTION keep_insert_only(regclass);
DROP FUNCTION refuse_change();
"""

CACHE = """
CREATE TABLE base_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX base_cache_expires ON base_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]

    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, "DROP TABLE base_cache"),
        migrations.RunSQL(KEEP_INSERT_ONLY, UNDO),
    ]
