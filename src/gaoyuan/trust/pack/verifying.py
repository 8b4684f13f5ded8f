"""The check of a pack, offline: what holds, what does not, and the figures that follow from its records.

Every check stands for itself and is a plain function of the pack, the verifier's policy and clock. Nothing that a file
may hold raises an error here: it becomes a check that fails.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gaoyuan.trust.checkpoints import Checkpoint, OpenedCheckpoint
from gaoyuan.trust.credentials import check_credential
from gaoyuan.trust.failure import KeyInvalid, NotTrusted, PackInvalid
from gaoyuan.trust.keys import ED25519, VerifierKey, read_vkey
from gaoyuan.trust.multiproof import check_many
from gaoyuan.trust.pack.body import Body, read_body
from gaoyuan.trust.pack.completeness import consent_of, period_of, span_of
from gaoyuan.trust.pack.figures import Figure, figures_of
from gaoyuan.trust.pack.records import PackRecord
from gaoyuan.trust.pack.sealing import open_seal, origin_of
from gaoyuan.trust.pack.signing import signatures_of
from gaoyuan.trust.pack.trades import yuan
from gaoyuan.trust.pack.word import RingWord, read_word
from gaoyuan.trust.policy import Policy, check_checkpoint
from gaoyuan.trust.witness import check_successor

__all__ = ["Check", "Report", "State", "Verdict", "verify_pack"]


class State(StrEnum):
    """How a check ended: it holds, it does not, or it cannot be told without what the verifier has not got."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What all checks say; `UNCONFIRMED`: all is consistent, but nobody said that the log's key is the true one."""

    HOLDS = "holds"
    UNCONFIRMED = "unconfirmed"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, how it ended, and what was found, in both languages."""

    key: str
    state: State
    zh: str
    en: str


@dataclass
class Report:
    """What a verifier found. `about` has what the consent says (subject, recipient, purpose, months, expiry), `word`
    what the platform says and no record shows.
    """

    checks: list[Check] = field(default_factory=list)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    checkpoint: Checkpoint | None = None
    word: RingWord | None = None

    @property
    def verdict(self) -> Verdict:
        """Say what all checks together say; a pack without any check fails."""
        states = {one.state for one in self.checks}
        if State.FAILS in states or not states:
            return Verdict.FAILS
        return (
            Verdict.HOLDS
            if any(one.key == "key" and one.state == State.HOLDS for one in self.checks)
            else Verdict.UNCONFIRMED
        )


def verify_pack(
    content: bytes, now: dt.datetime, policy: Policy | None = None, remembered: Checkpoint | None = None
) -> Report:
    """Check a pack at a time, with the verifier's own policy (which logs, which witnesses) where he has one.

    `remembered` is the last checkpoint of the log that the verifier kept: the pack must not contradict it. Never raises
    for what is in the file.
    """
    report = Report()
    try:
        _verify(report, content, now, policy, remembered)
    except NotTrusted as wrong:
        at = f"{wrong.where}: " if wrong.where else ""
        _say(report, "file", State.FAILS, wrong.zh, f"{at}{wrong.what}")
    return report


def _verify(
    report: Report, content: bytes, now: dt.datetime, policy: Policy | None, remembered: Checkpoint | None
) -> None:
    key = _key(report, content, policy)
    body = read_body(open_seal(content, key))
    report.log = str(key)
    if body.log != str(key):
        raise PackInvalid("the pack names another key than it is sealed with", zh="证据包所载日志密钥与封签不符")
    _say(report, "file", State.HOLDS, "文件完整，封装后未被改动", "The file is whole and as the platform sealed it")
    opened = _checkpoint(report, body, key, policy, now)
    if opened is None:
        return
    checkpoint = report.checkpoint = opened.checkpoint
    if not _records(report, body, checkpoint):
        return
    _remembered(report, body, checkpoint, remembered)
    consent = _consent(report, body, now)
    if consent is None:
        return
    _spans(report, body, consent)
    _word(report, body, consent, key)
    signed = _signatures(report, body, checkpoint.origin)
    if signed is not None:
        _figures(report, body, period_of(consent), signed, key, now)


def _key(report: Report, content: bytes, policy: Policy | None) -> VerifierKey:
    """Find the key that the pack must be sealed with: the policy's, or else the one that the pack itself names."""
    origin = origin_of(content)
    if policy is not None:
        for key in policy.logs:
            if key.name == origin and key.kind is ED25519:
                _say(
                    report,
                    "key",
                    State.HOLDS,
                    f"日志密钥可信：{origin}",
                    f"The log's key is one that you trust: {origin}",
                )
                return key
        raise KeyInvalid("the log is none that you trust", where=origin, zh="该日志不在您的信任名单中")
    key = read_vkey(_named_key(content), (ED25519,))
    _say(
        report,
        "key",
        State.UNKNOWN,
        "日志密钥取自证据包本身，请与平台公布的密钥核对，否则以下结论不成立",
        "The log's key is taken from the pack itself: compare it with the one that the platform publishes",
    )
    return key


def _named_key(content: bytes) -> str:
    start = content.rfind(b'"log":"')
    end = content.find(b'"', start + 7)
    text = content[start + 7 : end] if 0 <= start < end <= start + 1000 else b""
    return text.decode("utf-8", "replace").replace("\\/", "/")


def _checkpoint(
    report: Report, body: Body, key: VerifierKey, policy: Policy | None, now: dt.datetime
) -> OpenedCheckpoint | None:
    used = policy if policy is not None else Policy((key,))
    try:
        opened = check_checkpoint(body.checkpoint, used, now=int(now.timestamp()))
    except NotTrusted as wrong:
        _say(report, "checkpoint", State.FAILS, f"检查点：{wrong.zh}", f"The checkpoint: {wrong.what}")
        return None
    size, number = opened.checkpoint.size, len(opened.cosigned)
    zh, en = f"检查点有日志签名，共 {size} 条", f"The checkpoint is signed by the log; it has {size} entries"
    _say(report, "checkpoint", State.HOLDS, zh, en)
    if number:
        names = "、".join(sorted(one.name for one in opened.cosigned))
        _say(
            report,
            "witnesses",
            State.HOLDS,
            f"{number} 个见证方已联署：{names}",
            f"{number} witnesses cosigned: {names}",
        )
    else:
        _say(
            report,
            "witnesses",
            State.UNKNOWN,
            "没有您信任的见证方联署：平台是否对他人出示另一份历史，无从判断",
            "No witness that you trust cosigned: whether the platform shows others another history cannot be told",
        )
    return opened


def _records(report: Report, body: Body, checkpoint: Checkpoint) -> bool:
    def check() -> tuple[str, str]:
        check_many({one.index: one.leaf for one in body.records}, checkpoint.size, checkpoint.root, body.proof)
        number = len(body.records)
        return (
            f"{number} 条记录均在日志中，内容与入日志时一致",
            f"All {number} records are in the log as they were entered",
        )

    return _try(report, "records", check)


def _remembered(report: Report, body: Body, checkpoint: Checkpoint, remembered: Checkpoint | None) -> None:
    if remembered is None:
        return
    proofs = {(one.checkpoint.size, one.checkpoint.root): one.proof for one in body.earlier}
    proof = proofs.get((remembered.size, remembered.root), ())
    unknown = remembered.origin == checkpoint.origin and remembered.size < checkpoint.size and not proof
    if unknown and remembered.size:
        _say(
            report,
            "remembered",
            State.UNKNOWN,
            "证据包未含与您所存检查点衔接的证明",
            "The pack has no proof that leads on from the checkpoint that you kept",
        )
        return

    def check() -> tuple[str, str]:
        check_successor(remembered, checkpoint, proof)
        return "日志延续了您所存的检查点", "The log continues the checkpoint that you kept"

    _try(report, "remembered", check)


def _consent(report: Report, body: Body, now: dt.datetime) -> PackRecord | None:
    found: list[PackRecord] = []

    def check() -> tuple[str, str]:
        consent = consent_of(body.records, body.consent, body.subject)
        names = ("organisation_name", "recipient", "purpose", "first", "last", "expires", "masked", "id")
        report.about = {name: str(consent.public.get("id", "")) if name == "id" else consent[name] for name in names}
        expires = dt.date.fromisoformat(consent["expires"])
        if now.date() > expires:
            raise PackInvalid(f"the consent expired on {expires}", zh=f"授权已于 {expires} 到期")
        if any(
            one.kind == "withdrawal" and one.public.get("consent") == consent.public.get("id") for one in body.records
        ):
            raise PackInvalid("the consent was withdrawn", zh="授权已撤回")
        found.append(consent)
        return (
            f"企业已授权：提供给“{consent['recipient']}”，用于“{consent['purpose']}”，{expires} 前有效",
            f"The enterprise consented: for {consent['recipient']}, purpose {consent['purpose']}, until {expires}",
        )

    return found[0] if _try(report, "consent", check) else None


def _spans(report: Report, body: Body, consent: PackRecord) -> None:
    def check() -> tuple[str, str]:
        first, last = span_of(body.records, body.subject, consent)
        return (
            f"期间内该企业的记录无遗漏（第 {first} 至 {last} 条，编号连续）",
            f"No record of the enterprise in the period is left out (its records {first} to {last})",
        )

    _try(report, "complete", check)


def _signatures(report: Report, body: Body, origin: str) -> Mapping[bytes, frozenset[str]] | None:
    found: list[Mapping[bytes, frozenset[str]]] = []

    def check() -> tuple[str, str]:
        signed = signatures_of(body.records, body.statements, body.subject, origin)
        found.append(signed.sides)
        both = sum(len(one) == 2 for one in signed.sides.values())
        server = sum(held == "server" for held in signed.keys.values())
        return (
            f"{len(body.statements)} 份签署均有效，{both} 笔交易双方都已签名；密钥 {len(signed.keys)} 个"
            f"（平台代管 {server} 个，属被遮蔽对方 {signed.masked} 个）",
            f"All {len(body.statements)} statements hold, {both} trades are signed by both; {len(signed.keys)} keys"
            f" ({server} held by the platform, {signed.masked} of masked parties)",
        )

    return found[0] if _try(report, "signatures", check) else None


def _figures(
    report: Report,
    body: Body,
    period: tuple[str, str],
    signed: Mapping[bytes, frozenset[str]],
    key: VerifierKey,
    now: dt.datetime,
) -> None:
    def check() -> tuple[str, str]:
        report.figures = figures = figures_of(body.records, body.subject, period, signed)
        wrong = sorted(
            name for name in {*figures, *body.figures} if not _same(figures.get(name), body.figures.get(name))
        )
        if wrong or set(figures) != set(body.figures):
            names = ", ".join(wrong[:5])
            raise PackInvalid(f"figures that the records do not give: {names}", zh=f"指标与记录不符：{names}")
        return "所有指标均可由记录重新算出，结果一致", "All figures follow from the records"

    if not _try(report, "figures", check):
        return

    def credential() -> tuple[str, str]:
        check_credential(body.credential, key.public_key, now)
        subject = body.credential.get("credentialSubject")
        stated = subject.get("figures") if isinstance(subject, Mapping) else None
        if not isinstance(stated, Mapping) or not _same(dict(stated), dict(report.figures)):
            raise PackInvalid("the credential states other figures", zh="凭证所载指标与记录不符")
        return "可验证凭证（W3C）有效，指标一致", "The verifiable credential (W3C) holds, with the same figures"

    _try(report, "credential", credential)


def _word(report: Report, body: Body, consent: PackRecord, key: VerifierKey) -> None:
    """Say what the platform says. Its signature is checked; what it says the pack has no means to check."""
    if not body.platform:
        return
    try:
        word = report.word = read_word(body.platform, str(consent.public.get("id", "")), key)
    except NotTrusted as wrong:
        _say(report, "platform", State.FAILS, wrong.zh, wrong.what)
        return
    two, three, four = word.counted
    _say(
        report,
        "platform",
        State.UNKNOWN,
        f"平台陈述（有平台签名，不能由本包记录重算）：在同意统计的 {word.firms} 家企业的交易中，"
        f"该企业处于二方互售 {two} 个、三方循环 {three} 个、四方循环 {four} 个；"
        f"向三方及以上循环中的下家销售 {yuan(word.sales)} 元",
        "The platform's word (signed by it, not to be worked out from this pack): among the trades of"
        f" {word.firms} firms that agreed, the enterprise is in {two} rings of two, {three} of three and {four} of"
        f" four, and sold {yuan(word.sales)} yuan to those next to it in rings of three or more",
    )


def _same(one: object, other: object) -> bool:
    """Compare what JSON holds; True is not 1 there."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


def _try(report: Report, key: str, check: Callable[[], tuple[str, str]]) -> bool:
    try:
        zh, en = check()
    except NotTrusted as wrong:
        at = f"{wrong.where}: " if wrong.where else ""
        _say(report, key, State.FAILS, wrong.zh, f"{at}{wrong.what}")
        return False
    _say(report, key, State.HOLDS, zh, en)
    return True


def _say(report: Report, key: str, state: State, zh: str, en: str) -> None:
    report.checks.append(Check(key, state, zh, en))
