"""An authenticator in software, with all that it says of itself: what a security key and a browser do together."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gaoyuan.trust.keys import Signer, VerifierKey
from gaoyuan.trust.webauthn import WEBAUTHN_ED25519, WEBAUTHN_ES256, assertion, challenge_of

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """A key of ES256, or of Ed25519, on a host; what it claims can be changed, to see whether that is found."""

    def __init__(self, host: str = "localhost", seed: int = 7, *, ed25519: bool = False) -> None:
        self.host, self.origin, self.flags, self.counter = host, f"https://{host}", PRESENT | VERIFIED, 0
        self.credential = sha256(b"%d" % seed).digest()
        self.more: dict[str, object] = {"crossOrigin": False}
        self._key = (
            Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))
            if ed25519
            else derive_private_key(seed, SECP256R1())
        )
        encoding = (Encoding.Raw, PublicFormat.Raw) if ed25519 else (Encoding.X962, PublicFormat.UncompressedPoint)
        self.point = self._key.public_key().public_bytes(*encoding)
        self.kind = WEBAUTHN_ED25519 if ed25519 else WEBAUTHN_ES256

    @property
    def public_key(self) -> bytes:
        """The hash of the host, and the key."""
        return sha256(self.host.encode()).digest() + self.point

    def cose_key(self) -> bytes:
        """The public key as COSE has it, in CBOR."""
        if len(self.point) == 32:
            return bytes.fromhex("a4010103272006215820") + self.point
        return bytes.fromhex("a5010203262001215820") + self.point[1:33] + bytes.fromhex("225820") + self.point[33:]

    def create(self, challenge: bytes) -> tuple[bytes, bytes]:
        """Make a key; gives authenticator data and client data."""
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + self.cose_key()
        return self._data(HAS_KEY) + attested, self._client("webauthn.create", challenge)

    def get(self, challenge: bytes) -> tuple[bytes, bytes, bytes]:
        """Sign a challenge; gives authenticator data, client data and signature."""
        self.counter += 1
        data, client = self._data(), self._client("webauthn.get", challenge)
        content = data + sha256(client).digest()
        if isinstance(self._key, Ed25519PrivateKey):
            return data, client, self._key.sign(content)
        return data, client, self._key.sign(content, ECDSA(SHA256()))

    def signer(self, name: str) -> Signer:
        """Give what signs notes with it."""
        return Signer(
            VerifierKey(name, self.kind, self.public_key), lambda text: assertion(*self.get(challenge_of(text)))
        )

    def _data(self, more: int = 0) -> bytes:
        return sha256(self.host.encode()).digest() + bytes([self.flags | more]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": urlsafe_b64encode(challenge).rstrip(b"=").decode(), "origin": self.origin}
        return json.dumps({**said, **self.more}).encode()
