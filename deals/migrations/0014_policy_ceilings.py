from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0013_rates_and_distributions")]

    operations = [
        migrations.AddField(
            model_name="policyprofile",
            name="ceiling_rate",
            field=models.DecimalField(decimal_places=10, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="policyprofile",
            name="ceiling_fixed_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="policyprofile",
            name="ceiling_trial_months",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="policyprofile",
            name="ceiling_source",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
