"""The Merkle tree of the log (RFC 6962 section 2.1, RFC 9162 section 2.1): hashes, roots, proofs and their checks.

`[start, end)` is a subtree of a tree where `start` is a multiple of the smallest power of two that is not below
`end - start` (draft-ietf-plants-merkle-tree-certs, section 4.1). One proof serves three questions, and one definition
gives it (section 4.4 there):

- *subtree consistency*: the subtree `[start, end)` is part of the tree of `size` entries;
- *consistency* is that of `[0, old_size)`: the old tree is the beginning of the new one;
- *inclusion* is that of `[index, index + 1)`: the entry stands at that index.

With n entries and k the largest power of two below n, the proof of `[start, end)` is empty where it is the whole tree
(or the hash of the whole tree, where the asker does not know it), else

    end <= k            proof of [start, end) in the left k entries, then the hash of the right ones
    k <= start          proof of [start - k, end - k) in the right entries, then the hash of the left ones
    start = 0, k < end  proof of [0, end - k) in the right entries, not known, then the hash of the left ones

Making a proof and checking one both walk along this definition and nothing else, so they can be compared with it line
by line. Proofs are tuples of 32-byte hashes; sizes and indices count entries from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from gaoyuan.trust.failure import ProofInvalid

__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE",
    "CompactRange",
    "MerkleTree",
    "Nodes",
    "Proof",
    "check_consistency",
    "check_inclusion",
    "check_subtree_consistency",
    "check_subtree_inclusion",
    "is_subtree",
    "leaf_hash",
    "node_hash",
    "prove_consistency",
    "prove_inclusion",
    "prove_subtree_consistency",
    "subtree_hash",
]

HASH_SIZE = 32
"""Bytes of a SHA-256 hash."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of the tree without entries."""

MAX_SIZE = 1 << 63
"""No tree has as many entries: sizes are below it, so no proof is longer than 63 hashes."""

Proof = tuple[bytes, ...]

Nodes = Callable[[int, int], bytes]
"""`nodes(level, index)` gives the hash of the entries `[index * 2**level, (index + 1) * 2**level)`."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry: SHA-256(0x00 || entry).

    >>> leaf_hash(b"").hex()
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two hashes that stand side by side: SHA-256(0x01 || left || right); the prefix keeps an entry from passing
    as a node and a node as an entry.
    """
    return sha256(b"\x01" + left + right).digest()


def is_subtree(start: int, end: int) -> bool:
    """Tell whether `[start, end)` is a subtree of the trees that reach as far.

    >>> is_subtree(4, 7), is_subtree(0, 5), is_subtree(2, 5), is_subtree(3, 3)
    (True, True, False, False)
    """
    return 0 <= start < end < MAX_SIZE and start % (1 << (end - start - 1).bit_length()) == 0


def subtree_hash(nodes: Nodes, start: int, end: int) -> bytes:
    """Hash the subtree `[start, end)`, from the full binary trees that it is made of; that of no entry is `EMPTY_ROOT`.

    Raises ValueError where it is no subtree.
    """
    if start == end == 0:
        return EMPTY_ROOT
    if not is_subtree(start, end):
        raise ValueError(f"[{start}, {end}) is no subtree")
    # From the right end, each set bit of the width is one full tree, the smallest last.
    width, result = end - start, None
    while width:
        level = (width & -width).bit_length() - 1
        width -= 1 << level
        left = nodes(level, (start + width) >> level)
        result = left if result is None else node_hash(left, result)
    assert result is not None
    return result


def prove_subtree_consistency(nodes: Nodes, start: int, end: int, size: int) -> Proof:
    """Prove that the subtree `[start, end)` is part of the tree of `size` entries; reads O(log size ** 2) nodes.

    Raises ValueError where it is no subtree, or reaches beyond the tree.
    """
    if not (is_subtree(start, end) and end <= size):
        raise ValueError(f"[{start}, {end}) is no subtree of a tree of {size}")
    # `low` and `high` bound the part of the tree in which the definition is applied next.
    low, high, known, proof = 0, size, True, []
    while (low, high) != (start, end):
        middle = low + _split(high - low)
        if end <= middle:
            proof.append(subtree_hash(nodes, middle, high))
            high = middle
        else:
            proof.append(subtree_hash(nodes, low, middle))
            if start < middle:
                start, known = middle, False
            low = middle
    if not known:
        proof.append(subtree_hash(nodes, low, high))
    return tuple(reversed(proof))


def prove_inclusion(nodes: Nodes, index: int, size: int) -> Proof:
    """Prove that an entry stands at `index` of the tree of `size` entries (RFC 6962, section 2.1.1)."""
    return prove_subtree_consistency(nodes, index, index + 1, size)


def prove_consistency(nodes: Nodes, old_size: int, size: int) -> Proof:
    """Prove that the tree of `old_size` entries is the beginning of that of `size` (RFC 6962, section 2.1.2).

    Anything begins with the empty tree, which needs no proof: for `old_size` 0 the proof is empty.
    """
    return prove_subtree_consistency(nodes, 0, old_size, size) if old_size else ()


def check_subtree_consistency(
    start: int, end: int, size: int, subtree_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the subtree `[start, end)` with its root is part of the tree of `size` entries with its root.

    The subtree without entries, with `EMPTY_ROOT`, is part of every tree, whatever its root: that says nothing about
    the tree. Raises ProofInvalid where it does not follow from the proof, or `[start, end)` is no such subtree.
    """
    if 0 <= start == end <= size < MAX_SIZE and subtree_root == EMPTY_ROOT and not proof:
        return
    if not (is_subtree(start, end) and end <= size < MAX_SIZE):
        raise _invalid(f"[{start}, {end}) is no subtree of a tree of {size} entries", "区间不是该树的子树")
    if (start, end) != (0, size) and any(len(one) != HASH_SIZE for one in (subtree_root, root, *proof)):
        raise _invalid("a hash has not 32 bytes", "哈希值不是 32 字节")
    rest = list(proof)
    found_subtree, found_root = _walk(start, end, size, subtree_root, rest)
    if rest:
        raise _invalid("the proof is longer than it has to be", "证明过长")
    if found_subtree != subtree_root or found_root != root:
        raise _invalid("the proof does not lead to the root", "证明与树根不符")


def check_consistency(old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of `old_size` entries is the beginning of that of `size` (RFC 9162, section 2.1.4.2).

    Raises ProofInvalid where that does not follow, and for `old_size` 0: who has seen nothing has nothing to compare,
    and has to take a first checkpoint on other grounds than a proof.
    """
    if old_size < 1:
        raise _invalid("a tree without entries proves nothing about another", "空树不能证明任何一致性")
    check_subtree_consistency(0, old_size, size, old_root, root, proof)


def check_inclusion(index: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the entry with the hash `leaf` stands at `index` of the tree (RFC 9162, section 2.1.3.2).

    Raises ProofInvalid where that does not follow from the proof.

    >>> tree = MerkleTree([leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")])
    >>> proof = prove_inclusion(tree.node, 2, 3)
    >>> check_inclusion(2, 3, leaf_hash(b"c"), tree.root(), proof)
    >>> check_inclusion(1, 3, leaf_hash(b"c"), tree.root(), proof)
    Traceback (most recent call last):
    gaoyuan.trust.failure.ProofInvalid: the proof is too short
    证明过短
    """
    if len(leaf) != HASH_SIZE:
        raise _invalid("a hash has not 32 bytes", "哈希值不是 32 字节")
    check_subtree_consistency(index, index + 1, size, leaf, root, proof)


def check_subtree_inclusion(index: int, start: int, end: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the entry with the hash `leaf` stands at `index` in the subtree `[start, end)` with that root.

    Raises ProofInvalid where that does not follow from the proof, or it is no subtree.
    """
    if not is_subtree(start, end):
        raise _invalid(f"[{start}, {end}) is no subtree", "区间不是子树")
    check_inclusion(index - start, end - start, leaf, root, proof)


class CompactRange:
    """What is needed of a tree to go on with it: one hash for every full subtree that its size is made of.

    So whoever reads a log from its beginning, however long, finds its root at every size in a few hundred bytes.

    >>> growing = CompactRange()
    >>> for entry in (b"a", b"b", b"c"):
    ...     growing.append(leaf_hash(entry))
    >>> growing.size, len(growing.hashes), growing.root() == MerkleTree(map(leaf_hash, (b"a", b"b", b"c"))).root()
    (3, 2, True)
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(hashes):
            raise ValueError(f"a tree of {size} entries is made of {size.bit_count()} full subtrees")
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> None:
        """Add the hash of an entry."""
        bit = 1
        while self.size & bit:
            leaf = node_hash(self.hashes.pop(), leaf)
            bit <<= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Give the root of the entries so far."""
        if not self.hashes:
            return EMPTY_ROOT
        root, *rest = reversed(self.hashes)
        for left in rest:
            root = node_hash(left, root)
        return root


class MerkleTree:
    """A tree that grows: it keeps the hash of every full subtree, so any proof can be made; 64 bytes an entry.

    >>> tree = MerkleTree()
    >>> tree.root() == EMPTY_ROOT
    True
    >>> for entry in (b"a", b"b", b"c"):
    ...     tree.append(leaf_hash(entry))
    >>> tree.root() == node_hash(node_hash(leaf_hash(b"a"), leaf_hash(b"b")), leaf_hash(b"c"))
    True
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [list(leaves)]
        # Level by level, which takes half the time of entry by entry.
        while len(below := self._levels[-1]) > 1:
            self._levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add the hash of an entry. What is complete with it is hashed once, and never changes again."""
        level = 0
        self._levels[0].append(leaf)
        while len(self._levels[level]) % 2 == 0:
            if level + 1 == len(self._levels):
                self._levels.append([])
            left, right = self._levels[level][-2:]
            level += 1
            self._levels[level].append(node_hash(left, right))

    def node(self, level: int, index: int) -> bytes:
        """Give the hash of a full subtree; raises IndexError where the tree does not reach as far."""
        return self._levels[level][index]

    def root(self, size: int | None = None) -> bytes:
        """Give the root of the first `size` entries, of all without it."""
        return subtree_hash(self.node, 0, len(self) if size is None else size)


def _split(size: int) -> int:
    """Give the largest power of two below `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _walk(start: int, end: int, size: int, subtree_root: bytes | None, rest: list[bytes]) -> tuple[bytes, bytes]:
    """Rebuild the root of the subtree and of the tree along the definition, taking hashes from the end of `rest`.
    `subtree_root` is None below the point from which it is not known. At most 63 calls deep.
    """
    if (start, end) == (0, size):
        whole = subtree_root if subtree_root is not None else _take(rest)
        return whole, whole
    middle, other = _split(size), _take(rest)
    if end <= middle:
        part, tree = _walk(start, end, middle, subtree_root, rest)
        return part, node_hash(tree, other)
    if middle <= start:
        part, tree = _walk(start - middle, end - middle, size - middle, subtree_root, rest)
        return part, node_hash(other, tree)
    part, tree = _walk(0, end - middle, size - middle, None, rest)
    return node_hash(other, part), node_hash(other, tree)


def _take(rest: list[bytes]) -> bytes:
    if not rest:
        raise _invalid("the proof is too short", "证明过短")
    return rest.pop()


def _invalid(what: str, zh: str) -> ProofInvalid:
    return ProofInvalid(what, zh=zh)
