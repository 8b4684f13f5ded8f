"""`gaoyuan verify`: an evidence pack, or a certificate of the register, is checked offline, without an account."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet

if TYPE_CHECKING:
    from gaoyuan.trust import Checkpoint
    from gaoyuan.trust.pack import Report
    from gaoyuan.trust.registry.certificates import CertificateReport

Pack = Annotated[Path, typer.Argument(metavar="PACK", help="证据包或登记证书文件 file of the pack or certificate")]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="信任的日志与见证方 logs and witnesses you trust")
]
Key = Annotated[str, typer.Option("--key", metavar="KEY", help="您已核对的日志密钥 the log's key, as you compared it")]
Remember = Annotated[
    Path | None,
    typer.Option(
        "--remember", metavar="FILE", help="保存检查点并与上次核对 keep the checkpoint, compare with the last"
    ),
]

_MARKS = {"holds": "✓", "fails": "✗", "unknown": "？"}


def verify(
    pack: Pack,
    policy: PolicyFile = None,
    key: Key = "",
    remember: Remember = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """核验证据包或登记证书 Check a pack or a certificate offline: what holds, what not, what it does not prove."""
    from gaoyuan.cli.console import print_json
    from gaoyuan.errors import FileUnreadable
    from gaoyuan.trust import read_policy, read_vkey
    from gaoyuan.trust.pack import Verdict, verify_pack
    from gaoyuan.trust.pack.words import NOT_PROVEN, VERDICTS
    from gaoyuan.trust.policy import Policy
    from gaoyuan.trust.registry import certificates

    try:
        content = pack.read_bytes()
        trusted = read_policy(policy.read_text("utf-8")) if policy else Policy((read_vkey(key),)) if key else None
    except (OSError, UnicodeDecodeError) as fault:
        raise FileUnreadable(f"the file cannot be read: {fault}", zh="文件无法读取") from None
    kept, now = _kept(remember), dt.datetime.now(dt.UTC)
    report: Report | CertificateReport
    if certificates.is_certificate(content):
        report, not_proven = certificates.verify_certificate(content, now, trusted, kept), certificates.NOT_PROVEN
    else:
        report, not_proven = verify_pack(content, now, trusted, kept), NOT_PROVEN
    if as_json:
        figures = {} if isinstance(report, certificates.CertificateReport) else {"figures": report.figures}
        print_json(
            {
                "verdict": report.verdict,
                "log": report.log,
                "checks": [{"check": one.key, "state": one.state, "zh": one.zh, "en": one.en} for one in report.checks],
                **figures,
                "about": report.about,
                "not_proven": [{"zh": zh, "en": en} for zh, en in not_proven],
            }
        )
    elif quiet:
        print(" · ".join(VERDICTS[report.verdict]))
    elif isinstance(report, certificates.CertificateReport):
        _print_certificate(report)
    else:
        _print(report)
    if report.verdict == Verdict.FAILS:
        raise typer.Exit(2)
    newest = report.checkpoint if report.verdict == Verdict.HOLDS else None
    # A pack that is older than the one before does not put the memory back.
    if remember is not None and newest is not None and (kept is None or newest.size > kept.size):
        remember.write_text(newest.text, "utf-8")
    if report.verdict == Verdict.UNCONFIRMED:
        if not as_json and not quiet:
            print(f"\n{' '.join(VERDICTS[report.verdict])}:\n  {report.log}")
        raise typer.Exit(4)


def _print(report: Report) -> None:
    from gaoyuan.trust.pack.figures import FIGURES
    from gaoyuan.trust.pack.words import NOT_PROVEN, VERDICTS, figure_text

    print(" · ".join(VERDICTS[report.verdict]))
    if report.about:
        about = report.about
        print(f"{about['organisation_name']}  {about['first']} – {about['last']}")
    print()
    for one in report.checks:
        print(f"{_MARKS[one.state]} {one.zh}\n  {one.en}")
    if report.figures and report.verdict != "fails":
        print("\n指标 Figures")
        for name, (zh, en) in FIGURES.items():
            value = report.figures[name]
            if isinstance(value, list):
                print(f"  {zh} · {en}:")
                for row in value:
                    print(f"    {'  '.join(row)}")
            else:
                print(f"  {figure_text(name, value):>14}  {zh} · {en}")
    _print_not_proven(NOT_PROVEN)


def _print_certificate(report: CertificateReport) -> None:
    from gaoyuan.trust.pack.words import VERDICTS
    from gaoyuan.trust.registry.certificates import NOT_PROVEN, SAID_WORDS

    print(" · ".join(VERDICTS[report.verdict]))
    for name, (zh, en) in SAID_WORDS.items():
        if report.about.get(name) and report.verdict != "fails":
            print(f"  {zh} {en}: {report.about[name]}")
    print()
    for one in report.checks:
        print(f"{_MARKS[one.state]} {one.zh}\n  {one.en}")
    _print_not_proven(NOT_PROVEN)


def _print_not_proven(lines: tuple[tuple[str, str], ...]) -> None:
    print("\n不能证明什么 What this does not prove")
    for zh, en in lines:
        print(f"  - {zh}\n    {en}")


def _kept(remember: Path | None) -> Checkpoint | None:
    from gaoyuan.trust import Checkpoint

    return Checkpoint.read(remember.read_text("utf-8")) if remember is not None and remember.exists() else None
