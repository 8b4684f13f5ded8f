"""The services of the demonstration as a program; what its people do is tested in `demonstration`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("given", "code", "said"), [((), 2, "python -m gaoyuan.portal.demonstrating"), (("missing",), 1, "missing")]
)
def test_it_starts_by_itself_and_says_what_it_lacks(
    given: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "gaoyuan.portal.demonstrating", *given]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=surroundings, check=False)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
