from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("listings", "0002_industries")]

    operations = []
