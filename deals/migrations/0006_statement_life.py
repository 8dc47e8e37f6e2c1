"""How long a statement can be questioned, and which computation its figures come from."""

from django.db import migrations, models

# Whatever is not named here is frozen once a statement is final, columns of later days included.
FREEZE_STATEMENTS = """
CREATE OR REPLACE FUNCTION freeze_final_statement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['figures', 'corrections_minor', 'credits_minor', 'payable_minor',
                           'disputed_minor', 'input_hash', 'content_hash', 'computed_date',
                           'computed_sequence'];
    printed text[] := ARRAY['corrections', 'credits', 'payable'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'statements are kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'final'
       AND (to_jsonb(NEW) - moving, NEW.figures - printed)
       IS DISTINCT FROM (to_jsonb(OLD) - moving, OLD.figures - printed)
    THEN
        RAISE EXCEPTION 'a final statement is kept' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION keep_statements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'statements are kept' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_statements BEFORE TRUNCATE ON deals_statement
    FOR EACH STATEMENT EXECUTE FUNCTION keep_statements();
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['marketplace_web', 'marketplace_worker'] LOOP
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('REVOKE DELETE, TRUNCATE ON deals_statement FROM %I', role_name);
        END IF;
    END LOOP;
END $$;
"""
THAW = """
DROP TRIGGER keep_statements ON deals_statement;
DROP FUNCTION keep_statements();
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0005_final_statements")]

    operations = [
        migrations.AddField(
            model_name="policyprofile",
            name="grace_days",
            field=models.PositiveSmallIntegerField(default=10),
        ),
        migrations.AddField(
            model_name="statement",
            name="computed_date",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="statement",
            name="computed_sequence",
            field=models.PositiveIntegerField(default=0, db_default=0),
        ),
        migrations.AlterField(
            model_name="statement",
            name="state",
            field=models.CharField(default="draft", max_length=6),
        ),
        migrations.RunSQL(FREEZE_STATEMENTS, THAW),
        migrations.RemoveConstraint(model_name="fact", name="fact_kind"),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ("terms", "event", "report", "credit", "receipt", "finality", "resolution"),
                    )
                ),
                name="fact_kind",
            ),
        ),
    ]
