"""Stores: what lasts when the power fails after any act, and what holds the folder of a real disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pytest

from gaoyuan.trust.checking import check_log
from gaoyuan.trust.keys import Signer
from gaoyuan.trust.log import append, create_log, latest_checkpoint
from gaoyuan.trust.stores import FolderStore, MemoryStore, Store


class PowerFailed(Exception):
    """The machine is off."""


class UncertainDisk:
    """A disk as POSIX allows it: a file's content lasts once synced, its name once the name's folder was synced.

    The power fails before the act number `fails_at`. Then what was not synced is there or not, as `survives` says, and
    a file that was being written may be torn.
    """

    def __init__(self, fails_at: int | None = None) -> None:
        self.fails_at = fails_at
        self.acts = 0
        self.now: dict[str, bytes] = {}
        self.lasting: dict[str, bytes] = {}
        self.folders = {"."}
        self.lasting_folders = {"."}
        self.torn: tuple[str, bytes] | None = None

    def _act(self) -> None:
        if self.acts == self.fails_at:
            raise PowerFailed
        self.acts += 1

    def read(self, path: str) -> bytes | None:
        return self.now.get(path)

    def write(self, path: str, content: bytes) -> None:
        assert str(PurePosixPath(path).parent) in self.folders
        self.torn = (path, content[: len(content) // 2])
        self._act()
        self.torn = None
        self.now[path] = content

    def rename(self, path: str, new: str) -> None:
        self._act()
        self.now[new] = self.now.pop(path)

    def make_folder(self, path: str) -> bool:
        self._act()
        assert str(PurePosixPath(path).parent) in self.folders
        new = path not in self.folders
        self.folders.add(path)
        return new

    def sync_folder(self, path: str) -> None:
        self._act()
        inside = {name for name in self.now.keys() | self.lasting.keys() if str(PurePosixPath(name).parent) == path}
        for name in inside:
            if name in self.now:
                self.lasting[name] = self.now[name]
            else:
                del self.lasting[name]
        self.lasting_folders |= {name for name in self.folders if str(PurePosixPath(name).parent) == path}

    @contextmanager
    def alone(self) -> Iterator[None]:
        yield

    def restarted(self, survives: Callable[[int], bool]) -> UncertainDisk:
        """Give the disk after the power has come back; of each change of a name that was not synced `survives` tells
        whether it is there.
        """
        after = UncertainDisk()
        changed = sorted(name for name in {*self.now, *self.lasting} if self.now.get(name) != self.lasting.get(name))
        kept = {name for at, name in enumerate(changed) if survives(at)}
        for name in {*self.now, *self.lasting}:
            content = (self.now if name in kept else self.lasting).get(name)
            if content is not None and self._reached(name, survives):
                after.now[name] = content
        if self.torn and self._reached(self.torn[0], survives):
            after.now[self.torn[0]] = self.torn[1]
        after.lasting = dict(after.now)
        after.folders |= {name for name in self.folders if self._reached(f"{name}/x", survives)}
        after.lasting_folders = set(after.folders)
        return after

    def _reached(self, name: str, survives: Callable[[int], bool]) -> bool:
        parents = [str(parent) for parent in PurePosixPath(name).parents]
        return all(parent in self.lasting_folders or survives(len(parent)) for parent in parents)


SURVIVALS: dict[str, Callable[[int], bool]] = {
    "nothing": lambda at: False,
    "everything": lambda at: True,
    "even": lambda at: at % 2 == 0,
    "odd": lambda at: at % 2 == 1,
}
BATCHES = [[f"{batch}/{number}".encode() for number in range(size)] for batch, size in enumerate((3, 250, 4, 300, 1))]


def _run(store: Store, signer: Signer, acknowledged: list[bytes]) -> None:
    create_log(store, signer)
    for batch in BATCHES:
        append(store, batch, signer)
        acknowledged += batch


@pytest.mark.parametrize("survives", SURVIVALS.values(), ids=SURVIVALS)
def test_after_a_loss_of_power_at_any_act_the_log_holds_what_was_acknowledged(
    survives: Callable[[int], bool], signer: Signer, tmp_path: Path
) -> None:
    whole = UncertainDisk()
    _run(FolderStore(tmp_path, whole), signer, [])
    assert whole.acts > 80
    for fails_at in range(whole.acts):
        disk, acknowledged = UncertainDisk(fails_at), []
        with pytest.raises(PowerFailed):
            _run(FolderStore(tmp_path, disk), signer, acknowledged)
        store = FolderStore(tmp_path, disk.restarted(survives))
        if store.read("checkpoint") is None:
            assert acknowledged == []
            create_log(store, signer)
        size = latest_checkpoint(store, signer.key).checkpoint.size
        # The checkpoint of the append that failed may have come to stand: then all of it is there, else nothing.
        assert size in {len(acknowledged), *_next_sizes(len(acknowledged))}
        assert check_log(store, signer.key) == ()
        before = latest_checkpoint(store, signer.key).checkpoint
        append(store, [b"other"] * 3, signer)
        assert check_log(store, signer.key, [before]) == ()


def test_what_a_process_that_was_killed_left_behind_lasts_once_it_is_built_on(signer: Signer, tmp_path: Path) -> None:
    """The next process finds folders and names that were never handed to the disk; then the power fails."""
    whole = UncertainDisk()
    _run(FolderStore(tmp_path, whole), signer, [])
    for fails_at in range(whole.acts):
        disk = UncertainDisk(fails_at)
        store = FolderStore(tmp_path, disk)
        with pytest.raises(PowerFailed):
            _run(store, signer, [])
        disk.fails_at = disk.torn = None
        if store.read("checkpoint") is None:
            create_log(store, signer)
        after = append(store, [b"next"], signer).checkpoint.checkpoint
        lasting = FolderStore(tmp_path, disk.restarted(lambda at: False))
        assert latest_checkpoint(lasting, signer.key).checkpoint == after
        assert check_log(lasting, signer.key) == ()


def _next_sizes(size: int) -> set[int]:
    total = 0
    for batch in BATCHES:
        total += len(batch)
        if total > size:
            return {total}
    return set()


def test_a_store_that_does_not_sync_is_found_by_this_test(signer: Signer, tmp_path: Path) -> None:
    """The disk above tells a store that keeps its promises from one that does not."""

    class Careless(UncertainDisk):
        def sync_folder(self, path: str) -> None:
            if path != ".":
                self._act()
            else:
                super().sync_folder(path)

    disk = Careless()
    _run(FolderStore(tmp_path, disk), signer, [])
    store = FolderStore(tmp_path, disk.restarted(lambda at: False))
    assert check_log(store, signer.key) != ()


def test_a_log_in_a_folder_is_read_by_another_store(signer: Signer, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    create_log(store, signer)
    append(store, [b"one"] * 300, signer)
    again = FolderStore(tmp_path)
    append(again, [b"two"] * 300, signer)
    assert check_log(FolderStore(tmp_path), signer.key) == ()
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "checkpoint", "tile"}
    assert [path.name for path in tmp_path.rglob("*.new")] == []
    assert again.read("checkpoint/tile") is None


def test_writers_at_once_do_not_fork_the_log(signer: Signer, tmp_path: Path) -> None:
    for store in (MemoryStore(), FolderStore(tmp_path)):
        create_log(store, signer)
        firsts: list[int] = []

        def write(store: Store = store, firsts: list[int] = firsts) -> None:
            firsts.extend(append(store, [b"x"] * 7, signer).first for _ in range(5))

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(firsts) == list(range(0, 140, 7))
        assert check_log(store, signer.key) == ()
