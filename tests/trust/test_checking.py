"""The check of a whole log: a sound one has no fault, and no change of a published byte goes unseen."""

from __future__ import annotations

import random

import pytest

from gaoyuan.trust.checking import check_log
from gaoyuan.trust.keys import Signer
from gaoyuan.trust.log import append, create_log, latest_checkpoint
from gaoyuan.trust.stores import MemoryStore
from gaoyuan.trust.tiles import bundle_path, bundle_paths, tile_path, tile_paths


@pytest.fixture(scope="module")
def sound(signer: Signer) -> MemoryStore:
    """A log of 600 entries with the files of its size alone."""
    store = MemoryStore()
    create_log(store, signer)
    append(store, [f"entry {number}".encode() for number in range(600)], signer)
    return store


def test_a_sound_log_has_no_fault(sound: MemoryStore, signer: Signer) -> None:
    checkpoint = latest_checkpoint(sound, signer.key).checkpoint
    assert check_log(sound, signer.key, [checkpoint]) == ()
    paths = {tile_path(*one) for one in tile_paths(600)} | {bundle_path(*one) for one in bundle_paths(600)}
    assert set(sound.files) == {*paths, "checkpoint"}


def test_a_change_at_any_place_is_found(sound: MemoryStore, signer: Signer) -> None:
    dice = random.Random(7)
    unseen = []
    for _ in range(150):
        path = dice.choice(sorted(sound.files))
        content, at = sound.files[path], dice.randrange(len(sound.files[path]))
        kind = dice.choice(["flip", "cut", "add", "remove"])
        changed = {
            "flip": content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :],
            "cut": content[:at],
            "add": content[:at] + bytes([dice.randrange(256)]) + content[at:],
            "remove": None,
        }[kind]
        files = {**sound.files, path: changed or b""}
        if changed is None:
            del files[path]
        if not check_log(MemoryStore(files), signer.key):
            unseen.append((path, at, kind))
    assert unseen == []


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_a_file_with_more_than_it_should_hold_is_found(path: str, sound: MemoryStore, signer: Signer) -> None:
    longer = MemoryStore({**sound.files, path: sound.files[path] + bytes(34)})
    assert [fault.where for fault in check_log(longer, signer.key)] == [path]


def test_a_log_rewritten_with_its_own_key_is_found_by_who_remembers(sound: MemoryStore, signer: Signer) -> None:
    remembered = latest_checkpoint(sound, signer.key).checkpoint
    forged = MemoryStore()
    create_log(forged, signer)
    entries = [f"entry {number}".encode() for number in range(700)]
    entries[5] = b"forged"
    append(forged, entries, signer)
    assert check_log(forged, signer.key) == ()
    assert [fault.en for fault in check_log(forged, signer.key, [remembered])] == ["the log does not begin as it did"]
    shorter = MemoryStore()
    create_log(shorter, signer)
    append(shorter, [f"entry {number}".encode() for number in range(599)], signer)
    assert [fault.zh for fault in check_log(shorter, signer.key, [remembered])] == ["日志比保存的检查点短"]


def test_a_full_file_may_stand_in_for_a_partial_one(sound: MemoryStore, signer: Signer) -> None:
    files = dict(sound.files)
    grown = MemoryStore(files)
    append(grown, [b"more"] * 200, signer)
    for path in ("tile/0/002.p/88", "tile/entries/002.p/88", "tile/1/000.p/2"):
        del grown.files[path]
    older = MemoryStore({**grown.files, "checkpoint": sound.files["checkpoint"]})
    assert [fault.where for fault in check_log(older, signer.key)] == ["tile/1/000.p/2"]
    older.files["tile/1/000.p/2"] = sound.files["tile/1/000.p/2"]
    assert check_log(older, signer.key) == ()


def test_a_folder_without_a_log_is_a_fault(signer: Signer) -> None:
    assert [fault.where for fault in check_log(MemoryStore(), signer.key)] == ["checkpoint"]
