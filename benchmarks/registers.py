"""The main job on whole registers: import and observe, in a workspace of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import gaoyuan
from gaoyuan.observe import observe
from gaoyuan.registry import IndustryCoder, import_enterprises
from gaoyuan.sample import write_sample
from gaoyuan.sample.making import RegisterMaker


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


def coding_of(enterprises: int) -> Callable[[], Callable[[], float]]:
    """Derive the industries of so many firms of the sample from name and scope; gives how many got one."""
    return partial(_prepared_to_code, enterprises)


def _prepared_to_code(enterprises: int) -> Callable[[], float]:
    batches = [rows for rows, _ in RegisterMaker(enterprises, 1).batches()]
    coder = IndustryCoder()

    def work() -> float:
        coded = [coder.code(rows["企业名称"], rows["经营范围"]).column("industry") for rows in batches]
        return float(sum(len(part) - part.null_count for part in coded))

    return work


def on_help() -> Callable[[], float]:
    """Ask the program for its help, in a process of its own."""
    command = [sys.executable, "-m", "gaoyuan.cli", "--help"]
    return lambda: float(subprocess.run(command, capture_output=True, check=True).returncode)


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
