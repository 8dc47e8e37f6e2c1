from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("deals", "0012_interest_and_credits")]

    operations = []
