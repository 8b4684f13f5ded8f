"""The folder of a workspace: which folders are one, and which can become one."""

from __future__ import annotations

import re
from pathlib import Path

from gaoyuan.errors import InputError, NotAWorkspace

__all__ = ["FORMAT", "MARK", "check_folder", "make_folder"]

FORMAT = 1
MARK = "gaoyuan-workspace"
"""The file by which a folder is known as a workspace; it holds the format."""
_NOT_IN_A_PATH = re.compile(r"[\[\]\\^|\x00-\x1f\x7f]|%[0-9A-Fa-f]{2}")
"""What the store of tables cannot have in the path of a folder."""


def make_folder(folder: Path) -> None:
    """Make a folder, or an empty one, that of a workspace.

    Raises InputError where the folder holds anything, cannot be made, or has a path in which tables cannot be stored.
    """
    _check_path(folder)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                "the folder is not empty and is no workspace",
                where=str(folder),
                mend="Name a new folder, or empty this one.",
                zh="文件夹不为空，且不是工作区",
                mend_zh="换一个新文件夹，或先清空它",
            )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).write_text(f"{FORMAT}\n", encoding="ascii")
        (folder / "tables").mkdir()
    except OSError as fault:
        raise InputError(
            f"the folder cannot be made ({fault.strerror})",
            where=str(folder),
            mend="Name a folder of your own.",
            zh="文件夹无法新建",
            mend_zh="换一个有权写入的文件夹",
        ) from None


def check_folder(folder: Path) -> None:
    """Raise NotAWorkspace where a folder is no workspace or a newer Gaoyuan made it, InputError where it lies in a path
    in which tables cannot be stored.
    """
    mark = folder / MARK
    if not mark.is_file():
        raise NotAWorkspace(
            "this is no Gaoyuan workspace",
            where=str(folder),
            mend=f"Make one: gaoyuan init {folder}",
            zh="这不是高原的工作区",
            mend_zh=f"先新建：gaoyuan init {folder}",
        )
    made_by = mark.read_text(encoding="ascii", errors="replace").strip()
    if not made_by.isdigit():
        raise NotAWorkspace(
            f"its mark {MARK!r} is damaged",
            where=str(folder),
            mend=f"Write {FORMAT} into that file if you trust it.",
            zh=f"工作区标记 {MARK} 已损坏",
            mend_zh=f"若确信无误，在该文件中写入 {FORMAT}",
        )
    if int(made_by) > FORMAT:
        raise NotAWorkspace(
            f"a newer Gaoyuan made this workspace (format {made_by}, known is {FORMAT})",
            where=str(folder),
            mend="Install the newest Gaoyuan.",
            zh=f"此工作区由更新版本的高原建立（格式 {made_by}，本程序只识 {FORMAT}）",
            mend_zh="安装最新版本",
        )
    _check_path(folder)


def _check_path(folder: Path) -> None:
    if found := _NOT_IN_A_PATH.search(str(folder.absolute())):
        raise InputError(
            f"tables cannot be stored in a path with {found.group()!r}",
            where=str(folder),
            mend="Rename the folder, or name another one.",
            zh=f"路径中有 {found.group()!r}，不能存表",
            mend_zh="给文件夹改名，或换一个",
        )
