"""Why and since when a deal is set aside, as a code that every language has words for."""

from django.db import migrations, models

# Deals that were set aside before keep their reason as text, under the code of any other.
SINCE = """
UPDATE deals_deal SET parked_code = 'other', parked_at = state_since WHERE parked_reason <> '';
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0015_disputes")]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="parked_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="deal",
            name="parked_where",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="deal",
            name="parked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("parked_at__isnull", False)),
                fields=["parked_at"],
                name="deal_parked",
            ),
        ),
    ]
