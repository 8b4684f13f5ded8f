"""Keys that authenticators hold (WebAuthn): made, registered and used in the browser, and checked here and in packs.

A key is registered with two answers of the authenticator: that it has made the key, for this log and organisation, and
its signature of the registration, as of every other key. Both challenges follow from what is registered, so nothing has
to be kept between the page and its form; answers that somebody sends again register nothing anew.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.evidence.keeping import log_signer
from gaoyuan.portal.evidence.models import LogRecord, SigningKey
from gaoyuan.portal.evidence.signing import keep_key, take_statement
from gaoyuan.trust import VerifierKey
from gaoyuan.trust.failure import PackInvalid
from gaoyuan.trust.notes import Note, NoteSignature
from gaoyuan.trust.pack.statements import organisation_key, read_registration, registration_text, statement_text
from gaoyuan.trust.webauthn import assertion, assertion_counter, challenge_of, read_new_key

__all__ = ["Answer", "creation_text", "register_device", "sign_with_device"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser gives for a challenge: authenticator data, client data, and the signature of both."""

    authenticator_data: bytes
    client_data: bytes
    signature: bytes

    def note(self, text: str, key: VerifierKey) -> bytes:
        """Write a text with this as its signature; whether it holds is seen where the note is read."""
        signed = assertion(self.authenticator_data, self.client_data, self.signature)
        return bytes(Note(text, (NoteSignature(key.name, key.key_id, signed),)))


def creation_text(organisation: Organisation) -> str:
    """Write what an authenticator makes a new key for; its hash is the challenge."""
    return f"gaoyuan/new-key/v1\n{log_signer().key.name}\n{organisation.pk}\n"


def register_device(
    organisation: Organisation, authenticator_data: bytes, client_data: bytes, answer: Answer, by: User | None
) -> SigningKey:
    """Register a key that an authenticator has made, and signed its registration with.

    Raises KeyInvalid or PackInvalid where it cannot be.
    """
    origin, own = log_signer().key.name, str(organisation.pk)
    made = read_new_key(authenticator_data, client_data, challenge_of(creation_text(organisation).encode()))
    key = VerifierKey(_name(made.credential), made.kind, made.public_key)
    content = answer.note(registration_text(origin, own, key), key)
    read_registration(content, origin, own)
    counter = assertion_counter(assertion(answer.authenticator_data, answer.client_data, answer.signature))
    return keep_key(organisation, key, "device", by, credential=b64encode(made.credential).decode(), counter=counter)


def sign_with_device(
    organisation: Organisation, credential: bytes, records: Sequence[LogRecord], answer: Answer
) -> int:
    """Take an authenticator's signature of trades, and give how many it signs newly; raises PackInvalid where it does
    not hold.
    """
    named = b64encode(credential).decode()
    held = SigningKey.objects.of(organisation).filter(credential=named, revoked=None).first()
    if held is None or not named:
        raise PackInvalid("this security key is not registered, or was revoked", zh="该安全密钥未登记或已吊销")
    leaves = [bytes.fromhex(one.leaf) for one in records]
    text = statement_text(log_signer().key.name, leaves)
    return take_statement(organisation, answer.note(text, organisation_key(held.vkey)))


def _name(credential: bytes) -> str:
    """Name a key by what its authenticator calls it: the browser has to know the name before it asks for a signature.

    >>> _name(b"")
    'device/e3b0c44298fc1c14'
    """
    return f"device/{sha256(credential).hexdigest()[:16]}"
