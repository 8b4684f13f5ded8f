"""PostgreSQL keeps the log's files as they are: it would compress a tile anew each time that it grows, which takes
longer than to write it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def _storage(editor: BaseDatabaseSchemaEditor, kind: str) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE evidence_logfile ALTER COLUMN content SET STORAGE {kind}")


def plain(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Keep files outside of the row, without compression."""
    _storage(editor, "EXTERNAL")


def compressed(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Go back to what PostgreSQL does by itself."""
    _storage(editor, "EXTENDED")


class Migration(migrations.Migration):
    """Storage of files."""

    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunPython(plain, compressed)]
