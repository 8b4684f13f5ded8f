"""The workbench on a whole register: publishing, the first map and a change of industry in a real browser, memory.

    python -m benchmarks.portal_pages [WORKSPACE]

WORKSPACE has been observed already; without one the real register is imported and observed first where it is on this
machine, else a sample of a million firms.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import gaoyuan
from benchmarks.registers import real_register
from gaoyuan.observe import observe
from gaoyuan.registry import import_enterprises
from gaoyuan.sample import write_sample

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The map draws with WebGL, here in software.
_ARGUMENTS = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
_VISITS = 7
_INDUSTRIES = ("1771", "2438", "1811", "3471", "1523", "2826", "3311", "1951", "3484")
_PROGRAM = Path(sys.executable).parent / "gaoyuan"
# The scripts tell in the address bar's words when another industry stands on the map.
_CHANGE = """async (code) => {
  const page = document.querySelector("#explore"), before = page.dataset.shown, began = performance.now();
  history.pushState(null, "", `?industry=${code}`);
  dispatchEvent(new PopStateEvent("popstate"));
  while (page.dataset.shown === before && performance.now() - began < 20000)
    await new Promise((done) => setTimeout(done, 1));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", nargs="?", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gaoyuan-") as folder:
        workspace = given.workspace or _observed(Path(folder))
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment["GAOYUAN_PORTAL"] = str(Path(folder) / "portal")
        _publishing(workspace, environment)
        with _served(workspace, environment) as (address, server), sync_playwright() as playwright:
            program = next(found for name in _CHROMIUM if (found := shutil.which(name)))
            browser = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
            _first_map(browser, address)
            _changes(browser, address)
            for process in (server, *_children(server)):
                print(f"{'memory of the server process':<46}{_megabytes(process, 'VmRSS'):>10.0f} MB")
            browser.close()


def _observed(folder: Path) -> Path:
    workspace = gaoyuan.create(folder / "workspace")
    files = real_register()
    import_enterprises(workspace, files or [write_sample(workspace, 10**6).file])
    observe(workspace)
    return workspace.path


def _publishing(workspace: Path, environment: dict[str, str]) -> None:
    """Publish twice: what is there already is replaced, the usual case."""
    for what in ("publishing", "publishing in place of another snapshot"):
        began = time.perf_counter()
        command = [str(_PROGRAM), "publish", str(workspace), "--public", "--quiet"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _megabytes(process.pid, "VmHWM"))
            time.sleep(0.1)
        if process.returncode:
            raise SystemExit(f"publishing ended with {process.returncode}")
        print(f"{what:<46}{time.perf_counter() - began:>10.1f} s, {peak:.0f} MB")


@contextmanager
def _served(workspace: Path, environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Give the address of a server on what has been published, and the number of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(_PROGRAM), "serve", str(workspace), "--port", str(port), "--no-publish", "--quiet"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _visit(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{address}/explore/?industry={_INDUSTRIES[0]}")
    page.wait_for_selector("#explore[data-ready]")
    return page


def _first_map(browser: Browser, address: str) -> None:
    """Time visits of browsers that know nothing of the page yet; the first warms the server and is left out."""
    seconds: list[float] = []
    sent = 0
    for _ in range(_VISITS + 1):
        page = _visit(browser, address)
        seconds.append(page.evaluate("performance.getEntriesByName('explore-ready')[0].startTime") / 1000)
        sent = page.evaluate(
            "performance.getEntriesByType('resource').filter(one => one.name.includes('.json'))"
            ".reduce((sum, one) => sum + one.transferSize, 0)"
        )
        page.context.close()
    _print("first map", seconds[1:], "s")
    print(f"{'data of the first map, compressed':<46}{sent / 1000:>10.0f} kB")


def _changes(browser: Browser, address: str) -> None:
    """Time the change to industries that have not been shown yet."""
    page = _visit(browser, address)
    page.wait_for_selector("#explore[data-complete]")
    _print("change of industry", [page.evaluate(_CHANGE, code) for code in _INDUSTRIES[1:]], "ms")
    page.context.close()


def _print(what: str, values: list[float], unit: str) -> None:
    middle = statistics.median(values)
    print(f"{what:<46}{middle:>10.3g} {unit} (median; {min(values):.3g} to {max(values):.3g})")


def _children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def _megabytes(process: int, name: str) -> float:
    """Give a figure of a process's memory, 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return 0.0
    return next((float(line.split()[1]) / 1e3 for line in lines if line.startswith(f"{name}:")), 0.0)


if __name__ == "__main__":
    main()
