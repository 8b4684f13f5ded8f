"""What the command line says of errors: in Chinese and English, on standard error, as lines or as JSON."""

from __future__ import annotations

import errno
import json
import re
import sys

import typer

from gaoyuan.errors import GaoyuanError

_SYSTEM_ZH = {
    errno.ENOENT: "没有此文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许这样做",
    errno.EEXIST: "文件已存在",
    errno.ENOTDIR: "这不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只能读，不能写",
    errno.ENAMETOOLONG: "文件名过长",
}
_NAME, _INVALID = r"'?(?P<name>.*?)'?", r"Invalid value for '?(?P<name>.*?)'?: "
# The parser of the command line speaks English only; its messages are known here by their form.
_USAGE_ZH = tuple(
    (re.compile(pattern, re.DOTALL), zh)
    for pattern, zh in (
        (rf"No such command {_NAME}\..*", "没有名为“{name}”的命令"),
        (r"No such option: (?P<name>\S+).*", "没有选项 {name}"),
        (r"Missing command\.", "缺少命令"),
        (rf"Missing argument {_NAME}\..*", "缺少参数 {name}"),
        (rf"Missing option {_NAME}\..*", "缺少选项 {name}"),
        (rf"Option {_NAME} requires .*", "选项 {name} 后面要写值"),
        (rf"Option {_NAME} does not take a value.*", "选项 {name} 后面不写值"),
        (r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.*)\)", "多出的参数：{name}"),
        (_INVALID + r"(?:Value error, )?'(?P<given>.*)' is not one of .*", "{name} 不能是“{given}”，可选见后"),
        (_INVALID + r".*valid integer.*", "{name} 须为整数"),
        (_INVALID + r".*valid number.*", "{name} 须为数"),
        (_INVALID + r".*finite number.*", "{name} 须为有限的数"),
        (_INVALID + r".*greater than or equal to (?P<least>\S+).*", "{name} 须不小于 {least}"),
        (_INVALID + r".*greater than (?P<least>\S+).*", "{name} 须大于 {least}"),
        (_INVALID + r".*less than or equal to (?P<most>\S+).*", "{name} 须不大于 {most}"),
        (_INVALID + r".*less than (?P<most>\S+).*", "{name} 须小于 {most}"),
        (_INVALID + r".*", "{name} 的值不能使用"),
    )
)  # fmt: skip


def tell(fault: GaoyuanError) -> None:
    """Say what is wrong, where, and how to mend it; with --json as one object, each language in parts of its own."""
    if "--json" in sys.argv:
        parts = {
            "what": fault.what,
            "what_zh": fault.zh or None,
            "where": fault.where,
            "mend": fault.mend,
            "mend_zh": fault.mend_zh or None,
        }
        print(json.dumps({"error": parts}, ensure_ascii=False), file=sys.stderr)
        return
    print(f"错误 error: {f'{fault.where}: ' if fault.where else ''}{fault.said}", file=sys.stderr)
    if fault.mend_said:
        print(f"改法 mend: {fault.mend_said}", file=sys.stderr)


def tell_usage(fault: typer.TyperException) -> None:
    """Say what of the command line cannot be read, below the usage of its command."""
    said, context = fault.format_message(), getattr(fault, "ctx", None)
    if context is None:
        tell(GaoyuanError(said, zh=usage_zh(said)))
        return
    if said.startswith("Usage:"):
        # Nothing is wrong: without arguments the help is shown.
        print(said, file=sys.stderr)
        return
    # A group's own argument stands in the path of its commands, in braces.
    command = f"{context.command_path} -h".replace("{WS}", "WS")
    if "--json" not in sys.argv:
        print(context.get_usage(), file=sys.stderr)
    tell(GaoyuanError(said, mend=f"See: {command}", zh=usage_zh(said), mend_zh=f"用法见 {command}"))


def usage_zh(said: str) -> str:
    """Give in Chinese what the parser of the command line says, "" where its words are not known.

    >>> usage_zh("No such command 'weave'."), usage_zh("Missing argument 'WS'."), usage_zh("Out of paper.")
    ('没有名为“weave”的命令', '缺少参数 WS', '')
    """
    for pattern, zh in _USAGE_ZH:
        if found := pattern.fullmatch(said):
            return zh.format(**found.groupdict())
    return ""


def of_system(fault: OSError) -> GaoyuanError:
    """Give what the system refuses as an error of ours."""
    return GaoyuanError(
        fault.strerror or str(fault),
        where=str(fault.filename) if fault.filename else None,
        mend="Check the path, its rights and the space on the disk.",
        zh=_SYSTEM_ZH.get(fault.errno or 0, ""),
        mend_zh="核对路径、权限和磁盘空间",
    )
