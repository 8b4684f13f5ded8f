"""A sample register, as it is made and before anything reads it."""

from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest

from gaoyuan.sample.chain_bill import make_bill
from gaoyuan.sample.chain_firms import ChainFirms
from gaoyuan.sample.chain_makers import choose_makers
from gaoyuan.sample.chain_trades import produce
from gaoyuan.sample.making import RegisterMaker


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """`rows` of a register of 20,000 firms, `truth` of its planted firms, and the `planted` clusters."""
    maker = RegisterMaker(20_000, 7)
    rows, truth = zip(*maker.batches(), strict=True)
    return SimpleNamespace(
        rows=pa.Table.from_batches(rows).to_pandas(),
        truth=pa.Table.from_batches(truth).to_pandas(),
        planted=maker.planted,
    )


@pytest.fixture(scope="session")
def chain() -> SimpleNamespace:
    """The chain of a register of 8,000 firms: its `firms`, the `makers` of every product, what they make and trade
    (`production`), and a `bill` of 800 lines.
    """
    firms = ChainFirms()
    for rows, _ in RegisterMaker(8_000, 7).batches():
        firms.add(rows)
    makers = choose_makers(firms, 7)
    return SimpleNamespace(firms=firms, makers=makers, production=produce(makers, 7), bill=make_bill(makers, 800, 7))
