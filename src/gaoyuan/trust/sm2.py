"""SM2 signatures with SM3 (GB/T 32918.2, GB/T 32905; GM/T 0003, 0004) for notes, through the program `openssl`.

Where the national algorithms are required (GB/T 39786), a log signs its checkpoints with both keys: those who know
C2SP's kinds check the Ed25519 line, those who must see SM2 check the other. The kind has no byte assigned by C2SP, so
its identifier is 0xff followed by its name. A signature is r and s, 32 bytes each; the signer's identity is
"1234567812345678", the default of GM/T 0009. Tree hashes stay SHA-256, as the formats of the log demand.

Python's cryptography has no SM2; OpenSSL 3 has. Keys are made with `openssl genpkey -algorithm SM2 -out key.pem`.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from gaoyuan.errors import ExtraMissing
from gaoyuan.trust.failure import KeyInvalid
from gaoyuan.trust.keys import SignatureKind, Signer, VerifierKey

__all__ = ["SM2_WITH_SM3", "sm2_signer"]

_OPENSSL = "openssl"
# What a public key in DER begins with: an elliptic curve key on the curve sm2 (1.2.156.10197.1.301), 66 bytes of point.
_KEY_HEADER = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_POINT_SIZE = 65
_OPTIONS = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")


def sm2_signer(name: str, key_file: Path) -> Signer:
    """Make a signer from a file with an SM2 private key (PEM); the key is read by openssl alone.

    Raises ExtraMissing where there is no openssl with SM2, KeyInvalid where the file holds no such key.
    """
    public = _run("pkey", "-in", str(key_file), "-pubout", "-outform", "DER")
    if public.returncode or not public.stdout.startswith(_KEY_HEADER):
        raise KeyInvalid(
            "this is no SM2 private key",
            where=str(key_file),
            mend="Make one: openssl genpkey -algorithm SM2 -out key.pem",
            zh="不是 SM2 私钥",
        )

    def sign(message: bytes) -> bytes:
        made = _run("pkeyutl", "-sign", "-inkey", str(key_file), *_OPTIONS, given=message)
        if made.returncode:
            raise KeyInvalid("openssl could not sign with the key", where=str(key_file), zh="SM2 签名失败")
        r, s = decode_dss_signature(made.stdout)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return Signer(VerifierKey(name, SM2_WITH_SM3, public.stdout[len(_KEY_HEADER) :]), sign)


def _sm2_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    with tempfile.TemporaryDirectory() as folder:
        key_file, signature_file = Path(folder) / "key.der", Path(folder) / "signature.der"
        key_file.write_bytes(_KEY_HEADER + public_key)
        signature_file.write_bytes(encode_dss_signature(r, s))
        key = ("-verify", "-pubin", "-keyform", "DER", "-inkey", str(key_file))
        checked = _run("pkeyutl", *key, *_OPTIONS, "-sigfile", str(signature_file), given=message)
    return checked.returncode == 0


def _run(*command: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run([_OPENSSL, *command], input=given, capture_output=True, check=False, timeout=60)
    except FileNotFoundError:
        raise ExtraMissing(
            "SM2 signatures need the program openssl, version 3 or later",
            mend="As an administrator: apt-get install -y openssl",
            zh="SM2 签名需要 openssl 3 以上版本",
        ) from None


SM2_WITH_SM3 = SignatureKind(b"\xffgaoyuan/sm2-with-sm3/v1\n", _POINT_SIZE, _sm2_holds)
"""SM2 signatures over SM3 of the text of a note. Give it to `read_vkey` where they are accepted."""
