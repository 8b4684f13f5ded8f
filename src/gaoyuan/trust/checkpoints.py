"""Checkpoints (C2SP tlog-checkpoint): what a log says of itself, as a signed note that witnesses cosign.

    example.com/log                                     origin: which log
    20852163                                            how many entries
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=        root of their tree

With the origin, the size and the root, everything that the log holds is fixed: entries, their order, their number.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from gaoyuan.trust.failure import NoteInvalid
from gaoyuan.trust.keys import COSIGNATURE_V1, Cosigner, Signer, VerifierKey, cosignature_time, read_base64
from gaoyuan.trust.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE
from gaoyuan.trust.notes import Note, NoteSignature, open_note, sign_note

__all__ = ["Checkpoint", "OpenedCheckpoint", "cosign", "open_checkpoint", "read_size", "sign_checkpoint"]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Which log, how many entries, the root of their tree; `extensions` are lines that nobody can audit: write none.

    >>> print(Checkpoint("example.com/log", 0, EMPTY_ROOT).text, end="")
    example.com/log
    0
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (0 <= self.size < MAX_SIZE and len(self.root) == HASH_SIZE):
            raise _malformed("its size or root is none of a tree")
        if not all(line and "\n" not in line for line in (self.origin, *self.extensions)):
            raise _malformed("it has an empty line")

    @property
    def text(self) -> str:
        """Write the text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """Read the text of a note; raises NoteInvalid where it is none of a checkpoint."""
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3:
            raise _malformed("it has fewer than three lines")
        try:
            size, root = read_size(lines[1]), read_base64(lines[2])
        except ValueError:
            raise _malformed("its size or root is none of a tree") from None
        return cls(lines[0], size, root, tuple(lines[3:]))


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint that its log has signed, the note that it stood in, and the witnesses that have cosigned it: the
    verifier key of each, with the latest time that it gave, in seconds since 1970.
    """

    checkpoint: Checkpoint
    note: Note
    cosigned: dict[VerifierKey, int]


def sign_checkpoint(checkpoint: Checkpoint, *signers: Signer) -> Note:
    """Sign a checkpoint as its log. Never sign two that are not consistent: that is what witnesses look for."""
    return sign_note(checkpoint.text, *signers)


def cosign(checkpoint: Checkpoint, cosigner: Cosigner, time: int) -> NoteSignature:
    """Cosign a checkpoint as a witness at a time in seconds since 1970; `gaoyuan.trust.witness` tells when to.

    Raises ValueError for a time that is not after 1970.
    """
    if not 0 < time < 1 << 63:
        raise ValueError(f"{time} is no time of a cosignature")
    return NoteSignature(cosigner.key.name, cosigner.key.key_id, cosigner.sign(checkpoint.text.encode(), time))


def open_checkpoint(
    content: bytes, log: VerifierKey | Iterable[VerifierKey], witnesses: Iterable[VerifierKey] = (), *, origin: str = ""
) -> OpenedCheckpoint:
    """Read a checkpoint that the log with that key (or one of its keys) has signed, and the cosignatures of witnesses.

    `origin` is what it must say of which log it is; without it the name of the log's first key. Raises NoteInvalid
    where the note is malformed, the log has not signed it, a known signature does not hold, or it is of another log.

    >>> from gaoyuan.trust.keys import ed25519_cosigner, ed25519_signer
    >>> log, witness = ed25519_signer("example.com/log", bytes(32)), ed25519_cosigner("example.com/w", b"w" * 32)
    >>> checkpoint = Checkpoint("example.com/log", 0, EMPTY_ROOT)
    >>> note = sign_checkpoint(checkpoint, log).signed(cosign(checkpoint, witness, 1_700_000_000))
    >>> opened = open_checkpoint(bytes(note), log.key, [witness.key])
    >>> opened.checkpoint.size, opened.cosigned[witness.key]
    (0, 1700000000)
    """
    logs = (log,) if isinstance(log, VerifierKey) else tuple(log)
    watching = tuple(witnesses)
    if any(one.kind.dated for one in logs) or any(one.kind is not COSIGNATURE_V1 for one in watching):
        raise ValueError("a log signs with a key of its own kind, a witness with one of cosignature/v1")
    opened = open_note(content, (*logs, *watching))
    checkpoint = Checkpoint.read(opened.note.text)
    if not any(key in logs for key, _ in opened.by):
        raise NoteInvalid("the log has not signed the checkpoint", zh="检查点没有日志的签名")
    if checkpoint.origin != (origin or logs[0].name):
        raise NoteInvalid("the checkpoint is of another log", where=checkpoint.origin, zh="检查点属于另一日志")
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise _malformed("a tree without entries has another root")
    cosigned: dict[VerifierKey, int] = {}
    for key, signature in opened.by:
        if key in watching:
            cosigned[key] = max(cosigned.get(key, 0), cosignature_time(signature.signature))
    return OpenedCheckpoint(checkpoint, opened.note, cosigned)


def read_size(text: str) -> int:
    """Read a size or index: ASCII digits without leading zeros, below 2 ** 63; else ValueError.

    >>> read_size("0"), read_size("273")
    (0, 273)
    >>> read_size("007")
    Traceback (most recent call last):
    ValueError: '007' is no size
    """
    plain = text.isascii() and text.isdigit() and len(text) <= 19 and (text == "0" or not text.startswith("0"))
    if not plain or int(text) >= MAX_SIZE:
        raise ValueError(f"{text!r} is no size")
    return int(text)


def _malformed(what: str) -> NoteInvalid:
    return NoteInvalid(f"the checkpoint is malformed: {what}", zh="检查点格式错误")
