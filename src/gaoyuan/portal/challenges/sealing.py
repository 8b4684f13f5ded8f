"""What a copy of the database alone must not tell of needs and answers: kept encrypted."""

from __future__ import annotations

import json
from collections.abc import Mapping

from gaoyuan.portal.encryption import cipher

__all__ = ["seal", "unseal"]

_PURPOSE = "challenges"


def seal(content: Mapping[str, str]) -> str:
    """Encrypt the fields of a form."""
    return cipher(_PURPOSE).encrypt(json.dumps(dict(content), ensure_ascii=False).encode()).decode()


def unseal(data: str) -> dict[str, str]:
    """Give the fields of a form; empty text holds none."""
    return json.loads(cipher(_PURPOSE).decrypt(data.encode())) if data else {}
