"""Indexes that repeat another one go; lines and movements are checked once a posting."""

import django.db.models.deletion
from django.db import migrations, models

import marketplace.base.models

# What a foreign key would ask row by row, asked once for all rows of one statement. Statements are
# never deleted and the two tables are insert-only, so looking at what is new is enough.
CHECKS = """
CREATE FUNCTION lines_have_statements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT statement_id FROM fresh) f
               LEFT JOIN deals_statement s ON s.id = f.statement_id WHERE s.id IS NULL) THEN
        RAISE EXCEPTION 'a line without its statement' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_have_statements AFTER INSERT ON deals_statementline
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION lines_have_statements();

CREATE FUNCTION movements_have_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh f
               LEFT JOIN deals_ledgeraccount d ON d.id = f.debit_id
               LEFT JOIN deals_ledgeraccount c ON c.id = f.credit_id
               WHERE (d.deal_id, d.currency, c.deal_id, c.currency)
                  IS DISTINCT FROM (f.deal_id, f.currency, f.deal_id, f.currency)) THEN
        RAISE EXCEPTION 'a movement outside its deal''s accounts'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER movements_have_accounts AFTER INSERT ON deals_ledgermovement
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION movements_have_accounts();
"""
NO_CHECKS = """
DROP TRIGGER lines_have_statements ON deals_statementline;
DROP FUNCTION lines_have_statements();
DROP TRIGGER movements_have_accounts ON deals_ledgermovement;
DROP FUNCTION movements_have_accounts();
"""

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("deals", "0007_computed_inputs")]

    operations = [
        migrations.AlterField(
            model_name="statement",
            name="deal",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="statements", to="deals.deal"
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="public_id",
            field=models.CharField(default=marketplace.base.models.new_public_id, max_length=24),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                fields=("public_id",), name="statement_public_id_once"
            ),
        ),
        migrations.AlterField(
            model_name="statementline",
            name="statement",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=PROTECT,
                related_name="lines",
                to="deals.statement",
            ),
        ),
        migrations.AlterField(
            model_name="instalment",
            name="statement",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="instalments", to="deals.statement"
            ),
        ),
        migrations.AlterField(
            model_name="ledgeraccount",
            name="deal",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="ledger_accounts", to="deals.deal"
            ),
        ),
        migrations.AlterField(
            model_name="ledgermovement",
            name="deal",
            field=models.ForeignKey(
                db_constraint=False, on_delete=PROTECT, related_name="movements", to="deals.deal"
            ),
        ),
        migrations.AlterField(
            model_name="ledgermovement",
            name="debit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=PROTECT,
                related_name="debits",
                to="deals.ledgeraccount",
            ),
        ),
        migrations.AlterField(
            model_name="ledgermovement",
            name="credit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=PROTECT,
                related_name="credits",
                to="deals.ledgeraccount",
            ),
        ),
        migrations.RunSQL(CHECKS, NO_CHECKS),
    ]
