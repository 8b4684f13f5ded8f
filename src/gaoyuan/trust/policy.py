"""What a verifier demands of a checkpoint (C2SP tlog-policy): which logs, and the cosignatures of which witnesses.

    log example.com/log+...                             a log, by its verifier key
    witness bank bank.example/w+...                     a witness, with the name that this policy gives it
    witness union union.example/w+...
    group both all bank union                           all, any, or at least so many of them
    quorum both                                         what a checkpoint must have; `none` for nothing

A cosignature counts if its time lies where the verifier says: not in the future, and not before `oldest` where an old
checkpoint, shown again, would hide what came since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gaoyuan.trust.checkpoints import Checkpoint, OpenedCheckpoint, open_checkpoint
from gaoyuan.trust.failure import KeyInvalid, NoteInvalid, PolicyUnmet
from gaoyuan.trust.keys import COSIGNATURE_V1, ED25519, SignatureKind, VerifierKey, read_vkey
from gaoyuan.trust.merkle import check_inclusion, leaf_hash
from gaoyuan.trust.notes import read_note
from gaoyuan.trust.proofs import ProofFile

__all__ = ["CLOCK_TOLERANCE", "Policy", "check_checkpoint", "check_proof_file", "read_policy"]

CLOCK_TOLERANCE = 300
"""How far a witness's clock may be ahead of the verifier's, in seconds."""

NO_QUORUM = "none"


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses and groups of them by name (how many, of whom), and the name of what must have cosigned."""

    logs: tuple[VerifierKey, ...]
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = NO_QUORUM

    def met_by(self, cosigned: set[VerifierKey]) -> bool:
        """Tell whether these witnesses are enough."""
        return self.quorum == NO_QUORUM or self._witnessed(self.quorum, cosigned)

    def _witnessed(self, name: str, cosigned: set[VerifierKey]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name] in cosigned
        least, members = self.groups[name]
        return sum(self._witnessed(member, cosigned) for member in members) >= least


def read_policy(text: str, kinds: tuple[SignatureKind, ...] = (ED25519,)) -> Policy:
    r"""Read a policy; `kinds` are the kinds of signatures that are accepted of logs.

    Raises KeyInvalid with the number of the line that is wrong, or where no line says the quorum.

    >>> policy = read_policy("log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\nquorum none")
    >>> policy.logs[0].name, policy.met_by(set())
    ('example.com/foo', True)
    """
    reading = _Reading(kinds)
    for number, line in enumerate(text.split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#"):
            try:
                reading.take(words)
            except KeyInvalid as wrong:
                raise KeyInvalid(wrong.what, where=f"line {number}", zh=wrong.zh) from None
    if reading.quorum is None:
        raise KeyInvalid(
            "the policy has no quorum line", mend="Add one; `quorum none` demands nothing.", zh="缺少 quorum"
        )
    return Policy(tuple(reading.logs), reading.witnesses, reading.groups, reading.quorum)


def check_checkpoint(content: bytes, policy: Policy, *, now: int, oldest: int = 0) -> OpenedCheckpoint:
    """Open a checkpoint if one of the policy's logs has signed it and enough of its witnesses cosigned it.

    `now` and `oldest` are seconds since 1970; cosignatures from before `oldest`, or more than five minutes after `now`,
    do not count, and are not in what is given back. Raises NoteInvalid where a signature of a log or witness does not
    hold or there is none of a log, PolicyUnmet where too few witnesses count.
    """
    origin = Checkpoint.read(read_note(content).text).origin
    logs = [key for key in policy.logs if key.name == origin]
    if not logs:
        raise NoteInvalid(
            "the checkpoint is of a log that the policy does not name", where=origin, zh="日志不在信任之列"
        )
    opened = open_checkpoint(content, logs, policy.witnesses.values())
    counted = {key: time for key, time in opened.cosigned.items() if oldest <= time <= now + CLOCK_TOLERANCE}
    if not policy.met_by(set(counted)):
        raise PolicyUnmet(
            f"{len(counted)} of {len(policy.witnesses)} witnesses cosigned in time, which does not meet the policy",
            where=origin,
            zh="有效见证签名不足",
        )
    return OpenedCheckpoint(opened.checkpoint, opened.note, counted)


def check_proof_file(content: bytes, entry: bytes, policy: Policy, *, now: int, oldest: int = 0) -> OpenedCheckpoint:
    """Check offline that an entry is in a log that enough witnesses have seen, by a proof file; give its checkpoint.

    Raises ProofInvalid, NoteInvalid or PolicyUnmet where that does not follow.
    """
    file = ProofFile.read(content)
    opened = check_checkpoint(file.checkpoint, policy, now=now, oldest=oldest)
    checkpoint = opened.checkpoint
    check_inclusion(file.index, checkpoint.size, leaf_hash(entry), checkpoint.root, file.proof)
    return opened


class _Reading:
    """The lines of a policy that were read so far."""

    def __init__(self, kinds: tuple[SignatureKind, ...]) -> None:
        self.kinds = kinds
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.quorum: str | None = None

    def take(self, words: list[str]) -> None:
        takes: dict[str, tuple[Callable[..., None], range]] = {
            "log": (self._log, range(1, 3)),
            "witness": (self._witness, range(2, 4)),
            "group": (self._group, range(3, 1000)),
            "quorum": (self._quorum, range(1, 2)),
        }
        take, counts = takes.get(words[0], (None, range(0)))
        if take is None or len(words) - 1 not in counts:
            raise KeyInvalid("the line says no log, witness, group or quorum", zh="无法识别的行")
        take(*words[1:])

    def _log(self, vkey: str, url: str = "") -> None:
        key = read_vkey(vkey, self.kinds)
        if any(one.public_key == key.public_key for one in self.logs):
            raise KeyInvalid("the log's key is given twice", zh="日志密钥重复")
        self.logs.append(key)

    def _witness(self, name: str, vkey: str, url: str = "") -> None:
        key = read_vkey(vkey, (COSIGNATURE_V1,))
        # One who holds a key must not count as two witnesses, whatever the key is called.
        if any(one.public_key == key.public_key for one in self.witnesses.values()):
            raise KeyInvalid("the witness's key is given twice", zh="见证方密钥重复")
        self._free(name)
        self.witnesses[name] = key

    def _group(self, name: str, least: str, *members: str) -> None:
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise KeyInvalid(f"{member!r} is named before it is defined", zh="成员尚未定义")
            grouped = [one for _, others in self.groups.values() for one in others]
            if member in grouped or members.count(member) > 1:
                raise KeyInvalid(f"{member!r} is in a group twice", zh="成员重复")
        count = {"all": len(members), "any": 1}.get(least)
        if count is None:
            count = int(least) if least.isascii() and least.isdigit() and len(least) < 4 else 0
        if not 1 <= count <= len(members):
            raise KeyInvalid(
                "a group needs all, any, or at least one and at most all of its members", zh="组的人数无效"
            )
        self._free(name)
        self.groups[name] = (count, members)

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise KeyInvalid("the quorum is given twice", zh="quorum 重复")
        if name != NO_QUORUM and name not in self.witnesses and name not in self.groups:
            raise KeyInvalid(f"{name!r} is named before it is defined", zh="quorum 尚未定义")
        self.quorum = name

    def _free(self, name: str) -> None:
        if name == NO_QUORUM or name in self.witnesses or name in self.groups:
            raise KeyInvalid(f"the name {name!r} is taken", zh="名称重复")
