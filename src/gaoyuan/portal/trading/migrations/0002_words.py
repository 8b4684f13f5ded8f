"""The words by which offers and demands are found: a full-text table of SQLite, or one with an index of PostgreSQL."""

from typing import Any

from django.db import migrations

_TABLES = ("trading_offer_words", "trading_demand_words")


def _make(apps: Any, editor: Any) -> None:
    for table in _TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, words tsvector NOT NULL)")
            editor.execute(f"CREATE INDEX {table}_index ON {table} USING gin (words)")
        else:
            editor.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(words, tokenize='unicode61')")


def _remove(apps: Any, editor: Any) -> None:
    for table in _TABLES:
        editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("trading", "0001_initial")]
    operations = [migrations.RunPython(_make, _remove)]
