"""A sample register, as it is made and before anything reads it."""

from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest

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
