"""Credit codes for fictional firms: sound by every check, and never the same twice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaoyuan.codes.credit_code import ALPHABET

_BASE = len(ALPHABET)
_SPACE = _BASE**8
_STEP = 618_033_988_747
"""Coprime to the number of eight-character codes, so that counting in this step meets every one once."""
_CHARACTERS = np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)
_WEIGHTS = np.array([pow(3, position, _BASE) for position in range(17)], dtype=np.int64)
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_ORGANISATION_VALUES = np.array([int(character, 36) for character in ALPHABET], dtype=np.int64)
_X = ALPHABET.index("X")


def credit_codes(division: npt.NDArray[np.int64], first: int) -> pa.Array:
    """Give credit codes (n) of companies registered in `division` (n, six digits as a number), the running numbers
    beginning at `first`.

    The organisation code in the middle carries its own check character (GB 11714), the whole code the one of GB 32100.

    >>> credit_codes(np.array([370782, 370782]), 0).to_pylist()
    ['91370782000000000H', '91370782NEBHU1Y58Q']
    """
    values = np.zeros((division.size, 18), dtype=np.int64)
    values[:, 0], values[:, 1] = 9, 1
    for position in range(6):
        values[:, 2 + position] = division // 10 ** (5 - position) % 10
    # Python's integers do not overflow, 64 bits hold the products of a step below 2^40 and 5·10^7 firms only just.
    number = (np.arange(first, first + division.size, dtype=object) * _STEP % _SPACE).astype(np.int64)
    for position in range(7, -1, -1):
        values[:, 8 + position] = number % _BASE
        number //= _BASE
    rest = (11 - _ORGANISATION_VALUES[values[:, 8:16]] @ _ORGANISATION_WEIGHTS % 11) % 11
    values[:, 16] = np.where(rest == 10, _X, rest)
    values[:, 17] = (_BASE - values[:, :17] @ _WEIGHTS % _BASE) % _BASE
    text = np.ascontiguousarray(_CHARACTERS[values])
    offsets = np.arange(0, text.size + 1, 18, dtype=np.int32)
    return pa.StringArray.from_buffers(division.size, pa.py_buffer(offsets), pa.py_buffer(text))
