"""A served sample, a browser for it, and the rules that find what some people cannot use."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gaoyuan.workspace import Workspace

_WEB = Path(__file__).parents[3] / "web"
_PATIENCE_SECONDS = 120


@pytest.fixture(scope="session")
def address(demonstrated: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `gaoyuan serve --public` serves a copy of the demonstration."""
    folder = shutil.copytree(demonstrated.path, tmp_path_factory.mktemp("explore") / "sample")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).parent / "gaoyuan"
    command = [str(program), "serve", str(folder), "--port", str(port), "--public", "--quiet"]
    environment = {name: value for name, value in os.environ.items() if name not in {"GAOYUAN_PORTAL", "DATABASE_URL"}}
    log = folder.parent / "serve.log"
    with log.open("w") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, env=environment)
    until = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    else:
        process.kill()
        pytest.fail(f"the server did not start: {log.read_text()}")
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGINT)
    process.wait(60)


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which `make setup` installs."""
    script = _WEB / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed: rm -r src/gaoyuan/portal/static && scripts/build-web.sh")
    return script.read_text(encoding="utf-8")
