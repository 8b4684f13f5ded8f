"""The platform's word: what a pack says that its reader cannot work out again, signed and marked as no more than that.

A pack holds the trades of one enterprise. That its customer's customer sells back to it no record of its own shows, but
the platform, which knows the trades of all who consented, can count such rings and say so. Whoever reads it learns what
the platform says, not that it is so: a check of it is never more than "cannot be told from the records".

    gaoyuan/platform-word/v1
    example.com/log                                    whose word it is
    3f1c...                                            the consent that it is said for
    {"firms":12,"log_size":900,...}                    what is said
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gaoyuan.trust.canonical import Json, canonical_json, read_canonical_json
from gaoyuan.trust.failure import NotTrusted, PackInvalid
from gaoyuan.trust.keys import Signer, VerifierKey
from gaoyuan.trust.notes import open_note, sign_note
from gaoyuan.trust.pack.rings import rings
from gaoyuan.trust.pack.trades import fen, yuan

__all__ = ["WORD_FORMAT", "RingWord", "count_rings", "read_word", "sign_word"]

WORD_FORMAT = "gaoyuan/platform-word/v1"
"""The first line of a platform's word."""

LONGEST_RING = 4
"""Longer rings are not looked for: of so many firms in a row nearly all honest trade is in one."""

_ID = re.compile(r"[!-~]{1,100}")


@dataclass(frozen=True, slots=True)
class RingWord:
    """What a platform says of the rings that an enterprise sells in: among how many firms that consented it looked, how
    many rings of two, three and four it is in (`counted`: a thousand at most), and how much it sold, in fen, to those
    who are next to it in a ring of three or more. `log_size` is how many records the log had.
    """

    firms: int
    counted: tuple[int, int, int]
    sales: int
    log_size: int

    @property
    def longer(self) -> int:
        """The rings of three or more, which the records of one enterprise cannot show."""
        return self.counted[1] + self.counted[2]


def count_rings(flows: Mapping[tuple[str, str], int], subject: str, log_size: int) -> RingWord:
    """Count the rings through a subject. `flows` has what each seller sold to each buyer, in fen: only of those who all
    agreed that it is used.

    >>> flows = {("a", "b"): 500, ("b", "c"): 450, ("c", "a"): 400, ("a", "d"): 70, ("d", "a"): 10}
    >>> count_rings(flows, "a", 9)
    RingWord(firms=4, counted=(1, 1, 0), sales=500, log_size=9)
    """
    edges: dict[str, list[str]] = {}
    for seller, buyer in flows:
        edges.setdefault(seller, []).append(buyer)
    found = rings(edges, LONGEST_RING, through=subject)
    following = {one[1] for one in found if len(one) > 2}
    counted = [sum(len(one) == length for one in found) for length in (2, 3, 4)]
    return RingWord(
        len({party for pair in flows for party in pair}),
        (counted[0], counted[1], counted[2]),
        sum(flows[subject, other] for other in sorted(following)),
        log_size,
    )


def sign_word(word: RingWord, consent: str, signer: Signer) -> bytes:
    """Sign what is said, for one consent and no other, with the log's key.

    >>> from gaoyuan.trust.keys import ed25519_signer
    >>> signer = ed25519_signer("example.com/log", bytes(32))
    >>> word = RingWord(4, (1, 1, 0), 50000, 9)
    >>> read_word(sign_word(word, "c-1", signer), "c-1", signer.key) == word
    True
    >>> read_word(sign_word(word, "c-1", signer), "c-2", signer.key)
    Traceback (most recent call last):
    gaoyuan.trust.failure.PackInvalid: the platform's word is malformed, or said for another consent
    平台陈述格式错误，或属于另一份授权
    """
    said: dict[str, Json] = {
        "firms": word.firms,
        "log_size": word.log_size,
        "rings": list(word.counted),
        "sales_in_rings_yuan": yuan(word.sales),
    }
    lines = (WORD_FORMAT, signer.key.name, consent, canonical_json(said).decode())
    return bytes(sign_note("".join(f"{line}\n" for line in lines), signer))


def read_word(content: bytes, consent: str, key: VerifierKey) -> RingWord:
    """Read a platform's word; raises PackInvalid where its key did not sign it, or not for this consent."""
    try:
        opened = open_note(content, [key])
        lines = opened.note.text.removesuffix("\n").split("\n")
        if len(opened.note.signatures) != 1 or len(lines) != 4 or not _ID.fullmatch(consent):
            raise _malformed()
        if lines[:3] != [WORD_FORMAT, key.name, consent]:
            raise _malformed()
        return _read(read_canonical_json(lines[3].encode()))
    except PackInvalid:
        raise
    except NotTrusted as wrong:
        raise PackInvalid(f"the platform's word does not hold: {wrong.what}", zh="平台陈述的签名无效") from None


def _read(said: Json) -> RingWord:
    if not isinstance(said, Mapping) or set(said) != {"firms", "log_size", "rings", "sales_in_rings_yuan"}:
        raise _malformed()
    firms, size, counted, sales = said["firms"], said["log_size"], said["rings"], said["sales_in_rings_yuan"]
    if not isinstance(counted, list) or len(counted) != 3:
        raise _malformed()
    amount = fen(sales) if isinstance(sales, str) else None
    two, three, four = (_number(one) for one in counted)
    if amount is None:
        raise _malformed()
    return RingWord(_number(firms), (two, three, four), amount, _number(size))


def _number(given: Json) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < 1 << 53:
        raise _malformed()
    return given


def _malformed() -> PackInvalid:
    return PackInvalid(
        "the platform's word is malformed, or said for another consent", zh="平台陈述格式错误，或属于另一份授权"
    )
