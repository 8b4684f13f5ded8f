"""Commitments at once into the last room of a cap: never above it, and nothing that was confirmed is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

RACE = Path(__file__).with_name("racing.py")


@pytest.mark.django_db
def test_commitments_at_once_never_exceed_the_cap(tmp_path: Path) -> None:
    with _database(tmp_path) as address:
        given = {"GAOYUAN_PORTAL": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gaoyuan.portal.settings", **address}
        command = [sys.executable, str(RACE)]
        run = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "never above the cap" in run.stdout


@contextmanager
def _database(folder: Path) -> Iterator[dict[str, str]]:
    """Give the address of an empty database of the kind that the tests run on."""
    if connection.vendor != "postgresql":
        yield {"DATABASE_URL": f"sqlite:///{folder}/race.sqlite3"}
        return
    import psycopg
    from psycopg import sql
    from psycopg.conninfo import make_conninfo

    held = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = {name: str(held[key]) for name, key in names.items() if held.get(key)}
    name = f"pool_race_{os.getpid()}"
    with psycopg.connect(make_conninfo("", **given, dbname="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            before, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
            yield {"DATABASE_URL": f"{before}/{name}"}
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
