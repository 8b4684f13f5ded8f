"""`gaoyuan key` and `gaoyuan sign`: an organisation's own key, and trades signed with it on a computer of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gaoyuan.cli.options import AsJson, Quiet
from gaoyuan.errors import FileUnreadable, InputError

if TYPE_CHECKING:
    from gaoyuan.trust import Signer

_HEADER = "gaoyuan/signing-key/v1"
KeyFile = Annotated[Path, typer.Argument(metavar="KEY", help="新密钥文件 file of the new key")]
Log = Annotated[str, typer.Option("--log", metavar="NAME", help="日志名称 name of the log")]
Organisation = Annotated[str, typer.Option("--organisation", metavar="NUMBER", help="机构编号 your number there")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="写入文件 file that is written")]
ToSign = Annotated[Path, typer.Argument(metavar="FILE", help="待签文件 what is to be signed")]
With = Annotated[Path, typer.Option("--key", metavar="KEY", help="密钥文件 file of the key")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问 sign without asking")]


def key(
    file: KeyFile,
    log: Log,
    organisation: Organisation,
    out: Out = Path("registration.txt"),
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """签名密钥 Make a key that signs for an organisation, and the registration to hand in."""
    from gaoyuan.cli.console import print_json
    from gaoyuan.trust import ed25519_signer
    from gaoyuan.trust.pack.statements import register_key

    seed = secrets.token_bytes(32)
    signer = ed25519_signer(f"org/{organisation}", seed)
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError("there is a file already", where=str(file), zh="文件已存在，未改动") from None
    with os.fdopen(number, "w", encoding="utf-8") as opened:
        opened.write(f"{_HEADER}\n{signer.key.name}\n{log}\n{seed.hex()}\n")
    out.write_bytes(register_key(log, organisation, signer))
    if as_json:
        print_json({"key": str(signer.key), "file": str(file), "registration": str(out)})
    elif not quiet:
        print(f"密钥已生成，请妥善保管 the key, keep it safe: {file}\n请提交 to hand in: {out}")


def sign(
    file: ToSign,
    key: With,
    out: Out = Path("signed.txt"),
    yes: Yes = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """签署交易 Sign trades with your own key, after they were shown."""
    from gaoyuan.cli.console import print_json, print_table
    from gaoyuan.trust import read_json
    from gaoyuan.trust.pack.records import read_record
    from gaoyuan.trust.pack.statements import sign_records

    log, signer = _signer(key)
    given = read_json(_read(file))
    named = given.get("log") if isinstance(given, Mapping) else None
    plain = given.get("records") if isinstance(given, Mapping) else None
    if not isinstance(named, str) or not isinstance(plain, list):
        raise InputError(
            "this is not what the platform gives to be signed", where=str(file), zh="不是平台给出的待签文件"
        )
    if named.partition("+")[0] != log:
        raise InputError("it is of another log than the key was made for", where=str(file), zh="日志与密钥所属不符")
    records = [read_record(one) for one in plain]
    names = ("on", "seller_name", "buyer_name", "what", "quantity", "unit", "amount_yuan")
    rows = [[one[name] for name in names] for one in records]
    if not as_json and not (quiet and yes):
        headings = ("日期 day", "卖方 seller", "买方 buyer", "内容 what", "数量 quantity", "单位 unit", "金额 yuan")
        print_table(headings, rows)
    if not yes and not typer.confirm(f"签署以上 {len(rows)} 笔交易？ Sign these {len(rows)} trades?"):
        raise typer.Abort
    out.write_bytes(sign_records(log, [one.leaf for one in records], signer))
    if as_json:
        print_json({"signed": len(rows), "file": str(out)})
    elif not quiet:
        print(f"已签署，请提交 signed, hand in: {out}")


def _signer(file: Path) -> tuple[str, Signer]:
    from gaoyuan.trust import ed25519_signer

    lines = _read(file).decode("utf-8", "replace").splitlines()
    try:
        header, name, log, seed = lines
        if header != _HEADER:
            raise ValueError(header)
        return log, ed25519_signer(name, bytes.fromhex(seed))
    except ValueError:
        raise InputError(
            "this is no signing key",
            where=str(file),
            mend="Make one: gaoyuan key key.txt --log NAME --organisation NUMBER",
            zh="不是签名密钥文件",
        ) from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise FileUnreadable(f"the file cannot be read: {fault.strerror}", where=str(file), zh="文件无法读取") from None
