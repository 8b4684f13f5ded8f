"""Signed notes (C2SP signed-note): a text, a blank line, and a line for every signature.

A text says nothing before `open_note` has given it: read alone, a note is what anybody could have written.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gaoyuan.trust.failure import NoteInvalid
from gaoyuan.trust.keys import Signer, VerifierKey, name_is_valid, read_base64

__all__ = ["Note", "NoteSignature", "OpenedNote", "open_note", "read_note", "read_signature_lines", "sign_note"]

MAX_NOTE_SIZE = 1_000_000
"""Longer notes are refused, in bytes."""

MAX_SIGNATURES = 100
"""Notes with more signatures are refused, as each may have to be checked."""


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the name of the key, the four bytes that stand for it, and what it signed."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a newline, and its signatures; nobody has checked them yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __bytes__(self) -> bytes:
        return f"{self.text}\n{''.join(map(str, self.signatures))}".encode()

    def signed(self, *signatures: NoteSignature) -> Note:
        """Give the note with more signatures, each once."""
        new = [one for one in dict.fromkeys(signatures) if one not in self.signatures]
        return replace(self, signatures=(*self.signatures, *new))


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note that trusted keys have signed, and their signatures: only these were checked."""

    note: Note
    by: tuple[tuple[VerifierKey, NoteSignature], ...]


def sign_note(text: str, *signers: Signer) -> Note:
    r"""Sign a text that ends with a newline. Raises NoteInvalid where it cannot be the text of a note.

    >>> from gaoyuan.trust.keys import ed25519_signer
    >>> print(bytes(sign_note("grain\n", ed25519_signer("example.com/a", bytes(32)))).decode(), end="")
    grain
    <BLANKLINE>
    — example.com/a 7eImm4ErzTDIqNbdV30DA61iEZpoP/JNZU53rOenn8M2RqSPCwlN4Hzw/QRBBlnyLKiIra2xA28heICjJiAX87p4YAw=
    """
    _check_text(text)
    signed = (NoteSignature(one.key.name, one.key.key_id, one.sign(text.encode())) for one in signers)
    return Note(text, ()).signed(*signed)


def read_note(content: bytes) -> Note:
    """Read a note without checking who signed it; raises NoteInvalid where it is malformed."""
    if len(content) > MAX_NOTE_SIZE:
        raise _malformed(f"it has more than {MAX_NOTE_SIZE} bytes")
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("it is not UTF-8") from None
    text, blank, lines = whole.rpartition("\n\n")
    if not blank:
        raise _malformed("no blank line stands before its signatures")
    _check_text(f"{text}\n")
    return Note(f"{text}\n", read_signature_lines(lines))


def read_signature_lines(lines: str) -> tuple[NoteSignature, ...]:
    """Read one or more signature lines, each with its newline; raises NoteInvalid where one is malformed."""
    if not lines.endswith("\n"):
        raise _malformed("it does not end with a newline")
    split = lines[:-1].split("\n")
    if len(split) > MAX_SIGNATURES:
        raise _malformed(f"it has more than {MAX_SIGNATURES} signatures")
    return tuple(_read_line(line) for line in split)


def open_note(content: bytes, keys: Iterable[VerifierKey]) -> OpenedNote:
    r"""Read a note and check the signatures of the keys that are trusted; those of others are passed over.

    Raises NoteInvalid where it is malformed, none of the keys signed it, or a signature in the name of one does not
    hold, as a forger's would not.

    >>> from gaoyuan.trust.keys import read_vkey
    >>> key = read_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    >>> note = (
    ...     "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAl"
    ...     "TgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    ... )
    >>> open_note(note.encode(), [key]).note.text
    'This is an example message.\n'
    >>> open_note(note.replace("This", "That").encode(), [key])
    Traceback (most recent call last):
    gaoyuan.trust.failure.NoteInvalid: example.com/foo: the signature does not hold: text or signature were changed
    签名无效：文本或签名被改动
    """
    note = read_note(content)
    known = {(key.name, key.key_id): key for key in keys}
    by = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.holds(note.text.encode(), signature.signature):
            raise NoteInvalid(
                "the signature does not hold: text or signature were changed",
                where=signature.name,
                zh="签名无效：文本或签名被改动",
            )
        by.append((key, signature))
    if not by:
        raise NoteInvalid("none of the trusted keys signed the note", zh="没有可信密钥的签名")
    return OpenedNote(note, tuple(by))


def _read_line(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not name_is_valid(parts[1]):
        raise _malformed("a signature line is not of the form: dash, name, base64")
    try:
        content = read_base64(parts[2])
    except ValueError:
        raise _malformed("a signature is not base64") from None
    if len(content) < 5:
        raise _malformed("a signature is too short")
    return NoteSignature(parts[1], content[:4], content[4:])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(one < " " and one != "\n" for one in text):
        raise _malformed("its text does not end with a newline, or holds control characters")


def _malformed(what: str) -> NoteInvalid:
    return NoteInvalid(f"the note is malformed: {what}", zh="签名文件格式错误")
