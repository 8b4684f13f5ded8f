"""The proof behind the downstream bound: what the kernels say is tried on the equations themselves."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.shocks.downstream import new_field, push_down, repair_upper, wipe_field
from gaoyuan.chain.shocks.network import Network, compile_network
from gaoyuan.chain.shocks.potential import potential_of


def _step(network: Network, losses: np.ndarray, shock: np.ndarray, replaceability: bool) -> np.ndarray:
    """F: what firms lose when others lose `losses`, from the segments of a compiled network."""
    passing = losses.copy()
    if replaceability:
        available = np.bincount(network.sector, (1.0 - losses) * network.output, network.sector_output.size)[
            network.sector
        ]
        left = np.divide(network.output, available, out=np.ones_like(passing), where=available > network.output)
        passing *= left
    found = shock.copy()
    for segment, buyer in enumerate(network.segment_buyer):
        part = slice(network.segment_begins[segment], network.segment_begins[segment + 1])
        total = network.segment_share[part] @ passing[network.segment_supplier[part]]
        found[buyer] = max(found[buyer], min(1.0, total))
    return found


@pytest.mark.parametrize("replaceability", [True, False])
def test_the_potential_lies_above_what_it_passes_on(replaceability, small_network) -> None:
    for seed in range(30):
        network = compile_network(*small_network(seed))
        potential = potential_of(network, replaceability)
        nothing = np.zeros(network.output.size)
        passed = np.zeros_like(nothing)
        for segment, buyer in enumerate(network.segment_buyer):
            part = slice(network.segment_begins[segment], network.segment_begins[segment + 1])
            supplier = network.segment_supplier[part]
            total = network.segment_share[part] @ (potential.kept * potential.level)[supplier]
            passed[buyer] = max(passed[buyer], total)
        assert (passed <= potential.level + 1e-12).all()
        assert potential.room == pytest.approx(potential.level - passed, abs=1e-11)
        assert (potential.level <= 1.0 + 1e-12).all()


@pytest.mark.parametrize("replaceability", [True, False])
@pytest.mark.parametrize("scale", [1e-2, 1e-4])
def test_pushed_losses_lie_below_and_repaired_ones_above_what_they_lead_to(
    replaceability, scale, small_network
) -> None:
    held = 0
    for seed in range(60):
        network = compile_network(*small_network(seed))
        firms = network.output.size
        potential, field = potential_of(network, replaceability), new_field(network)
        random = np.random.default_rng(seed)
        shock = random.random(firms) * (random.random(firms) < 0.4)
        failing = np.flatnonzero(shock).astype(np.int32)
        reached, _ = push_down(network, potential, field, failing, shock[failing], scale, 1e-3 * scale, replaceability)
        low = field.loss.copy()
        assert (low <= _step(network, low, shock, replaceability) + 1e-12).all()
        special, holds = repair_upper(network, potential, field, reached, scale, replaceability)
        if holds:
            high = np.minimum(1.0, low + scale * potential.level + field.raised)
            assert (_step(network, high, shock, replaceability) <= high + 1e-11).all()
            held += 1
        wipe_field(network, field, reached, special)
        assert not any(part.any() for part in (field.loss, field.sums, field.extra, field.raised, field.lost))
        assert not any(part.any() for part in (field.waiting, field.is_special, field.hot, field.marked))
    assert held >= 50
