"""The database itself refuses to edit what was said and what was published (and, on PostgreSQL, to delete it)."""

from django.db import migrations

TABLES = ("results_assertion", "results_publication")
WHY = "never edited: a correction is a new row"
SQLITE = "CREATE TRIGGER {table}_never_edited BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{why}'); END"
POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_never_edited() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{why}' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER {table}_never_edited BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_never_edited();
"""


def forbid(apps, editor):
    text = SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL
    for table in TABLES:
        editor.execute(text.format(table=table, why=WHY))


def allow(apps, editor):
    for table in TABLES:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {table}_never_edited")
        else:
            editor.execute(f"DROP FUNCTION {table}_never_edited() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
