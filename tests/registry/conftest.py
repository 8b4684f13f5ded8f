"""Small registers to import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gaoyuan.codes import check_character
from gaoyuan.workspace import Workspace, create_workspace

MakeCode = Callable[..., str]
WriteCsv = Callable[..., Path]


@pytest.fixture(scope="session")
def credit_code() -> MakeCode:
    """Gives the sound credit code number `number` of a registering division."""

    def make(number: int, division: str = "130628") -> str:
        start = f"91{division}{number:09d}"
        return start + check_character(start)

    return make


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "workspace")


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteCsv:
    """Writes lines as a file; gives its path."""

    def write(*lines: str, name: str = "企业.csv", encoding: str = "utf-8", end: str = "\n") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(line + end for line in lines).encode(encoding))
        return path

    return write
