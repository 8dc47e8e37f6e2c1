"""Proposed interest, what staff decided about it, and granted credits."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.base.models

# What was decided stays as it is; only a proposal can still be decided.
KEEP_DECIDED = """
CREATE FUNCTION keep_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' THEN
        RAISE EXCEPTION '% keeps what was decided', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
GUARD = """
SELECT keep_insert_only('deals_interestdecision');
CREATE TRIGGER keep_decided BEFORE UPDATE OR DELETE ON deals_creditgrant
    FOR EACH ROW EXECUTE FUNCTION keep_decided();
"""
UNGUARD = """
DROP TRIGGER insert_only ON deals_interestdecision;
DROP TRIGGER insert_only_truncate ON deals_interestdecision;
DROP TRIGGER keep_decided ON deals_creditgrant;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0011_receipt_reversals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=marketplace.base.models.new_public_id, max_length=24, unique=True
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("usable_from_date", models.DateField()),
                ("reason", models.CharField(max_length=24)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="InterestDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.CharField(max_length=10)),
                ("due_date", models.DateField()),
                ("until_date", models.DateField()),
                ("decision", models.CharField(max_length=6)),
                ("amount_minor", models.BigIntegerField()),
                ("reason", models.CharField(max_length=24)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="InterestProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=marketplace.base.models.new_public_id, max_length=24, unique=True
                    ),
                ),
                ("period", models.CharField(max_length=10)),
                ("due_date", models.DateField()),
                ("until_date", models.DateField()),
                ("days", models.PositiveIntegerField()),
                ("amount_minor", models.BigIntegerField()),
                ("charged_minor", models.BigIntegerField(default=0)),
                ("waived_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
            ],
        ),
        migrations.AddField(
            model_name="creditgrant",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credit_grants",
                to="deals.deal",
            ),
        ),
        migrations.AddField(
            model_name="creditgrant",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="creditgrant",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="interestdecision",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interest_decisions",
                to="deals.deal",
            ),
        ),
        migrations.AddField(
            model_name="interestdecision",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="interestproposal",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interest_proposals",
                to="deals.deal",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditgrant",
            constraint=models.UniqueConstraint(fields=("deal", "key"), name="credit_key_once"),
        ),
        migrations.AddConstraint(
            model_name="creditgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="credit_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed", "refused"])),
                name="credit_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                name="credit_decider_is_not_proposer",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ("charge", "waive"))),
                name="interest_decision_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="interest_decision_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_date__lte", models.F("until_date"))),
                name="interest_decision_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestproposal",
            constraint=models.UniqueConstraint(
                fields=("deal", "period", "due_date", "until_date"), name="interest_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="interestproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("charged_minor__gte", 0), ("waived_minor__gte", 0)),
                name="interest_decided_not_negative",
            ),
        ),
        migrations.RunSQL(KEEP_DECIDED, "DROP FUNCTION keep_decided();"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
