"""A browser, and the map pages of the shared workspaces."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from gaoyuan.report import write_map
from gaoyuan.workspace import Workspace

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The map draws with WebGL, here in software.
_ARGUMENTS = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; skips where there is none."""
    program = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine; as an administrator: apt-get install -y chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def sample_map(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map page of the sample province."""
    return write_map(sample_workspace, tmp_path_factory.mktemp("map") / "sample.html").file
