"""The portal's log: its key, and how records enter it, together with what opens them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.evidence.models import Concern, LogRecord
from gaoyuan.portal.evidence.store import DatabaseStore
from gaoyuan.portal.secret import read_secret
from gaoyuan.trust import LogBroken, OpenedCheckpoint, Signer, append, create_log, ed25519_signer, latest_checkpoint
from gaoyuan.trust.checkpoints import Checkpoint
from gaoyuan.trust.commitments import Opening, commitment, committed_bytes, new_salts
from gaoyuan.trust.log import CHECKPOINT
from gaoyuan.trust.merkle import leaf_hash
from gaoyuan.trust.notes import read_note
from gaoyuan.trust.pack.entries import LogEntry, counted
from gaoyuan.trust.sm2 import sm2_signer

__all__ = ["ensure_log", "enter", "log_signer", "newest_checkpoint", "openings_of", "secret_of"]

STORE = DatabaseStore()


def enter(
    entries: Sequence[LogEntry],
    *,
    sequences: Sequence[int | None] = (),
    trades: Sequence[int | None] = (),
    sources: Sequence[str | None] = (),
) -> list[LogRecord]:
    """Enter records into the log, all or none, in their order; gives their rows. `sequences`, `trades` and `sources`
    name the move, the trade or what else each is of. Returns once they stand in the transaction that it is called in,
    or else last.
    """
    with STORE.alone():
        signer = ensure_log()
        last = LogRecord.objects.order_by("-index").first()
        first = last.index + 1 if last else 0
        now = timezone.now().astimezone(dt.UTC).replace(microsecond=0)
        # A clock that was set back must not put a record before the one that it follows.
        now = max(now, last.logged.astimezone(dt.UTC)) if last else now
        numbers = _numbers(entries)
        rows, contents, concerns = [], [], []
        for at, entry in enumerate(entries):
            for party in entry.parties:
                numbers[party] += 1
                concerns.append(Concern(organisation_id=int(party), record_id=first + at, number=numbers[party]))
            fields = counted(entry, numbers, f"{now:%Y-%m-%dT%H:%M:%SZ}")
            salts = new_salts(fields)
            commitments = {name: commitment(Opening(name, text, salts[name])) for name, text in fields.items()}
            content = committed_bytes(entry.said, commitments)
            contents.append(content)
            rows.append(
                LogRecord(
                    index=first + at,
                    kind=entry.kind,
                    public=entry.said,
                    plain={name: [salts[name].hex(), text] for name, text in fields.items()},
                    leaf=leaf_hash(content).hex(),
                    logged=now,
                    case=fields.get("case") if entry.kind in {"move", "trade"} else None,
                    sequence=sequences[at] if sequences else None,
                    trade=trades[at] if trades else None,
                    source=sources[at] if sources else None,
                )
            )
        appended = append(STORE, contents, signer, *_more_signers(signer.key.name))
        if appended.first != first:
            raise LogBroken("the log has other records than the portal", zh="日志与门户的记录数不符")
        LogRecord.objects.bulk_create(rows, batch_size=500)
        Concern.unscoped.bulk_create(concerns, batch_size=500)
        return rows


def ensure_log() -> Signer:
    """Give the signer of the log, which is begun where there is none yet; called while nobody else writes."""
    signer = log_signer()
    if STORE.read(CHECKPOINT) is None:
        create_log(STORE, signer, *_more_signers(signer.key.name))
    return signer


def log_signer() -> Signer:
    """Give the signer of the log: its name is that of the log as it stands, its key lies in the portal's folder."""
    standing = STORE.read(CHECKPOINT)
    name = Checkpoint.read(read_note(standing).text).origin if standing else _name()
    return ed25519_signer(name, sha256(b"gaoyuan log\0" + _secret("log.key")).digest())


def newest_checkpoint() -> OpenedCheckpoint:
    """Give the latest checkpoint of the log, which is begun where there is none yet."""
    # Who reads does not wait for who writes: tiles only grow, and the checkpoint is replaced as a whole.
    if STORE.read(CHECKPOINT) is None:
        with STORE.alone():
            ensure_log()
    return latest_checkpoint(STORE, log_signer().key)


def openings_of(record: LogRecord) -> list[Opening]:
    """Give what opens a record, as far as it was not erased."""
    return [Opening(name, value, bytes.fromhex(salt)) for name, (salt, value) in record.plain.items()]


def secret_of(purpose: str) -> bytes:
    """Give the portal's secret for a purpose of the log, 32 bytes, made on first use."""
    return sha256(purpose.encode() + b"\0" + _secret("log.key")).digest()


def _secret(name: str) -> bytes:
    settings.PORTAL.mkdir(parents=True, exist_ok=True, mode=0o700)
    return read_secret(settings.PORTAL / name).encode()


def _name() -> str:
    return os.environ.get("GAOYUAN_LOG_NAME") or f"{settings.ALLOWED_HOSTS[0].strip('.*') or 'localhost'}/log"


def _more_signers(name: str) -> tuple[Signer, ...]:
    """Give the signer with the national algorithms, where a key for it was set up."""
    file = os.environ.get("GAOYUAN_LOG_SM2_KEY")
    return (sm2_signer(name, Path(file)),) if file else ()


def _numbers(entries: Sequence[LogEntry]) -> dict[str, int]:
    """Give the last number of each party; whoever holds the log alone counts alone."""
    parties = {int(party) for entry in entries for party in entry.parties}
    held = Concern.unscoped.filter(organisation__in=Organisation.objects.filter(pk__in=parties))
    found = dict(held.order_by().values_list("organisation").annotate(last=Max("number")))
    return {str(party): found.get(party, 0) for party in parties}
