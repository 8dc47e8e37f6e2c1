"""The inventors' weights become part of what is agreed, and a decision names its reason."""

from django.db import migrations, models

FREEZE_TERMS = """
CREATE OR REPLACE FUNCTION freeze_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'terms versions are kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.licensor_accepted_at IS NOT NULL AND OLD.licensee_accepted_at IS NOT NULL THEN
        RAISE EXCEPTION 'accepted terms are frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.deal_id, NEW.number, NEW.document, NEW.licence_kind, NEW.acts, NEW.field_of_use,
        NEW.territory, {inventors_new} NEW.sha256, NEW.proposed_by_id)
       IS DISTINCT FROM
       (OLD.deal_id, OLD.number, OLD.document, OLD.licence_kind, OLD.acts, OLD.field_of_use,
        OLD.territory, {inventors_old} OLD.sha256, OLD.proposed_by_id) THEN
        RAISE EXCEPTION 'a proposal is changed by a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0003_allocation_steps")]

    operations = [
        migrations.AddField(
            model_name="termsversion",
            name="inventors",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="approval",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=24),
            preserve_default=False,
        ),
        migrations.RunSQL(
            FREEZE_TERMS.format(inventors_new="NEW.inventors,", inventors_old="OLD.inventors,"),
            FREEZE_TERMS.format(inventors_new="", inventors_old=""),
        ),
    ]
