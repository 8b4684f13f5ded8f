"""One inclusion proof of many entries at once: what their single proofs share is there once.

The tree is walked from its root down, the left half first. A half without any of the entries is one hash of the proof;
a single entry is its own hash; all else is made of its two halves. Writing a proof and checking one are the same walk,
so the hashes come in one order. Neighbouring entries share nearly all: those of a whole log need no proof.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from gaoyuan.trust.failure import ProofInvalid
from gaoyuan.trust.merkle import HASH_SIZE, MAX_SIZE, Nodes, Proof, node_hash, subtree_hash

__all__ = ["check_many", "prove_many"]


def prove_many(nodes: Nodes, indices: Sequence[int], size: int) -> Proof:
    """Prove that entries stand at `indices` of the tree of `size` entries.

    Raises ValueError where an index is given twice, or is not in the tree.

    >>> from gaoyuan.trust.merkle import MerkleTree, leaf_hash
    >>> tree = MerkleTree(map(leaf_hash, (b"a", b"b", b"c", b"d", b"e")))
    >>> proof = prove_many(tree.node, [1, 2], 5)
    >>> len(proof)
    3
    >>> check_many({1: leaf_hash(b"b"), 2: leaf_hash(b"c")}, 5, tree.root(), proof)
    >>> check_many({1: leaf_hash(b"b"), 2: leaf_hash(b"x")}, 5, tree.root(), proof)
    Traceback (most recent call last):
    gaoyuan.trust.failure.ProofInvalid: the proof does not lead to the root
    证明与树根不符
    """
    found = _sorted(indices, size)
    proof: list[bytes] = []

    def walk(low: int, high: int, first: int, last: int) -> None:
        if first == last:
            proof.append(subtree_hash(nodes, low, high))
        elif high - low > 1:
            middle = low + _split(high - low)
            between = bisect_left(found, middle, first, last)
            walk(low, middle, first, between)
            walk(middle, high, between, last)

    if found:
        walk(0, size, 0, len(found))
    return tuple(proof)


def check_many(leaves: Mapping[int, bytes], size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Check that entries with these hashes stand at their indices of the tree. No entry proves nothing, and is refused.

    Raises ProofInvalid where that does not follow from the proof.
    """
    try:
        found = _sorted(list(leaves), size)
    except ValueError:
        raise _invalid("an entry lies beyond the tree", "条目超出日志范围") from None
    if not found or any(len(one) != HASH_SIZE for one in (root, *proof, *leaves.values())):
        raise _invalid("there is no entry, or a hash has not 32 bytes", "没有条目，或哈希值不是 32 字节")
    rest = iter(proof)

    def walk(low: int, high: int, first: int, last: int) -> bytes:
        if first == last:
            given = next(rest, None)
            if given is None:
                raise _invalid("the proof is too short", "证明过短")
            return given
        if high - low == 1:
            return leaves[low]
        middle = low + _split(high - low)
        between = bisect_left(found, middle, first, last)
        return node_hash(walk(low, middle, first, between), walk(middle, high, between, last))

    if walk(0, size, 0, len(found)) != root:
        raise _invalid("the proof does not lead to the root", "证明与树根不符")
    if next(rest, None) is not None:
        raise _invalid("the proof is longer than it has to be", "证明过长")


def _sorted(indices: Sequence[int], size: int) -> list[int]:
    found = sorted(indices)
    if not 0 <= size < MAX_SIZE or (found and not 0 <= found[0] <= found[-1] < size):
        raise ValueError("an index is not in the tree")
    if len(set(found)) != len(found):
        raise ValueError("an index is given twice")
    return found


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def _invalid(what: str, zh: str) -> ProofInvalid:
    return ProofInvalid(what, zh=zh)
