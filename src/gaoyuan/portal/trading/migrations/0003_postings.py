"""The postings of posts that have been indexed, and indexes for what counterparts are found by beside their words."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q


def _make(apps: Any, editor: Any) -> None:
    postgresql = editor.connection.vendor == "postgresql"
    word, held = ('text COLLATE "C"', "bytea") if postgresql else ("text", "blob")
    editor.execute(
        f"CREATE TABLE trading_postings (kind varchar(10) NOT NULL, word {word} NOT NULL, block integer NOT NULL,"
        f" texts integer NOT NULL, postings {held} NOT NULL, PRIMARY KEY (kind, word, block))"
    )
    if postgresql:
        # Postings do not become smaller by the database's own compression.
        editor.execute("ALTER TABLE trading_postings ALTER COLUMN postings SET STORAGE EXTERNAL")
    editor.execute(
        "CREATE TABLE trading_places (kind varchar(10) NOT NULL, place bigint NOT NULL, number bigint NOT NULL,"
        " PRIMARY KEY (kind, place), UNIQUE (kind, number))"
    )
    editor.execute(
        "CREATE TABLE trading_indexed (kind varchar(10) PRIMARY KEY, next bigint NOT NULL, texts bigint NOT NULL,"
        " words bigint NOT NULL)"
    )
    for kind in ("offer", "demand"):
        editor.execute(f"INSERT INTO trading_indexed (kind, next, texts, words) VALUES ('{kind}', 0, 0, 0)")


def _remove(apps: Any, editor: Any) -> None:
    for table in ("trading_postings", "trading_places", "trading_indexed"):
        editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("trading", "0002_words")]
    operations = [
        migrations.RunPython(_make, _remove),
        migrations.AddIndex(
            "offer", models.Index(fields=["product", "-id"], condition=~Q(product=""), name="offers_of_a_product")
        ),
        migrations.AddIndex(
            "demand", models.Index(fields=["product", "-id"], condition=~Q(product=""), name="demands_of_a_product")
        ),
        migrations.AddIndex(
            "demand", models.Index(fields=["industry"], condition=~Q(industry=""), name="demands_of_an_industry")
        ),
    ]
