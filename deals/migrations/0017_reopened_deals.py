"""A correction may reopen a settled deal although the company has begun another one since."""

from django.db import migrations, models
from django.db.models import Q

OVER = ["breached", "exited", "expired", "refused", "settled", "terminated", "withdrawn"]


class Migration(migrations.Migration):
    dependencies = [("deals", "0016_parked_deals")]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="reopened_date",
            field=models.DateField(null=True),
        ),
        migrations.RemoveConstraint(
            model_name="deal", name="deal_one_open_a_company_and_listing"
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.UniqueConstraint(
                condition=~Q(("state__in", OVER)) & Q(("reopened_date", None)),
                fields=("listing", "licensee"),
                name="deal_one_open_a_company_and_listing",
            ),
        ),
    ]
