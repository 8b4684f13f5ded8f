"""Twelve attacks on a pack: by who has the file, by a platform that has its own key, by one that has a witness's too.

Each changes a true pack at a random place, and gives what a bank with a policy of both witnesses then says of it.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
from collections.abc import Callable
from typing import Any

from tests.trust.pack.conftest import NOW, Platform

from gaoyuan.trust.canonical import canonical_json
from gaoyuan.trust.checkpoints import Checkpoint, cosign
from gaoyuan.trust.commitments import Opening, commitment, committed_bytes
from gaoyuan.trust.log import latest_checkpoint
from gaoyuan.trust.notes import Note, read_note
from gaoyuan.trust.pack import verify_pack
from gaoyuan.trust.pack.records import show
from gaoyuan.trust.pack.sealing import open_seal, seal
from gaoyuan.trust.stores import MemoryStore

__all__ = ["ATTACKS", "Scene"]


class Scene:
    """A platform and the true pack of firm 7."""

    def __init__(self, platform: Platform, packed: bytes) -> None:
        self.platform, self.packed = platform, packed
        self.plain = open_seal(packed, platform.signer.key)
        self.size = latest_checkpoint(platform.store, platform.signer.key).checkpoint.size

    def body(self) -> dict[str, Any]:
        """Give the parts of the pack, to be changed."""
        return json.loads(self.plain)

    def sealed(self, body: dict[str, Any]) -> bytes:
        """Seal changed parts with the log's own key."""
        return seal(canonical_json(body), self.platform.signer)

    def accepted(self, content: bytes, now: dt.datetime = NOW, remembered: Checkpoint | None = None) -> bool:
        """Tell whether a bank takes a pack for what it says."""
        return verify_pack(content, now, self.platform.policy, remembered).verdict == "holds"


def _flip(scene: Scene, dice: random.Random) -> bool:
    changed = bytearray(scene.packed)
    changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return scene.accepted(bytes(changed))


def _delete(scene: Scene, dice: random.Random) -> bool:
    body = scene.body()
    del body["records"][dice.randrange(len(body["records"]))]
    return scene.accepted(scene.sealed(body))


def _insert(scene: Scene, dice: random.Random) -> bool:
    """Make a record up, at an index of the log that the pack has or has not, or after its end."""
    body = scene.body()
    at, index = dice.randrange(len(body["records"]) + 1), dice.randrange(scene.size + 5)
    names = {"logged": "2026-03-01T00:00:00Z", "count_1": f"7:{dice.randrange(40)}", "on": "2026-03-01"}
    openings = [Opening(name, value, dice.randbytes(32)) for name, value in names.items()]
    body["records"].insert(at, show(index, {"kind": dice.choice(["trade", "move"])}, openings, names))
    return scene.accepted(scene.sealed(body))


def _reorder(scene: Scene, dice: random.Random) -> bool:
    """Put two records in the place of each other, with their numbers or without."""
    body = scene.body()
    one, other = (body["records"][at] for at in dice.sample(range(len(body["records"])), 2))
    if dice.randrange(2):
        one["index"], other["index"] = other["index"], one["index"]
    first, second = copy.deepcopy(one), copy.deepcopy(other)
    one.update(second)
    other.update(first)
    if body == scene.body():
        one["index"] += 1
    return scene.accepted(scene.sealed(body))


def _truncate(scene: Scene, dice: random.Random) -> bool:
    """Cut the file, or leave out the last records and seal again."""
    if dice.randrange(2):
        return scene.accepted(scene.packed[: dice.randrange(len(scene.packed))])
    body = scene.body()
    del body["records"][dice.randrange(len(body["records"])) :]
    return scene.accepted(scene.sealed(body))


def _fork(scene: Scene, dice: random.Random) -> bool:
    """Rewrite a record of the log, and make all anew with the log's key; the witnesses' lines are of the true one."""
    true = scene.platform
    held = list(true.held)
    at = dice.randrange(len(held))
    entry, fields, openings, _ = held[at]
    name = dice.choice(sorted(fields))
    openings = [Opening(one.name, one.value, dice.randbytes(32)) if one.name == name else one for one in openings]
    held[at] = (
        entry,
        fields,
        openings,
        committed_bytes(entry.said, {one.name: commitment(one) for one in openings}),
    )
    forged = Platform(true.signer, store=MemoryStore(), held=held, pending=[content for *_, content in held])
    body = json.loads(open_seal(forged.pack("7", scene.body()["consent"]), true.signer.key))
    lines = read_note(scene.body()["checkpoint"].encode()).signatures
    named = {one.key.name for one in true.witnesses}
    note = read_note(body["checkpoint"].encode()).signed(*(one for one in lines if one.name in named))
    body["checkpoint"] = bytes(note).decode()
    return scene.accepted(scene.sealed(body))


def _rollback(scene: Scene, dice: random.Random) -> bool:
    """Show a pack of fewer entries than the bank has seen, or of others."""
    size = scene.size + dice.randrange(3)
    return scene.accepted(scene.packed, remembered=Checkpoint(scene.platform.signer.key.name, size, dice.randbytes(32)))


def _replay(scene: Scene, dice: random.Random) -> bool:
    """Show a true pack after its consent has expired."""
    return scene.accepted(scene.packed, now=NOW + dt.timedelta(days=183 + dice.randrange(5000)))


def _swap(scene: Scene, dice: random.Random) -> bool:
    """Put a hash of another tree, or of a record, in the place of one of the proof, or between; or take one out."""
    body = scene.body()
    proof, other = body["proof"], dice.choice([dice.randbytes(32).hex(), dice.choice(body["records"])["leaf"]])
    at, way = dice.randrange(len(proof) + 1), dice.randrange(3)
    if at == len(proof) or way == 0:
        proof.insert(at, other)
    elif way == 1:
        del proof[at]
    else:
        proof[at] = other
    return scene.accepted(scene.sealed(body))


def _strip(scene: Scene, dice: random.Random) -> bool:
    """Take a witness's line away, or both; or the log's own."""
    body = scene.body()
    note = read_note(body["checkpoint"].encode())
    left = list(note.signatures)
    for _ in range(dice.randrange(1, len(left))):
        del left[dice.randrange(len(left))]
    body["checkpoint"] = bytes(Note(note.text, tuple(left))).decode()
    return scene.accepted(scene.sealed(body))


def _future(scene: Scene, dice: random.Random) -> bool:
    """Let a witness, whose key the attacker has, date its line ahead."""
    body = scene.body()
    note, ahead = read_note(body["checkpoint"].encode()), dice.choice(scene.platform.witnesses)
    time = int(NOW.timestamp()) + 301 + dice.randrange(10 ** dice.randrange(1, 12))
    line = cosign(Checkpoint.read(note.text), ahead, time)
    others = tuple(one for one in note.signatures if one.name != ahead.key.name)
    body["checkpoint"] = bytes(Note(note.text, (*others, line))).decode()
    return scene.accepted(scene.sealed(body))


def _figure(scene: Scene, dice: random.Random) -> bool:
    """Change a figure, in the pack, in the credential or in both."""
    body = scene.body()
    name, way = dice.choice(sorted(body["figures"])), dice.randrange(3)
    value = body["figures"][name]
    other = dice.choice([one for one in (dice.randrange(10**6), None, "1.00", True, []) if one != value])
    if way != 1:
        body["figures"][name] = other
    if way != 0:
        body["credential"]["credentialSubject"]["figures"][name] = other
    return scene.accepted(scene.sealed(body))


ATTACKS: tuple[Callable[[Scene, random.Random], bool], ...] = (
    *(_flip, _delete, _insert, _reorder, _truncate, _fork),
    *(_rollback, _replay, _swap, _strip, _future, _figure),
)
