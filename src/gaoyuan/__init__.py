"""Gaoyuan (高原) finds, measures and explains industrial clusters in a raw enterprise register.

>>> import gaoyuan
>>> workspace = gaoyuan.open("my-county")  # doctest: +SKIP
>>> workspace.table("cluster")             # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
import os
import sys
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
    """Let tables show their first rows where someone looks at them: in a notebook or at a prompt, not in a program."""
    if hasattr(sys, "ps1") or "IPython" in sys.modules:
        import ibis

        ibis.options.interactive = True


_FOLDERS_OF_KERNELS = ("industry_coding", "locating")
"""Folders whose modules share constants with their compiled kernels."""


def _keep_compiled_code() -> None:
    """Name a folder for compiled kernels that changes with their sources.

    The compiler's own cache looks only at the file of each function and would run stale code when a function that it
    calls, or a constant that it reads, has changed. The compiler's setting holds for the whole process; one that is
    made before Gaoyuan is imported is kept.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    sources = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        text = path.read_bytes()
        if b"numba" in text or path.parent.name in _FOLDERS_OF_KERNELS:
            sources.update(text)
    digest = sources.hexdigest()[:16]
    os.environ["NUMBA_CACHE_DIR"] = str(_own_cache() / "compiled" / digest)


def _own_cache() -> Path:
    """Give a folder that only this user writes to: what lies there is run."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    if os.access(home if home.exists() else home.parent, os.W_OK):
        return home / "gaoyuan"
    shared = Path(tempfile.gettempdir()) / f"gaoyuan-{os.getuid()}"
    shared.mkdir(mode=0o700, exist_ok=True)
    if shared.stat().st_uid != os.getuid() or shared.stat().st_mode & 0o022:
        return Path(tempfile.mkdtemp(prefix="gaoyuan-"))
    return shared


_keep_compiled_code()
