"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from gaoyuan.errors import InputError

__all__ = ["check_writable", "whole_file"]


@contextmanager
def whole_file(file: Path, *, replace: bool = True) -> Iterator[Path]:
    """Give the path of a partial file beside `file` to write into; it becomes `file` when the block ends well.

    Where the block raises, the partial file goes and an older `file` stays as it was. Without `replace` an older one
    is refused. Raises InputError as `check_writable` does, where the file stands already, or it cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "a.txt") as partial:
    ...         _ = partial.write_text("whole")
    ...     (Path(folder) / "a.txt").read_text()
    'whole'
    """
    check_writable(file)
    if not replace and file.exists():
        raise InputError(
            "the file is there already",
            where=str(file),
            mend="Name another file, or move that one away.",
            zh="文件已存在",
            mend_zh="换一个文件名，或先移走它",
        )
    partial = file.absolute().parent / f".gaoyuan-{os.getpid()}.partial"
    try:
        yield partial
        partial.replace(file)
    # The library of workbooks has an error of its own for a file that it cannot make.
    except (OSError, FileCreateError) as fault:
        raise _unwritable(file, fault) from fault
    finally:
        partial.unlink(missing_ok=True)


def check_writable(file: Path) -> None:
    """Raise InputError where no file can stand: its folder is missing, it is one itself, or no file has such a name."""
    folder = file.absolute().parent
    try:
        if not folder.is_dir():
            raise InputError(
                "there is no such folder",
                where=str(folder),
                mend="Make it, or name another.",
                zh="没有此文件夹",
                mend_zh="先新建它，或换一个",
            )
        if file.is_dir():
            raise InputError(
                "this is a folder",
                where=str(file),
                mend="Name a file in it, or another one.",
                zh="这是文件夹",
                mend_zh="写明其中的文件，或换一个",
            )
    except OSError as fault:
        raise _unwritable(file, fault) from None


def _unwritable(file: Path, fault: Exception) -> InputError:
    said = getattr(fault, "strerror", None) or fault
    return InputError(
        f"the file cannot be written ({said})",
        where=str(file),
        mend="Close it where it is open, make room, or name another.",
        zh="文件无法写入",
        mend_zh="若在别处打开请先关闭，或腾出空间，或换一个文件",
    )
