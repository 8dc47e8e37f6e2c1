from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0011_receipt_reversals")]

    operations = []
