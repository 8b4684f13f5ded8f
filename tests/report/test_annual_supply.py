"""The chapter on a cluster's chains, against the tables that it is read from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest

from gaoyuan.chain.local_supply import supply_rates
from gaoyuan.report.annual_chain import chain, unknown_of_chain
from gaoyuan.report.annual_facts import AnnualFacts, gather
from gaoyuan.report.annual_supply import LocalRate, Supply, read_supply
from gaoyuan.report.document import Note, Table
from gaoyuan.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def makers(demonstrated: Workspace) -> str:
    """The cluster of the sample whose members make most."""
    made = (
        demonstrated.read("makes")
        .to_pandas()
        .merge(demonstrated.read("cluster_member").to_pandas(), on="enterprise_id")
    )
    return str(made["cluster_id"].mode()[0])


@pytest.fixture(scope="module")
def annual(demonstrated: Workspace, makers: str) -> AnnualFacts:
    return gather(demonstrated, makers, 2025)


@pytest.fixture(scope="module")
def own_copy(demonstrated: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(shutil.copytree(demonstrated.path, tmp_path_factory.mktemp("supply") / "w"))


def words(facts: AnnualFacts) -> str:
    """All that the chapter says, without footnotes."""

    def inside(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            for one in value:
                yield from inside(one)
        elif is_dataclass(value) and not isinstance(value, Note):
            for field in fields(value):
                yield from inside(getattr(value, field.name))

    return "".join(inside(chain(facts)))


def test_products_of_the_members_are_those_of_the_lists(demonstrated: Workspace, annual: AnnualFacts, makers: str):
    members = demonstrated.read("cluster_member").to_pandas().set_index("cluster_id")["enterprise_id"][makers]
    made = demonstrated.read("makes").to_pandas()
    made = made[made["enterprise_id"].isin(members)]
    by_product = made.groupby("product")["enterprise_id"].nunique()
    assert {one.product: one.members for one in annual.supply.made} == by_product.to_dict()
    uses = demonstrated.read("uses").to_pandas()
    uses = uses[uses["product"].isin(by_product.index)]
    assert annual.supply.inputs == uses["input"].nunique()
    assert {one.product for one in annual.supply.needed} <= set(uses["input"])
    for link in annual.supply.needed:
        assert link.state != "strong"
        assert len(link.needed_for) == uses[uses["input"] == link.product]["product"].nunique()


def test_rates_are_those_that_the_verb_measures(own_copy: Workspace, annual: AnnualFacts, makers: str):
    for scope, place in (("cluster", makers), ("county", makers[:6])):
        whole = supply_rates(own_copy, place).to_pandas().query("scope == 'all'").iloc[0]
        rate = next(one for one in annual.supply.rates if one.scope == scope)
        assert (rate.by, rate.total, rate.low, rate.high) == (
            whole["measured_by"], pytest.approx(whole["total"]), pytest.approx(whole["low"]),
            pytest.approx(whole["high"]),
        )  # fmt: skip


def test_the_chapter_says_what_is_made_lacked_and_local_with_footnotes_to_the_imports(annual: AnnualFacts):
    tables = [block for block in chain(annual) if isinstance(block, Table)]
    assert [table.label for table in tables[:1]] == ["made"]
    said = words(annual)
    for link in annual.supply.made[:3]:
        assert link.name in said
    assert "本地配套率" in said
    assert {origin.table for origin in annual.supply.origins} == {"product", "uses", "makes", "trade"}
    assert all(origin.run for origin in annual.supply.origins)
    assert list(unknown_of_chain(annual)) == []


def test_without_lists_of_products_the_chain_is_unknown_and_said_so(sample_annual):
    facts = sample_annual("passes")
    assert facts.supply == Supply()
    assert "未知" in words(facts)
    assert len(list(unknown_of_chain(facts))) == 1


def test_a_cluster_without_known_members_has_only_the_rate_of_its_county(demonstrated: Workspace, makers: str):
    found = read_supply(demonstrated, makers, makers[:6], has_members=False)
    assert (found.made, found.needed, found.inputs) == ((), (), 0)
    assert {one.scope for one in found.rates} <= {"county"}


def test_a_rate_that_is_not_certain_is_said_as_its_range(annual: AnnualFacts):
    open_rate = LocalRate("cluster", "trades", 0.5, 0.25, 0.75, 2e8, 0.5)
    counted = LocalRate("county", "products", 0.5, 0.5, 0.5, 8.0, 1.0)
    facts = replace(annual, supply=replace(annual.supply, rates=(open_rate, counted)))
    said = words(facts)
    assert "采购 2 亿元，其中由集群内企业供应的占 25% 至 75%（卖方所在地已知的部分为 50%）" in said
    assert "需要 8 种投入品" in said
    nothing = replace(annual, supply=replace(annual.supply, made=(), needed=(), inputs=0, rates=()))
    assert len(list(unknown_of_chain(nothing))) == 2
