"""A witness's rule (C2SP tlog-witness): cosign a log's checkpoint only if it continues the last one that was cosigned.

A log that keeps two histories has to show each witness one of them. The witness keeps the last checkpoint of every log
that it knows; what is shorter, or does not begin with it, it does not cosign. So whoever demands enough cosignatures
sees the history that all others see, as long as enough witnesses are honest.

Everything here is a pure function of what the witness remembers. Whoever runs it keeps the new checkpoint, durably,
before the answer goes out, and lets nothing come between reading and keeping.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gaoyuan.trust.checkpoints import Checkpoint, cosign, read_size
from gaoyuan.trust.failure import NoteInvalid, ProofInvalid
from gaoyuan.trust.keys import Cosigner, VerifierKey, read_base64
from gaoyuan.trust.merkle import EMPTY_ROOT, HASH_SIZE, Proof, check_consistency
from gaoyuan.trust.notes import Note, NoteSignature, open_note, read_note
from gaoyuan.trust.proofs import MAX_PROOF_LENGTH

__all__ = ["AddCheckpoint", "Cosigned", "NotCosigned", "check_successor", "consider"]


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    r"""What a log asks a witness: the size that the witness saw last, the proof from there, the new checkpoint.

    >>> print(bytes(AddCheckpoint(0, (), b"example.com/log\n")).decode(), end="")
    old 0
    <BLANKLINE>
    example.com/log
    """

    old_size: int
    proof: Proof
    checkpoint: bytes

    def __bytes__(self) -> bytes:
        lines = [f"old {self.old_size}", *(b64encode(one).decode() for one in self.proof), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    @classmethod
    def read(cls, content: bytes) -> AddCheckpoint:
        """Read the body of a request; raises ProofInvalid where it is malformed."""
        head, blank, checkpoint = content.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
            if not (blank and first.startswith("old ")):
                raise ValueError
            old_size, proof = read_size(first[4:]), tuple(read_base64(line) for line in lines)
        except ValueError:
            raise ProofInvalid("the request is malformed", zh="请求格式错误") from None
        if len(proof) > MAX_PROOF_LENGTH or any(len(one) != HASH_SIZE for one in proof):
            raise ProofInvalid("the request is malformed: its proof", zh="请求格式错误")
        return cls(old_size, proof, checkpoint)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigns: what it has to keep from now on, with the signatures that it has checked, and its line."""

    checkpoint: Checkpoint
    note: Note
    line: NoteSignature

    status = 200


@dataclass(frozen=True, slots=True)
class NotCosigned:
    """The witness refuses, with the status of the protocol: 400 malformed, 403 not signed by the log, 404 a log that it
    does not know, 409 another size than it saw last (`size`, which the log may ask again from), 422 not consistent.

    `evidence` is the log's signed checkpoint where it contradicts what the witness has kept. With the kept one it shows
    anybody that the log has two histories: keep both.
    """

    status: int
    zh: str
    en: str
    size: int | None = None
    evidence: Note | None = None


def check_successor(last: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Check that a checkpoint continues one that was kept; what a witness does, and any bank that keeps its last one.

    Raises ProofInvalid where it is of another log, of fewer entries (a rollback, or an old one shown again), or does
    not begin with what the kept one speaks of (a fork).

    >>> from gaoyuan.trust.merkle import leaf_hash
    >>> one = Checkpoint("example.com/log", 1, leaf_hash(b"a"))
    >>> check_successor(one, one, [])
    >>> check_successor(one, Checkpoint("example.com/log", 1, leaf_hash(b"b")), [])
    Traceback (most recent call last):
    gaoyuan.trust.failure.ProofInvalid: the proof does not lead to the root
    证明与树根不符
    """
    if new.origin != last.origin:
        raise ProofInvalid("the checkpoint is of another log", where=new.origin, zh="检查点属于另一日志")
    if new.size < last.size:
        raise ProofInvalid("the log has become shorter", where=new.origin, zh="日志变短：被回滚或重放了旧检查点")
    if new.size == 0 and new.root != EMPTY_ROOT:
        raise ProofInvalid("a tree without entries has another root", where=new.origin, zh="空日志的树根不符")
    if last.size == 0:
        if proof:
            raise ProofInvalid("the proof is longer than it has to be", zh="证明过长")
        return
    check_consistency(last.size, new.size, last.root, new.root, proof)


def consider(
    request: bytes,
    kept: Mapping[str, Checkpoint],
    logs: Mapping[str, Sequence[VerifierKey]],
    cosigner: Cosigner,
    time: int,
) -> Cosigned | NotCosigned:
    """Answer a log that asks for a cosignature, in the order of the protocol's checks.

    `kept` has the last checkpoint that was cosigned, by origin; `logs` the keys of each log that is known, by origin;
    `time` is now, in seconds since 1970. Never raises for what is in the request.
    """
    try:
        asked = AddCheckpoint.read(request)
        checkpoint = Checkpoint.read(read_note(asked.checkpoint).text)
    except (ProofInvalid, NoteInvalid) as wrong:
        return NotCosigned(400, wrong.zh, wrong.what)
    keys = logs.get(checkpoint.origin)
    if not keys:
        return NotCosigned(404, "未知的日志", "this log is not known here")
    try:
        opened = open_note(asked.checkpoint, keys)
    except NoteInvalid as wrong:
        return NotCosigned(403, wrong.zh, wrong.what)
    if asked.old_size > checkpoint.size:
        return NotCosigned(400, "原大小大于检查点", "the old size is larger than the checkpoint's")
    last = kept.get(checkpoint.origin, Checkpoint(checkpoint.origin, 0, EMPTY_ROOT))
    if asked.old_size != last.size:
        return NotCosigned(409, "原大小与见证方记录不符", "the last size seen here is another", last.size)
    signed = Note(opened.note.text, tuple(signature for _, signature in opened.by))
    try:
        check_successor(last, checkpoint, asked.proof)
    except ProofInvalid as wrong:
        return NotCosigned(422, wrong.zh, wrong.what, evidence=signed)
    line = cosign(checkpoint, cosigner, time)
    return Cosigned(checkpoint, signed.signed(line), line)
