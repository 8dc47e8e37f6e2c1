"""A delivery is held by a row and not by a session, so that a pooler may stand in between."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0003_trigrams")]

    operations = [
        migrations.AddField(
            model_name="outbox",
            name="held_until",
            field=models.DateTimeField(null=True),
        ),
    ]
