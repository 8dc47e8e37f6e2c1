from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0010_ledger_kinds")]

    operations = []
