"""Which encoding a text file is in, and the file as UTF-8 whatever it is in."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

import numpy as np

_CHUNK_BYTES = 1 << 22
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 4096


def wide_encoding(start: bytes) -> str | None:
    r"""Give the encoding of two or four bytes a character that the first bytes of a file show, or None.

    By the byte-order mark, else by line breaks, commas and digits: in UTF-16 one of their two bytes is zero, always the
    same one.

    >>> wide_encoding("名称,省\n".encode("utf-16-le")), wide_encoding("名称,省\n".encode())
    ('utf-16-le', None)
    """
    for mark, encoding in _BYTE_ORDER_MARKS[1:]:
        if start.startswith(mark):
            return encoding
    pairs = np.frombuffer(start[: min(len(start) & ~1, _SAMPLE_BYTES)], dtype=np.uint8).reshape(-1, 2)
    for encoding, low, high in (("utf-16-le", pairs[:, 0], pairs[:, 1]), ("utf-16-be", pairs[:, 1], pairs[:, 0])):
        latin = low[high == 0]
        if 20 * latin.size > high.size and 10 * np.count_nonzero((latin < 9) | (latin > 126)) < latin.size:
            return encoding
    return None


def detect_encoding(path: Path) -> str:
    """Give the encoding of a text file: by its byte-order mark or its zero bytes, else UTF-8 where that fits best, else
    GB18030.

    UTF-8 is told from GB18030 by which of the two leaves fewer bytes undecodable, so one damaged character does not
    turn a file into the other.
    """
    with path.open("rb") as file:
        chunk = file.read(_CHUNK_BYTES)
        if chunk.startswith(codecs.BOM_UTF8):
            return "utf-8"
        if (wide := wide_encoding(chunk)) is not None:
            return wide
        damage = {"utf-8": 0, "gb18030": 0}
        decoders = {encoding: codecs.getincrementaldecoder(encoding)("replace") for encoding in damage}
        while chunk:
            for encoding, decoder in decoders.items():
                damage[encoding] += decoder.decode(chunk).count("\ufffd")
            # Text that is pure ASCII so far says nothing; text that only one of the two decodes has answered.
            if min(damage.values()) == 0 and max(damage.values()) > 20:
                break
            chunk = file.read(_CHUNK_BYTES)
    return "utf-8" if damage["utf-8"] <= damage["gb18030"] else "gb18030"


def with_byte_order(path: Path, encoding: str) -> str:
    """Give an encoding that the user has named, with the byte order where the file itself does not tell it: as Windows
    writes it.
    """
    plain = encoding.casefold().replace("_", "-").replace("utf16", "utf-16").replace("utf32", "utf-32")
    if plain not in ("utf-16", "utf-32"):
        return encoding
    with path.open("rb") as file:
        return wide_encoding(file.read(_SAMPLE_BYTES)) or f"{plain}-le"


class Utf8Stream(io.RawIOBase):
    """A text file of any encoding as a stream of UTF-8 bytes from a given line on; what cannot be decoded becomes
    U+FFFD. With `replaced` (what, by what) one piece of text is given as another.
    """

    def __init__(self, path: Path, encoding: str, skip_lines: int = 0, replaced: tuple[str, str] | None = None) -> None:
        super().__init__()
        self._replaced = replaced
        self._held = ""
        self._file = path.open("rb")
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._pending = b""
        self._ended = False
        self._at_start = True
        while skip_lines and not self._ended:
            self._fill()
            while skip_lines and (cut := _line_end(self._pending, final=self._ended)):
                self._pending = self._pending[cut:]
                skip_lines -= 1

    def readable(self) -> bool:
        """A stream to read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Fill the buffer; 0 at the end."""
        while not self._pending and not self._ended:
            self._fill()
        count = min(len(buffer), len(self._pending))
        buffer[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _fill(self) -> None:
        chunk = self._file.read(_CHUNK_BYTES)
        self._ended = not chunk
        text = self._decoder.decode(chunk, final=self._ended)
        if self._at_start and text:
            text = text.removeprefix("\ufeff")
            self._at_start = False
        if self._replaced is not None:
            text = (self._held + text).replace(*self._replaced)
            # What may be the beginning of the piece waits for its end.
            keep = 0 if self._ended else len(self._replaced[0]) - 1
            text, self._held = text[: len(text) - keep], text[len(text) - keep :]
        self._pending += text.encode("utf-8", "replace")


def _line_end(text: bytes, *, final: bool) -> int:
    """Give where the first line ends, with its line break; 0 where it does not end here."""
    feed, carriage = text.find(b"\n"), text.find(b"\r")
    if carriage >= 0 and (feed < 0 or carriage < feed):
        if carriage + 1 == len(text) and not final:
            return 0
        return carriage + 2 if text[carriage + 1 : carriage + 2] == b"\n" else carriage + 1
    return feed + 1 if feed >= 0 else (len(text) if final else 0)
