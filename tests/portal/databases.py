"""Databases of the tests' portals: migrated once and published into once, then copied, for copies are quick.

They are of the kind that the tests run on: SQLite in a file of the portal's folder, or a database of its own beside
that of DATABASE_URL.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql

Filling = Literal["nothing", "migrated", "published"]
"""What a database holds at first: nothing, empty tables, or people of every role and the demonstration's results."""

_SOURCES = Path(__file__).parents[2] / "src" / "gaoyuan"
_SHOWN = {"__pycache__", "static", "templates", "locale"}
"""Folders of what is made of a database's content and is not in it."""
_PREFIX = "gaoyuan_tests"
_KEPT_SECONDS = 7200
_MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
"""


class Databases:
    """Makes databases for portals and keeps those that others are copied from: `folder` is that of the processes which
    share them. Nothing that was made by other sources is used.
    """

    def __init__(self, folder: Path, *published_by: Path) -> None:
        self._folder = folder
        tables = list((_SOURCES / "portal").glob("*/migrations"))
        self._sources = {"nothing": [], "migrated": tables, "published": [_SOURCES, *published_by]}
        self._states = dict[str, str]()
        address = os.environ.get("DATABASE_URL", "")
        self._server = address if address.startswith("postgres") else None
        self._own = list[str]()

    @property
    def on_postgresql(self) -> bool:
        """Whether they are databases of a server."""
        return self._server is not None

    def template(self, filling: Filling) -> str:
        """Give what a database with this filling is called: the file, or the name in the server."""
        if filling not in self._states:
            self._states[filling] = _state_of(Path(__file__), *self._sources[filling])
        name = f"{_PREFIX}_{self._states[filling]}_{filling}"
        return name if self.on_postgresql else str(self._folder / f"{name}.sqlite3")

    def has(self, filling: Filling) -> bool:
        """Whether there is a database with this filling to be copied."""
        if not self.on_postgresql:
            return Path(self.template(filling)).exists()
        with self._connected() as server:
            found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template(filling)])
            return found.fetchone() is not None

    @contextmanager
    def alone(self, filling: Filling) -> Iterator[None]:
        """Keep other processes from making the same meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = Path(self.template(filling)).name
        with (self._folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def keep(self, source: str, filling: Filling) -> None:
        """Keep a copy of a database, to which nobody is connected if it is one of a server, for others to be copied
        from.
        """
        target = self.template(filling)
        if self.on_postgresql:
            self._forget(f"{_PREFIX}_%_{filling}")
            self._create(target, source)
            return
        for old in self._folder.glob(f"{_PREFIX}_*_{filling}.sqlite3"):
            # Not what another run may be using.
            if old.stat().st_mtime < time.time() - _KEPT_SECONDS:
                old.unlink()
        made = Path(f"{target}.{uuid.uuid4().hex}")
        copy_file(source, str(made))
        made.rename(target)

    def require_migrated(self) -> None:
        """Make the database with empty tables where there is none."""
        with self.alone("migrated"):
            if self.has("migrated"):
                return
            folder = self._folder / f"{_PREFIX}-{uuid.uuid4().hex}"
            environment = self.environment(folder, "nothing")
            subprocess.run([sys.executable, "-c", _MIGRATE], env=environment, check=True)
            self.keep(self._own[-1] if self.on_postgresql else str(folder / "portal.sqlite3"), "migrated")
            shutil.rmtree(folder)

    def environment(self, portal: Path, filling: Filling) -> dict[str, str]:
        """Give the environment of processes of a portal in this folder, whose database is new and has this filling.

        Who asks for `published` has seen to it that there is one: the fixture `django_db_setup` makes it.
        """
        if filling == "migrated":
            self.require_migrated()
        portal.mkdir(parents=True, exist_ok=True, mode=0o700)
        given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        given |= {"GAOYUAN_PORTAL": str(portal), "DJANGO_SETTINGS_MODULE": "gaoyuan.portal.settings"}
        if self._server is not None:
            name = f"{_PREFIX}_own_{uuid.uuid4().hex[:12]}"
            self._create(name, "template1" if filling == "nothing" else self.template(filling))
            self._own.append(name)
            return given | {"DATABASE_URL": f"{self._server.rpartition('/')[0]}/{name}"}
        if filling != "nothing":
            copy_file(self.template(filling), str(portal / "portal.sqlite3"))
        return given

    def drop(self) -> None:
        """Take the databases away that portals of this process had."""
        while self._own:
            self._forget(self._own.pop())

    def _create(self, name: str, template: str) -> None:
        with self._connected() as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )

    def _forget(self, pattern: str) -> None:
        with self._connected() as server:
            for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]):
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _connected(self) -> psycopg.Connection:
        assert self._server is not None
        return psycopg.connect(f"{self._server.rpartition('/')[0]}/postgres", autocommit=True)


def copy_file(source: str, target: str) -> None:
    """Copy a database of SQLite with what its log still holds; each is a file or an address that begins with file:."""
    assert source.startswith("file:") or Path(source).exists(), source
    with closing(sqlite3.connect(source, uri=True)) as held, closing(sqlite3.connect(target, uri=True)) as made:
        held.backup(made)


def _state_of(*sources: Path) -> str:
    """Give a short name of the state that source files are in, by their sizes and times."""
    files = [
        file
        for source in sources
        for file in (source.rglob("*") if source.is_dir() else [source])
        if file.is_file() and not _SHOWN.intersection(file.parts)
    ]
    told = "\n".join(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in sorted(files))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
