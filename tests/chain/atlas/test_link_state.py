"""States of links, each on a chain made for it."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.atlas.link_state import STATES, STATES_ZH, StateRule, highest_local_share, link_states
from gaoyuan.chain.known_chain import read_chain


def _states(workspace, place="370211", rule=None):
    chain = read_chain(workspace, place)
    states = link_states(chain, rule)
    return {name: STATES[state] for name, state in zip(chain.products["product"].to_pylist(), states, strict=True)}


def test_each_link_of_the_small_chain_has_its_state(chain_workspace):
    assert _states(chain_workspace) == {
        "loco": "weak",  # two makers
        "conv": "strong",
        "bogie": "strong",
        "module": "single_source",
        "cap": "missing",  # a firm of the industry has said what it makes
        "film": "weak",
        "chip": "imported",
        "wafer": "unknown",  # nobody of the industry was asked
        "power-cap": "single_source",
    }
    assert set(STATES_ZH) == set(STATES)


def test_an_outside_maker_makes_no_link_local(chain_workspace):
    assert _states(chain_workspace, "370102")["cap"] == "single_source"
    assert _states(chain_workspace, "370102")["module"] == "missing"


def test_the_thresholds_are_settings(chain_workspace):
    assert _states(chain_workspace, rule=StateRule(few_makers=2))["film"] == "strong"
    assert _states(chain_workspace, rule=StateRule(few_makers=4))["conv"] == "weak"
    assert _states(chain_workspace, rule=StateRule(imported_share=0.95))["chip"] == "missing"


def test_of_an_unknown_industry_a_link_is_unknown_until_someone_is_known_to_make_it(chain_workspace, put):
    products = [row | {"industry": None} for row in chain_workspace.read("product").to_pylist()]
    put(chain_workspace, product=products)
    assert _states(chain_workspace)["wafer"] == "unknown"
    assert _states(chain_workspace)["cap"] == "missing"
    assert _states(put(chain_workspace, makes=[]))["cap"] == "unknown"


@pytest.mark.parametrize(("local", "state"), [(29.0, "weak"), (31.0, "strong")])
def test_a_link_of_which_little_is_bought_locally_is_weak(chain_workspace, put, sale, local, state):
    put(chain_workspace, trade=[sale("F4", "F1", "conv", local), sale("J1", "F1", "conv", 100.0 - local)])
    assert _states(chain_workspace)["conv"] == state


def test_sellers_that_nobody_can_place_do_not_make_a_link_weak(chain_workspace, put, sale):
    trade = [sale("J3", "F1", "conv", 90.0), sale("J1", "F1", "conv", 10.0)]
    chain = read_chain(put(chain_workspace, trade=trade), "370211")
    share = highest_local_share(chain)
    assert share[chain.number("conv")] == 0.9
    assert np.isnan(share[chain.number("module")])
    assert _states(chain_workspace)["conv"] == "strong"
