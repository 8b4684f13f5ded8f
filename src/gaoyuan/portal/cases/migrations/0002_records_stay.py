"""The database refuses to change or take away a record, whoever asks."""

from typing import Any

from django.db import migrations

_SQLITE = (
    """
    CREATE TRIGGER cases_record_not_changed BEFORE UPDATE ON cases_recordline
    BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END
    """,
    """
    CREATE TRIGGER cases_record_not_removed BEFORE DELETE ON cases_recordline
    BEGIN SELECT RAISE(ABORT, 'a record is never removed'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION cases_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a record is never changed or removed' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER cases_record_stays BEFORE UPDATE OR DELETE ON cases_recordline
    FOR EACH ROW EXECUTE FUNCTION cases_record_stays()
    """,
)


def _guard(apps: Any, editor: Any) -> None:
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(_guard, migrations.RunPython.noop)]
