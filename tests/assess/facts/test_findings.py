"""The kinds of findings are a closed list, which every finding keeps to."""

from __future__ import annotations

import ast
from pathlib import Path

import gaoyuan
from gaoyuan.assess.facts.findings import KINDS

_HOME = Path(gaoyuan.__file__).parent
_IMPORT = "from gaoyuan.assess.facts.findings import"


def _kinds_said() -> dict[str, str]:
    """Give the kinds that the sources write out, each with a module that does."""
    found: dict[str, str] = {}
    for file in sorted(_HOME.rglob("*.py")):
        text = file.read_text("utf-8")
        makers = {"Refused"} | ({"Finding"} if _IMPORT in text else set())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
                first = node.args[0] if node.args else None
                kind = first or next((one.value for one in node.keywords if one.arg == "kind"), None)
                if isinstance(kind, ast.Constant):
                    found[str(kind.value)] = file.name
    return found


def test_every_kind_of_finding_in_the_sources_is_in_the_list():
    said = _kinds_said()
    assert {"no_trend", "not_in_force", "wrong_unit"} <= set(said)
    assert {kind: file for kind, file in said.items() if kind not in KINDS} == {}
    assert len(set(KINDS)) == len(KINDS)
