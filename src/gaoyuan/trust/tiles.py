"""Tiles (C2SP tlog-tiles): the tree and its entries as files that any web server can publish, and proofs from them.

A tile of level l holds up to 256 hashes, each of 256 ** l entries; a bundle holds up to 256 entries, each with its
length in two bytes. What is full never changes; what is partial has its width in its name, so that also a partial file
never changes. An inclusion proof needs one tile a level, and one more a level for the right edge of the tree: at 100
million entries at most eight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from gaoyuan.trust.failure import LogBroken
from gaoyuan.trust.merkle import HASH_SIZE, MerkleTree, leaf_hash

__all__ = [
    "MAX_ENTRY_SIZE",
    "TILE_WIDTH",
    "Read",
    "TileNodes",
    "bundle_entries",
    "bundle_path",
    "bundle_paths",
    "grow",
    "overlaid",
    "read_at",
    "tile_path",
    "tile_paths",
    "write_bundle",
]

TILE_WIDTH = 256
"""Hashes of a full tile, entries of a full bundle."""

MAX_ENTRY_SIZE = 0xFFFF
"""Bytes of the longest entry that a bundle can hold."""

_HEIGHT = 8

Read = Callable[[str], bytes | None]
"""`read(path)` gives what a log has published there, None where there is nothing."""


def tile_path(level: int, number: int, width: int = TILE_WIDTH) -> str:
    """Name a tile.

    >>> tile_path(0, 1234067), tile_path(1, 0, 17)
    ('tile/0/x001/x234/067', 'tile/1/000.p/17')
    """
    return f"tile/{level}/{_number(number, width)}"


def bundle_path(number: int, width: int = TILE_WIDTH) -> str:
    """Name a bundle of entries.

    >>> bundle_path(273, 112)
    'tile/entries/273.p/112'
    """
    return f"tile/entries/{_number(number, width)}"


def tile_paths(size: int) -> Iterator[tuple[int, int, int]]:
    """Give level, number and width of every tile of a tree of `size` entries, the lowest level first.

    >>> sum(1 for _ in tile_paths(70_000)), list(tile_paths(70_000))[-3:]
    (277, [(1, 0, 256), (1, 1, 17), (2, 0, 1)])
    """
    level, count = 0, size
    while count:
        for number in range((count + TILE_WIDTH - 1) // TILE_WIDTH):
            yield level, number, min(TILE_WIDTH, count - number * TILE_WIDTH)
        level, count = level + 1, count // TILE_WIDTH


def bundle_paths(size: int) -> Iterator[tuple[int, int]]:
    """Give number and width of every bundle of a log of `size` entries."""
    return ((number, width) for level, number, width in tile_paths(size) if level == 0)


def write_bundle(entries: Iterable[bytes]) -> bytes:
    r"""Write entries as a bundle; raises ValueError for one of more than 65,535 bytes.

    >>> write_bundle([b"one", b""])
    b'\x00\x03one\x00\x00'
    """
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_SIZE:
            raise ValueError(f"an entry of {len(entry)} bytes is longer than {MAX_ENTRY_SIZE}")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def bundle_entries(content: bytes, width: int, where: str = "") -> list[bytes]:
    """Read the first `width` entries of a bundle, which may be wider where a full one stands in for a partial one.

    Raises LogBroken where it holds fewer, or ends within one; `where` names the file in that case.
    """
    entries, at = [], 0
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        if end > len(content) or at + 2 > len(content):
            raise LogBroken("the bundle ends within an entry", where=where or None, zh="条目文件不完整")
        entries.append(content[at + 2 : end])
        at = end
    if len(entries) < width:
        raise LogBroken(f"the bundle holds fewer than {width} entries", where=where or None, zh="条目文件缺少条目")
    return entries[:width]


class TileNodes:
    """The hashes of a tree of `size` entries, read from its tiles as they are asked for: `Nodes` for proofs and roots.

    Each tile is read once. Nothing is checked here: what comes from a forged tile is a proof that leads nowhere.

    >>> files = grow({}.get, 0, [b"one", b"two", b"three"])
    >>> sorted(files)
    ['tile/0/000.p/3', 'tile/entries/000.p/3']
    >>> from gaoyuan.trust.merkle import check_inclusion, prove_inclusion, subtree_hash
    >>> nodes = TileNodes(3, files.get)
    >>> root = subtree_hash(nodes, 0, 3)
    >>> check_inclusion(1, 3, leaf_hash(b"two"), root, prove_inclusion(nodes, 1, 3))
    """

    def __init__(self, size: int, read: Read) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], MerkleTree] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Give the hash of the entries `[index * 2**level, (index + 1) * 2**level)`.

        Raises IndexError beyond the tree, LogBroken where a tile is missing or has another length than its name says.
        """
        if (index + 1) << level > self.size or index < 0:
            raise IndexError("the tree does not reach as far")
        height = level % _HEIGHT
        number, within = divmod(index << height, TILE_WIDTH)
        return self.tile(level // _HEIGHT, number).node(height, within >> height)

    def tile(self, level: int, number: int) -> MerkleTree:
        """Give a tile as the tree over its hashes."""
        tile = self._tiles.get((level, number))
        if tile is None:
            width = min(TILE_WIDTH, (self.size >> _HEIGHT * level) - number * TILE_WIDTH)
            path = tile_path(level, number, width)
            content = read_at(self._read, path)
            if len(content) < width * HASH_SIZE:
                raise LogBroken(f"the tile holds fewer than {width} hashes", where=path, zh="哈希文件缺少哈希")
            hashes = (content[at : at + HASH_SIZE] for at in range(0, width * HASH_SIZE, HASH_SIZE))
            tile = self._tiles[level, number] = MerkleTree(hashes)
        return tile


def read_at(read: Read, path: str) -> bytes:
    """Read a tile or bundle. A partial one may have been removed since the full one is there, which begins with it.

    Raises LogBroken where there is neither.
    """
    content = read(path)
    if content is None and ".p/" in path:
        content = read(path.partition(".p/")[0])
    if content is None:
        raise LogBroken("a file of the log is missing", where=path, zh="日志文件缺失")
    return content


def grow(read: Read, size: int, entries: Sequence[bytes]) -> dict[str, bytes]:
    """Give the tiles and bundles, by path, that a log of `size` entries gets with more: new files, none is changed.

    Raises ValueError for an entry that is too long, LogBroken where what is continued is missing or differs.
    """
    if not entries:
        return {}
    for entry in entries:
        if len(entry) > MAX_ENTRY_SIZE:
            raise ValueError(f"an entry of {len(entry)} bytes is longer than {MAX_ENTRY_SIZE}")
    files: dict[str, bytes] = {}
    number, width = divmod(size, TILE_WIDTH)
    if width:
        path = bundle_path(number, width)
        there = bundle_entries(read_at(read, path), width, path)
        tile = read_at(read, tile_path(0, number, width))
        if b"".join(map(leaf_hash, there)) != tile[: width * HASH_SIZE]:
            raise LogBroken("entries and their hashes differ", where=path, zh="条目与其哈希不符")
        entries_there = [*there, *entries]
    else:
        entries_there = list(entries)
    for at in range(0, len(entries_there), TILE_WIDTH):
        part = entries_there[at : at + TILE_WIDTH]
        files[bundle_path(number + at // TILE_WIDTH, len(part))] = write_bundle(part)
    _grow_tiles(read, size, [leaf_hash(entry) for entry in entries], files)
    return files


def overlaid(files: Mapping[str, bytes], read: Read) -> Read:
    """Read as if `files` had been written already."""
    return lambda path: files[path] if path in files else read(path)


def _grow_tiles(read: Read, count: int, new: list[bytes], files: dict[str, bytes]) -> None:
    """Add the tiles that `new` hashes give after `count` old ones, level by level."""
    level = 0
    while new:
        number, width = divmod(count, TILE_WIDTH)
        content = b"".join(new)
        if width:
            content = read_at(read, tile_path(level, number, width))[: width * HASH_SIZE] + content
        above = []
        step = TILE_WIDTH * HASH_SIZE
        for at in range(0, len(content), step):
            part = content[at : at + step]
            files[tile_path(level, number + at // step, len(part) // HASH_SIZE)] = part
            if len(part) == step:
                above.append(MerkleTree(part[at : at + HASH_SIZE] for at in range(0, step, HASH_SIZE)).root())
        level, count, new = level + 1, number, above


def _number(number: int, width: int) -> str:
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.append(f"x{number % 1000:03d}")
    name = "/".join(reversed(parts))
    return name if width == TILE_WIDTH else f"{name}.p/{width}"
