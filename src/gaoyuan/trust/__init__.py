"""Evidence of who said what, when and in what order, unchanged since, that anybody can check without trusting us.

Read in this order: `merkle` (the tree and its proofs), `canonical` and `commitments` (what a record is), `keys`,
`notes` and `checkpoints` (what is signed), `sm2` and `webauthn` (the national signature, and that of authenticators),
`tiles`, `stores`, `log` and `checking` (the log and its check), `proofs` and `policy` (what a bank checks offline),
`witness` (what keeps a log from having two histories), `credentials` (the form that wallets read). A check raises an
error of `failure` where something does not hold.

Nothing here knows what a record says, or that it is true.
"""

from gaoyuan.trust.canonical import Json, canonical_json, read_canonical_json, read_json
from gaoyuan.trust.checking import Fault, check_log
from gaoyuan.trust.checkpoints import Checkpoint, OpenedCheckpoint, cosign, open_checkpoint, sign_checkpoint
from gaoyuan.trust.commitments import Opening, check_opening, new_salts, record_bytes
from gaoyuan.trust.credentials import check_credential, sign_credential
from gaoyuan.trust.failure import (
    CredentialInvalid,
    JsonInvalid,
    KeyInvalid,
    LogBroken,
    NoteInvalid,
    NotTrusted,
    OpeningInvalid,
    PolicyUnmet,
    ProofInvalid,
)
from gaoyuan.trust.keys import Cosigner, Signer, VerifierKey, ed25519_cosigner, ed25519_signer, read_vkey
from gaoyuan.trust.log import (
    Appended,
    add_cosignatures,
    append,
    consistency_proof,
    create_log,
    entry_at,
    latest_checkpoint,
    proof_file,
    witnessed_checkpoint,
)
from gaoyuan.trust.merkle import MerkleTree, check_consistency, check_inclusion, leaf_hash
from gaoyuan.trust.notes import Note, open_note, read_note, sign_note
from gaoyuan.trust.policy import Policy, check_checkpoint, check_proof_file, read_policy
from gaoyuan.trust.proofs import ProofFile
from gaoyuan.trust.sm2 import SM2_WITH_SM3, sm2_signer
from gaoyuan.trust.stores import FolderStore, MemoryStore, Store
from gaoyuan.trust.witness import AddCheckpoint, Cosigned, NotCosigned, check_successor, consider

__all__ = [
    "SM2_WITH_SM3",
    "AddCheckpoint",
    "Appended",
    "Checkpoint",
    "Cosigned",
    "Cosigner",
    "CredentialInvalid",
    "Fault",
    "FolderStore",
    "Json",
    "JsonInvalid",
    "KeyInvalid",
    "LogBroken",
    "MemoryStore",
    "MerkleTree",
    "NotCosigned",
    "NotTrusted",
    "Note",
    "NoteInvalid",
    "OpenedCheckpoint",
    "Opening",
    "OpeningInvalid",
    "Policy",
    "PolicyUnmet",
    "ProofFile",
    "ProofInvalid",
    "Signer",
    "Store",
    "VerifierKey",
    "add_cosignatures",
    "append",
    "canonical_json",
    "check_checkpoint",
    "check_consistency",
    "check_credential",
    "check_inclusion",
    "check_log",
    "check_opening",
    "check_proof_file",
    "check_successor",
    "consider",
    "consistency_proof",
    "cosign",
    "create_log",
    "ed25519_cosigner",
    "ed25519_signer",
    "entry_at",
    "latest_checkpoint",
    "leaf_hash",
    "new_salts",
    "open_checkpoint",
    "open_note",
    "proof_file",
    "read_canonical_json",
    "read_json",
    "read_note",
    "read_policy",
    "read_vkey",
    "record_bytes",
    "sign_checkpoint",
    "sign_credential",
    "sign_note",
    "sm2_signer",
    "witnessed_checkpoint",
]
