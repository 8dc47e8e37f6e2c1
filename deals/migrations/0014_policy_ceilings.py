from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0013_rates_and_distributions")]

    operations = []
