"""Looking for a theme in a process of its own: an expression can take for ever to match, and a process can be ended.

`python -m gaoyuan.portal.themes.finding` reads a workspace's folder and an expression as JSON, and writes the counties.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from gaoyuan.errors import ExpressionInvalid, GaoyuanError, InputError

__all__ = ["answer", "find"]

_LOOK_EVERY_SECONDS = 0.3
MOST_SECONDS = 1800


def find(folder: str, expression: str, look: Callable[[], None]) -> dict[str, Any]:
    """Give the counties with firms that speak of a theme (`rows`, the strongest first), the clusters of it (`clusters`,
    with their industry), and the run that observed the workspace (`run`). `look` is called a few times a second; what
    it raises ends the search.

    Raises what `gaoyuan.observe.theme` raises, and InputError for a search that takes longer than half an hour.
    """
    asked = json.dumps({"folder": folder, "expression": expression})
    command = [sys.executable, "-m", "gaoyuan.portal.themes.finding"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            written, waited, given = None, 0.0, asked
            while written is None:
                try:
                    written, _ = process.communicate(given, timeout=_LOOK_EVERY_SECONDS)
                except subprocess.TimeoutExpired:
                    given, waited = None, waited + _LOOK_EVERY_SECONDS
                    look()
                    if waited > MOST_SECONDS:
                        raise InputError(
                            "the search took too long",
                            mend="Use a simpler expression: words separated by |.",
                            zh="检索用时过长",
                            mend_zh="换更简单的写法：用 | 隔开各词",
                        ) from None
        finally:
            process.kill()
    return _read(written)


def _read(written: str) -> dict[str, Any]:
    try:
        found = json.loads(written)
    except ValueError:
        raise RuntimeError("the search for a theme ended without an answer") from None
    if "fault" in found:
        kinds = {"ExpressionInvalid": ExpressionInvalid}
        kind = kinds.get(found.pop("kind"), InputError)
        raise kind(found["fault"], mend=found["mend"], zh=found["zh"], mend_zh=found["mend_zh"])
    return found


def answer(asked: dict[str, str]) -> dict[str, Any]:
    """Look for a theme here and now; gives what `find` gives, or the error as plain data."""
    from gaoyuan.observe import theme, theme_clusters
    from gaoyuan.workspace import open_workspace

    try:
        workspace = open_workspace(asked["folder"])
        rows = theme(workspace, asked["expression"], top=0)
        rows = rows[rows["firms"] > 0]
        clusters = theme_clusters(workspace, asked["expression"])[["cluster_id", "industry"]]
        runs = workspace.runs().to_pylist()
    except GaoyuanError as fault:
        from gaoyuan.portal.desk.telling import for_pages

        plain = fault if isinstance(fault, ExpressionInvalid) else for_pages(fault)
        kind = type(plain).__name__
        return {"kind": kind, "fault": plain.what, "mend": plain.mend, "zh": plain.zh, "mend_zh": plain.mend_zh}
    run = next((row["run"] for row in runs if row["step"] == "observe"), "")
    plain = rows.astype(object).where(rows.notna(), None)
    of_theme = clusters.dropna().to_dict("records")
    return {"run": run, "rows": plain.to_dict("records"), "clusters": of_theme}


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
