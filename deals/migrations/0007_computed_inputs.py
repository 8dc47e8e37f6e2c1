from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0006_statement_life")]

    operations = []
