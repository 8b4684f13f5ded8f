from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.chain.sourcing.bill_file import read_bill
from gaoyuan.registry.chain_files import LIST_KINDS, import_list
from gaoyuan.sample.chain_files import CHAIN_FILES, FEWEST_ENTERPRISES, write_chain
from gaoyuan.sample.chain_firms import ChainFirms
from gaoyuan.sample.making import RegisterMaker
from gaoyuan.workspace import Workspace, create_workspace


@pytest.fixture(scope="module")
def firms() -> ChainFirms:
    gathered = ChainFirms()
    for rows, _ in RegisterMaker(FEWEST_ENTERPRISES, 7).batches():
        gathered.add(rows)
    return gathered


def test_the_same_seed_writes_the_same_files_and_another_seed_others(firms: ChainFirms, tmp_path: Path):
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        (tmp_path / name).mkdir()
        write_chain(tmp_path / name, firms, FEWEST_ENTERPRISES, seed)
    written = {name: {file: (tmp_path / name / file).read_bytes() for file in CHAIN_FILES} for name in ("one", "again")}
    assert written["one"] == written["again"]
    same = {file for file in CHAIN_FILES if (tmp_path / "other" / file).read_bytes() == written["one"][file]}
    # What a locomotive is made of does not depend on a seed.
    assert same == {"sample-products.csv", "sample-uses.csv"}
    assert sorted(file.name for file in (tmp_path / "one").iterdir()) == sorted(CHAIN_FILES)


def test_the_lists_are_imported_without_a_mapping_and_without_a_row_set_aside(firms: ChainFirms, tmp_path: Path):
    workspace = create_workspace(tmp_path / "workspace")
    written, _ = write_chain(tmp_path, firms, FEWEST_ENTERPRISES, 7)
    assert written is not None
    for kind in ("products", "uses", "makes", "trades"):
        (imported,) = import_list(workspace, [getattr(written, kind)], LIST_KINDS[kind])
        assert imported.rejected == 0
        assert imported.accepted == imported.rows > 0
        assert imported.columns.unused == ()


def test_the_bill_has_a_line_for_every_ten_firms_and_is_read_as_it_is(firms: ChainFirms, tmp_path: Path):
    written, _ = write_chain(tmp_path, firms, FEWEST_ENTERPRISES, 7)
    assert written is not None
    assert written.lines == FEWEST_ENTERPRISES // 10
    bill = read_bill(written.bill)
    assert len(bill.lines) == written.lines
    assert bill.unused_offers == 0
    assert bill.lines["critical"].any()
    assert bill.lines["path"].str.startswith("L0").all()


def test_a_small_register_has_no_chain_and_older_files_go(firms: ChainFirms, tmp_path: Path):
    write_chain(tmp_path, firms, FEWEST_ENTERPRISES, 7)
    written, truth = write_chain(tmp_path, ChainFirms(), FEWEST_ENTERPRISES - 1, 7)
    assert written is None
    assert truth.num_rows == 0
    assert list(tmp_path.iterdir()) == []


def test_the_truth_names_the_links_and_the_lines(sample_workspace: Workspace):
    truth = sample_workspace.read("sample_chain").to_pylist()
    assert [(row["planted"], row["product_name"]) for row in truth if row["line"] is None] == [
        ("missing_link", "支撑电容"),
        ("missing_link", "闸片"),
        ("missing_link", "叠层母排"),
        ("single_point", "功率模块"),
    ]
    lines = {row["planted"]: row["line"] for row in truth if row["line"] is not None}
    bill = read_bill(sample_workspace.path / "sample" / "sample-bom.xlsx")
    assert set(lines) == {"no_offer", "late_offers", "outside_offers"}
    assert set(lines.values()) <= set(bill.lines["line"])
