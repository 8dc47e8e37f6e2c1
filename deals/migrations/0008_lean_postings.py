from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0007_computed_inputs")]

    operations = []
