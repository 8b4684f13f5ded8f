"""The tree: the vectors of others, every small tree, and every proof that must not pass."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.failure import ProofInvalid
from gaoyuan.trust.merkle import (
    EMPTY_ROOT,
    CompactRange,
    MerkleTree,
    check_consistency,
    check_inclusion,
    check_subtree_consistency,
    check_subtree_inclusion,
    is_subtree,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    prove_subtree_consistency,
    subtree_hash,
)

LEAVES = [leaf_hash(bytes([number])) for number in range(70)]
TREE = MerkleTree(LEAVES)


def _plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word by word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(_plain_root(leaves[:k]), _plain_root(leaves[k:]))


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except ProofInvalid:
        return False
    return True


def _inclusion(vector: dict[str, Any], proof: list[bytes]) -> None:
    check_inclusion(
        vector["leafIdx"], vector["treeSize"], b64decode(vector["leafHash"] or ""), b64decode(vector["root"]), proof
    )


def _consistency(vector: dict[str, Any], proof: list[bytes]) -> None:
    roots = b64decode(vector["root1"] or ""), b64decode(vector["root2"] or "")
    check_consistency(vector["size1"], vector["size2"], *roots, proof)


def _subtree_inclusion(vector: dict[str, Any], proof: list[bytes]) -> None:
    leaf, root = b64decode(vector["leafHash"] or ""), b64decode(vector["root"] or "")
    check_subtree_inclusion(vector["leafIdx"], vector["start"], vector["end"], leaf, root, proof)


def _subtree_consistency(vector: dict[str, Any], proof: list[bytes]) -> None:
    roots = b64decode(vector["root1"] or ""), b64decode(vector["root2"] or "")
    check_subtree_consistency(vector["start"], vector["end"], vector["size"], *roots, proof)


@pytest.mark.parametrize(
    ("kind", "check", "count"),
    [
        ("inclusion", _inclusion, 98),
        ("consistency", _consistency, 98),
        ("subtreeinclusion", _subtree_inclusion, 204),
        ("subtreeconsistency", _subtree_consistency, 118),
    ],
)
def test_the_vectors_of_transparency_dev_are_answered_as_they_say(
    shared_data: Path, kind: str, check: Callable[[dict[str, Any], list[bytes]], None], count: int
) -> None:
    files = sorted((shared_data / "reference/exchange/rfc6962_vectors/testdata" / kind).rglob("*.json"))
    wrong = []
    for file in files:
        vector = json.loads(file.read_text("utf-8"))
        proof = [b64decode(one) for one in vector["proof"] or ()]
        if _holds(lambda vector=vector, proof=proof: check(vector, proof)) == vector["wantErr"]:
            wrong.append(f"{file.parent.name}/{file.name}: {vector['desc']}")
    assert wrong == []
    assert len(files) == count


def test_roots_are_those_of_the_definition() -> None:
    assert [TREE.root(size) for size in range(71)] == [_plain_root(LEAVES[:size]) for size in range(71)]


def test_the_hashes_of_the_rfc_are_known() -> None:
    # Published with RFC 6962's reference implementation: the empty tree, and the trees of its first test inputs.
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    tree = MerkleTree(leaf_hash(bytes.fromhex(one)) for one in inputs)
    assert {size: tree.root(size).hex() for size in roots} == roots


def test_every_inclusion_and_consistency_in_small_trees_is_proven() -> None:
    for size in range(1, 36):
        root = TREE.root(size)
        for index in range(size):
            check_inclusion(index, size, LEAVES[index], root, prove_inclusion(TREE.node, index, size))
            proof = prove_consistency(TREE.node, index + 1, size)
            check_consistency(index + 1, size, TREE.root(index + 1), root, proof)


def test_every_subtree_of_a_small_tree_is_proven() -> None:
    for size in range(1, 20):
        for start in range(size):
            for end in range(start + 1, size + 1):
                if is_subtree(start, end):
                    part = subtree_hash(TREE.node, start, end)
                    assert part == _plain_root(LEAVES[start:end])
                    proof = prove_subtree_consistency(TREE.node, start, end, size)
                    check_subtree_consistency(start, end, size, part, TREE.root(size), proof)


@given(st.data())
def test_a_changed_inclusion_proof_never_passes(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    proof = list(prove_inclusion(TREE.node, index, size))
    kind = data.draw(st.sampled_from(["flip", "drop", "repeat", "swap", "index", "leaf"]))
    at = data.draw(st.integers(0, len(proof) - 1))
    leaf, claimed = LEAVES[index], index
    if kind == "flip":
        byte = data.draw(st.integers(0, 31))
        proof[at] = proof[at][:byte] + bytes([proof[at][byte] ^ 1]) + proof[at][byte + 1 :]
    elif kind == "drop":
        del proof[at]
    elif kind == "repeat":
        proof.insert(at, proof[at])
    elif kind == "swap":
        proof[at] = proof[at][::-1]
    elif kind == "index":
        claimed = data.draw(st.integers(-2, 72).filter(lambda other: other != index))
    else:
        leaf = LEAVES[(index + 1) % 70]
    assert not _holds(lambda: check_inclusion(claimed, size, leaf, TREE.root(size), proof))


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 69))
def test_a_tree_with_another_beginning_is_never_consistent(one: int, other: int, changed: int) -> None:
    old, new = sorted((one, other))
    changed %= old
    forged = MerkleTree([*LEAVES[:changed], leaf_hash(b"forged"), *LEAVES[changed + 1 :]])
    for nodes in (TREE.node, forged.node):
        proof = prove_consistency(nodes, old, new)
        assert not _holds(lambda proof=proof: check_consistency(old, new, TREE.root(old), forged.root(new), proof))


def test_what_a_plain_transcription_of_the_rfc_accepts_is_refused() -> None:
    assert not _holds(lambda: check_inclusion(0, 1, b"", b"", []))
    root = TREE.root(5)
    for old_root in (b"", EMPTY_ROOT, root):
        assert not _holds(lambda old_root=old_root: check_consistency(0, 5, old_root, root, []))
    assert not _holds(lambda: check_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, []))


def test_sizes_beyond_all_trees_are_refused() -> None:
    assert not _holds(lambda: check_inclusion(0, 1 << 63, LEAVES[0], LEAVES[0], [LEAVES[0]] * 63))
    assert not _holds(lambda: check_inclusion(-1, 1, LEAVES[0], LEAVES[0], []))


@pytest.mark.parametrize(("start", "end", "size"), [(2, 5, 9), (0, 0, 9), (4, 8, 7), (-4, 0, 9)])
def test_no_proof_is_made_of_what_is_no_subtree(start: int, end: int, size: int) -> None:
    with pytest.raises(ValueError, match="no subtree"):
        prove_subtree_consistency(TREE.node, start, end, size)


def test_a_subtree_hash_needs_a_subtree() -> None:
    with pytest.raises(ValueError, match="no subtree"):
        subtree_hash(TREE.node, 1, 3)


def test_a_compact_range_has_the_root_of_every_size() -> None:
    growing = CompactRange()
    for size, leaf in enumerate(LEAVES):
        assert growing.root() == TREE.root(size)
        assert len(growing.hashes) == size.bit_count()
        growing = CompactRange(growing.size, growing.hashes)
        growing.append(leaf)
    with pytest.raises(ValueError, match="made of 2 full subtrees"):
        CompactRange(3, LEAVES[:1])
