"""Sealed scores: commit now, reveal later.

The record receives only SHA-256(canonical JSON of contest, round, judge, nonce, scores), which binds the judge to the
scores without showing them: the nonce of 256 random bits makes guessing them vain (a commitment scheme: Blum 1983,
SIGACT News 15; Halevi and Micali 1996, CRYPTO). Sheet and nonce wait in a file beside the record, readable
by its owner only; that file is what must be kept from eyes till the opening, so it may lie on the judge's own medium.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gaoyuan.assess.contest.bodies import sheet_scores
from gaoyuan.assess.contest.canonical import Json, canonical, parse, sha256
from gaoyuan.assess.contest.definition import RoundName
from gaoyuan.assess.contest.faults import ActRefused
from gaoyuan.assess.contest.state import Scores
from gaoyuan.errors import GaoyuanError

__all__ = ["SealedSheet", "read_sealed", "seal", "sealed_file", "write_sealed"]


@dataclass(frozen=True, slots=True)
class SealedSheet:
    """A judge's sheet of a round with its nonce: secret till the opening."""

    contest: str
    round: RoundName
    judge: str
    nonce: str
    scores: Scores

    @property
    def commitment(self) -> str:
        """What the record receives."""
        return sha256(self._bytes())

    def body(self) -> dict[str, Json]:
        """What the opening adds to the record."""
        return {"round": self.round, "judge": self.judge, "nonce": self.nonce, "scores": self.scores}

    def _bytes(self) -> bytes:
        return canonical(self.body() | {"contest": self.contest})


def seal(contest: str, round_name: RoundName, judge: str, scores: Scores, nonce: str | None = None) -> SealedSheet:
    """Seal a sheet with a nonce of 256 random bits, or the one given.

    >>> sheet = seal("demo", "group", "J1", {"E1": {"quality": "8.5"}}, nonce="00" * 32)
    >>> sheet.commitment[:16]
    '1c51514657c9b3fb'
    """
    return SealedSheet(contest, round_name, judge, secrets.token_hex(32) if nonce is None else nonce, scores)


def sealed_file(folder: Path, round_name: RoundName, judge: str) -> Path:
    """Give the file in which a judge's sealed sheet waits."""
    return folder / f"{round_name}-{judge}.json"


def write_sealed(folder: Path, sheet: SealedSheet) -> Path:
    """Put a sealed sheet into the folder, which is made where it is missing; only its owner may read it.

    An earlier sheet of the judge for the round stays beside it under its commitment's name, since the record names it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = sealed_file(folder, sheet.round, sheet.judge)
    partial = file.with_name(f".{file.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(canonical(sheet.body() | {"contest": sheet.contest}) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    if file.exists():
        file.replace(file.with_name(f"{file.stem}.{sha256(file.read_bytes())[:12]}.old"))
    partial.replace(file)
    return file


def read_sealed(file: Path, round_name: RoundName, judge: str) -> SealedSheet:
    """Read the sealed sheet of a judge; raises ActRefused that names the judge where it is missing or no such sheet."""
    where = f"{file}: 评委 judge {judge}"
    try:
        value = parse(file.read_bytes())
        if not isinstance(value, Mapping):
            raise ValueError("no object")
        words = [value.get(name) for name in ("contest", "round", "judge", "nonce")]
        contest, found, name, nonce = (word if isinstance(word, str) else "" for word in words)
        scores = sheet_scores(value)
    except FileNotFoundError:
        raise ActRefused(
            "密封评分表不在 the sealed sheet is missing", where=where, mend="放回该文件 Put the file back."
        ) from None
    except (ValueError, OSError, GaoyuanError) as fault:
        raise ActRefused(f"密封评分表已损坏 the sealed sheet is damaged: {fault}", where=where) from None
    if (found, name) != (round_name, judge):
        raise ActRefused(
            f"这是 {name or '?'} 的 {found or '?'} 评分表 this is the sheet of judge {name!r}, round {found!r}",
            where=where,
        )
    return SealedSheet(contest, round_name, judge, nonce, scores)
