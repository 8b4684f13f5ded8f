"""Gaoyuan (高原) finds, measures and explains industrial clusters in a raw enterprise register.

>>> import gaoyuan
>>> workspace = gaoyuan.open("my-county")  # doctest: +SKIP
>>> workspace.table("cluster")             # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from gaoyuan.version import __version__

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

__all__ = ["__version__", "create", "open"]


def open(path: str | os.PathLike[str]) -> Workspace:
    """Open a workspace folder; raises NotAWorkspace where the folder is none."""
    from gaoyuan.workspace import open_workspace

    _display_results()
    return open_workspace(path)


def create(path: str | os.PathLike[str]) -> Workspace:
    """Make a workspace in a new or empty folder, or open the one that is there."""
    from gaoyuan.workspace import create_workspace

    _display_results()
    return create_workspace(path)


def _display_results() -> None:
    """Let tables show their first rows where they are looked at, as notebooks do."""
    import ibis

    ibis.options.interactive = True


_FOLDERS_OF_KERNELS = ("industry_coding", "locating")
"""Folders whose modules share constants with their compiled kernels."""


def _keep_compiled_code() -> None:
    """Name a folder for compiled kernels that changes with their sources.

    The compiler's own cache looks only at the file of each function and would run stale code when a function that it
    calls, or a constant that it reads, has changed.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    sources = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        text = path.read_bytes()
        if b"numba" in text or path.parent.name in _FOLDERS_OF_KERNELS:
            sources.update(text)
    digest = sources.hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = (
        (home if os.access(home if home.exists() else home.parent, os.W_OK) else Path(tempfile.gettempdir()))
        / "gaoyuan"
        / "compiled"
        / digest
    )
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


_keep_compiled_code()
