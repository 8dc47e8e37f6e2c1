from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0014_policy_ceilings")]

    operations = []
