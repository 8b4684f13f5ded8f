"""The log as a folder of files, for any web server: what stands there already is not written again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gaoyuan.portal.evidence.keeping import STORE, log_signer, newest_checkpoint
from gaoyuan.trust import FolderStore, LogBroken, check_log
from gaoyuan.trust.log import CHECKPOINT, WITNESSED
from gaoyuan.trust.tiles import bundle_path, bundle_paths, read_at, tile_path, tile_paths

__all__ = ["Exported", "export_log"]

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported: how many records, how many files were new, and the key that checks them."""

    size: int
    files: int
    key: str


def export_log(folder: Path) -> Exported:
    """Write the log into a folder, tiles first and the checkpoint last, and check what stands there then.

    Raises LogBroken where the folder holds another log, or the check finds a fault.
    """
    opened, log = newest_checkpoint(), log_signer().key
    size, store = opened.checkpoint.size, FolderStore(folder)
    paths = [tile_path(level, number, width) for level, number, width in tile_paths(size)]
    paths += [bundle_path(number, width) for number, width in bundle_paths(size)]
    with store.alone():
        missing = [path for path in paths if store.read(path) is None]
        for at in range(0, len(missing), _BATCH):
            store.write({path: read_at(STORE.read, path) for path in missing[at : at + _BATCH]})
        store.write({CHECKPOINT: bytes(opened.note)})
        witnessed = STORE.read(WITNESSED)
        if witnessed is not None:
            store.write({WITNESSED: witnessed})
        faults = check_log(store, log)
    if faults:
        raise LogBroken(faults[0].en, where=faults[0].where, zh=faults[0].zh)
    return Exported(size, len(missing), str(log))
