#!/usr/bin/env python
"""Run the commands that a page of the documentation shows, and write what they print below them.

    .venv/bin/python scripts/tutorial.py docs/tutorial.md

Lines that begin with `$ ` in blocks marked `console` are commands; blocks with a title are files that they read, in
GB18030 where the name ends in `-gb.csv`. What differs from run to run is shown as `…`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

_BLOCK = re.compile(r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<body>.*?)^```$', re.MULTILINE | re.DOTALL)
_CHANGING = (
    (re.compile(r"(用时 seconds: ).*"), r"\1…"),
    (re.compile(r"\d{8}T\d{6}-\w+-[0-9a-f]{6}"), "…"),
    (re.compile(r"\d+\.\d MB"), "… MB"),
)


def without_changing_parts(text: str) -> str:
    """Put `…` for what differs from run to run, and take off blanks at the ends of lines."""
    for pattern, shown in _CHANGING:
        text = pattern.sub(shown, text)
    return "\n".join(line.rstrip() for line in text.replace("\ufeff", "").splitlines())


def shown_and_printed(page: str, folder: Path) -> Iterator[tuple[re.Match[str], str]]:
    """Run a page's blocks in a folder, in order; give each `console` block with what it prints now."""
    for block in _BLOCK.finditer(page):
        if block["title"]:
            encoding = "gb18030" if block["title"].endswith("-gb.csv") else "utf-8"
            (folder / block["title"]).write_bytes(block["body"].encode(encoding))
        elif block["kind"] == "console":
            commands = [line.removeprefix("$ ") for line in block["body"].splitlines() if line.startswith("$ ")]
            printed = [f"$ {command}\n{_output(command, folder)}".rstrip("\n") for command in commands]
            yield block, without_changing_parts("\n".join(printed)) + "\n"


def _output(command: str, folder: Path) -> str:
    words = shlex.split(command)
    if words[0] != "gaoyuan":
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr
    return _gaoyuan(words, folder)


def _gaoyuan(words: list[str], folder: Path) -> str:
    """Run the program here, which loads it once; lines of progress are left out."""
    from gaoyuan.cli.app import run

    printed, told = io.StringIO(), io.StringIO()
    before, arguments = Path.cwd(), sys.argv
    os.chdir(folder)
    sys.argv = words
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told), contextlib.suppress(SystemExit):
            run()
    finally:
        os.chdir(before)
        sys.argv = arguments
    errors = [line for line in told.getvalue().splitlines() if not line.startswith("… ")]
    return printed.getvalue() + "\n".join(errors)


def main(path: Path) -> None:
    """Write the output of a page's commands into it."""
    page = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        blocks = list(shown_and_printed(page, Path(folder)))
    for block, printed in reversed(blocks):
        page = page[: block.start("body")] + printed + page[block.end("body") :]
    path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
