"""Attacks on a log, its witnesses and its proofs: each at many random places, all found, and no false alarm.

Those who attack know everything but keys: whoever changes entries also makes all tiles anew. The forger has the log's
own key as well. What each would need beyond that is a key of every witness that the verifier demands.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from gaoyuan.trust.checking import check_log
from gaoyuan.trust.checkpoints import Checkpoint, OpenedCheckpoint, cosign, sign_checkpoint
from gaoyuan.trust.failure import NotTrusted
from gaoyuan.trust.keys import ed25519_cosigner, ed25519_signer
from gaoyuan.trust.log import append, consistency_proof, create_log, entry_at, latest_checkpoint, proof_file
from gaoyuan.trust.merkle import MerkleTree, leaf_hash, prove_consistency, prove_inclusion
from gaoyuan.trust.notes import Note
from gaoyuan.trust.policy import check_proof_file, read_policy
from gaoyuan.trust.proofs import ProofFile
from gaoyuan.trust.stores import MemoryStore
from gaoyuan.trust.tiles import grow
from gaoyuan.trust.witness import AddCheckpoint, Cosigned, NotCosigned, check_successor, consider

PLACES = 1_000
"""How many places each attack is tried at."""

LOG = ed25519_signer("example.com/log", b"l" * 32)
BANK, UNION = ed25519_cosigner("bank.example/w", b"b" * 32), ed25519_cosigner("union.example/w", b"u" * 32)
POLICY = read_policy(
    f"log {LOG.key}\nwitness bank {BANK.key}\nwitness union {UNION.key}\ngroup both all bank union\nquorum both"
)
SIZES = (90, 300)
DAY = 86_400
NOW = 1_700_000_000
THEN = NOW - 30 * DAY


class Scene:
    """A log of 300 entries; its checkpoints at 90 (a month ago, kept by a bank) and at 300 (now), both cosigned."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        create_log(self.store, LOG)
        self.entries = [f'{{"trade":{number}}}'.encode() for number in range(SIZES[1])]
        self.kept: dict[str, Checkpoint] = {}
        self.old = self._grow(0, SIZES[0], THEN)
        self.new = self._grow(SIZES[0], SIZES[1], NOW)
        self.tree = MerkleTree(map(leaf_hash, self.entries))

    def _grow(self, start: int, end: int, time: int) -> OpenedCheckpoint:
        opened = append(self.store, self.entries[start:end], LOG).checkpoint
        proof = consistency_proof(self.store, start, end)
        note = opened.note
        for cosigner in (BANK, UNION):
            request = bytes(AddCheckpoint(start, proof, bytes(opened.note)))
            answer = consider(request, self.kept, {LOG.key.name: (LOG.key,)}, cosigner, time)
            assert isinstance(answer, Cosigned)
            note = note.signed(answer.line)
        self.kept = {LOG.key.name: opened.checkpoint}
        return replace(opened, note=note)

    def accepted(self, entry: bytes, content: bytes) -> bool:
        """Tell whether a bank accepts a proof file of an entry today."""
        try:
            opened = check_proof_file(content, entry, POLICY, now=NOW, oldest=NOW - 7 * DAY)
        except NotTrusted:
            return False
        return opened.checkpoint.origin == LOG.key.name

    def sound(self, entries: list[bytes], remembered: tuple[Checkpoint, ...] = ()) -> bool:
        """Tell whether the log looks sound with other entries, all tiles made anew, under the true checkpoint."""
        files = {**grow({}.get, 0, entries), "checkpoint": self.store.files["checkpoint"]}
        return check_log(MemoryStore(files), LOG.key, remembered) == ()

    def forged(self, dice: random.Random) -> tuple[MerkleTree, Note]:
        """Rewrite one of the old entries, and sign the checkpoint with the log's own key."""
        entries = list(self.entries)
        entries[dice.randrange(SIZES[0])] = b"forged %d" % dice.randrange(10**9)
        tree = MerkleTree(map(leaf_hash, entries))
        return tree, sign_checkpoint(Checkpoint(LOG.key.name, SIZES[1], tree.root()), LOG)


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene()


def _flip(scene: Scene, dice: random.Random) -> bool:
    index = dice.randrange(SIZES[1])
    parts = [scene.entries[index], bytes(proof_file(scene.store, index, scene.new))]
    which = dice.randrange(2)
    at = dice.randrange(len(parts[which]))
    parts[which] = parts[which][:at] + bytes([parts[which][at] ^ (1 << dice.randrange(8))]) + parts[which][at + 1 :]
    return scene.accepted(*parts)


def _delete(scene: Scene, dice: random.Random) -> bool:
    """Delete an entry; half the time another is added at the end, so that the number is right."""
    at = dice.randrange(SIZES[1] - 1)
    return scene.sound([*scene.entries[:at], *scene.entries[at + 1 :], *[b"padding"][: dice.randrange(2)]])


def _insert(scene: Scene, dice: random.Random) -> bool:
    """Insert an entry; half the time the last one goes, so that the number is right."""
    at = dice.randrange(SIZES[1])
    return scene.sound([*scene.entries[:at], b"inserted", *scene.entries[at:]][: SIZES[1] + dice.randrange(2)])


def _reorder(scene: Scene, dice: random.Random) -> bool:
    entries = list(scene.entries)
    one, other = dice.sample(range(SIZES[1]), 2)
    entries[one], entries[other] = entries[other], entries[one]
    return scene.sound(entries)


def _truncate(scene: Scene, dice: random.Random) -> bool:
    return scene.sound(scene.entries[: dice.randrange(SIZES[1])])


def _fork(scene: Scene, dice: random.Random) -> bool:
    """Show the forged history to a witness, to a bank that keeps its last checkpoint, and to one that demands both."""
    tree, note = scene.forged(dice)
    old = dice.choice([scene.old, scene.new]).checkpoint
    proof = prove_consistency(tree.node, old.size, SIZES[1])
    request = bytes(AddCheckpoint(old.size, proof, bytes(note)))
    answer = consider(request, {LOG.key.name: old}, {LOG.key.name: (LOG.key,)}, BANK, NOW)
    try:
        check_successor(old, Checkpoint.read(note.text), proof)
    except NotTrusted:
        passed = False
    else:
        passed = True
    file = ProofFile(299, prove_inclusion(tree.node, 299, SIZES[1]), bytes(note.signed(*scene.new.note.signatures)))
    return isinstance(answer, Cosigned) or passed or scene.accepted(scene.entries[299], bytes(file))


def _rollback(scene: Scene, dice: random.Random) -> bool:
    """Go back, with the log's own key, to fewer entries than a bank remembers."""
    size = dice.randrange(SIZES[1])
    store = MemoryStore()
    create_log(store, LOG)
    shorter = append(store, scene.entries[:size], LOG).checkpoint
    request = bytes(AddCheckpoint(size, (), bytes(shorter.note)))
    answer = consider(request, scene.kept, {LOG.key.name: (LOG.key,)}, BANK, NOW)
    return not isinstance(answer, NotCosigned) or check_log(store, LOG.key, [scene.new.checkpoint]) == ()


def _replay(scene: Scene, dice: random.Random) -> bool:
    """Show a true old proof, which hides what came since."""
    index = dice.randrange(SIZES[0])
    return scene.accepted(scene.entries[index], bytes(proof_file(scene.store, index, scene.old)))


def _swap(scene: Scene, dice: random.Random) -> bool:
    """Show the proof of one entry for another, as it is or with the other's index."""
    one, other = dice.sample(range(SIZES[1]), 2)
    file = proof_file(scene.store, one, scene.new)
    return scene.accepted(scene.entries[other], bytes(dice.choice([file, replace(file, index=other)])))


def _strip(scene: Scene, dice: random.Random) -> bool:
    index = dice.randrange(SIZES[1])
    signatures = list(scene.new.note.signatures)
    del signatures[dice.randrange(3)]
    stripped = replace(scene.new, note=Note(scene.new.note.text, tuple(signatures)))
    return scene.accepted(scene.entries[index], bytes(proof_file(scene.store, index, stripped)))


def _future(scene: Scene, dice: random.Random) -> bool:
    """Let one witness, whose key the attacker has, date its cosignature ahead."""
    index = dice.randrange(SIZES[1])
    checkpoint, note = scene.new.checkpoint, scene.new.note
    line = cosign(checkpoint, UNION, NOW + 301 + dice.randrange(10 ** dice.randrange(1, 12)))
    dated = replace(scene.new, note=Note(note.text, (*note.signatures[:2], line)))
    return scene.accepted(scene.entries[index], bytes(proof_file(scene.store, index, dated)))


ATTACKS = (_flip, _delete, _insert, _reorder, _truncate, _fork, _rollback, _replay, _swap, _strip, _future)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__[1:])
def test_every_attack_is_found(attack: Callable[[Scene, random.Random], bool], scene: Scene) -> None:
    dice = random.Random(attack.__name__)
    assert [place for place in range(PLACES) if attack(scene, dice)] == []


def test_what_is_true_raises_no_alarm(scene: Scene) -> None:
    for index, entry in enumerate(scene.entries):
        assert entry_at(scene.store, index, SIZES[1]) == entry
        assert scene.accepted(entry, bytes(proof_file(scene.store, index, scene.new)))
    proof = consistency_proof(scene.store, *SIZES)
    check_successor(scene.old.checkpoint, scene.new.checkpoint, proof)
    assert check_log(scene.store, LOG.key, [scene.old.checkpoint, scene.new.checkpoint]) == ()
    assert scene.sound(scene.entries, (scene.old.checkpoint,))
    assert latest_checkpoint(scene.store, LOG.key).checkpoint == scene.new.checkpoint
