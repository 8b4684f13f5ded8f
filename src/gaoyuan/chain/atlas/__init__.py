"""The atlas of a chain (产业链图谱): levels, firms, and the state of every link."""

from gaoyuan.chain.atlas.filled import FilledList, FilledMap, FilledProfile, fill_profile
from gaoyuan.chain.atlas.findings import Findings, findings
from gaoyuan.chain.atlas.link_state import STATES, STATES_ZH, StateRule, link_states
from gaoyuan.chain.atlas.querying import Atlas, AtlasIndex, atlas, atlas_index, every_product

__all__ = [
    "STATES",
    "STATES_ZH",
    "Atlas",
    "AtlasIndex",
    "FilledList",
    "FilledMap",
    "FilledProfile",
    "Findings",
    "StateRule",
    "atlas",
    "atlas_index",
    "every_product",
    "fill_profile",
    "findings",
    "link_states",
]
