"""Claims that are accepted at once: never more than the fund can pay, and no line lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..databases import Databases

RACE = Path(__file__).with_name("racing.py")


def test_claims_accepted_at_once_never_exceed_the_capital(databases: Databases, tmp_path: Path) -> None:
    environment = databases.environment(tmp_path, "migrated")
    run = subprocess.run([sys.executable, str(RACE)], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "never beyond the capital" in run.stdout
