from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0015_disputes")]

    operations = []
