"""`gaoyuan verify`: an evidence pack is checked offline, without an account."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet

if TYPE_CHECKING:
    from gaoyuan.trust import Checkpoint
    from gaoyuan.trust.pack import Report

Pack = Annotated[Path, typer.Argument(metavar="PACK", help="证据包文件 file of the pack")]
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
    """核验证据包 Check an evidence pack offline: what holds, what not, and what it does not prove."""
    from gaoyuan.cli.console import print_json
    from gaoyuan.errors import FileUnreadable
    from gaoyuan.trust import read_policy, read_vkey
    from gaoyuan.trust.pack import Verdict, verify_pack
    from gaoyuan.trust.pack.words import NOT_PROVEN, VERDICTS
    from gaoyuan.trust.policy import Policy

    try:
        content = pack.read_bytes()
        trusted = read_policy(policy.read_text("utf-8")) if policy else Policy((read_vkey(key),)) if key else None
    except (OSError, UnicodeDecodeError) as fault:
        raise FileUnreadable(f"the file cannot be read: {fault}", zh="文件无法读取") from None
    kept = _kept(remember)
    report = verify_pack(content, dt.datetime.now(dt.UTC), trusted, kept)
    if as_json:
        print_json(
            {
                "verdict": report.verdict,
                "log": report.log,
                "checks": [{"check": one.key, "state": one.state, "zh": one.zh, "en": one.en} for one in report.checks],
                "figures": report.figures,
                "about": report.about,
                "not_proven": [{"zh": zh, "en": en} for zh, en in NOT_PROVEN],
            }
        )
    elif quiet:
        print(" · ".join(VERDICTS[report.verdict]))
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
    print("\n不能证明什么 What this does not prove")
    for zh, en in NOT_PROVEN:
        print(f"  - {zh}\n    {en}")


def _kept(remember: Path | None) -> Checkpoint | None:
    from gaoyuan.trust import Checkpoint

    return Checkpoint.read(remember.read_text("utf-8")) if remember is not None and remember.exists() else None
