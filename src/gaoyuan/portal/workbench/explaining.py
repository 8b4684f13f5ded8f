"""Explaining clusters and enterprises in a process of its own. The engine of a workspace takes more memory than all
else that the server does, so it is started when first asked, and ends when nobody has asked for a while.

`python -m gaoyuan.portal.workbench.explaining` reads questions from its standard input and writes answers.
"""

from __future__ import annotations

import os
import pickle
import select
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from gaoyuan.errors import GaoyuanError

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

_MOST_SECONDS = 120
_IDLE_SECONDS = 300

_asking = threading.Lock()
_engine: subprocess.Popen[bytes] | None = None


Versions: TypeAlias = Mapping[str, str | int | None]
"""Tables that an explanation is read from, with the versions that they had when they were published."""


def explain_there(folder: str, cluster_id: str, versions: Versions) -> dict[str, Any] | None:
    """Give what `explain_here` gives, from the process of the engine. None also where it does not answer."""
    return ask_there("cluster", folder, cluster_id, versions)


def ask_there(kind: str, folder: str, key: str, versions: Versions) -> dict[str, Any] | None:
    """Give what the function of a kind in `KINDS` gives, from the process of the engine."""
    global _engine
    with _asking:
        # One that has ended meanwhile, since nobody asked, is started anew.
        for _ in range(2):
            if _engine is None or _engine.poll() is not None:
                command = [sys.executable, "-m", __name__]
                _engine = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            with suppress(OSError, EOFError, pickle.UnpicklingError):
                return _ask(_engine, (kind, folder, key, dict(versions)))
            _engine.kill()
            _engine.wait()
            _engine = None
    return None


def _ask(engine: subprocess.Popen[bytes], question: tuple[object, ...]) -> dict[str, Any] | None:
    assert engine.stdin is not None
    assert engine.stdout is not None
    pickle.dump(question, engine.stdin)
    engine.stdin.flush()
    if not select.select([engine.stdout], [], [], _MOST_SECONDS)[0]:
        engine.kill()
        return None
    return pickle.load(engine.stdout)


def explain_here(folder: str, cluster_id: str, versions: Versions) -> dict[str, Any] | None:
    """Give a cluster's figures with formula, inputs and run as plain data. None where the workspace cannot be read, or
    its tables are of other versions.
    """
    from gaoyuan.observe import explain
    from gaoyuan.workspace import open_workspace

    try:
        workspace = open_workspace(Path(folder))
        if not _is_as_published(workspace, versions):
            return None
        found = explain(workspace, cluster_id)
    except (GaoyuanError, OSError):
        return None
    return {
        "figures": {
            figure.name: {
                "name": figure.name,
                "zh": figure.zh,
                "value": figure.value,
                "unit": figure.unit,
                "formula": figure.formula,
                "inputs": figure.inputs,
                "recomputed": figure.recomputed,
                "agrees": figure.agrees,
                "source": figure.source,
            }
            for figure in found.figures
        },
        "run": {name: value for name, value in found.run.items() if name not in ("outputs", "timings")},
        "files": list(found.files),
    }


def enterprise_here(folder: str, enterprise_id: str, versions: Versions) -> dict[str, Any] | None:
    """Give an enterprise's row of the register as it was read, what was found out of it, and the file that it stands
    in, as plain data. None where the workspace cannot be read, its tables are of other versions, or there is no such
    enterprise.
    """
    from gaoyuan.workspace import open_workspace

    try:
        workspace = open_workspace(Path(folder))
        if not _is_as_published(workspace, versions):
            return None
        read = _one_row(workspace, "register", "enterprise_id", enterprise_id)
        found = _one_row(workspace, "enterprise", "enterprise_id", enterprise_id)
        if read is None or found is None:
            return None
        file = _one_row(workspace, "import", "file", str(read["file"])) if workspace.has("import") else None
    except (GaoyuanError, OSError):
        return None
    return {"read": read, "found": found, "file": file}


def _is_as_published(workspace: Workspace, versions: Versions) -> bool:
    held = {state.name: state.version for state in workspace.tables()}
    return all(held.get(name) == version for name, version in versions.items())


def _one_row(workspace: Workspace, table: str, column: str, value: str) -> dict[str, Any] | None:
    rows = workspace.table(table)
    found = workspace.to_arrow(rows.filter(rows[column] == value).limit(1)).to_pylist()
    return found[0] if found else None


KINDS = {"cluster": explain_here, "enterprise": enterprise_here}
"""What can be asked for, and the function that gives it."""


def _answer(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more: the server has gone, or has asked nothing for a while."""
    while select.select([questions], [], [], _IDLE_SECONDS)[0]:
        try:
            kind, *question = pickle.load(questions)
        except EOFError:
            return
        pickle.dump(KINDS[kind](*question), answers)
        answers.flush()


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "wb") as told:
        # What libraries print must not come between the answers.
        os.dup2(2, 1)
        with os.fdopen(0, "rb", buffering=0) as asked:
            _answer(asked, told)
