import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.base.models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0008_lean_postings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Rehearsal",
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
                ("source", models.CharField(max_length=8)),
                ("label", models.CharField(blank=True, max_length=80)),
                ("state", models.CharField(max_length=20)),
                ("today_date", models.DateField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("document", models.JSONField()),
                ("beginning", models.JSONField()),
                ("begun_at", models.DateTimeField()),
                ("played_at", models.DateTimeField()),
                (
                    "deal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="deals.deal",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="listings.listing",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation", "-played_at"],
                        name="deals_rehea_organis_52581e_idx",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "requested",
                                    "in_talks",
                                    "terms_accepted",
                                    "awaiting_university",
                                    "notice_running",
                                    "notice_paused",
                                    "awaiting_platform",
                                    "ready_to_sign",
                                    "in_trial",
                                    "extended",
                                    "awaiting_decision",
                                    "paying",
                                    "settled",
                                    "exited",
                                    "refused",
                                    "withdrawn",
                                    "expired",
                                    "breached",
                                    "terminated",
                                ],
                            )
                        ),
                        name="rehearsal_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ("deal", "proposal", "standard"))),
                        name="rehearsal_source",
                    ),
                ],
            },
        )
    ]
