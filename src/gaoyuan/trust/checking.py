"""The check of a whole log (fsck): every entry against its hash, every tile against those below, the root, the past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gaoyuan.trust.checkpoints import Checkpoint
from gaoyuan.trust.failure import NotTrusted
from gaoyuan.trust.keys import VerifierKey
from gaoyuan.trust.log import latest_checkpoint
from gaoyuan.trust.merkle import CompactRange, MerkleTree, leaf_hash
from gaoyuan.trust.stores import Store
from gaoyuan.trust.tiles import TILE_WIDTH, bundle_entries, bundle_path, bundle_paths, read_at, tile_path, write_bundle

__all__ = ["Fault", "check_log"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a log, and in which file."""

    where: str
    zh: str
    en: str


def check_log(
    store: Store, log: VerifierKey | Iterable[VerifierKey], remembered: Iterable[Checkpoint] = ()
) -> tuple[Fault, ...]:
    """Check all that a log publishes of its latest checkpoint; no fault means that it is sound.

    `remembered` are checkpoints of this log that somebody has kept: the log must have begun so. Without them a log that
    was rewritten as a whole, with its own key, is as sound as the true one; that is what witnesses are for. Partial
    files of earlier sizes are not looked at, nor what lies beyond the checkpoint. The roots are those of the
    entries alone, whatever the tiles say.

    >>> from gaoyuan.trust.keys import ed25519_signer
    >>> from gaoyuan.trust.log import append, create_log
    >>> from gaoyuan.trust.stores import MemoryStore
    >>> store, signer = MemoryStore(), ed25519_signer("example.com/log", bytes(32))
    >>> created, appended = create_log(store, signer), append(store, [b"one", b"two"], signer)
    >>> check_log(store, signer.key)
    ()
    >>> store.files["tile/entries/000.p/2"] = write_bundle([b"one", b"too"])
    >>> [fault.where for fault in check_log(store, signer.key)]
    ['checkpoint', 'tile/0/000.p/2']
    """
    try:
        latest = latest_checkpoint(store, log).checkpoint
    except NotTrusted as wrong:
        return (_fault("checkpoint", wrong),)
    walk = _Walk(store, latest)
    for one in remembered:
        walk.remember(one)
    walk.run()
    return tuple(walk.faults)


class _Walk:
    """One walk from the first entry to the last; it holds one tile a level, however long the log is."""

    def __init__(self, store: Store, latest: Checkpoint) -> None:
        self.faults: list[Fault] = []
        self._store = store
        self._latest = latest
        self._range = CompactRange()
        # Of each level, the hashes of the tile that is being filled, and its number.
        self._filling: list[list[bytes]] = [[]]
        self._numbers = [0]
        differs = Fault("checkpoint", "检查点的树根与内容不符", "the checkpoint's root is not that of the entries")
        self._roots: dict[int, list[tuple[bytes, Fault]]] = {latest.size: [(latest.root, differs)]}

    def remember(self, one: Checkpoint) -> None:
        if one.origin != self._latest.origin:
            self._add("checkpoint", "保存的检查点属于另一日志", "a remembered checkpoint is of another log")
        elif one.size > self._latest.size:
            self._add("checkpoint", "日志比保存的检查点短", "the log is shorter than it has been")
        else:
            rewritten = Fault("checkpoint", "日志的历史被改写", "the log does not begin as it did")
            self._roots.setdefault(one.size, []).append((one.root, rewritten))

    def run(self) -> None:
        self._compare_roots()
        for number, width in bundle_paths(self._latest.size):
            entries = self._entries(number, width)
            if entries is None:
                return
            for leaf in map(leaf_hash, entries):
                self._range.append(leaf)
                self._filling[0].append(leaf)
                self._compare_roots()
            if width == TILE_WIDTH:
                self._close(0)
        for level, hashes in enumerate(self._filling):
            if hashes:
                self._close(level)

    def _entries(self, number: int, width: int) -> list[bytes] | None:
        path = bundle_path(number, width)
        try:
            entries = bundle_entries(read_at(self._store.read, path), width, path)
        except NotTrusted as wrong:
            self.faults.append(_fault(path, wrong))
            return None
        # A full bundle may stand in for a partial one that was removed; what is there has nothing more.
        if self._store.read(path) not in (None, write_bundle(entries)):
            self._add(path, "条目文件含多余内容", "the bundle holds more than its entries")
        return entries

    def _close(self, level: int) -> None:
        """Compare a tile with the hashes that it should hold, and give its own to the tile above."""
        hashes, number = self._filling[level], self._numbers[level]
        self._filling[level], self._numbers[level] = [], number + 1
        path, should = tile_path(level, number, len(hashes)), b"".join(hashes)
        try:
            content = read_at(self._store.read, path)
        except NotTrusted as wrong:
            self.faults.append(_fault(path, wrong))
        else:
            longer = len(content) > len(should) and self._store.read(path) is not None
            if longer or not content.startswith(should):
                self._add(path, "哈希与内容不符", "hashes are not those of what they stand for")
        if len(hashes) == TILE_WIDTH:
            if level + 1 == len(self._filling):
                self._filling.append([])
                self._numbers.append(0)
            self._filling[level + 1].append(MerkleTree(hashes).root())
            if len(self._filling[level + 1]) == TILE_WIDTH:
                self._close(level + 1)

    def _compare_roots(self) -> None:
        for root, fault in self._roots.get(self._range.size, ()):
            if self._range.root() != root:
                self.faults.append(fault)

    def _add(self, where: str, zh: str, en: str) -> None:
        self.faults.append(Fault(where, zh, en))


def _fault(where: str, wrong: NotTrusted) -> Fault:
    return Fault(wrong.where or where, wrong.zh, wrong.what)
