"""Sheets that were sealed before they were encrypted are encrypted now."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from gaoyuan.portal.contests.keeping import locked


def encrypt(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Encrypt what stands as JSON."""
    sheets = apps.get_model("contests", "Sheet")._meta.base_manager
    for pk, data in sheets.filter(data__startswith="{").values_list("pk", "data"):
        sheets.filter(pk=pk).update(data=locked(data))


class Migration(migrations.Migration):
    dependencies = [("contests", "0001_initial")]
    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
