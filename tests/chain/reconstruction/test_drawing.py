from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from gaoyuan.chain.reconstruction.demand import RegionalFlows
from gaoyuan.chain.reconstruction.drawing import Drawn, DrawSettings, draw_network
from gaoyuan.chain.reconstruction.places import gathered, positions
from gaoyuan.errors import InputError


def draw(economy, seed: int = 0, **settings: float) -> Drawn:
    chosen = DrawSettings(**settings)
    return draw_network(
        economy.size,
        economy.sector,
        economy.cells(chosen.distance_decay_km),
        economy.regional,
        chosen,
        np.random.default_rng(seed),
    )


def blocks(economy, drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
    value, links = np.zeros((2, economy.sectors, economy.sectors))
    np.add.at(value, (economy.sector[drawn.seller], economy.sector[drawn.buyer]), drawn.value)
    np.add.at(links, (economy.sector[drawn.seller], economy.sector[drawn.buyer]), 1)
    return value, links


def test_no_firm_sells_to_itself_and_no_pair_comes_twice(economy):
    drawn = draw(economy)
    assert (drawn.seller != drawn.buyer).all()
    assert (drawn.value > 0).all()
    pairs = drawn.seller * economy.size.size + drawn.buyer
    assert (np.diff(pairs) > 0).all()


def test_flows_between_sectors_are_those_of_the_table(economy):
    value, links = blocks(economy, draw(economy))
    flows = economy.regional.flows
    dense = links >= 30
    assert flows[dense].sum() > 0.95 * flows.sum()
    # A block in which a few large firms buy nearly all cannot always be met.
    assert np.quantile(np.abs(value[dense] / flows[dense] - 1), 0.9) < 0.02
    assert value.sum() == pytest.approx(flows.sum(), rel=0.02)


def test_what_is_bought_elsewhere_stays_elsewhere(economy):
    drawn = draw(economy)
    bought = np.bincount(economy.sector[drawn.buyer], weights=drawn.value, minlength=economy.sectors)
    inputs = economy.regional.inputs
    wanted = economy.regional.flows.sum(axis=0)
    assert (bought <= wanted * 1.1).all()
    leak = 1 - bought.sum() / inputs.sum()
    assert leak == pytest.approx(1 - wanted.sum() / inputs.sum(), abs=0.02)
    assert leak > 0.2


def test_no_firm_sells_more_than_its_part_for_firms(economy):
    drawn = draw(economy)
    output = np.bincount(economy.sector, weights=economy.size, minlength=economy.sectors)
    most = economy.size * (economy.regional.for_firms / output)[economy.sector]
    assert (np.bincount(drawn.seller, weights=drawn.value, minlength=most.size) <= most * (1 + 1e-9)).all()


def test_the_same_seed_gives_the_same_network_and_another_one_another(economy):
    first, again, other = draw(economy, 1), draw(economy, 1), draw(economy, 2)
    np.testing.assert_array_equal(first.seller, again.seller)
    np.testing.assert_array_equal(first.value, again.value)
    one, two = (set(zip(drawn.seller.tolist(), drawn.buyer.tolist(), strict=True)) for drawn in (first, other))
    assert 0 < len(one & two) < 0.5 * len(one)


def test_suppliers_are_nearer_where_distance_counts_more(economy):
    def mean_distance(decay: float) -> float:
        drawn = draw(economy, distance_decay_km=decay)
        return float(np.linalg.norm(economy.position[drawn.seller] - economy.position[drawn.buyer], axis=1).mean())

    distances = [mean_distance(decay) for decay in (10.0, 40.0, 160.0, np.inf)]
    assert distances == sorted(distances)
    assert distances[0] < 0.4 * distances[-1]


def test_the_mean_number_of_suppliers_is_the_one_asked_for(economy):
    for mean in (3.0, 12.0):
        drawn = draw(economy, mean_suppliers=mean)
        assert drawn.seller.size / economy.size.size == pytest.approx(mean, rel=0.05)


@pytest.mark.parametrize("wrong", [{"mean_suppliers": 0.5}, {"distance_decay_km": 0.0}, {"size_exponent": -1.0}])
def test_settings_that_cannot_be_are_refused(economy, wrong: dict[str, float]):
    with pytest.raises(InputError):
        draw(economy, 0, **wrong)


def test_sectors_without_firms_or_sales_make_an_empty_network():
    regional = RegionalFlows(np.zeros((2, 2)), np.ones(2), np.zeros(2))
    cells = gathered(np.zeros((3, 3)), 10.0)
    drawn = draw_network(np.ones(3), np.array([0, 0, 1]), cells, regional, DrawSettings(), np.random.default_rng(0))
    assert drawn.seller.size == 0


def known_network(seed: int):
    """A network made in another way: links by preferential attachment within sectors that trade, values lognormal and
    independent of any size; sizes and flows follow from it.
    """
    random = np.random.default_rng(seed)
    count, sectors = 1_500, 6
    sector = random.integers(0, sectors, count)
    position = positions(118 + 2 * random.random(count), 36 + 2 * random.random(count))
    trades = random.random((sectors, sectors)) < 0.5
    np.fill_diagonal(trades, True)
    customers = np.ones(count)
    links: set[tuple[int, int]] = set()
    for buyer in random.permutation(count):
        near = np.exp(-np.linalg.norm(position - position[buyer], axis=1) / 40.0)
        chance = customers * near * trades[sector, sector[buyer]]
        chance[buyer] = 0.0
        for seller in random.choice(count, 1 + random.geometric(0.15), p=chance / chance.sum()):
            if (int(seller), int(buyer)) not in links:
                links.add((int(seller), int(buyer)))
                customers[seller] += 1
    seller, buyer = np.array(sorted(links)).T
    value = np.exp(random.normal(12.0, 1.2, seller.size))
    return sector, position, seller, buyer, value


def redrawn(known, size: np.ndarray) -> Drawn:
    sector, position, seller, buyer, value = known
    flows = np.zeros((6, 6))
    np.add.at(flows, (sector[seller], sector[buyer]), value)
    output = np.bincount(sector, weights=size, minlength=6)
    regional = RegionalFlows(flows, flows.sum(axis=0), np.minimum(flows.sum(axis=1) * 1.2, output))
    settings = DrawSettings(mean_suppliers=seller.size / sector.size, distance_decay_km=40.0)
    return draw_network(size, sector, gathered(position, 40.0), regional, settings, np.random.default_rng(0))


@pytest.mark.parametrize("seed", [11, 12])
def test_a_known_network_is_resembled_in_what_sizes_and_flows_can_tell(seed: int):
    known = known_network(seed)
    sector, position, seller, buyer, value = known
    count = sector.size

    def traits(seller: np.ndarray, buyer: np.ndarray, value: np.ndarray) -> dict[str, np.ndarray]:
        return {
            "sold": np.bincount(seller, weights=value, minlength=count),
            "bought": np.bincount(buyer, weights=value, minlength=count),
            "customers": np.bincount(seller, minlength=count),
            "suppliers": np.bincount(buyer, minlength=count),
        }

    true = traits(seller, buyer, value)
    size = true["sold"] + 0.5 * true["bought"] + 1e4
    # Where sizes are dealt out anew, what is left of the likeness comes from sectors and places alone.
    drawn, shuffled = redrawn(known, size), redrawn(known, np.random.default_rng(1).permutation(size))
    for name in true:
        alike, by_chance = (
            float(spearmanr(true[name], traits(one.seller, one.buyer, one.value)[name]).statistic)
            for one in (drawn, shuffled)
        )
        assert alike > by_chance + 0.25, name
    assert drawn.seller.size == pytest.approx(seller.size, rel=0.02)

    def apart(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.linalg.norm(position[one] - position[other], axis=1).mean())

    assert apart(drawn.seller, drawn.buyer) == pytest.approx(apart(seller, buyer), rel=0.1)
    # Who sells to whom is not told by sizes and flows: few of the links are the true ones.
    links, found = (
        set(zip(*map(np.ndarray.tolist, pair), strict=True)) for pair in ((seller, buyer), (drawn.seller, drawn.buyer))
    )
    assert len(links & found) < 0.2 * len(found)
