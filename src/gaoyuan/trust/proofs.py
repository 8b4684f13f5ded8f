"""Proof files (C2SP tlog-proof): that an entry is in a log and that witnesses have seen the log, in one text file."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from gaoyuan.trust.checkpoints import read_size
from gaoyuan.trust.failure import ProofInvalid
from gaoyuan.trust.keys import read_base64
from gaoyuan.trust.merkle import HASH_SIZE, Proof

__all__ = ["MAX_PROOF_LENGTH", "ProofFile"]

MAX_PROOF_LENGTH = 63
"""Hashes of the longest proof of a tree of fewer than 2 ** 63 entries."""

_HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class ProofFile:
    r"""An entry's index, its inclusion proof and the checkpoint that it leads to, as a signed note. Nothing of it is
    checked; `extra` is not even covered by a signature. `gaoyuan.trust.policy.check_proof_file` checks the rest.

    >>> print(bytes(ProofFile(7, (bytes(32),), b"example.com/log\n")).decode(), end="")
    c2sp.org/tlog-proof@v1
    index 7
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
    <BLANKLINE>
    example.com/log
    """

    index: int
    proof: Proof
    checkpoint: bytes
    extra: bytes | None = None

    def __bytes__(self) -> bytes:
        lines = [_HEADER, f"index {self.index}", *(b64encode(one).decode() for one in self.proof), "", ""]
        if self.extra is not None:
            lines.insert(1, f"extra {b64encode(self.extra).decode()}")
        return "\n".join(lines).encode() + self.checkpoint

    @classmethod
    def read(cls, content: bytes) -> ProofFile:
        """Read a file; raises ProofInvalid where it is malformed. The checkpoint in it is not read."""
        head, blank, checkpoint = content.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise _malformed("it holds other than ASCII before the checkpoint") from None
        if not blank or lines.pop(0) != _HEADER:
            raise _malformed(f"it does not begin with {_HEADER}, or has no checkpoint")
        try:
            extra = read_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
            if not lines or not lines[0].startswith("index "):
                raise _malformed("it has no index")
            index = read_size(lines.pop(0)[6:])
            proof = tuple(read_base64(line) for line in lines)
        except ValueError:
            raise _malformed("its index, a hash or its extra data cannot be read") from None
        if len(proof) > MAX_PROOF_LENGTH or any(len(one) != HASH_SIZE for one in proof):
            raise _malformed("its proof is too long, or a hash has not 32 bytes")
        return cls(index, proof, checkpoint, extra)


def _malformed(what: str) -> ProofInvalid:
    return ProofInvalid(f"the proof file is malformed: {what}", zh="证明文件格式错误")
