"""A log, two witnesses, and entries."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from gaoyuan.trust.keys import Cosigner, Signer, ed25519_cosigner, ed25519_signer


@pytest.fixture(scope="session")
def signer() -> Signer:
    """The signer of the log example.com/log."""
    return ed25519_signer("example.com/log", b"l" * 32)


@pytest.fixture(scope="session")
def witnesses() -> tuple[Cosigner, Cosigner]:
    """A bank and an association that cosign."""
    return ed25519_cosigner("bank.example/w", b"b" * 32), ed25519_cosigner("union.example/w", b"u" * 32)


@pytest.fixture(scope="session")
def sm2_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SM2 private key in a file; skips where openssl has no SM2."""
    file = tmp_path_factory.mktemp("sm2") / "key.pem"
    command = ["openssl", "genpkey", "-algorithm", "SM2", "-out", str(file)]
    if shutil.which("openssl") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("there is no openssl with SM2 on this machine")
    return file
