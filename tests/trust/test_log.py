"""The log: what goes in comes out with proofs, and nothing is signed over what does not fit."""

from __future__ import annotations

import pytest

from gaoyuan.trust.checking import check_log
from gaoyuan.trust.checkpoints import Checkpoint, cosign, sign_checkpoint
from gaoyuan.trust.failure import LogBroken, NoteInvalid
from gaoyuan.trust.keys import Cosigner, Signer, ed25519_cosigner, ed25519_signer
from gaoyuan.trust.log import (
    WITNESSED,
    add_cosignatures,
    append,
    consistency_proof,
    create_log,
    entry_at,
    latest_checkpoint,
    proof_file,
    witnessed_checkpoint,
)
from gaoyuan.trust.merkle import EMPTY_ROOT, check_consistency, check_inclusion, leaf_hash
from gaoyuan.trust.notes import read_note
from gaoyuan.trust.proofs import ProofFile
from gaoyuan.trust.stores import MemoryStore

ENTRIES = [f"entry {number}".encode() for number in range(700)]


@pytest.fixture
def store(signer: Signer) -> MemoryStore:
    """A log of 700 entries, added in batches."""
    store = MemoryStore()
    create_log(store, signer)
    for start in range(0, 700, 100):
        append(store, ENTRIES[start : start + 100], signer)
    return store


def test_every_entry_is_there_with_its_proof(store: MemoryStore, signer: Signer) -> None:
    opened = latest_checkpoint(store, signer.key)
    for index, entry in enumerate(ENTRIES):
        assert entry_at(store, index, 700) == entry
        file = ProofFile.read(bytes(proof_file(store, index, opened)))
        check_inclusion(file.index, 700, leaf_hash(entry), opened.checkpoint.root, file.proof)
    assert read_note(proof_file(store, 0, opened).checkpoint) == opened.note


def test_every_checkpoint_is_the_beginning_of_the_next(signer: Signer) -> None:
    store = MemoryStore()
    before = create_log(store, signer).checkpoint
    assert before == Checkpoint("example.com/log", 0, EMPTY_ROOT)
    for size in (1, 1, 254, 1, 200, 57):
        after = append(store, [b"x"] * size, signer).checkpoint.checkpoint
        if before.size:
            proof = consistency_proof(store, before.size, after.size)
            check_consistency(before.size, after.size, before.root, after.root, proof)
        before = after


def test_no_entries_change_nothing(store: MemoryStore, signer: Signer) -> None:
    before = dict(store.files)
    assert append(store, [], signer).first == 700
    assert store.files == before


def test_an_entry_that_is_too_long_leaves_the_log_as_it_was(store: MemoryStore, signer: Signer) -> None:
    before = dict(store.files)
    with pytest.raises(ValueError, match="longer"):
        append(store, [b"good", bytes(70_000)], signer)
    assert store.files == before


def test_a_log_is_begun_once(store: MemoryStore, signer: Signer) -> None:
    with pytest.raises(LogBroken, match="already"):
        create_log(store, signer)


def test_nothing_is_signed_over_files_that_were_changed(store: MemoryStore, signer: Signer) -> None:
    for path in ("tile/0/002.p/188", "tile/entries/002.p/188", "tile/1/000.p/2", "checkpoint"):
        spoilt = MemoryStore(store.files)
        content = bytearray(spoilt.files[path])
        content[40] ^= 1
        spoilt.files[path] = bytes(content)
        with pytest.raises((LogBroken, NoteInvalid)):
            append(spoilt, [b"next"], signer)
        assert spoilt.files[path] == bytes(content)
        assert set(spoilt.files) == set(store.files)


def test_another_key_continues_no_log(store: MemoryStore) -> None:
    with pytest.raises(NoteInvalid, match="none of the trusted keys"):
        append(store, [b"next"], ed25519_signer("example.com/log", b"x" * 32))


def test_keys_are_rotated_by_signing_with_both(store: MemoryStore, signer: Signer) -> None:
    new = ed25519_signer("example.com/log", b"n" * 32)
    append(store, [b"both"], signer, new)
    append(store, [b"new"], new)
    assert latest_checkpoint(store, [signer.key, new.key]).checkpoint.size == 702
    assert check_log(store, new.key) == ()


def test_cosignatures_come_together(store: MemoryStore, signer: Signer, witnesses: tuple[Cosigner, Cosigner]) -> None:
    keys = [one.key for one in witnesses]
    opened = latest_checkpoint(store, signer.key)
    append(store, [b"meanwhile"], signer)
    for cosigner in witnesses:
        line = cosign(opened.checkpoint, cosigner, 1_700_000_000)
        add_cosignatures(store, bytes(opened.note.signed(line)), signer.key, keys)
    kept = witnessed_checkpoint(store, signer.key, keys)
    assert kept.checkpoint.size == 700
    assert set(kept.cosigned) == set(keys)
    older = sign_checkpoint(Checkpoint("example.com/log", 0, EMPTY_ROOT), signer)
    assert add_cosignatures(store, bytes(older), signer.key, keys) == kept


def test_a_witness_that_cosigns_again_has_one_line(
    store: MemoryStore, signer: Signer, witnesses: tuple[Cosigner, Cosigner]
) -> None:
    keys = [one.key for one in witnesses]
    opened = latest_checkpoint(store, signer.key)
    stranger = cosign(opened.checkpoint, ed25519_cosigner("stranger", b"s" * 32), 5)
    for time in (*range(10, 130), 7):
        note = opened.note.signed(cosign(opened.checkpoint, witnesses[0], time), stranger)
        add_cosignatures(store, bytes(note), signer.key, keys)
    kept = witnessed_checkpoint(store, signer.key, keys)
    assert kept.cosigned == {witnesses[0].key: 129}
    assert len(kept.note.signatures) == 2


def test_a_checkpoint_of_other_entries_is_not_kept(store: MemoryStore, signer: Signer) -> None:
    for size in (3, 701):
        forged = sign_checkpoint(Checkpoint("example.com/log", size, leaf_hash(b"forged")), signer)
        with pytest.raises(LogBroken, match="not of this log"):
            add_cosignatures(store, bytes(forged), signer.key, [])
    assert WITNESSED not in store.files


def test_there_is_nothing_beyond_the_end(store: MemoryStore) -> None:
    for index in (-1, 700):
        with pytest.raises(IndexError):
            entry_at(store, index, 700)
