"""The face of the room, and what it may know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import gaoyuan.trust


def test_every_name_of_the_face_is_there() -> None:
    assert [name for name in gaoyuan.trust.__all__ if not hasattr(gaoyuan.trust, name)] == []


def test_the_room_loads_neither_tables_nor_web() -> None:
    """Whoever checks evidence needs this room, cryptography, and nothing heavy."""
    code = "import sys, gaoyuan.trust; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"django", "duckdb", "ibis", "numpy", "pyarrow"} & set(done.stdout.split()) == set()


def test_the_room_is_small_enough_to_be_read_in_an_afternoon() -> None:
    files = sorted(Path(gaoyuan.trust.__file__).parent.glob("*.py"))
    lengths = {file.name: len(file.read_text("utf-8").splitlines()) for file in files}
    assert max(lengths.values()) < 350, lengths
    # Signers are plugs, each of which is read by those who use it.
    plugs = {"sm2.py", "webauthn.py"}
    assert plugs < lengths.keys()
    assert sum(lines for name, lines in lengths.items() if name not in plugs) < 3_000, lengths
