"""Making a pack: what the log's keeper chose to show, with the proofs, figures and credential that follow from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from gaoyuan.trust.canonical import Json
from gaoyuan.trust.checkpoints import Checkpoint, OpenedCheckpoint
from gaoyuan.trust.credentials import did_key, sign_credential
from gaoyuan.trust.keys import Signer
from gaoyuan.trust.merkle import Nodes, prove_consistency
from gaoyuan.trust.multiproof import prove_many
from gaoyuan.trust.pack.body import write_body
from gaoyuan.trust.pack.completeness import consent_of, period_of
from gaoyuan.trust.pack.figures import Figure, figures_of
from gaoyuan.trust.pack.records import PackRecord, read_record
from gaoyuan.trust.pack.sealing import seal
from gaoyuan.trust.pack.signing import signatures_of
from gaoyuan.trust.pack.word import RingWord, sign_word

__all__ = ["make_pack", "summary_credential"]


def make_pack(
    records: Sequence[Mapping[str, Json]],
    statements: Sequence[bytes],
    *,
    consent: int,
    subject: str,
    opened: OpenedCheckpoint,
    nodes: Nodes,
    signer: Signer,
    now: dt.datetime,
    earlier: Iterable[Checkpoint] = (),
    word: RingWord | None = None,
) -> bytes:
    """Make the file of a pack. `records` are written by `records.show`, `consent` is the index of the consent's record,
    `nodes` gives the hashes of the log's tree, `earlier` are checkpoints that packs before this one held, `word` is
    what the platform says beyond the records.

    Raises PackInvalid where a record, statement or the consent would not be accepted by who checks it.
    """
    checkpoint = opened.checkpoint
    plain = sorted(records, key=_index)
    read = [read_record(one) for one in plain]
    granted = consent_of(read, consent, subject)
    figures = figures_of(
        read, subject, period_of(granted), signatures_of(read, statements, subject, checkpoint.origin).sides
    )
    before = {(one.size, one.root): one for one in earlier if 0 < one.size < checkpoint.size}
    body = write_body(
        {
            "checkpoint": bytes(opened.note).decode(),
            "consent": consent,
            "credential": summary_credential(granted, figures, signer, now),
            "earlier": [
                {
                    "origin": one.origin,
                    "size": one.size,
                    "root": one.root.hex(),
                    "proof": [node.hex() for node in prove_consistency(nodes, one.size, checkpoint.size)],
                }
                for one in before.values()
            ],
            "figures": figures,
            "log": str(signer.key),
            "made": f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
            "proof": [node.hex() for node in prove_many(nodes, [one.index for one in read], checkpoint.size)],
            "records": plain,
            "statements": [one.decode() for one in statements],
            "subject": subject,
            **({"platform": sign_word(word, str(granted.public.get("id", "")), signer).decode()} if word else {}),
        }
    )
    return seal(body, signer)


def summary_credential(
    consent: PackRecord, figures: Mapping[str, Figure], signer: Signer, now: dt.datetime
) -> dict[str, Json]:
    """Issue the summary of a pack as a verifiable credential (VC Data Model 2.0) that wallets read; it ends with the
    consent. The issuer is the log's key as a did:key.
    """
    issuer = did_key(signer.key.public_key)
    first, last = period_of(consent)
    credential: dict[str, Json] = {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
        "type": ["VerifiableCredential", "GaoyuanTradeSummary"],
        "issuer": issuer,
        "validFrom": f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "validUntil": f"{consent['expires']}T23:59:59Z",
        "credentialSubject": {
            "name": consent["organisation_name"],
            "consent": str(consent.public.get("id", "")),
            "first": first,
            "last": last,
            "figures": figures,
        },
    }
    return sign_credential(credential, signer.sign, f"{issuer}#{issuer.removeprefix('did:key:')}", now)


def _index(record: Mapping[str, Json]) -> int:
    return int(str(record["index"]))
