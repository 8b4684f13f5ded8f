"""What an installation of Gaoyuan consists of here, and what is missing from it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from gaoyuan.codes import editions
from gaoyuan.version import __version__

_ENGINES = (
    "duckdb",
    "deltalake",
    "ibis-framework",
    "pyarrow",
    "numba",
    "numpy",
    "scipy",
    "pandas",
    "shapely",
    "h3ronpy",
)
_EXTRAS = {
    "docs": ("mkdocs-material",),
    "dev": ("pytest", "hypothesis", "ruff", "pyright", "import-linter", "playwright"),
    "bench": ("ecomplexity", "esda", "libpysal"),
}
_SETUP = "make setup"
_LEAST_MEMORY_GB = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: whether it is sound, whether Gaoyuan needs it, what it is, and what mends it."""

    part: str
    name: str
    sound: bool
    needed: bool
    state: str
    mend: str = ""


def checkup() -> list[Finding]:
    """Look at versions, engines, extras, data editions, the map page's bundle, the compiled kernels and the machine."""
    return [
        Finding("版本 version", "gaoyuan", True, True, __version__),
        Finding("版本 version", "python", True, True, platform.python_version()),
        *(_package("引擎 engine", name, needed=True, mend=_SETUP) for name in _ENGINES),
        *(
            _package(f"附加 extra {extra}", name, needed=False, mend=f"pip install 'gaoyuan[{extra}]'")
            for extra, names in _EXTRAS.items()
            for name in names
        ),
        *(Finding("数据版本 edition", name, True, True, edition) for name, edition in editions().items()),
        _bundle(),
        _kernels(),
        _browser(),
        *_machine(),
    ]


def _package(part: str, name: str, *, needed: bool, mend: str) -> Finding:
    try:
        return Finding(part, name, True, needed, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(part, name, False, needed, "未安装 not installed", mend)


def _bundle() -> Finding:
    static = Path(__file__).parents[1] / "report" / "static"
    built = static.is_dir() and any(static.iterdir())
    state = "已构建 built" if built else "未构建 not built; `gaoyuan map` needs it"
    return Finding("地图 map", "page", built, True, state, "" if built else "scripts/build-web.sh")


def _kernels() -> Finding:
    folder = Path(os.environ.get("NUMBA_CACHE_DIR", ""))
    compiled = folder.is_dir() and any(folder.rglob("*.nbc"))
    state = "已编译 compiled" if compiled else "首次使用时编译 compiled on first use, which takes a minute"
    return Finding("内核 kernels", str(folder), compiled, False, state, "" if compiled else _SETUP)


def _browser() -> Finding:
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    mend = "" if found else "apt-get install chromium fonts-noto-cjk"
    return Finding("测试 tests", "chromium", found is not None, False, found or "未安装 not installed", mend)


def _machine() -> list[Finding]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    enough = memory >= _LEAST_MEMORY_GB
    mend = "" if enough else "Use a machine with more memory for registers above a million firms."
    return [
        Finding("机器 machine", "cores", True, True, str(os.cpu_count())),
        Finding("机器 machine", "memory", enough, False, f"{memory:,.0f} GB", mend),
        Finding("机器 machine", "disk", True, False, f"{free:,.0f} GB 可用 free"),
    ]
