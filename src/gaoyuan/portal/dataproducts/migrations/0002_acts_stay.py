"""The database refuses to change or take away an act of the register, whoever asks: it is kept for thirty years."""

from typing import Any

from django.db import migrations

_SQLITE = (
    """
    CREATE TRIGGER dataproducts_act_not_changed BEFORE UPDATE ON dataproducts_act
    BEGIN SELECT RAISE(ABORT, 'an act of the register is never changed'); END
    """,
    """
    CREATE TRIGGER dataproducts_act_not_removed BEFORE DELETE ON dataproducts_act
    BEGIN SELECT RAISE(ABORT, 'an act of the register is never removed'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION dataproducts_act_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an act of the register is never changed or removed'
    USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER dataproducts_act_stays BEFORE UPDATE OR DELETE ON dataproducts_act
    FOR EACH ROW EXECUTE FUNCTION dataproducts_act_stays()
    """,
)


def _guard(apps: Any, editor: Any) -> None:
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("dataproducts", "0001_initial")]
    operations = [migrations.RunPython(_guard, migrations.RunPython.noop)]
