"""What a deal may never change: its facts, its postings, its signatures, its accepted terms."""

from django.db import migrations

TABLES = (
    "deals_fact",
    "deals_statementline",
    "deals_ledgermovement",
    "deals_signature",
    "deals_allocation",
    "deals_approval",
)

GUARD = "".join(f"SELECT keep_insert_only('{table}');\n" for table in TABLES)
UNGUARD = "".join(
    f"DROP TRIGGER insert_only ON {table}; DROP TRIGGER insert_only_truncate ON {table};\n"
    for table in TABLES
)

# A terms version may only gain its two acceptances; once both are there, nothing changes.
FREEZE_TERMS = """
CREATE FUNCTION freeze_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'terms versions are kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.licensor_accepted_at IS NOT NULL AND OLD.licensee_accepted_at IS NOT NULL THEN
        RAISE EXCEPTION 'accepted terms are frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.deal_id, NEW.number, NEW.document, NEW.licence_kind, NEW.acts, NEW.field_of_use,
        NEW.territory, NEW.sha256, NEW.proposed_by_id)
       IS DISTINCT FROM
       (OLD.deal_id, OLD.number, OLD.document, OLD.licence_kind, OLD.acts, OLD.field_of_use,
        OLD.territory, OLD.sha256, OLD.proposed_by_id) THEN
        RAISE EXCEPTION 'a proposal is changed by a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER freeze_terms BEFORE UPDATE OR DELETE ON deals_termsversion
    FOR EACH ROW EXECUTE FUNCTION freeze_terms();
"""

# The lines of a report that was accepted are evidence.
FREEZE_REPORT_LINES = """
CREATE FUNCTION freeze_report_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM deals_report WHERE id = OLD.report_id
               AND state IN ('accepted', 'superseded')) THEN
        RAISE EXCEPTION 'lines of an accepted report are kept' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER freeze_report_line BEFORE UPDATE OR DELETE ON deals_reportline
    FOR EACH ROW EXECUTE FUNCTION freeze_report_line();
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial"), ("base", "0002_guards")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(
            FREEZE_TERMS,
            "DROP TRIGGER freeze_terms ON deals_termsversion; DROP FUNCTION freeze_terms();",
        ),
        migrations.RunSQL(
            FREEZE_REPORT_LINES,
            "DROP TRIGGER freeze_report_line ON deals_reportline; DROP FUNCTION freeze_report_line();",
        ),
    ]
