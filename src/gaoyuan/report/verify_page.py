"""The page that checks evidence packs offline: one file of HTML with its script, style and words inside."""

from __future__ import annotations

import json

from gaoyuan.report.script_page import built, script_page
from gaoyuan.trust.pack.figures import FIGURES
from gaoyuan.trust.pack.words import NOT_PROVEN, VERDICTS

__all__ = ["verify_page"]


def verify_page() -> str:
    """Give the page as the text of one HTML file; raises ExtraMissing where its script was not built."""
    words = {
        "figures": [[name, *both] for name, both in FIGURES.items()],
        "verdicts": {str(verdict): both for verdict, both in VERDICTS.items()},
        "not_proven": NOT_PROVEN,
    }
    content = json.dumps(words, ensure_ascii=False).encode()
    return script_page("核验证据包 Check an evidence pack", built("verify.js"), built("verify.css"), content)
