"""Where a log's files lie: what a store must promise, one in memory, one of files that a web server can publish.

A log lasts through a crash if its store keeps two promises: what `write` has returned from is there afterwards, and a
file is there as a whole or not at all. `FolderStore` keeps them with the four acts that POSIX gives: write beside,
`fsync`, rename over, `fsync` of the folder. What it asks of the operating system is a plug too, so that a test can let
the power fail after every single act.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from threading import RLock
from typing import Protocol

__all__ = ["Disk", "FolderStore", "MemoryStore", "OperatingSystem", "Store"]


class Store(Protocol):
    """What keeps a log's files under the paths of tlog-tiles."""

    def read(self, path: str) -> bytes | None:
        """Give what stands there, None where there is nothing."""
        ...

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, over what may stand there. Afterwards they last; before, any may be there as a whole or not."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Keep all others from writing while the context lasts: two writers would fork the log."""
        ...


class MemoryStore:
    """A store that ends with its process."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self._lock = RLock()

    def read(self, path: str) -> bytes | None:
        """Give what stands there, None where there is nothing."""
        return self.files.get(path)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files."""
        self.files.update(files)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other threads from writing."""
        with self._lock:
            yield


class Disk(Protocol):
    """What a `FolderStore` asks of the operating system; paths are relative to its folder, "" is the folder."""

    def read(self, path: str) -> bytes | None:
        """Give a file, None where there is none."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Write a file and hand it to the disk (`fsync`)."""
        ...

    def rename(self, path: str, new: str) -> None:
        """Put a file in the place of another, at once."""
        ...

    def make_folder(self, path: str) -> bool:
        """Make a folder in one that exists; tells whether it is new."""
        ...

    def sync_folder(self, path: str) -> None:
        """Hand the names in a folder to the disk (`fsync`)."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Keep other processes from writing."""
        ...


class OperatingSystem:
    """The files of a folder, by the calls of POSIX."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> bytes | None:
        """Give a file, None where there is none."""
        try:
            return (self._folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, path: str, content: bytes) -> None:
        """Write a file and hand it to the disk."""
        with (self._folder / path).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, path: str, new: str) -> None:
        """Put a file in the place of another."""
        (self._folder / path).replace(self._folder / new)

    def make_folder(self, path: str) -> bool:
        """Make a folder in one that exists; tells whether it is new."""
        try:
            (self._folder / path).mkdir()
        except FileExistsError:
            return False
        return True

    def sync_folder(self, path: str) -> None:
        """Hand the names in a folder to the disk."""
        number = os.open(self._folder / path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from writing, by a lock on the file `.lock`."""
        with (self._folder / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class FolderStore:
    """A store of files in a folder that exists: publish the folder, without what begins with a dot, as it is.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = FolderStore(Path(folder))
    ...     store.write({"tile/0/000.p/1": b"x"})
    ...     store.read("tile/0/000.p/1"), store.read("checkpoint")
    (b'x', None)
    """

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._disk = OperatingSystem(folder) if disk is None else disk

    def read(self, path: str) -> bytes | None:
        """Give what stands there, None where there is nothing."""
        return self._disk.read(path)

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, each at once; afterwards they outlast a loss of power."""
        changed: set[str] = set()
        for path, content in files.items():
            folder = PurePosixPath(path).parent
            self._make_folders(folder, changed)
            beside = str(folder / f".{PurePosixPath(path).name}.new")
            self._disk.write(beside, content)
            self._disk.rename(beside, path)
            changed.add(str(folder))
        for folder in sorted(changed, reverse=True):
            self._disk.sync_folder(folder)

    def alone(self) -> AbstractContextManager[None]:
        """Keep other processes from writing."""
        return self._disk.alone()

    def _make_folders(self, folder: PurePosixPath, changed: set[str]) -> None:
        for part in (*reversed(folder.parents), folder):
            # A folder that a crash left behind may not last yet, so its name is handed to the disk again.
            if str(part) != "." and (self._disk.make_folder(str(part)) or str(folder) not in changed):
                changed.add(str(part.parent))
