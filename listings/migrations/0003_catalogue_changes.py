"""Every transaction that changes what the public pages show leaves one row, and nobody waits."""

from django.db import migrations, models

TABLES = (
    "listings_listing",
    "listings_benefit",
    "listings_inventor",
    "listings_patent",
    "listings_industry",
    "listings_searchentry",
    "listings_termstemplate",
    "accounts_organisation",
    "accounts_city",
)
NOTE = """
CREATE FUNCTION note_catalogue_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO listings_cataloguechange (transaction, changed_at)
    VALUES (pg_current_xact_id()::text::bigint, clock_timestamp())
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
WATCH = "".join(
    f"CREATE TRIGGER note_catalogue_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION note_catalogue_change();\n"
    for table in TABLES
)
UNWATCH = "".join(f"DROP TRIGGER note_catalogue_change ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("listings", "0002_industries"), ("accounts", "0002_codes_and_names_once")]

    operations = [
        migrations.CreateModel(
            name="CatalogueChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("transaction", models.BigIntegerField(unique=True)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION note_catalogue_change();"),
        migrations.RunSQL(WATCH, UNWATCH),
    ]
