from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0018_runs_in_chunks")]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="estimate",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
