"""The queue of background work: in a file beside an SQLite database, else in PostgreSQL itself.

What is to be done stands in the table of jobs; the queue only wakes the worker, which takes what the queue has lost
from the table.
"""

from __future__ import annotations

from django.conf import settings
from django.db import utils
from huey import MemoryHuey, PostgresHuey, SqliteHuey
from huey.api import Huey


def _queue() -> Huey:
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        from psycopg import OperationalError
        from psycopg.conninfo import make_conninfo

        wanted = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
        given = {name: str(database[key]) for name, key in wanted.items() if database.get(key)}
        try:
            return PostgresHuey("gaoyuan", dsn=make_conninfo("", **given))
        except OperationalError as refused:
            raise utils.OperationalError(*refused.args) from refused
    if settings.PORTAL.is_dir():
        return SqliteHuey("gaoyuan", filename=str(settings.PORTAL / "queue.sqlite3"), fsync=True)
    # Without a folder nothing outlives the process.
    return MemoryHuey("gaoyuan")


queue = _queue()
