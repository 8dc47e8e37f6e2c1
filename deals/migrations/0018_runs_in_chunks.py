from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0017_reopened_deals")]

    operations = []
