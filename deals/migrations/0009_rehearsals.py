from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0008_lean_postings")]

    operations = []
