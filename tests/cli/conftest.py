"""The program, run in this process and as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(sys.executable).parent / "gaoyuan"


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, as JSON; NaN and Infinity are not JSON."""

        def refuse(name: str) -> None:
            raise ValueError(f"{name} is not JSON")

        return json.loads(self.out, parse_constant=refuse)


@pytest.fixture
def gaoyuan(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run the command line in this process: `gaoyuan("tables", folder, "--json")`."""
    from gaoyuan.cli.app import run

    def call(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["gaoyuan", *map(str, arguments)])
        capsys.readouterr()
        try:
            code = run()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        shown = capsys.readouterr()
        return Ended(code, shown.out, shown.err)

    return call


@pytest.fixture(scope="session")
def program() -> Callable[..., Ended]:
    """Run the installed program as a process of its own."""

    def call(*arguments: object, folder: Path | None = None) -> Ended:
        done = subprocess.run(
            [str(PROGRAM), *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return call
