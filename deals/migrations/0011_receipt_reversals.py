"""A receipt can be reversed by a row of its own, and can name the period that it pays."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0010_ledger_kinds")]

    operations = [
        migrations.RemoveConstraint(
            model_name="receipt",
            name="receipt_positive",
        ),
        migrations.AddField(
            model_name="receipt",
            name="for_period",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="receipt",
            name="note",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="receipt",
            name="reason",
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddField(
            model_name="receipt",
            name="reverses",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversal",
                to="deals.receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_minor__gt", 0), ("reverses", None)),
                    models.Q(("amount_minor__lt", 0), ("reverses__isnull", False)),
                    _connector="OR",
                ),
                name="receipt_sign",
            ),
        ),
    ]
