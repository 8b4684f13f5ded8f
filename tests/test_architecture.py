"""The habits of the house, checked by the tools that know them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TOOLS = Path(sys.executable).parent
CODE = ("src", "tests", "benchmarks", "scripts", "examples")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(TOOLS / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", *CODE),
        ("ruff", "format", "--check", *CODE),
        ("pyright",),
        ("lint-imports",),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_code_is_clean_by(command: tuple[str, ...]) -> None:
    done = _run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_module_holds_one_idea_in_at_most_400_lines() -> None:
    # Django writes migrations itself.
    written = [path for path in SOURCES if path.parent.name != "migrations"]
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in written}
    assert {path: lines for path, lines in lengths.items() if lines > 400 and "tables.py" not in path} == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
    assert [path for path in SOURCES if path.stem in drawers] == []


def test_every_module_of_the_sources_says_what_it_is_for() -> None:
    begins = re.compile(r'\s*r?"""')
    # Django writes migrations itself.
    written = [path for path in SOURCES if path.parent.name != "migrations"]
    assert [path for path in written if not begins.match(path.read_text("utf-8"))] == []


def test_no_file_of_the_repository_names_a_package_index_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout")
    # A lock file that names an index works only where that index can be reached.
    forbidden = re.compile(
        r"https?://[^\s\"']*(?:pypi|npmjs|registry\.)[^\s\"']*|--(?:extra-)?index-url|\"resolved\":|file:///|/(?:home|root|opt)/"
        r"|(?<![\w.~-])/(?:tmp|work|Users)/"
    )
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".gz", ".parquet", ".png", ".woff2"} or not path.is_file() or path == Path(__file__):
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{name}: {match.group()}" for match in forbidden.finditer(text)]
    assert found == []


@pytest.mark.parametrize("kind", ["core", "dev", "bootstrap"])
def test_every_locked_requirement_has_a_hash(kind: str) -> None:
    text = (ROOT / "requirements" / f"{kind}.txt").read_text("utf-8")
    entries = re.split(r"\n(?=[a-zA-Z0-9])", text)
    pinned = [entry for entry in entries if re.match(r"[a-zA-Z0-9._-]+(\[.*?\])?==", entry)]
    assert pinned, "no requirement at all"
    assert [entry.splitlines()[0] for entry in pinned if "--hash=sha256:" not in entry] == []
