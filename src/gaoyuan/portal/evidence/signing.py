"""Keys of organisations, and trades that they sign: offline with a key of their own, or with one held here."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.db.models import Exists, OuterRef, QuerySet

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.encryption import cipher
from gaoyuan.portal.evidence.keeping import STORE, enter, log_signer, openings_of
from gaoyuan.portal.evidence.models import Concern, LogRecord, Signature, SigningKey, Statement
from gaoyuan.trust.canonical import Json
from gaoyuan.trust.failure import KeyInvalid, PackInvalid
from gaoyuan.trust.keys import Signer, VerifierKey, ed25519_signer
from gaoyuan.trust.pack.entries import key_entry, revocation_entry, statement_entry
from gaoyuan.trust.pack.records import show
from gaoyuan.trust.pack.statements import (
    MAX_RECORDS,
    key_fingerprint,
    organisation_key,
    read_registration,
    read_statement,
    sign_records,
)
from gaoyuan.trust.webauthn import WEBAUTHN_KINDS

__all__ = ["hold_key", "keep_key", "register", "revoke", "sign_here", "take_statement", "to_sign", "unsigned"]

_PURPOSE = "signing keys"
TO_SIGN = "gaoyuan/to-sign/v1"
"""What the file says that an organisation signs offline."""


def register(organisation: Organisation, content: bytes, by: User | None) -> SigningKey:
    """Register a key that an organisation holds itself; raises PackInvalid or KeyInvalid where it cannot be."""
    with STORE.alone():
        key = read_registration(content, log_signer().key.name, str(organisation.pk))
        if key.kind in WEBAUTHN_KINDS:
            raise PackInvalid("register this key with your browser", zh="此类密钥请在浏览器中登记")
        return keep_key(organisation, key, "file", by)


def hold_key(organisation: Organisation, by: User | None) -> SigningKey:
    """Make a key that the portal holds for an organisation, which has chosen so."""
    seed = secrets.token_bytes(32)
    with STORE.alone():
        signer = ed25519_signer(f"held/{sha256(seed).hexdigest()[:16]}", seed)
        return keep_key(organisation, signer.key, "server", by, secret=cipher(_PURPOSE).encrypt(seed))


def keep_key(
    organisation: Organisation,
    key: VerifierKey,
    held: str,
    by: User | None,
    *,
    secret: bytes = b"",
    credential: str = "",
    counter: int = 0,
) -> SigningKey:
    """Enter a key into the log that was seen to be the organisation's; raises PackInvalid for one that is known."""
    with STORE.alone():
        if SigningKey.unscoped.filter(vkey=str(key)).exists():
            raise PackInvalid("this key is registered already", zh="该密钥已登记")
        (record,) = enter([key_entry(str(key), (str(organisation.pk), organisation.name), held)])
        more = {"secret": secret, "credential": credential, "counter": counter}
        return SigningKey.objects.create_for(organisation, vkey=str(key), registered=record, by=by, **more)


def revoke(key: SigningKey, reason: str) -> bool:
    """Revoke a key: what is signed with it from now on counts no more. Tells whether it counted until now."""
    with STORE.alone():
        held = SigningKey.unscoped.select_for_update(of=("self",)).get(pk=key.pk)
        if held.revoked is not None:
            return False
        (record,) = enter([revocation_entry(key_fingerprint(held.vkey), str(held.organisation.pk), reason)])
        held.revoked, held.secret = record, b""
        held.save()
    return True


def unsigned(viewer: Viewer) -> QuerySet[LogRecord]:
    """Give the trades of the viewer's organisation that it has not signed, the oldest first."""
    own = viewer.organisation
    if own is None:
        return LogRecord.objects.none()
    concern = Concern.unscoped.filter(record=OuterRef("pk"), organisation=own)
    signed = Signature.unscoped.filter(record=OuterRef("pk"), organisation=own)
    return LogRecord.objects.filter(Exists(concern), ~Exists(signed), kind="trade").order_by("index")


def to_sign(organisation: Organisation, records: Iterable[LogRecord]) -> dict[str, Json]:
    """Give what an organisation signs, with all that it may see of it, so that it signs nothing unread."""
    own = str(organisation.pk)
    rows = []
    for one in records:
        hidden = {name for name, value in one.said.items() if name.endswith("_as") or _counts_others(name, value, own)}
        rows.append(show(one.index, one.public, openings_of(one), set(one.said) - hidden, one.erased))
    return {"format": TO_SIGN, "log": str(log_signer().key), "organisation": own, "records": rows}


def take_statement(organisation: Organisation, content: bytes) -> int:
    """Take a statement that an organisation has signed, and give how many trades it signs newly.

    Raises PackInvalid where it does not hold, is of another log, or names what is no trade of the organisation.
    """
    with STORE.alone():
        for key in SigningKey.objects.of(organisation).filter(revoked=None):
            try:
                statement = read_statement(content, organisation_key(key.vkey))
            except (PackInvalid, KeyInvalid):
                continue
            if statement.origin != log_signer().key.name:
                raise PackInvalid("the statement is of records of another log", zh="签署文件属于另一日志")
            if key.counter and statement.counter <= key.counter:
                raise PackInvalid(
                    "the security key has counted this signature before: there may be a copy of it",
                    mend="Sign again; if this is said again, revoke the key.",
                    zh="安全密钥的签名计数未增加，可能已被复制",
                    mend_zh="请重新签署；如再次出现，请吊销该密钥",
                )
            number = _keep(organisation, key, content, [one.hex() for one in statement.leaves])
            key.counter = statement.counter
            key.save(update_fields=["counter"])
            return number
    raise PackInvalid(
        "the statement is signed with none of your keys",
        mend="Register the key first, or sign with one that is not revoked.",
        zh="签署文件不是用贵方有效密钥签的",
        mend_zh="请先登记密钥，或改用未吊销的密钥签署",
    )


def sign_here(organisation: Organisation, key: SigningKey, records: Sequence[LogRecord]) -> int:
    """Sign trades with a key that the portal holds for an organisation."""
    with STORE.alone():
        leaves = [bytes.fromhex(one.leaf) for one in records[:MAX_RECORDS]]
        content = sign_records(log_signer().key.name, leaves, _signer(key))
        return _keep(organisation, key, content, [one.hex() for one in leaves])


def _keep(organisation: Organisation, key: SigningKey, content: bytes, leaves: Sequence[str]) -> int:
    rows = LogRecord.objects.filter(leaf__in=leaves, kind="trade", concerns__organisation=organisation)
    known = {one.leaf: one for one in rows}
    if len(known) != len(set(leaves)):
        raise PackInvalid("the statement names what is no trade of yours", zh="签署文件含有不属于贵方的交易")
    done = set(Signature.objects.of(organisation).filter(record__in=rows).values_list("record__leaf", flat=True))
    new = [one for leaf, one in known.items() if leaf not in done]
    if not new:
        raise PackInvalid("all of these trades are signed already", zh="这些交易均已签署")
    digest = sha256(content).hexdigest()
    (record,) = enter([statement_entry(digest, key.vkey, str(organisation.pk))])
    statement = Statement.objects.create_for(organisation, record=record, text=content.decode())
    for one in new:
        Signature.objects.create_for(organisation, key=key, record=one, statement=statement)
    return len(new)


def _signer(key: SigningKey) -> Signer:
    if not key.secret or key.revoked is not None:
        raise PackInvalid("the portal does not hold this key", zh="平台未代管此密钥")
    return ed25519_signer(organisation_key(key.vkey).name, cipher(_PURPOSE).decrypt(bytes(key.secret)))


def _counts_others(name: str, value: str, own: str) -> bool:
    return name.startswith("count_") and not value.startswith(f"{own}:")
