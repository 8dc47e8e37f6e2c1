"""Disputed lines of statements, and how much of each statement they stop."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import marketplace.base.models


def person(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0014_policy_ceilings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="disputed_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=Q(("disputed_minor__gte", 0)), name="statement_disputed"
            ),
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(default=marketplace.base.models.new_public_id, max_length=24, unique=True)),
                ("code", models.CharField(max_length=60)),
                ("key", models.CharField(blank=True, max_length=200)),
                ("amount_minor", models.BigIntegerField()),
                ("reason", models.CharField(max_length=24)),
                ("text", models.CharField(max_length=500)),
                ("state", models.CharField(default="open", max_length=9)),
                ("side", models.CharField(max_length=8)),
                ("sequence", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("opened_by", person()),
                ("closed_by", person(null=True)),
                ("licensor_agreed_by", person(null=True)),
                ("licensee_agreed_by", person(null=True)),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="deals.statement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("state", "open")),
                        fields=("statement", "code", "key"),
                        name="dispute_one_open_a_line",
                    ),
                    models.CheckConstraint(
                        condition=Q(("amount_minor__gt", 0)), name="dispute_positive"
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["open", "withdrawn", "corrected"])),
                        name="dispute_state",
                    ),
                    models.CheckConstraint(
                        condition=Q(("side__in", ["licensor", "licensee"])), name="dispute_side"
                    ),
                    models.CheckConstraint(
                        condition=Q(("closed_at", None), ("state", "open"))
                        | (~Q(("state", "open")) & Q(("closed_at__isnull", False))),
                        name="dispute_closed_when_resolved",
                    ),
                    models.CheckConstraint(
                        condition=~Q(("licensor_agreed_by", F("licensee_agreed_by"))),
                        name="dispute_two_different_people",
                    ),
                ],
            },
        ),
    ]
