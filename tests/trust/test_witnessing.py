"""A witness cosigns what continues what it saw, over HTTP and from files, keeps it, and refuses all else."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gaoyuan.errors import InputError
from gaoyuan.trust import (
    AddCheckpoint,
    FolderStore,
    MemoryStore,
    NotTrusted,
    Signer,
    append,
    consistency_proof,
    create_log,
    latest_checkpoint,
    open_checkpoint,
)
from gaoyuan.trust.witnessing import WitnessFolder, look_once, server


@pytest.fixture
def held(tmp_path: Path, signer: Signer) -> WitnessFolder:
    witness = WitnessFolder(tmp_path / "w")
    witness.create("bank.example/w")
    witness.know(str(signer.key))
    witness.know(str(signer.key))
    return witness


@pytest.fixture
def address(held: WitnessFolder) -> Iterator[str]:
    served = server(held, "127.0.0.1", 0)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_address[1]}"
    served.shutdown()
    served.server_close()


def posted(address: str, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address + path, data=body), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def asked(store: MemoryStore, signer: Signer, old: int) -> bytes:
    opened = latest_checkpoint(store, signer.key)
    return bytes(AddCheckpoint(old, consistency_proof(store, old, opened.checkpoint.size), bytes(opened.note)))


def test_a_witness_cosigns_over_http_keeps_it_and_says_what_it_saw_last(
    held: WitnessFolder, address: str, signer: Signer
) -> None:
    store, fork = MemoryStore(), MemoryStore()
    for one, word in ((store, b"a"), (fork, b"x")):
        create_log(one, signer)
        append(one, [word, b"b"], signer)
    status, line = posted(address, asked(store, signer, 0))
    assert status == 200
    note = bytes(latest_checkpoint(store, signer.key).note) + line.encode()
    key = held.cosigner().key
    assert key in open_checkpoint(note, signer.key, [key]).cosigned
    kept = held.kept("example.com/log")
    assert kept is not None
    assert kept.size == 2
    append(store, [b"c"], signer)
    append(fork, [b"c"], signer)
    assert posted(address, asked(store, signer, 0)) == (409, "2\n")
    assert posted(address, asked(fork, signer, 2))[0] == 422
    assert len(list((held.folder / "evidence").iterdir())) == 1
    assert posted(address, asked(store, signer, 2))[0] == 200
    assert posted(address, b"rubbish")[0] == 400
    assert posted(address, b"rubbish", "/other")[0] == 404


def test_what_a_witness_has_kept_outlives_it(held: WitnessFolder, signer: Signer) -> None:
    store = MemoryStore()
    create_log(store, signer)
    append(store, [b"a", b"b"], signer)
    held.consider(asked(store, signer, 0))
    again = WitnessFolder(held.folder)
    assert again.kept("example.com/log") == held.kept("example.com/log")
    assert again.cosigner().key == held.cosigner().key
    with pytest.raises(InputError):
        again.create("bank.example/w")


def test_a_log_in_a_folder_is_looked_at_and_one_that_became_shorter_is_not_cosigned(
    held: WitnessFolder, signer: Signer, tmp_path: Path
) -> None:
    for name, sizes in (("log", (2, 300)), ("short", (1,))):
        (tmp_path / name).mkdir()
        store = FolderStore(tmp_path / name)
        create_log(store, signer)
        for size in sizes:
            append(store, [b"%d" % number for number in range(size)], signer)
            if name == "log":
                look_once(held, str(tmp_path / name))
    kept = held.kept("example.com/log")
    assert kept is not None
    assert kept.size == 302
    assert b"bank.example/w" in held.cosigned_file("example.com/log").read_bytes()
    with pytest.raises(NotTrusted, match="shorter"):
        look_once(held, str(tmp_path / "short"))
    with pytest.raises(InputError):
        look_once(held, str(tmp_path / "none"))


def test_a_folder_that_is_no_witness_says_how_to_begin_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--name"):
        WitnessFolder(tmp_path).cosigner()
