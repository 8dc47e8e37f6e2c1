from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0018_runs_in_chunks")]

    operations = []
