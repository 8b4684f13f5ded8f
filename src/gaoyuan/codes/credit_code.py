"""Unified social credit codes (统一社会信用代码), GB 32100-2015.

Eighteen characters: registering department (1), kind of body (1), registering division (6, GB/T 2260),
organisation code (9, GB 11714) and a check character.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a credit code: no I, O, S, V, Z (GB 32100-2015, table 1)."""

LENGTH = 18
_BASE = len(ALPHABET)
_NOT_A_CHARACTER = 255
_VALUES = np.full(256, _NOT_A_CHARACTER, dtype=np.uint8)
for _value, _character in enumerate(ALPHABET):
    _VALUES[ord(_character)] = _value
_WEIGHTS = np.array([pow(3, position, _BASE) for position in range(LENGTH - 1)], dtype=np.int64)


class CreditCodeFault(IntEnum):
    """What is wrong with a credit code; `NONE` is a sound one."""

    NONE = 0
    MISSING = 1
    LENGTH = 2
    ALPHABET = 3
    CHECK_CHARACTER = 4


def normalise_credit_codes(codes: pa.Array) -> pa.Array:
    """Bring codes into their written form: half-width, upper case, no blanks inside.

    Changes nothing that carries information; nulls stay null. Empty text becomes null.

    >>> normalise_credit_codes(pa.array([" 91310000x07256885w ", "９１", ""])).to_pylist()
    ['91310000X07256885W', '91', None]
    """
    text = pc.utf8_upper(pc.replace_substring_regex(pc.utf8_normalize(codes, "NFKC"), r"\s+", ""))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)


def credit_code_faults(codes: pa.Array) -> npt.NDArray[np.uint8]:
    """Check each code's length, alphabet and check character.

    `codes` is an array of text (n); the answer (n) holds `CreditCodeFault` values.
    The check character makes the weighted sum of all 18 values, weights 3^i mod 31, divisible by 31.

    >>> credit_code_faults(pa.array(["914403001922038216", "914403001922038217", "12", None])).tolist()
    [0, 4, 2, 1]
    """
    faults = np.full(len(codes), CreditCodeFault.NONE, dtype=np.uint8)
    missing = pc.is_null(codes).to_numpy(zero_copy_only=False)
    size = pc.fill_null(pc.binary_length(pc.cast(codes, pa.binary())), -1).to_numpy(zero_copy_only=False)
    faults[size != LENGTH] = CreditCodeFault.LENGTH
    faults[missing] = CreditCodeFault.MISSING
    whole = np.flatnonzero(size == LENGTH)
    if whole.size == 0:
        return faults
    characters = _characters(codes, whole)
    values = _VALUES[characters]
    in_alphabet = (values != _NOT_A_CHARACTER).all(axis=1)
    weighted = values[:, :-1].astype(np.int64) @ _WEIGHTS
    expected = (_BASE - weighted % _BASE) % _BASE
    faults[whole[expected != values[:, -1]]] = CreditCodeFault.CHECK_CHARACTER
    faults[whole[~in_alphabet]] = CreditCodeFault.ALPHABET
    return faults


def check_character(first_17: str) -> str:
    """Give the 18th character of a credit code from its first 17.

    Raises ValueError where `first_17` is not 17 characters of the alphabet.

    >>> check_character("91440300192203821")
    '6'
    """
    if len(first_17) != LENGTH - 1 or any(character not in ALPHABET for character in first_17):
        raise ValueError(f"not the first 17 characters of a credit code: {first_17!r}")
    weighted = sum(
        ALPHABET.index(character) * int(weight) for character, weight in zip(first_17, _WEIGHTS, strict=True)
    )
    return ALPHABET[(_BASE - weighted % _BASE) % _BASE]


def check_characters(first_17: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Give the 18th characters of many codes at once: (n, 17) ASCII bytes of the alphabet to (n) ASCII bytes."""
    weighted = _VALUES[first_17].astype(np.int64) @ _WEIGHTS
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    return letters[(_BASE - weighted % _BASE) % _BASE]


def _characters(codes: pa.Array, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    chosen = pc.cast(codes.take(pa.array(rows)), pa.large_binary())
    joined = b"".join(chosen.to_pylist()) if chosen.offset else chosen.buffers()[2].to_pybytes()
    return np.frombuffer(joined, dtype=np.uint8)[: rows.size * LENGTH].reshape(rows.size, LENGTH)
