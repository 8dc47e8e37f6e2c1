from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0016_parked_deals")]

    operations = []
