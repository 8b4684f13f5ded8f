"""The main job on whole registers: import and observe, in a workspace of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import gaoyuan
from gaoyuan.observe import observe
from gaoyuan.registry import import_enterprises
from gaoyuan.sample import write_sample


def real_register() -> list[Path]:
    """Give the files of the real register, none where it is not on this machine."""
    folder = Path(os.environ.get("GAOYUAN_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")
    return sorted((folder / "registry").glob("cn_registry_*.parquet"))


def on_real() -> Callable[[], float]:
    """Import and observe the real register; gives its firms."""
    return partial(_import_and_observe, real_register())


def on_sample_of(enterprises: int) -> Callable[[], Callable[[], float]]:
    """Import and observe a sample of so many firms; writing the sample is not timed."""
    return partial(_prepared, enterprises)


def _prepared(enterprises: int) -> Callable[[], float]:
    folder = tempfile.TemporaryDirectory(prefix="gaoyuan-")
    workspace = gaoyuan.create(Path(folder.name) / "sample")
    file = write_sample(workspace, enterprises).file

    def work() -> float:
        firms = _import_and_observe([file])
        folder.cleanup()
        return firms

    return work


def _import_and_observe(files: list[Path]) -> float:
    with tempfile.TemporaryDirectory(prefix="gaoyuan-") as folder:
        workspace = gaoyuan.create(Path(folder) / "workspace")
        import_enterprises(workspace, files)
        return float(observe(workspace).enterprises.firms)
