"""One proof of many entries proves each of them, and nothing else."""

from __future__ import annotations

import random

import pytest

from gaoyuan.trust.failure import ProofInvalid
from gaoyuan.trust.merkle import MerkleTree, leaf_hash, prove_inclusion
from gaoyuan.trust.multiproof import check_many, prove_many


def test_every_choice_of_entries_of_small_trees_is_proven_and_no_other_entry_or_place() -> None:
    for size in range(1, 9):
        leaves = [leaf_hash(b"%d" % number) for number in range(size)]
        tree = MerkleTree(leaves)
        for chosen in range(1, 1 << size):
            found = {at: leaves[at] for at in range(size) if chosen >> at & 1}
            proof = prove_many(tree.node, list(found), size)
            check_many(found, size, tree.root(), proof)
            first = min(found)
            wrongs = [({**found, first: leaf_hash(b"x")}, proof), (found, (*proof, bytes(32)))]
            wrongs += [(found, proof[:-1])] if proof else []
            for shown, given in wrongs:
                with pytest.raises(ProofInvalid):
                    check_many(shown, size, tree.root(), given)


def test_the_proof_of_one_entry_has_the_hashes_of_its_inclusion_proof() -> None:
    tree = MerkleTree([leaf_hash(b"%d" % number) for number in range(77)])
    for index in range(77):
        assert sorted(prove_many(tree.node, [index], 77)) == sorted(prove_inclusion(tree.node, index, 77))


def test_neighbours_share_what_they_have_in_common() -> None:
    tree = MerkleTree([leaf_hash(b"%d" % number) for number in range(1000)])
    assert prove_many(tree.node, range(1000), 1000) == ()
    assert len(prove_many(tree.node, range(256, 512), 1000)) == 2


def test_a_flipped_bit_anywhere_is_found() -> None:
    chance = random.Random(4)
    leaves = [leaf_hash(b"%d" % number) for number in range(300)]
    tree = MerkleTree(leaves)
    found = {at: leaves[at] for at in chance.sample(range(300), 20)}
    proof = prove_many(tree.node, list(found), 300)
    for _ in range(500):
        at, bit = chance.randrange(len(proof)), chance.randrange(256)
        flipped = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
        with pytest.raises(ProofInvalid):
            check_many(found, 300, tree.root(), (*proof[:at], flipped, *proof[at + 1 :]))


def test_nothing_and_places_beyond_the_tree_prove_nothing() -> None:
    for leaves in ({}, {5: bytes(32)}, {-1: bytes(32)}):
        with pytest.raises(ProofInvalid):
            check_many(leaves, 5, bytes(32), ())
    with pytest.raises(ValueError, match="twice"):
        prove_many(lambda _level, _index: bytes(32), [1, 1], 5)
