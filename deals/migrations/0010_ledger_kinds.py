from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0009_rehearsals")]

    operations = []
