"""Everything that Gaoyuan raises on purpose.

    GaoyuanError
    ├── InputError                  what the user gave cannot be used
    │   ├── FileUnreadable          a file cannot be read at all
    │   ├── MappingInvalid          a column mapping names what does not exist
    │   ├── ColumnsMissing          a file lacks a column without which its rows mean nothing
    │   ├── ExpressionInvalid       a theme expression is not a regular expression
    │   ├── OutputUnknown           an output file's ending names no format that can hold the table
    │   └── NotFound                a table, cluster, code or run of that name does not exist
    ├── WorkspaceError              the workspace is not in the state that the call needs
    │   ├── NotAWorkspace           the folder is none, or was made by a newer Gaoyuan
    │   ├── WorkspaceBusy           another process is writing to it
    │   ├── StepMissing             an earlier step has to run first
    │   └── ResultsOutdated         what results were made from has changed since
    ├── ComparisonRefused           the data cannot carry the comparison that was asked for
    └── ExtraMissing                an optional part is not installed

Each says what is wrong (`what`), where (`where`) and how to mend it (`mend`); `zh` and `mend_zh` say the same in
Chinese, which is what most users read, "" where the other text has both languages already.
"""

from __future__ import annotations

__all__ = [
    "ColumnsMissing",
    "ComparisonRefused",
    "ExpressionInvalid",
    "ExtraMissing",
    "FileUnreadable",
    "GaoyuanError",
    "InputError",
    "MappingInvalid",
    "NotAWorkspace",
    "NotFound",
    "OutputUnknown",
    "ResultsOutdated",
    "StepMissing",
    "WorkspaceBusy",
    "WorkspaceError",
]


class GaoyuanError(Exception):
    """The root of the family; `exit_code` is what the command line ends with.

    >>> print(GaoyuanError("no such file", where="a.csv", mend="Check the path.", zh="没有此文件", mend_zh="核对路径"))
    a.csv: no such file
    Check the path.
    没有此文件
    核对路径
    """

    exit_code = 1

    def __init__(
        self, what: str, *, where: str | None = None, mend: str | None = None, zh: str = "", mend_zh: str = ""
    ) -> None:
        self.what = what
        self.where = where
        self.mend = mend
        self.zh = zh
        self.mend_zh = mend_zh
        super().__init__(str(self))

    @property
    def said(self) -> str:
        """What is wrong, in both languages."""
        return _both(self.zh, self.what)

    @property
    def mend_said(self) -> str:
        """How to mend it, in both languages; "" where that is not said."""
        return _both(self.mend_zh, self.mend or "")

    def __str__(self) -> str:
        english = [f"{self.where}: {self.what}" if self.where else self.what, self.mend]
        return "\n".join(part for part in (*english, self.zh, self.mend_zh) if part)


def _both(zh: str, en: str) -> str:
    """Give a text in both languages; a command may end the one, so that a mark stands between them."""
    return " · ".join(part for part in (zh, en) if part)


class InputError(GaoyuanError):
    """What the user gave cannot be used."""

    exit_code = 2


class FileUnreadable(InputError):
    """A file cannot be read at all; nothing was changed."""


class MappingInvalid(InputError):
    """A column mapping names columns or settings that do not exist."""


class ColumnsMissing(InputError):
    """A file lacks a column without which its rows mean nothing."""


class ExpressionInvalid(InputError):
    """A theme expression is not a regular expression."""


class OutputUnknown(InputError):
    """An output file's ending names no format that can hold the table."""


class NotFound(InputError):
    """A table, cluster, code or run of that name does not exist."""


class WorkspaceError(GaoyuanError):
    """The workspace is not in the state that the call needs."""

    exit_code = 3


class NotAWorkspace(WorkspaceError):
    """The folder is no workspace, or one made by a newer Gaoyuan."""


class WorkspaceBusy(WorkspaceError):
    """Another process is writing to the workspace."""


class StepMissing(WorkspaceError):
    """An earlier step has to run first."""


class ResultsOutdated(WorkspaceError):
    """What results were made from has changed since, or the run that made them did not end."""


class ComparisonRefused(GaoyuanError):
    """The data cannot carry the comparison that was asked for."""

    exit_code = 4


class ExtraMissing(GaoyuanError):
    """An optional part is not installed."""

    exit_code = 5
