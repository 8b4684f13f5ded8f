"""A portal that is served as `gaoyuan serve` does, with a process inside it that does what tests ask for."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_PATIENCE_SECONDS = 400
_INSIDE = Path(__file__).with_name("inside.py")
_PROGRAM = Path(sys.executable).parent / "gaoyuan"


class Served:
    """A running server: `address` is where it is, `folder` the workspace that it serves, `environment` that of its
    processes. Ended by `end`.
    """

    def __init__(self, folder: Path, environment: dict[str, str], *options: str) -> None:
        self.folder, self.environment = folder, environment
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._log = folder.parent / f"serve-{port}.log"
        command = [str(_PROGRAM), "serve", str(folder), "--port", str(port), "--quiet", *options]
        with self._log.open("w") as told:
            self._server = subprocess.Popen(command, stdout=told, stderr=told, env=environment)
        # It begins meanwhile, which takes as long.
        self._inside = subprocess.Popen(
            [sys.executable, str(_INSIDE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        until = time.monotonic() + _PATIENCE_SECONDS
        while not _answers(port):
            if self._server.poll() is not None or time.monotonic() > until:
                self.end()
                raise AssertionError(f"the server did not start: {self._log.read_text()}")
            time.sleep(0.1)

    def do(self, file: Path, function: str, *words: str) -> Any:
        """Call a function of a file inside the portal; gives its answer."""
        assert self._inside.stdin is not None
        assert self._inside.stdout is not None
        print(json.dumps([str(file), function, *words]), file=self._inside.stdin, flush=True)
        told = json.loads(self._inside.stdout.readline())
        assert "answer" in told, told["fault"]
        return told["answer"]

    def end(self) -> None:
        """End the server and all that belongs to it."""
        self._server.terminate()
        self._inside.communicate()
        self._server.wait(60)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
