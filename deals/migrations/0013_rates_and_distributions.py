"""Published rates, distribution policies, and what each receipt gave to whom."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.base.models

GUARD = """
SELECT keep_insert_only('deals_publishedrate');
SELECT keep_insert_only('deals_distribution');
CREATE TRIGGER keep_decided BEFORE UPDATE OR DELETE ON deals_distributionpolicy
    FOR EACH ROW EXECUTE FUNCTION keep_decided();
"""
UNGUARD = """
DROP TRIGGER insert_only ON deals_publishedrate;
DROP TRIGGER insert_only_truncate ON deals_publishedrate;
DROP TRIGGER insert_only ON deals_distribution;
DROP TRIGGER insert_only_truncate ON deals_distribution;
DROP TRIGGER keep_decided ON deals_distributionpolicy;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0012_interest_and_credits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("accounts", "0002_codes_and_names_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Distribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party", models.CharField(max_length=40)),
                ("recipient", models.CharField(max_length=120)),
                ("ordinal", models.PositiveSmallIntegerField(default=1)),
                ("amount_minor", models.BigIntegerField()),
                ("booked_date", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="DistributionPolicy",
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
                ("number", models.PositiveSmallIntegerField()),
                ("effective_from", models.DateField()),
                ("steps", models.JSONField()),
                ("source", models.CharField(max_length=200)),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PublishedRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("series", models.CharField(max_length=20)),
                ("rate_date", models.DateField()),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                ("value", models.DecimalField(decimal_places=10, max_digits=20)),
                ("source", models.CharField(max_length=200)),
                ("retrieved_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="distribution",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="distributions",
                to="deals.deal",
            ),
        ),
        migrations.AddField(
            model_name="distribution",
            name="receipt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="distributions",
                to="deals.receipt",
            ),
        ),
        migrations.AddField(
            model_name="distributionpolicy",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="distributionpolicy",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="distributionpolicy",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="publishedrate",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="distribution",
            constraint=models.UniqueConstraint(
                fields=("receipt", "party", "recipient", "ordinal"), name="distribution_step_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionpolicy",
            constraint=models.UniqueConstraint(
                fields=("organisation", "number"), name="policy_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionpolicy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "confirmed")),
                fields=("organisation", "effective_from"),
                name="policy_one_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed", "refused"])),
                name="policy_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                name="policy_decider_is_not_proposer",
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedrate",
            constraint=models.UniqueConstraint(
                fields=("series", "rate_date", "revision"), name="rate_revision_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="publishedrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gt", 0)), name="rate_positive"
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
