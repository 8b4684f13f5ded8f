"""An append-only log over a store: entries in, signed checkpoints and proofs out.

An append writes the new tiles first and the checkpoint last. Until the checkpoint stands, nothing that it speaks of was
acknowledged; once it stands, everything that it speaks of lasts. After a crash in between, files of entries that were
never acknowledged may be left; they are beyond the checkpoint, nobody reads them, and the next append writes over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gaoyuan.trust.checkpoints import Checkpoint, OpenedCheckpoint, open_checkpoint, sign_checkpoint
from gaoyuan.trust.failure import LogBroken
from gaoyuan.trust.keys import Signer, VerifierKey
from gaoyuan.trust.merkle import EMPTY_ROOT, Proof, prove_consistency, prove_inclusion, subtree_hash
from gaoyuan.trust.notes import Note, NoteSignature
from gaoyuan.trust.proofs import ProofFile
from gaoyuan.trust.stores import Store
from gaoyuan.trust.tiles import TILE_WIDTH, TileNodes, bundle_entries, bundle_path, grow, overlaid, read_at

__all__ = [
    "CHECKPOINT",
    "WITNESSED",
    "Appended",
    "add_cosignatures",
    "append",
    "consistency_proof",
    "create_log",
    "entry_at",
    "latest_checkpoint",
    "proof_file",
    "witnessed_checkpoint",
]

CHECKPOINT = "checkpoint"
"""Where the latest checkpoint stands."""

WITNESSED = "checkpoint.witnessed"
"""Where the latest checkpoint stands that witnesses have cosigned; it may be of fewer entries."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append gave: the index of the first new entry, and the checkpoint that speaks of all of them."""

    first: int
    checkpoint: OpenedCheckpoint


def create_log(store: Store, signer: Signer, *more: Signer) -> OpenedCheckpoint:
    """Begin an empty log, whose origin is the name of the signer. Raises LogBroken where there is one already."""
    with store.alone():
        if store.read(CHECKPOINT) is not None:
            raise LogBroken("there is a log already", where=CHECKPOINT, zh="日志已存在")
        return _publish(store, Checkpoint(signer.key.name, 0, EMPTY_ROOT), (signer, *more))


def append(store: Store, entries: Sequence[bytes], signer: Signer, *more: Signer) -> Appended:
    """Add entries to the log, all or none, and sign the checkpoint that speaks of them with all of its keys.

    Returns once they last: then they are acknowledged. Raises ValueError for an entry of more than 65,535 bytes,
    NoteInvalid where the checkpoint is not signed by the first of the keys, and LogBroken where what is continued does
    not have the root of the checkpoint: nothing is signed then, as it would be a fork.

    >>> from gaoyuan.trust.keys import ed25519_signer
    >>> from gaoyuan.trust.stores import MemoryStore
    >>> store, signer = MemoryStore(), ed25519_signer("example.com/log", bytes(32))
    >>> created = create_log(store, signer)
    >>> append(store, [b"one", b"two"], signer).first, append(store, [b"three"], signer).first
    (0, 2)
    >>> latest_checkpoint(store, signer.key).checkpoint.size
    3
    """
    with store.alone():
        latest = latest_checkpoint(store, signer.key)
        old = latest.checkpoint
        if not entries:
            return Appended(old.size, latest)
        if subtree_hash(TileNodes(old.size, store.read), 0, old.size) != old.root:
            raise LogBroken(
                "the tiles do not have the root of the checkpoint", where=CHECKPOINT, zh="哈希文件与检查点不符"
            )
        files = grow(store.read, old.size, entries)
        size = old.size + len(entries)
        root = subtree_hash(TileNodes(size, overlaid(files, store.read)), 0, size)
        store.write(files)
        return Appended(old.size, _publish(store, Checkpoint(old.origin, size, root), (signer, *more)))


def latest_checkpoint(
    store: Store, log: VerifierKey | Iterable[VerifierKey], witnesses: Iterable[VerifierKey] = ()
) -> OpenedCheckpoint:
    """Read the latest checkpoint; raises LogBroken where there is none, NoteInvalid where it is not the log's."""
    return open_checkpoint(read_at(store.read, CHECKPOINT), log, witnesses)


def witnessed_checkpoint(
    store: Store, log: VerifierKey | Iterable[VerifierKey], witnesses: Iterable[VerifierKey]
) -> OpenedCheckpoint:
    """Read the latest checkpoint that witnesses have cosigned; raises LogBroken where there is none yet."""
    return open_checkpoint(read_at(store.read, WITNESSED), log, witnesses)


def add_cosignatures(
    store: Store, content: bytes, log: VerifierKey | Iterable[VerifierKey], witnesses: Iterable[VerifierKey]
) -> OpenedCheckpoint:
    """Keep a checkpoint of this log, as a note, with the cosignatures that witnesses have given; give the latest kept.

    Cosignatures of the same checkpoint come together, the latest of each witness; a checkpoint of fewer entries than
    the latest kept is passed over, and so are signatures of others. Raises NoteInvalid where a signature does not hold,
    LogBroken where the log has other entries.
    """
    logs, watching = (log,) if isinstance(log, VerifierKey) else tuple(log), tuple(witnesses)
    new = open_checkpoint(content, logs, watching)
    notes = [new.note]
    with store.alone():
        size = latest_checkpoint(store, logs).checkpoint.size
        if new.checkpoint.size > size or _root_at(store, new.checkpoint.size, size) != new.checkpoint.root:
            raise LogBroken("the checkpoint is not of this log's entries", zh="检查点与日志内容不符")
        kept = store.read(WITNESSED)
        if kept is not None:
            before = open_checkpoint(kept, logs, watching)
            if before.checkpoint.size > new.checkpoint.size:
                return before
            if before.note.text == new.note.text:
                notes.insert(0, before.note)
        note = _latest_of_each(notes, (*logs, *watching))
        store.write({WITNESSED: bytes(note)})
    return open_checkpoint(bytes(note), logs, watching)


def entry_at(store: Store, index: int, size: int) -> bytes:
    """Read an entry of a log of `size` entries; raises IndexError beyond them, LogBroken where it is missing."""
    if not 0 <= index < size:
        raise IndexError("the log has no such entry")
    number, within = divmod(index, TILE_WIDTH)
    path = bundle_path(number, min(TILE_WIDTH, size - number * TILE_WIDTH))
    return bundle_entries(read_at(store.read, path), within + 1, path)[within]


def proof_file(store: Store, index: int, opened: OpenedCheckpoint, extra: bytes | None = None) -> ProofFile:
    """Write the proof that an entry is in the log of a checkpoint; raises ValueError beyond its entries."""
    size = opened.checkpoint.size
    proof = prove_inclusion(TileNodes(size, store.read), index, size)
    return ProofFile(index, proof, bytes(opened.note), extra)


def consistency_proof(store: Store, old_size: int, size: int) -> Proof:
    """Prove that the log of `old_size` entries is the beginning of that of `size`; none is needed for 0."""
    return prove_consistency(TileNodes(size, store.read), old_size, size)


def _publish(store: Store, checkpoint: Checkpoint, signers: tuple[Signer, ...]) -> OpenedCheckpoint:
    content = bytes(sign_checkpoint(checkpoint, *signers))
    # What cannot be opened afterwards must not stand there: a signer that fails is found before, not after.
    opened = open_checkpoint(content, [one.key for one in signers], origin=checkpoint.origin)
    store.write({CHECKPOINT: content})
    return opened


def _root_at(store: Store, size: int, now: int) -> bytes:
    return subtree_hash(TileNodes(now, store.read), 0, size)


def _latest_of_each(notes: list[Note], keys: tuple[VerifierKey, ...]) -> Note:
    """Give the text of the notes, which is one, with one signature of each known key: that of the latest time."""
    found: dict[VerifierKey, NoteSignature] = {}
    known = {(key.name, key.key_id): key for key in keys}
    for signature in (one for note in notes for one in note.signatures):
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        before = found.get(key)
        if before is None or (key.kind.dated and signature.signature[:8] > before.signature[:8]):
            found[key] = signature
    return Note(notes[0].text, tuple(found.values()))
