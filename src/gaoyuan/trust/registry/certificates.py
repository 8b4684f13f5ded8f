"""Certificates: an act of the register as a record of the log, and the file with which anybody checks it offline.

The record commits to what the act says: number, act, title, holder, end, and the digests of description, sample and
quality report. The file holds the record with what opens it, the description itself, and the proof (C2SP tlog-proof)
that the record is in the log. Whoever has it needs no account, and believes nobody but the log's key.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gaoyuan.trust.canonical import Json
from gaoyuan.trust.checkpoints import Checkpoint, OpenedCheckpoint
from gaoyuan.trust.commitments import Opening
from gaoyuan.trust.failure import NotTrusted
from gaoyuan.trust.keys import VerifierKey, read_vkey
from gaoyuan.trust.merkle import check_inclusion
from gaoyuan.trust.pack.records import PackRecord, read_record, show
from gaoyuan.trust.pack.verifying import Check, State, Verdict
from gaoyuan.trust.policy import Policy, check_checkpoint
from gaoyuan.trust.proofs import ProofFile
from gaoyuan.trust.registry.acts import ACT_WORDS, RegistryAct
from gaoyuan.trust.registry.description import description_digest

__all__ = [
    "FORMAT",
    "KIND",
    "NOT_PROVEN",
    "SAID_WORDS",
    "CertificateInvalid",
    "CertificateReport",
    "certificate_file",
    "is_certificate",
    "registration_said",
    "verify_certificate",
]

FORMAT = "gaoyuan/registration-certificate/v1"
KIND = "data-product-act"
"""What the log calls records of the register."""
_MOST_BYTES = 4 << 20
_SALT = re.compile("[0-9a-f]{64}")
_NAMES = {"format", "log", "record", "description", "proof"}
SAID_WORDS: dict[str, tuple[str, str]] = {
    "number": ("登记编号", "number"),
    "act": ("登记类型", "act"),
    "act_number": ("第几次登记", "number of the act"),
    "title": ("产品名称", "product"),
    "holder_name": ("登记主体", "holder"),
    "before_name": ("原登记主体", "holder before"),
    "registry_name": ("登记机构", "registry"),
    "until": ("有效期至", "valid until"),
    "logged": ("入日志时间", "entered the log"),
    "description_sha256": ("说明的摘要", "digest of the description"),
    "sample_sha256": ("样例的摘要", "digest of the sample"),
    "quality_sha256": ("质量报告的摘要", "digest of the quality report"),
}
"""What a certificate shows, in the order in which people read it."""

NOT_PROVEN: tuple[tuple[str, str], ...] = (
    (
        "不证明数据内容真实、合法或完整，只证明登记簿在何时记载了什么，此后未改。",
        "Not that the data are true, lawful or whole: only what the register entered, when, and that it stayed so.",
    ),
    (
        "不证明登记至今有效：变更、转移、续展、注销是以后的记录，请在登记簿公开页查询。",
        "Not that the registration still stands: later acts are records of their own; look them up in the register.",
    ),
    (
        "不证明权属：登记机构作形式审核与公示，争议由有权机关裁决。",
        "Not who owns the data: the registry checks the form and gives notice; disputes are for courts to decide.",
    ),
)
"""What a certificate does not prove."""


class CertificateInvalid(NotTrusted):
    """A certificate is malformed, or something in it does not hold."""


@dataclass
class CertificateReport:
    """What a verifier found; `about` is what the record says, as far as it is shown."""

    checks: list[Check] = field(default_factory=list)
    about: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    checkpoint: Checkpoint | None = None

    @property
    def verdict(self) -> Verdict:
        """Say what all checks together say."""
        states = {one.state for one in self.checks}
        if State.FAILS in states or not states:
            return Verdict.FAILS
        known = any(one.key == "key" and one.state is State.HOLDS for one in self.checks)
        return Verdict.HOLDS if known else Verdict.UNCONFIRMED


def registration_said(
    *,
    number: str,
    act: RegistryAct,
    act_number: int,
    title: str,
    holder: tuple[str, str],
    registry: tuple[str, str],
    until: str,
    description_sha256: str,
    sample_sha256: str,
    quality_sha256: str,
    before: tuple[str, str] = ("", ""),
) -> dict[str, str]:
    """Give the fields of an act's record; `holder` and `registry` are given by number and name, `before` is who held
    the product until a transfer.
    """
    return {
        "number": number,
        "act": act.value,
        "act_number": str(act_number),
        "title": title,
        "holder": holder[0],
        "holder_name": holder[1],
        "registry": registry[0],
        "registry_name": registry[1],
        "until": until,
        "description_sha256": description_sha256,
        "sample_sha256": sample_sha256,
        "quality_sha256": quality_sha256,
        "before": before[0],
        "before_name": before[1],
    }


def certificate_file(
    *,
    log: str,
    index: int,
    public: Mapping[str, Json],
    openings: Iterable[Opening],
    erased: Mapping[str, str],
    description: Mapping[str, Json],
    proof: ProofFile,
) -> bytes:
    """Write the file of a certificate. What names an organisation by the portal's own number is not shown."""
    held = list(openings)
    names = {one.name for one in held if one.name not in ("holder", "registry", "before")}
    names -= {one.name for one in held if one.name.startswith("count_")}
    content = {
        "format": FORMAT,
        "log": log,
        "record": show(index, public, held, names, erased),
        "description": description,
        "proof": bytes(proof).decode("utf-8"),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def is_certificate(content: bytes) -> bool:
    """Tell whether a file is meant to be a certificate, whatever it is worth."""
    return content.lstrip()[:1] == b"{" and FORMAT.encode() in content[:_MOST_BYTES]


def verify_certificate(
    content: bytes, now: dt.datetime, policy: Policy | None = None, remembered: Checkpoint | None = None
) -> CertificateReport:
    """Check a certificate at a time, with the verifier's own policy (which logs, which witnesses) where he has one.

    `remembered` is the last checkpoint of the log that the verifier kept: one of the same size must be the same. Never
    raises for what is in the file.
    """
    report = CertificateReport()
    try:
        _verify(report, content, now, policy, remembered)
    except NotTrusted as wrong:
        at = f"{wrong.where}: " if wrong.where else ""
        _say(report, "file", State.FAILS, wrong.zh or "证书不成立", f"{at}{wrong.what}")
    return report


def _verify(
    report: CertificateReport,
    content: bytes,
    now: dt.datetime,
    policy: Policy | None,
    remembered: Checkpoint | None,
) -> None:
    held = _read(content)
    record = read_record(held["record"])
    if not _salts_in_one_form(held["record"]):
        raise CertificateInvalid("a salt is not written in small letters", zh="盐值书写不规范")
    if record.kind != KIND:
        raise CertificateInvalid("the record is none of the register", zh="所载记录不是登记记录")
    report.about = {name: record[name] for name in SAID_WORDS if record[name]}
    _say(report, "record", State.HOLDS, "记录与所示内容相符", "The record was made with what is shown")
    opened, file = _checkpoint(report, held, policy, now)
    checkpoint = report.checkpoint = opened.checkpoint
    if file.index != record_index(held["record"]):
        raise CertificateInvalid("the proof is of another record", zh="证明属于另一条记录")
    check_inclusion(file.index, checkpoint.size, record.leaf, checkpoint.root, file.proof)
    _say(
        report,
        "proof",
        State.HOLDS,
        f"记录是日志的第 {file.index} 条，此后未改",
        f"The record is number {file.index} of the log, unchanged since",
    )
    _remembered(report, checkpoint, remembered)
    _description(report, record, held["description"])


def _salts_in_one_form(plain: Json) -> bool:
    """Tell whether all salts are in small letters, so that a certificate that holds can be written in one way only."""
    opened = plain["open"] if isinstance(plain, Mapping) else {}
    given = opened.values() if isinstance(opened, Mapping) else ()
    return all(isinstance(one, list) and _SALT.fullmatch(str(one[0])) for one in given)


def record_index(plain: Json) -> int:
    """Give the index that a record of a certificate names; it was read before."""
    return int(plain["index"]) if isinstance(plain, Mapping) and isinstance(plain["index"], int) else -1


def _read(content: bytes) -> Mapping[str, Json]:
    if len(content) > _MOST_BYTES:
        raise CertificateInvalid("the file is greater than any certificate", zh="文件过大，不是登记证书")
    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        raise CertificateInvalid("the file is no JSON", zh="文件不是 JSON") from None
    if not isinstance(held, dict) or held.get("format") != FORMAT or set(held) != _NAMES:
        raise CertificateInvalid("the file is no certificate of the register", zh="文件不是登记证书")
    return held


def _checkpoint(
    report: CertificateReport, held: Mapping[str, Json], policy: Policy | None, now: dt.datetime
) -> tuple[OpenedCheckpoint, ProofFile]:
    log, proof = held["log"], held["proof"]
    if not isinstance(log, str) or not isinstance(proof, str):
        raise CertificateInvalid("the log's key or the proof is no text", zh="日志密钥或证明格式错误")
    key = read_vkey(log)
    report.log = log
    if policy is None:
        policy = Policy((key,))
        _say(
            report,
            "key",
            State.UNKNOWN,
            "日志密钥取自证书本身，请与平台公布的密钥核对，否则以下结论不成立",
            "The log's key is taken from the file itself: compare it with the one that the platform publishes",
        )
    elif not any(_same_key(one, key) for one in policy.logs):
        raise CertificateInvalid("the log is none that you trust", where=key.name, zh="该日志不在您的信任名单中")
    else:
        _say(
            report,
            "key",
            State.HOLDS,
            f"日志密钥可信：{key.name}",
            f"The log's key is one that you trust: {key.name}",
        )
    file = ProofFile.read(proof.encode())
    opened = check_checkpoint(file.checkpoint, policy, now=int(now.timestamp()))
    size, number = opened.checkpoint.size, len(opened.cosigned)
    _say(
        report,
        "checkpoint",
        State.HOLDS,
        f"检查点有日志签名，共 {size} 条",
        f"The checkpoint is signed by the log; it has {size} entries",
    )
    if number:
        _say(report, "witnesses", State.HOLDS, f"{number} 个见证方已联署", f"{number} witnesses cosigned")
    return opened, file


def _same_key(one: VerifierKey, other: VerifierKey) -> bool:
    return one.name == other.name and one.public_key == other.public_key


def _remembered(report: CertificateReport, checkpoint: Checkpoint, remembered: Checkpoint | None) -> None:
    if remembered is None:
        return
    same = remembered.origin == checkpoint.origin and remembered.size == checkpoint.size
    if same and remembered.root != checkpoint.root:
        raise CertificateInvalid(
            "the log shows another history than the checkpoint that you kept", zh="日志与您所存的检查点矛盾"
        )
    if same:
        zh, en = "与您所存的检查点一致", "It is the checkpoint that you kept"
        _say(report, "remembered", State.HOLDS, zh, en)
        return
    zh = "与您所存检查点的衔接，请以 gaoyuan witness 或证据包核对"
    en = "Whether it leads on from the checkpoint that you kept is not in this file: a witness or a pack shows that"
    _say(report, "remembered", State.UNKNOWN, zh, en)


def _description(report: CertificateReport, record: PackRecord, description: Json) -> None:
    stated = record["description_sha256"]
    if not stated:
        zh, en = "说明的摘要已删除，无从核对", "The digest of the description was erased: it cannot be checked"
        _say(report, "description", State.UNKNOWN, zh, en)
        return
    if not isinstance(description, Mapping) or description_digest(description) != stated:
        raise CertificateInvalid("the description is not the one that was registered", zh="产品说明与登记时不符")
    act = record["act"]
    words = ACT_WORDS[RegistryAct(act)] if act in set(RegistryAct) else ("", "")
    zh, en = f"产品说明与登记时一致（{words[0]}）", f"The description is the one that was registered ({words[1]})"
    _say(report, "description", State.HOLDS, zh, en)


def _say(report: CertificateReport, key: str, state: State, zh: str, en: str) -> None:
    report.checks.append(Check(key, state, zh, en))
