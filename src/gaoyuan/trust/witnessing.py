"""Running a witness: its key and memory in a folder, requests over HTTP (C2SP tlog-witness), logs looked at once.

What was cosigned is kept before the answer goes out, with the whole signed checkpoint, so that two histories can be
shown to anybody; checkpoints that contradict what is kept go into `evidence`. A lock lets in one request at a time.
"""

from __future__ import annotations

import os
import secrets
import time
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gaoyuan.errors import FileUnreadable, InputError
from gaoyuan.trust.checkpoints import Checkpoint
from gaoyuan.trust.failure import KeyInvalid, LogBroken, ProofInvalid
from gaoyuan.trust.keys import Cosigner, VerifierKey, ed25519_cosigner, read_vkey
from gaoyuan.trust.log import CHECKPOINT
from gaoyuan.trust.merkle import prove_consistency
from gaoyuan.trust.notes import read_note
from gaoyuan.trust.stores import FolderStore
from gaoyuan.trust.tiles import TileNodes, read_at
from gaoyuan.trust.witness import AddCheckpoint, Cosigned, NotCosigned, consider

__all__ = ["WitnessFolder", "look_once", "serve"]

_LONGEST_REQUEST = 1_000_000
_TIMEOUT_SECONDS = 30


class WitnessFolder:
    """A witness: `key.txt` (private), `logs.txt` (keys of the logs that it knows), `kept` and `evidence`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = FolderStore(folder)

    def create(self, name: str) -> None:
        """Make the key of the witness; raises InputError where there is one, or the name can be none."""
        seed = secrets.token_bytes(32)
        ed25519_cosigner(name, seed)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            number = os.open(self.folder / "key.txt", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise InputError("the witness has a key already", where=str(self.folder), zh="见证方已有密钥") from None
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(f"{name}\n{seed.hex()}\n")

    def know(self, vkey: str) -> None:
        """Witness a log from now on, by its verifier key."""
        key = read_vkey(vkey)
        with self._store.alone():
            held = self._store.read("logs.txt") or b""
            if str(key).encode() not in held.splitlines():
                self._store.write({"logs.txt": held + f"{key}\n".encode()})

    def cosigner(self) -> Cosigner:
        """Give what signs; raises InputError where the folder is no witness's."""
        try:
            name, seed = (self.folder / "key.txt").read_text("utf-8").splitlines()
            return ed25519_cosigner(name, bytes.fromhex(seed))
        except (OSError, ValueError, KeyInvalid):
            raise InputError(
                "this folder is no witness's",
                where=str(self.folder),
                mend="Begin with a name: gaoyuan witness FOLDER --name bank.example/w --log KEY",
                zh="此文件夹不是见证方的",
            ) from None

    def logs(self) -> dict[str, list[VerifierKey]]:
        """Give the keys of the logs that it knows, by their origin."""
        found: dict[str, list[VerifierKey]] = {}
        for line in (self._store.read("logs.txt") or b"").decode("utf-8").split():
            key = read_vkey(line)
            found.setdefault(key.name, []).append(key)
        return found

    def kept(self, origin: str) -> Checkpoint | None:
        """Give the last checkpoint of a log that it has cosigned."""
        held = self._store.read(_kept_at(origin))
        return Checkpoint.read(read_note(held).text) if held is not None else None

    def cosigned_file(self, origin: str) -> Path:
        """Name the file with the last checkpoint of a log and the cosignature."""
        return self.folder / _kept_at(origin)

    def consider(self, request: bytes) -> Cosigned | NotCosigned:
        """Answer a log that asks, and keep what the answer says before it goes out."""
        with self._store.alone():
            logs = self.logs()
            kept = {origin: one for origin in logs if (one := self.kept(origin)) is not None}
            answer = consider(request, kept, logs, self.cosigner(), int(time.time()))
            if isinstance(answer, Cosigned):
                self._store.write({_kept_at(answer.checkpoint.origin): bytes(answer.note)})
            elif answer.evidence is not None:
                content = bytes(answer.evidence)
                self._store.write({f"evidence/{sha256(content).hexdigest()}": content})
            return answer


def look_once(held: WitnessFolder, source: str) -> Cosigned:
    """Read a log from a folder or over HTTPS, make the proof from its tiles, and cosign its checkpoint.

    Raises ProofInvalid where the witness refuses, LogBroken where a file of the log is missing.
    """
    read = _reader(source)
    content = read_at(read, CHECKPOINT)
    checkpoint = Checkpoint.read(read_note(content).text)
    last = held.kept(checkpoint.origin)
    old = last.size if last is not None else 0
    proof = ()
    if 0 < old <= checkpoint.size:
        proof = prove_consistency(TileNodes(checkpoint.size, read), old, checkpoint.size)
    answer = held.consider(bytes(AddCheckpoint(min(old, checkpoint.size), proof, content)))
    if isinstance(answer, NotCosigned):
        if last is not None and checkpoint.size < last.size:
            raise ProofInvalid("the log has become shorter", where=checkpoint.origin, zh="日志变短")
        raise ProofInvalid(f"not cosigned: {answer.en}", where=checkpoint.origin, zh=f"未联署：{answer.zh}")
    return answer


def serve(held: WitnessFolder, host: str, port: int) -> None:
    """Answer logs over HTTP until the process ends."""
    server(held, host, port).serve_forever()


def server(held: WitnessFolder, host: str, port: int) -> ThreadingHTTPServer:
    """Give the server of a witness, which listens already."""
    held.cosigner()

    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint" or not length.isdigit() or int(length) > _LONGEST_REQUEST:
                self._answer(404 if self.path != "/add-checkpoint" else 400, "")
                return
            answer = held.consider(self.rfile.read(int(length)))
            if isinstance(answer, Cosigned):
                self._answer(answer.status, str(answer.line))
            elif answer.size is not None:
                self._answer(answer.status, f"{answer.size}\n", "text/x.tlog.size")
            else:
                self._answer(answer.status, f"{answer.en}\n")

        def _answer(self, status: int, text: str, media: str = "text/plain; charset=utf-8") -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the library
            pass

    return ThreadingHTTPServer((host, port), Handler)


def _kept_at(origin: str) -> str:
    return f"kept/{sha256(origin.encode()).hexdigest()[:16]}"


def _reader(source: str) -> Callable[[str], bytes | None]:
    if not source.startswith(("https://", "http://")):
        folder = Path(source)
        if not folder.is_dir():
            raise FileUnreadable("there is no such folder", where=source, zh="没有此文件夹")
        return FolderStore(folder).read

    def read(path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(f"{source.rstrip('/')}/{path}", timeout=_TIMEOUT_SECONDS) as answer:
                return answer.read(_LONGEST_REQUEST * 20)
        except OSError as fault:
            raise LogBroken(f"the log cannot be read: {fault}", where=path, zh="无法读取日志") from None

    return read
