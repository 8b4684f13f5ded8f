"""Which encoding a text file is in, and the file as UTF-8 whatever it is in."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

_CHUNK_BYTES = 1 << 22
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def detect_encoding(path: Path) -> str:
    """Give the encoding of a text file: by its byte-order mark, else UTF-8 where that fits best, else GB18030.

    UTF-8 is told from GB18030 by which of the two leaves fewer bytes undecodable, so one damaged character does not
    turn a file into the other.
    """
    with path.open("rb") as file:
        chunk = file.read(_CHUNK_BYTES)
        for mark, encoding in _BYTE_ORDER_MARKS:
            if chunk.startswith(mark):
                return encoding
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


class Utf8Stream(io.RawIOBase):
    """A text file of any encoding as a stream of UTF-8 bytes from a given line on; what cannot be decoded becomes
    U+FFFD.
    """

    def __init__(self, path: Path, encoding: str, skip_lines: int = 0) -> None:
        super().__init__()
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
        self._pending += text.encode("utf-8", "replace")


def _line_end(text: bytes, *, final: bool) -> int:
    """Give where the first line ends, with its line break; 0 where it does not end here."""
    feed, carriage = text.find(b"\n"), text.find(b"\r")
    if carriage >= 0 and (feed < 0 or carriage < feed):
        if carriage + 1 == len(text) and not final:
            return 0
        return carriage + 2 if text[carriage + 1 : carriage + 2] == b"\n" else carriage + 1
    return feed + 1 if feed >= 0 else (len(text) if final else 0)
