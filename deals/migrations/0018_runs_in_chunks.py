"""Runs over many deals, cut into chunks that one worker does in one transaction."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0017_reopened_deals")]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=5)),
                ("day", models.DateField()),
                ("deals", models.PositiveIntegerField()),
                ("planned_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "day"), name="run_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("all", "dated"))), name="run_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_deal_id", models.BigIntegerField()),
                ("last_deal_id", models.BigIntegerField()),
                ("statements", models.PositiveIntegerField(default=0)),
                ("checksum", models.CharField(blank=True, max_length=64)),
                ("is_split", models.BooleanField(default=False)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="deals.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "first_deal_id", "last_deal_id"), name="run_chunk_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_deal_id__lte", models.F("last_deal_id"))),
                        name="run_chunk_order",
                    ),
                ],
            },
        ),
    ]
