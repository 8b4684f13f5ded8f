"""SM2 with SM3: a note signed with both keys, and what does not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.errors import ExtraMissing
from gaoyuan.trust import sm2
from gaoyuan.trust.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from gaoyuan.trust.failure import KeyInvalid
from gaoyuan.trust.keys import Signer, VerifierKey, read_vkey
from gaoyuan.trust.merkle import leaf_hash
from gaoyuan.trust.sm2 import SM2_WITH_SM3, sm2_signer


def test_a_checkpoint_with_both_signatures_opens_with_either_key(signer: Signer, sm2_key: Path) -> None:
    national = sm2_signer("example.com/log", sm2_key)
    checkpoint = Checkpoint("example.com/log", 1, leaf_hash(b"entry"))
    content = bytes(sign_checkpoint(checkpoint, signer, national))
    for key in (signer.key, national.key):
        assert open_checkpoint(content, key).checkpoint == checkpoint
    vkey = str(national.key)
    assert read_vkey(vkey, (SM2_WITH_SM3,)) == national.key
    with pytest.raises(KeyInvalid, match="not accepted"):
        read_vkey(vkey)


def test_a_changed_text_or_signature_does_not_hold(sm2_key: Path) -> None:
    signer = sm2_signer("a", sm2_key)
    signature = signer.sign("高原\n".encode())
    assert len(signature) == 64
    assert signer.key.holds("高原\n".encode(), signature)
    assert not signer.key.holds(b"other\n", signature)
    assert not signer.key.holds("高原\n".encode(), signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not signer.key.holds("高原\n".encode(), signature[:-1])
    assert not signer.key.holds("高原\n".encode(), bytes(64))
    nowhere = VerifierKey("a", SM2_WITH_SM3, b"\x04" + bytes(64))
    assert not nowhere.holds("高原\n".encode(), signature)


def test_the_example_of_the_standard_holds(sm2_key: Path) -> None:
    # GM/T 0003.5, appendix A: on the recommended curve, of the message "message digest".
    x = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    y = "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    r = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    s = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    key = VerifierKey("standard", SM2_WITH_SM3, bytes.fromhex("04" + x + y))
    assert key.holds(b"message digest", bytes.fromhex(r + s))
    assert not key.holds(b"message digests", bytes.fromhex(r + s))


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, sm2_key: Path) -> None:
    file = tmp_path / "key.pem"
    with pytest.raises(KeyInvalid, match="no SM2 private key"):
        sm2_signer("a", file)
    file.write_text(sm2_key.read_text().replace("M", "N"))
    with pytest.raises(KeyInvalid, match="no SM2 private key"):
        sm2_signer("a", file)


def test_without_openssl_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sm2, "_OPENSSL", str(tmp_path / "none"))
    with pytest.raises(ExtraMissing, match="apt-get install"):
        sm2_signer("a", tmp_path / "key.pem")
