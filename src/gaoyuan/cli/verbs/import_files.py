"""`gaoyuan import`: bring files into the workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from gaoyuan.cli.options import AsJson, Quiet, WorkspaceFolder
from gaoyuan.errors import InputError

if TYPE_CHECKING:
    from gaoyuan.cli.console import Progress
    from gaoyuan.workspace import Workspace


class Kind(StrEnum):
    """What a file can hold."""

    enterprises = "enterprises"
    titles = "titles"
    facts = "facts"
    products = "products"
    uses = "uses"
    makes = "makes"
    trades = "trades"
    io = "io"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be imported, and how."""

    workspace: Workspace
    files: list[Path]
    columns: Path | None
    title: str | None
    source: str | None
    table: str | None
    unit: str | None
    dry_run: bool
    progress: Progress


class _Imported(Protocol):
    """What every import tells of a file; printed, it says what became of it."""

    @property
    def rejected(self) -> int: ...


Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="CSV, XLSX, Parquet 文件 files")]
Columns = Annotated[Path | None, typer.Option("--columns", metavar="MAP.toml", help="列对应表 which column is what")]
TitleOfAll = Annotated[
    str | None,
    typer.Option("--title", metavar="ID", help="名单的称号 titles: that of all rows, e.g. little_giant"),
]
SourceOf = Annotated[
    str | None, typer.Option("--source", metavar="TEXT", help="名单出处 titles: where the list was published")
]
TableName = Annotated[
    str | None, typer.Option("--table", metavar="ID", help="投入产出表名称 io: its name, else that of the file")
]
UnitOf = Annotated[
    str | None,
    typer.Option("--unit", metavar="UNIT", help="投入产出表单位 io: 元, 万元 (default), 亿元, or yuan in one"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查 check only, write nothing")]
KindOf = Annotated[
    Kind,
    typer.Argument(
        metavar="enterprises|titles|facts|products|uses|makes|trades|io",
        help="文件内容 what the files hold",
        show_choices=True,
    ),
]


def import_files(
    workspace: WorkspaceFolder,
    kind: KindOf,
    files: Files,
    columns: Columns = None,
    title: TitleOfAll = None,
    source: SourceOf = None,
    table: TableName = None,
    unit: UnitOf = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """导入 Import registers, lists of titles, facts, and the files of a chain; bad rows are set aside with reasons."""
    from gaoyuan import open as open_workspace
    from gaoyuan.cli.console import print_json, progress

    opened = open_workspace(workspace)
    with progress(quiet or as_json) as show:
        if kind is not Kind.io:
            _refuse((("--table", table), ("--unit", unit)), "input-output tables", "投入产出表")
        imported = _IMPORTS[kind](_Wanted(opened, files, columns, title, source, table, unit, dry_run, show))
    if as_json:
        print_json({"dry_run": dry_run, "files": imported})
        return
    if quiet:
        return
    for file in imported:
        print(file)
    if dry_run:
        print("仅检查，未写入 checked only, nothing was written")
        return
    if any(file.rejected for file in imported):
        print(f"查看未导入的行 see the rows set aside: gaoyuan export {workspace} rejected rejected.xlsx")
    if all(getattr(file, "measurable", True) for file in imported):
        print(f"下一步 next: gaoyuan {_NEXT[kind].format(workspace)}")
    else:
        print(
            "下一步 next: 改正表中的负数后重新导入 mend the negative cells, then import again: "
            f"gaoyuan import {workspace} io FILE"
        )


def _refuse(options: Sequence[tuple[str, str | None]], what: str, zh: str) -> None:
    """Refuse options that mean nothing for what is imported."""
    for option, value in options:
        if value is not None:
            raise InputError(
                f"{option} is for {what}", mend="Leave it out.", zh=f"{option} 只用于{zh}", mend_zh="去掉它"
            )


def _enterprises(wanted: _Wanted) -> Sequence[_Imported]:
    from gaoyuan.registry import import_enterprises, load_mapping

    for option, value in (("--title", wanted.title), ("--source", wanted.source)):
        if value is not None:
            raise InputError(
                f"{option} is for lists of titles",
                mend="Leave it out, or import the files as titles.",
                zh=f"{option} 只用于称号名单",
                mend_zh="去掉它，或把文件作为 titles 导入",
            )
    mapping = load_mapping(wanted.columns) if wanted.columns is not None else None
    return import_enterprises(wanted.workspace, wanted.files, mapping, dry_run=wanted.dry_run, progress=wanted.progress)


def _titles(wanted: _Wanted) -> Sequence[_Imported]:
    from gaoyuan.registry import import_titles, load_mapping

    mapping = load_mapping(wanted.columns, "titles") if wanted.columns is not None else None
    return import_titles(
        wanted.workspace,
        wanted.files,
        wanted.title,
        mapping,
        source=wanted.source,
        dry_run=wanted.dry_run,
        progress=wanted.progress,
    )


def _facts(wanted: _Wanted) -> Sequence[_Imported]:
    from gaoyuan.assess.facts.importing import import_facts

    for option, value in (("--columns", wanted.columns), ("--title", wanted.title), ("--source", wanted.source)):
        if value is not None:
            raise InputError(
                f"{option} is not for facts",
                mend="Leave it out; the file's columns say it row by row.",
                zh=f"{option} 不用于事实",
                mend_zh="去掉它；由文件各行的列说明",
            )
    return import_facts(wanted.workspace, wanted.files, dry_run=wanted.dry_run)


def _chain_list(kind: Kind, wanted: _Wanted) -> Sequence[_Imported]:
    from gaoyuan.registry import load_mapping
    from gaoyuan.registry.chain_files import LIST_KINDS, import_list

    if wanted.title is not None:
        raise InputError(
            "--title is for lists of titles",
            mend="Leave it out.",
            zh="--title 只用于称号名单",
            mend_zh="去掉它",
        )
    mapping = load_mapping(wanted.columns, kind.value) if wanted.columns is not None else None
    return import_list(
        wanted.workspace,
        wanted.files,
        LIST_KINDS[kind.value],
        mapping,
        source=wanted.source,
        dry_run=wanted.dry_run,
        progress=wanted.progress,
    )


def _io(wanted: _Wanted) -> Sequence[_Imported]:
    from gaoyuan.registry.chain_files import import_io_table

    _refuse((("--title", wanted.title),), "lists of titles", "称号名单")
    _refuse(
        (("--columns", str(wanted.columns) if wanted.columns else None),), "lists, not for matrices", "清单，不用于方阵"
    )
    return import_io_table(
        wanted.workspace, wanted.files, wanted.table, wanted.unit, wanted.dry_run, source=wanted.source
    )


_IMPORTS: dict[Kind, Callable[[_Wanted], Sequence[_Imported]]] = {
    Kind.enterprises: _enterprises,
    Kind.titles: _titles,
    Kind.facts: _facts,
    Kind.io: _io,
    **{kind: partial(_chain_list, kind) for kind in (Kind.products, Kind.uses, Kind.makes, Kind.trades)},
}
_NEXT = {
    Kind.enterprises: "observe {}",
    Kind.titles: "export {} title titles.xlsx",
    Kind.facts: "assess {} --rules cn-sme-cluster --subject CLUSTER_ID",
    Kind.products: "import {} uses FILE",
    Kind.uses: "import {} makes FILE",
    Kind.makes: "chain {} gaps",
    Kind.trades: "chain {} supply",
    Kind.io: "chain {} sectors",
}
"""What one does after an import, as a command with the workspace left open."""
