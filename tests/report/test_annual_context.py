from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gaoyuan.report.annual_context import _names


def test_peers_of_one_name_are_told_apart_by_their_ids():
    peers: list[Any] = [
        SimpleNamespace(id="371311-1742", name="罗庄区绢纺集群"),
        SimpleNamespace(id="371311-1742-2", name="罗庄区绢纺集群"),
        SimpleNamespace(id="370829-3734", name="嘉祥县船用设备集群"),
    ]
    assert _names(peers) == {
        "371311-1742": "罗庄区绢纺集群（371311-1742）",
        "371311-1742-2": "罗庄区绢纺集群（371311-1742-2）",
        "370829-3734": "嘉祥县船用设备集群",
    }
