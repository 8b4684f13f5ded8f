"""The key that signs sessions: made once, kept in a file that only its owner reads."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def read_secret(file: Path) -> str:
    """Give the secret of a file; a missing file is made, with rights 0600. Of two that make it at once one wins."""
    if not file.exists():
        own = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(own, file)
        own.unlink()
    return file.read_text("utf-8")
