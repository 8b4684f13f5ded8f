"""Asking witnesses to cosign the log's newest checkpoint (C2SP tlog-witness).

Who witnesses is set on a page by an administrator, or in the file `witnesses.txt` of the portal's folder, one a line:
the verifier key and the address of the witness. One that the page removed stays removed, whatever the file says. One
that does not answer, or refuses, is asked again in twenty seconds, and holds up nothing.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.evidence.keeping import STORE, log_signer
from gaoyuan.portal.evidence.models import LogWitness
from gaoyuan.trust import AddCheckpoint, NotTrusted, OpenedCheckpoint, VerifierKey, consistency_proof, read_vkey
from gaoyuan.trust.keys import COSIGNATURE_V1
from gaoyuan.trust.log import CHECKPOINT, WITNESSED, add_cosignatures, latest_checkpoint, witnessed_checkpoint
from gaoyuan.trust.notes import Note, read_signature_lines

__all__ = ["Witness", "ask_witnesses", "best_checkpoint", "read_witness", "witnesses"]

_TIMEOUT_SECONDS = 10
_LONGEST_ANSWER = 20_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness that the portal asks."""

    key: VerifierKey
    address: str


def witnesses() -> list[Witness]:
    """Read who witnesses."""
    _take_file()
    rows = LogWitness.objects.filter(removed=None)
    return [Witness(read_vkey(one.vkey, (COSIGNATURE_V1,)), one.address) for one in rows]


def read_witness(key: str, address: str) -> Witness:
    """Read a witness from its verifier key and address.

    Raises KeyInvalid where it is none of a witness, ValueError where the address is none of the web.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or len(address) > 300:
        raise ValueError(address)
    return Witness(read_vkey(key, (COSIGNATURE_V1,)), address.rstrip("/"))


def _take_file() -> None:
    """Take witnesses from the file that are not known; a line that cannot be read is said in the server's log."""
    file = settings.PORTAL / "witnesses.txt"
    for line in file.read_text("utf-8").splitlines() if file.is_file() else ():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            one = read_witness(*words)
        except (TypeError, ValueError, GaoyuanError):
            _log.warning("witnesses.txt: %r is no verifier key of a witness and its address", line)
            continue
        LogWitness.objects.get_or_create(vkey=str(one.key), defaults={"address": one.address})


def ask_witnesses() -> int:
    """Ask every witness that has not cosigned the newest checkpoint, and give how many did so now."""
    asked = witnesses()
    if not asked or STORE.read(CHECKPOINT) is None:
        return 0
    log = log_signer().key
    newest = latest_checkpoint(STORE, log)
    known = _witnessed(log, [one.key for one in asked])
    cosigned = 0
    for one in asked:
        standing = known.cosigned if known and known.checkpoint.size == newest.checkpoint.size else {}
        if one.key in standing or newest.checkpoint.size == 0:
            continue
        try:
            line = _ask(one, newest)
        except (OSError, ValueError, NotTrusted) as fault:
            _note(one, told=str(fault))
            _log.warning("the witness %s has not cosigned: %s", one.key.name, fault)
            continue
        try:
            note = Note(newest.note.text, newest.note.signatures).signed(*read_signature_lines(line))
            known = add_cosignatures(STORE, bytes(note), log, [each.key for each in asked])
            cosigned += one.key in known.cosigned
            _note(one, size=newest.checkpoint.size, cosigned=timezone.now(), told="")
        except NotTrusted as fault:
            _note(one, told=str(fault))
            _log.warning("the cosignature of %s does not hold: %s", one.key.name, fault)
    return cosigned


def best_checkpoint() -> OpenedCheckpoint | None:
    """Give the latest checkpoint that witnesses have cosigned, None where there is none or nobody witnesses."""
    return _witnessed(log_signer().key, [one.key for one in witnesses()])


def _note(witness: Witness, told: str, **values: object) -> None:
    """Write down what became of asking; not in the audit log, which would grow by it every twenty seconds."""
    LogWitness.objects.filter(vkey=str(witness.key)).update(told=told[:300], **values)


def _witnessed(log: VerifierKey, keys: list[VerifierKey]) -> OpenedCheckpoint | None:
    if not keys or STORE.read(WITNESSED) is None:
        return None
    try:
        return witnessed_checkpoint(STORE, log, keys)
    except NotTrusted as fault:
        _log.warning("the cosigned checkpoint cannot be read: %s", fault)
        return None


def _ask(witness: Witness, newest: OpenedCheckpoint) -> str:
    """Ask a witness, from the size that it says it has seen where it is another than zero."""
    old = 0
    for _ in range(2):
        proof = consistency_proof(STORE, old, newest.checkpoint.size)
        body = bytes(AddCheckpoint(old, proof, bytes(newest.note)))
        request = urllib.request.Request(f"{witness.address}/add-checkpoint", data=body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
                return answer.read(_LONGEST_ANSWER).decode("utf-8")
        except urllib.error.HTTPError as refused:
            text = refused.read(_LONGEST_ANSWER).decode("utf-8", "replace").strip()
            if refused.code != 409 or not text.isdigit() or int(text) > newest.checkpoint.size:
                raise ValueError(f"{refused.code} {text[:200]}") from None
            old = int(text)
    raise ValueError("it changed its mind about the size")
