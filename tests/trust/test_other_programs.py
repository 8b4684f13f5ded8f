"""Programs that others wrote, from the package registry, read what we write; they skip where they are not installed.

sigstore (Apache-2.0) checks Rekor's checkpoints and inclusion proofs, rfc8785 (Apache-2.0) writes canonical JSON.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.canonical import canonical_json
from gaoyuan.trust.checkpoints import OpenedCheckpoint, cosign
from gaoyuan.trust.keys import Cosigner, Signer, VerifierKey
from gaoyuan.trust.log import append, create_log, proof_file
from gaoyuan.trust.proofs import ProofFile
from gaoyuan.trust.stores import MemoryStore

ENTRIES = [f"entry {number}".encode() for number in range(300)]


def checked_by_sigstore(log: VerifierKey, opened: OpenedCheckpoint, proof: ProofFile, entry: bytes) -> None:
    """Have sigstore read a checkpoint, and check that an entry is in the tree that it speaks of; raises its error."""
    merkle = pytest.importorskip("sigstore._internal.merkle")
    checkpoints = pytest.importorskip("sigstore._internal.rekor.checkpoint")
    trust = pytest.importorskip("sigstore._internal.trust")
    public = Ed25519PublicKey.from_public_bytes(log.public_key)
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    details = trust.common_v1.PublicKeyDetails.PKIX_ED25519
    keyring = trust.Keyring([trust.common_v1.PublicKey(raw_bytes=b64encode(spki), key_details=details)])
    given = SimpleNamespace(
        log_index=proof.index,
        tree_size=opened.checkpoint.size,
        root_hash=opened.checkpoint.root,
        hashes=list(proof.proof),
        checkpoint=SimpleNamespace(envelope=proof.checkpoint.decode()),
    )
    log_id = SimpleNamespace(key_id=log.key_id)
    inner = SimpleNamespace(inclusion_proof=given, canonicalized_body=entry, log_id=log_id)
    merkle.verify_merkle_inclusion(SimpleNamespace(_inner=inner))
    checkpoints.verify_checkpoint(keyring, SimpleNamespace(_inner=inner))


def test_sigstore_reads_a_checkpoint_and_checks_inclusion_proofs(
    signer: Signer, witnesses: tuple[Cosigner, Cosigner]
) -> None:
    wrong = pytest.importorskip("sigstore.errors").VerificationError
    store = MemoryStore()
    create_log(store, signer)
    opened = append(store, ENTRIES, signer).checkpoint
    note = opened.note.signed(*(cosign(opened.checkpoint, one, 1_700_000_000) for one in witnesses))
    for index, entry in enumerate(ENTRIES):
        proof = replace(proof_file(store, index, opened), checkpoint=bytes(note))
        checked_by_sigstore(signer.key, opened, proof, entry)
    proof = replace(proof_file(store, 0, opened), checkpoint=bytes(note))
    with pytest.raises(wrong):
        checked_by_sigstore(signer.key, opened, proof, b"another")
    other = replace(proof, checkpoint=bytes(note).replace(b"\n300\n", b"\n301\n"))
    with pytest.raises(wrong):
        checked_by_sigstore(signer.key, opened, other, ENTRIES[0])


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(1 - 2**53, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
        max_leaves=12,
    )
)
def test_another_program_writes_the_same_canonical_json(document: Any) -> None:
    other = pytest.importorskip("rfc8785")
    assert canonical_json(document) == other.dumps(document)
