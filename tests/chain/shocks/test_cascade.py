"""Every firm's loss in given scenarios."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from gaoyuan.chain.shocks import cascade, systemic_risk


@pytest.mark.parametrize("replaceability", [True, False])
def test_losses_are_those_of_dense_steps_within_the_proven_error(replaceability, slow_cascade, small_network) -> None:
    for seed in range(25):
        links = small_network(300 + seed)
        revenue = links.table.sum(axis=1) * 1.4
        random = np.random.default_rng(seed)
        shocks = random.random((3, links.sector.size)) * (random.random((3, links.sector.size)) < 0.4)
        options = {"replaceability": replaceability, "revenue": revenue}
        found = cascade(*links, shocks=shocks, mode="converged", tolerance=1e-5, **options)
        weight = links.table.sum(axis=1) / links.value.sum()
        for row, shock in enumerate(shocks):
            slow = slow_cascade(links, shock, **options)
            for ours, exact in ((found.down[row], slow.lost_down), (found.up[row], slow.lost_up)):
                assert weight @ np.abs(ours - exact) <= found.error_bound[row] + 1e-9
        assert (found.error_bound <= 1e-5).all()
        assert (found.loss == np.maximum(found.down, found.up)).all()


@pytest.mark.parametrize("mode", ["published", "converged"])
def test_weighted_losses_are_the_index(mode, scale_free) -> None:
    links = scale_free(200, 10)
    park = sp.csr_array((np.full(30, 0.8), (np.zeros(30, int), np.arange(30))), shape=(1, 200))
    found = cascade(*links, shocks=park, mode=mode, tolerance=1e-5)
    index = systemic_risk(*links, mode=mode, tolerance=1e-5, shocks=park)
    weight = links.table.sum(axis=1) / links.value.sum()
    assert found.loss @ weight == pytest.approx(index.esri, abs=3e-5)
    assert found.down @ weight == pytest.approx(index.esri_down, abs=3e-5)
    assert found.up @ weight == pytest.approx(index.esri_up, abs=3e-5)
    assert (found.loss[0, :30] >= 0.8).all()
