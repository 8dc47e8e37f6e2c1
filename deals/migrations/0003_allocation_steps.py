"""Allocations in steps, and the two movements that take back what a late receipt re-matches."""

from django.db import migrations, models
from django.db.models import Q

KINDS = [
    "accrual",
    "correction_down",
    "credit_used",
    "overpayment",
    "receipt",
    "surplus",
    "owner_split",
    "credit_restored",
    "split_taken_back",
]
# In a fixed order now, so that the same models never look changed.
OVER = ["breached", "exited", "expired", "refused", "settled", "terminated", "withdrawn"]


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_guards")]

    operations = [
        migrations.RemoveConstraint(model_name="allocation", name="allocation_party_once"),
        migrations.AddField(
            model_name="allocation",
            name="ordinal",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                fields=("receipt", "party", "ordinal"), name="allocation_step_once"
            ),
        ),
        migrations.RemoveConstraint(model_name="ledgermovement", name="movement_kind"),
        migrations.AddConstraint(
            model_name="ledgermovement",
            constraint=models.CheckConstraint(
                condition=Q(("kind__in", KINDS)), name="movement_kind"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="deal", name="deal_one_open_a_company_and_listing"
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.UniqueConstraint(
                condition=~Q(("state__in", OVER)),
                fields=("listing", "licensee"),
                name="deal_one_open_a_company_and_listing",
            ),
        ),
    ]
