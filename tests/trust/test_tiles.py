"""Tiles: Tessera's golden log byte for byte, growth in any steps, and proofs of very large trees from few tiles."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoyuan.trust.checkpoints import Checkpoint
from gaoyuan.trust.failure import LogBroken
from gaoyuan.trust.merkle import (
    MerkleTree,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    subtree_hash,
)
from gaoyuan.trust.notes import read_note
from gaoyuan.trust.tiles import (
    TileNodes,
    bundle_entries,
    bundle_path,
    bundle_paths,
    grow,
    tile_path,
    tile_paths,
    write_bundle,
)

ENTRIES = [f"entry {number}".encode() * (number % 3) for number in range(70_000)]
GOLDEN = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten"


def _grown(sizes: list[int]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for old, new in pairwise([0, *sizes]):
        files.update(grow(files.get, old, ENTRIES[old:new]))
    return files


@pytest.fixture(scope="module")
def large() -> dict[str, bytes]:
    """A log of 70,000 entries, the example of the specification."""
    return _grown([70_000])


def test_the_golden_log_of_tessera_is_written_byte_for_byte(shared_data: Path) -> None:
    folder = shared_data / "reference/exchange/tessera_golden/testdata/log"
    entries = bundle_entries((folder / "tile/entries/000.p/15").read_bytes(), 15)
    assert entries == GOLDEN.encode().split()
    files: dict[str, bytes] = {}
    for size in range(16):
        checkpoint = Checkpoint.read(read_note((folder / f"checkpoint.{size}").read_bytes()).text)
        assert subtree_hash(TileNodes(size, files.get), 0, size) == checkpoint.root
        files.update(grow(files.get, size, entries[size : size + 1]))
    theirs = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.glob("tile/**/*.p/*")}
    assert len(theirs) == 30
    assert files == theirs


def test_the_tiles_of_the_specifications_example_are_written(large: dict[str, bytes]) -> None:
    named = [path for path in large if not path.startswith("tile/entries")]
    assert len(named) == 273 + 1 + 1 + 1 + 1
    assert {"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= set(named)
    assert len(large["tile/0/272"]) == 8192
    assert set(named) == {tile_path(*one) for one in tile_paths(70_000)}
    assert set(large) - set(named) == {bundle_path(*one) for one in bundle_paths(70_000)}


def test_roots_and_proofs_from_tiles_are_those_of_the_tree(large: dict[str, bytes]) -> None:
    tree = MerkleTree(map(leaf_hash, ENTRIES))
    for size in (1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 69_999, 70_000):
        nodes = TileNodes(size, (large | _grown([size])).get)
        root = subtree_hash(nodes, 0, size)
        assert root == tree.root(size)
        for index in {0, size // 2, size - 1}:
            proof = prove_inclusion(nodes, index, size)
            assert proof == prove_inclusion(tree.node, index, size)
            check_inclusion(index, size, leaf_hash(ENTRIES[index]), root, proof)
            old = prove_consistency(nodes, index + 1, size)
            check_consistency(index + 1, size, tree.root(index + 1), root, old)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 1_200), min_size=1, max_size=5))
def test_the_steps_of_growth_do_not_change_the_files(sizes: list[int]) -> None:
    sizes.sort()
    stepped, size = _grown(sizes), sizes[-1]
    at_once = _grown([size])
    assert {path: stepped[path] for path in at_once} == at_once
    assert subtree_hash(TileNodes(size, stepped.get), 0, size) == MerkleTree(map(leaf_hash, ENTRIES[:size])).root()


def test_a_full_file_stands_in_for_a_partial_one_that_was_removed() -> None:
    files = {path: content for path, content in _grown([300, 600]).items() if not path.endswith(".p/44")}
    assert subtree_hash(TileNodes(300, files.get), 0, 300) == MerkleTree(map(leaf_hash, ENTRIES[:300])).root()
    assert files.keys() < _grown([300, 600]).keys()


@pytest.mark.parametrize("size", [100_000_000, 100_663_296, 123_456_789])
def test_a_proof_at_a_hundred_million_entries_reads_few_tiles(size: int) -> None:
    # All entries are the same, so a tile is 256 times one hash; only the width of the last ones differs.
    hashes = [leaf_hash(b"same")]
    for _ in range(40):
        hashes.append(node_hash(hashes[-1], hashes[-1]))
    read: list[str] = []

    def published(path: str) -> bytes:
        read.append(path)
        level, width = int(path.split("/")[1]), int(path.partition(".p/")[2] or 256)
        return hashes[8 * level] * width

    root = subtree_hash(TileNodes(size, published), 0, size)
    for index in (0, 1, 77_777_777, size - 1):
        read.clear()
        proof = prove_inclusion(TileNodes(size, published), index, size)
        assert len(read) == len(set(read)) <= 8
        assert len(proof) <= 27
        check_inclusion(index, size, hashes[0], root, proof)


def test_a_missing_or_short_file_is_named() -> None:
    files = _grown([300])
    with pytest.raises(LogBroken, match=r"tile/0/000: a file of the log is missing"):
        TileNodes(300, {**files, "tile/0/000": None}.get)(0, 5)
    with pytest.raises(LogBroken, match=r"tile/0/001\.p/44: the tile holds fewer than 44"):
        TileNodes(300, {**files, "tile/0/001.p/44": bytes(40)}.get)(0, 299)
    with pytest.raises(LogBroken, match="missing"):
        grow({}.get, 300, [b"next"])


def test_nothing_is_beyond_the_tree() -> None:
    nodes = TileNodes(300, _grown([300]).get)
    for level, index in ((0, 300), (8, 1), (9, 0), (0, -1)):
        with pytest.raises(IndexError):
            nodes(level, index)


@pytest.mark.parametrize("content", [b"\x00", b"\x00\x05abc", b"\x00\x01a\x00", b"\x00\x01a"])
def test_a_bundle_that_ends_early_is_found(content: bytes) -> None:
    with pytest.raises(LogBroken, match="bundle"):
        bundle_entries(content, 2)


@given(st.lists(st.binary(max_size=9), max_size=20))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert bundle_entries(write_bundle(entries), len(entries)) == entries


def test_an_entry_that_is_too_long_is_refused_before_anything_is_written() -> None:
    for write in (lambda: write_bundle([bytes(65_536)]), lambda: grow({}.get, 0, [b"", bytes(65_536)])):
        with pytest.raises(ValueError, match="longer than 65535"):
            write()
    assert grow({}.get, 0, []) == {}
    assert bundle_entries(write_bundle([bytes(65_535)]), 1) == [bytes(65_535)]
