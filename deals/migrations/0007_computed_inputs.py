"""Which input a deal's rows show, so that a known one is no work even where nothing was posted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0006_statement_life")]

    operations = [
        migrations.CreateModel(
            name="ComputedInput",
            fields=[
                (
                    "deal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="computed",
                        serialize=False,
                        to="deals.deal",
                    ),
                ),
                ("input_hash", models.CharField(max_length=64)),
                ("as_of_date", models.DateField()),
                ("computed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="statement",
            name="content_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
