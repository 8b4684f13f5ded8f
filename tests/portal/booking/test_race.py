"""Twenty people at once race for five slots through the pages: nobody is booked twice, every answer is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from ..databases import Databases

ROOT = Path(__file__).parents[3]


def test_a_race_for_slots_books_each_once_and_loses_no_confirmation(databases: Databases, tmp_path: Path) -> None:
    # In a process and on a database of its own: threads need transactions that end, tests undo theirs.
    command = [sys.executable, "-m", "benchmarks.booking_race", "--inside", "--clients", "20", "--slots", "5"]
    environment = databases.environment(tmp_path, "migrated")
    environment.setdefault("DATABASE_URL", f"sqlite:///{tmp_path}/portal.sqlite3")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "double or lost: none" in done.stdout
    held = re.search(r"slots held now: (\d+)", done.stdout)
    assert held, done.stdout
    assert 1 <= int(held[1]) <= 5
    refused = re.search(r"(\d+) refused: 名额已满", done.stdout)
    assert refused, done.stdout
