"""Packs are verified, keys made, trades signed and logs witnessed from the command line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.trust.pack.conftest import Platform

from gaoyuan.trust import FolderStore, append, create_log, ed25519_signer, read_vkey
from gaoyuan.trust.pack.entries import shown_names
from gaoyuan.trust.pack.records import show
from gaoyuan.trust.pack.statements import read_registration, read_statement


@pytest.fixture(scope="module")
def platform() -> Platform:
    made = Platform(ed25519_signer("example.com/log", b"l" * 32))
    made.trade("7", "8", "100.00", "2026-01-05", moves=("order",))
    return made


@pytest.fixture(scope="module")
def pack(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("packs") / "a.pack"
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    consent = platform.consent("7", "2026-01", "2026-01", "2026-02-01", "9999-01-01")
    file.write_bytes(platform.pack("7", consent, now=now))
    return file


def test_a_pack_that_holds_is_shown_with_its_figures_and_what_it_does_not_prove(
    gaoyuan, pack: Path, platform: Platform, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.txt"
    policy.write_text(f"log {platform.signer.key}\nquorum none\n", "utf-8")
    for trusted in (("--policy", policy), ("--key", str(platform.signer.key))):
        shown = gaoyuan("verify", pack, *trusted)
        assert (shown.code, shown.err) == (0, "")
        assert "全部成立 · Everything holds" in shown.out
        assert "不证明记录内容真实" in shown.out
        assert "100.00" in shown.out
    assert gaoyuan("verify", pack, "--policy", policy, "--json").json["figures"]["trades"] == 1


def test_a_key_that_nobody_confirmed_ends_with_4_and_a_changed_pack_with_2(gaoyuan, pack: Path, tmp_path: Path) -> None:
    shown = gaoyuan("verify", pack)
    assert shown.code == 4
    assert "密钥尚未核对" in shown.out
    changed = tmp_path / "b.pack"
    changed.write_bytes(pack.read_bytes().replace(b"100.00", b"900.00"))
    shown = gaoyuan("verify", changed)
    assert shown.code == 2
    assert "封装后被改动" in shown.out
    assert gaoyuan("verify", tmp_path / "none").code == 2


def test_the_checkpoint_is_remembered_and_a_rolled_back_log_is_found(
    gaoyuan, pack: Path, platform: Platform, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    known = ("--key", str(platform.signer.key), "--remember", kept)
    assert gaoyuan("verify", pack, *known).code == 0
    size = int(kept.read_text("utf-8").splitlines()[1])
    lines = kept.read_text("utf-8").splitlines()
    assert gaoyuan("verify", pack, *known).code == 0
    kept.write_text(f"{lines[0]}\n{size + 1}\n{lines[2]}\n", "utf-8")
    assert gaoyuan("verify", pack, *known).code == 2


def test_a_key_is_made_once_and_signs_what_it_has_shown(gaoyuan, platform: Platform, tmp_path: Path) -> None:
    key, registration, out = tmp_path / "key.txt", tmp_path / "registration.txt", tmp_path / "signed.txt"
    asked = ("key", key, "--log", "example.com/log", "--organisation", "7", "--out", registration)
    assert gaoyuan(*asked).code == 0
    assert key.stat().st_mode & 0o077 == 0
    verifier = read_registration(registration.read_bytes(), "example.com/log", "7")
    again = gaoyuan(*asked)
    assert again.code == 2
    assert "已存在" in again.err
    index, (entry, fields, openings, _) = next(
        (at, one) for at, one in enumerate(platform.held) if one[0].kind == "trade"
    )
    record = show(index, entry.said, openings, shown_names("trade", fields, "7", ()))
    given = tmp_path / "to-sign.json"
    given.write_text(json.dumps({"log": str(platform.signer.key), "records": [record]}), "utf-8")
    shown = gaoyuan("sign", given, "--key", key, "--out", out, "--yes")
    assert (shown.code, shown.err) == (0, "")
    assert "毛巾布" in shown.out
    assert [one.hex() for one in read_statement(out.read_bytes(), verifier).leaves] == [record["leaf"]]
    forged = json.dumps({"log": str(platform.signer.key), "records": [record]}).replace("100.00", "1.00")
    given.write_text(forged, "utf-8")
    assert gaoyuan("sign", given, "--key", key, "--out", out, "--yes").code == 2
    assert gaoyuan("sign", key, "--key", key, "--yes").code == 2
    assert gaoyuan("sign", given, "--key", given, "--yes").code == 2


def test_a_log_in_a_folder_is_witnessed_once(gaoyuan, platform: Platform, tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    store = FolderStore(tmp_path / "log")
    create_log(store, platform.signer)
    append(store, [b"a"], platform.signer)
    named = ("--name", "bank.example/w", "--log", str(platform.signer.key), "--from", tmp_path / "log")
    shown = gaoyuan("witness", tmp_path / "w", *named)
    assert (shown.code, shown.err) == (0, "")
    assert read_vkey(shown.out.splitlines()[0].split()[-1]).name == "bank.example/w"
    assert "已联署 cosigned: 1" in shown.out
    assert gaoyuan("witness", tmp_path / "none").code == 2
