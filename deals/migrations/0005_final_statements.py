"""A final statement keeps its figures; only corrections, credits and what is payable may follow."""

from django.db import migrations

FREEZE_STATEMENTS = """
CREATE FUNCTION freeze_final_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'statements are kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'final'
       AND (NEW.deal_id, NEW.period, NEW.position, NEW.state, NEW.accrued_minor, NEW.currency,
            NEW.issued_at, NEW.final_date, NEW.figures - 'corrections' - 'credits' - 'payable')
       IS DISTINCT FROM
           (OLD.deal_id, OLD.period, OLD.position, OLD.state, OLD.accrued_minor, OLD.currency,
            OLD.issued_at, OLD.final_date, OLD.figures - 'corrections' - 'credits' - 'payable')
    THEN
        RAISE EXCEPTION 'a final statement is kept' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER freeze_final_statement BEFORE UPDATE OR DELETE ON deals_statement
    FOR EACH ROW EXECUTE FUNCTION freeze_final_statement();
"""
THAW = """
DROP TRIGGER freeze_final_statement ON deals_statement;
DROP FUNCTION freeze_final_statement();
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0004_inventors_and_reasons")]

    operations = [migrations.RunSQL(FREEZE_STATEMENTS, THAW)]
