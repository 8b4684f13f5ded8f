"""How a pack lies in its file: a signed note over the SHA-256 of the JSON that follows it, byte by byte.

    gaoyuan/pack/v1                                     what this is
    example.com/log                                     whose log it speaks of
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=        SHA-256 of the body
                                                        (blank)
    — example.com/log Uw2QOkn8srV1yJGh2VYRlL1T...       the log's signature
    {"checkpoint": ...}                                 the body, to the end of the file

Nothing of the file is outside of the signature: one changed byte, and it is no pack of that log any more.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from gaoyuan.trust.failure import NoteInvalid, PackInvalid
from gaoyuan.trust.keys import Signer, VerifierKey
from gaoyuan.trust.notes import open_note, read_note, sign_note

__all__ = ["MAX_PACK_SIZE", "PACK_FORMAT", "open_seal", "origin_of", "seal"]

PACK_FORMAT = "gaoyuan/pack/v1"
"""The first line of a pack."""

MAX_PACK_SIZE = 200_000_000
"""Longer files are refused, in bytes."""


def seal(body: bytes, signer: Signer) -> bytes:
    r"""Put a body, which begins with a brace, under the signature of the log whose key has its name.

    >>> from gaoyuan.trust.keys import ed25519_signer
    >>> signer = ed25519_signer("example.com/log", bytes(32))
    >>> sealed = seal(b'{"a":1}', signer)
    >>> origin_of(sealed), open_seal(sealed, signer.key)
    ('example.com/log', b'{"a":1}')
    >>> open_seal(sealed.replace(b"1}", b"2}"), signer.key)
    Traceback (most recent call last):
    gaoyuan.trust.failure.PackInvalid: the pack was changed after it was sealed
    证据包封装后被改动
    """
    return bytes(sign_note(_text(signer.key.name, body), signer)) + body


def origin_of(content: bytes) -> str:
    """Tell which log's pack this says it is; nothing is checked. Raises PackInvalid where it is no pack."""
    note, _body = _parts(content)
    lines = note.decode("utf-8", "replace").split("\n")
    if lines[0] != PACK_FORMAT or len(lines) < 3 or not lines[1]:
        raise PackInvalid("this is no evidence pack", zh="不是证据包")
    return lines[1]


def open_seal(content: bytes, key: VerifierKey) -> bytes:
    """Give the body if the log with that key has sealed it; raises PackInvalid where not."""
    note, body = _parts(content)
    if read_note_text(note) != _text(key.name, body):
        raise PackInvalid("the pack was changed after it was sealed", zh="证据包封装后被改动")
    try:
        opened = open_note(note, [key])
    except NoteInvalid as wrong:
        raise PackInvalid(
            f"the seal of the pack does not hold: {wrong.what}", zh=f"证据包封签无效：{wrong.zh}"
        ) from None
    # A second signature would be a place that could be changed unseen.
    if len(opened.note.signatures) != 1:
        raise PackInvalid("the seal of a pack has one signature", zh="证据包封签应有且仅有一个签名")
    return body


def read_note_text(note: bytes) -> str:
    """Give the text of a note; raises PackInvalid where it is none."""
    try:
        return read_note(note).text
    except NoteInvalid as wrong:
        raise PackInvalid(f"this is no evidence pack: {wrong.what}", zh="不是证据包") from None


def _text(origin: str, body: bytes) -> str:
    return f"{PACK_FORMAT}\n{origin}\n{b64encode(sha256(body).digest()).decode()}\n"


def _parts(content: bytes) -> tuple[bytes, bytes]:
    if len(content) > MAX_PACK_SIZE:
        raise PackInvalid(f"a pack has at most {MAX_PACK_SIZE:,} bytes", zh="证据包过大")
    at = content.find(b"\n{")
    if at < 0:
        raise PackInvalid("this is no evidence pack", zh="不是证据包")
    return content[: at + 1], content[at + 1 :]
