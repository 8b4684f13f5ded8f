"""The verbs of the command line as functions, by the same names, for Python and notebooks.

>>> from gaoyuan import steps
>>> workspace = steps.init("my-county")                          # doctest: +SKIP
>>> steps.import_enterprises(workspace, ["register.xlsx"])       # doctest: +SKIP
>>> steps.observe(workspace)                                     # doctest: +SKIP
>>> steps.theme(workspace, "毛巾|纺织", top=5)                    # doctest: +SKIP

Every result displays itself; `import` is a word of Python's own, so that verb is called `import_enterprises` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import gaoyuan
from gaoyuan.assess.facts.importing import ImportedFacts
from gaoyuan.assess.facts.importing import import_facts as _import_facts
from gaoyuan.assess.form import WrittenForm
from gaoyuan.assess.planted_verdicts import AS_OF, PlantedVerdicts, planted_verdicts
from gaoyuan.assess.rules.model import Application
from gaoyuan.assess.subjects import Assessment, facts_form
from gaoyuan.assess.subjects import assess as _assess
from gaoyuan.assess.titles.ladder import LadderResult, climb
from gaoyuan.assess.verdicts.judging import Settings
from gaoyuan.errors import InputError
from gaoyuan.observe import DetectionSettings, Explanation, Observed
from gaoyuan.observe import compare as _compare
from gaoyuan.observe import explain as _explain
from gaoyuan.observe import observe as _observe
from gaoyuan.observe import theme as _theme
from gaoyuan.observe.comparing import Measure
from gaoyuan.observe.observing import Progress
from gaoyuan.registry import ImportedFile, ImportedTitles, load_mapping
from gaoyuan.registry import import_enterprises as _import_enterprises
from gaoyuan.registry import import_titles as _import_titles
from gaoyuan.report import MapSummary, write_annual_report, write_map
from gaoyuan.sample import (
    ALL_SAMPLE_FILES,
    DEFAULT_ENTERPRISES,
    DEFAULT_SEED,
    Recovery,
    SampleSummary,
    recovery,
    write_sample,
)
from gaoyuan.steps.chains import (
    atlas,
    demonstrate_chain,
    firm_risk,
    gaps,
    import_io_table,
    import_makes,
    import_products,
    import_trades,
    import_uses,
    reconstruct,
    sector_shock,
    sectors,
    shock,
    source,
    supply_rates,
)
from gaoyuan.workspace import TableState, Workspace
from gaoyuan.workspace.exporting import Exported, Headings
from gaoyuan.workspace.exporting import export as _export

__all__ = [
    "Demonstration",
    "assess",
    "atlas",
    "compare",
    "demo",
    "demonstrate_chain",
    "explain",
    "export",
    "facts",
    "firm_risk",
    "gaps",
    "import_enterprises",
    "import_facts",
    "import_io_table",
    "import_makes",
    "import_products",
    "import_titles",
    "import_trades",
    "import_uses",
    "init",
    "map",
    "observe",
    "reconstruct",
    "report",
    "runs",
    "sample",
    "sector_shock",
    "sectors",
    "shock",
    "source",
    "supply_rates",
    "tables",
    "theme",
    "titles",
]

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from gaoyuan.chain.planted_chain import PlantedChain

PathOf: TypeAlias = "str | PathLike[str]"


def init(path: PathOf) -> Workspace:
    """Make a workspace in a new or empty folder, or open the one that is there."""
    return gaoyuan.create(path)


def import_enterprises(
    workspace: Workspace,
    files: Sequence[PathOf],
    columns: PathOf | None = None,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[ImportedFile]:
    """Import registers of enterprises; `columns` is a mapping file. See `gaoyuan.registry.import_enterprises`."""
    mapping = load_mapping(Path(columns)) if columns is not None else None
    return _import_enterprises(workspace, [Path(file) for file in files], mapping, dry_run=dry_run, progress=progress)


def import_titles(
    workspace: Workspace, files: Sequence[PathOf], title: str | None = None, *, dry_run: bool = False
) -> list[ImportedTitles]:
    """Import lists of titled firms; `title` is that of all rows. See `gaoyuan.registry.import_titles`."""
    return _import_titles(workspace, [Path(file) for file in files], title, dry_run=dry_run)


def import_facts(workspace: Workspace, files: Sequence[PathOf], *, dry_run: bool = False) -> list[ImportedFacts]:
    """Import files of facts, such as filled forms. See `gaoyuan.assess.facts.importing.import_facts`."""
    return _import_facts(workspace, [Path(file) for file in files], dry_run=dry_run)


def observe(
    workspace: Workspace, settings: DetectionSettings | None = None, progress: Progress | None = None
) -> Observed:
    """Code, locate, measure and detect. See `gaoyuan.observe.observe`."""
    return _observe(workspace, settings or DetectionSettings(), progress)


def theme(workspace: Workspace, expression: str, *, top: int = 20) -> pd.DataFrame:
    """Give the counties whose firms speak most of a theme. See `gaoyuan.observe.theme`."""
    return _theme(workspace, expression, top=top)


def explain(workspace: Workspace, cluster_id: str) -> Explanation:
    """Give every number of a cluster with its formula, inputs and run. See `gaoyuan.observe.explain`."""
    return _explain(workspace, cluster_id)


def compare(
    workspace: Workspace, industry: str, regions: Sequence[str], by: Measure = "location_quotient"
) -> pd.DataFrame:
    """Compare an industry between regions, where the data can carry it. See `gaoyuan.observe.compare`."""
    return _compare(workspace, industry, regions, by)


def map(workspace: Workspace, file: PathOf) -> MapSummary:
    """Write the map as one offline page. See `gaoyuan.report.write_map`."""
    return write_map(workspace, Path(file))


def facts(
    workspace: Workspace,
    subject: str,
    out: PathOf,
    rules: str = "cn-sme-cluster",
    *,
    as_of: str | None = None,
    application: Application = "new",
) -> WrittenForm:
    """Write the form of facts of a subject, with what is known filled in. See `gaoyuan.assess.facts_form`."""
    return facts_form(workspace, subject, Path(out), rules, as_of, application)


def assess(
    workspace: Workspace,
    rules: str,
    subject: str | None = None,
    facts: PathOf | None = None,
    *,
    as_of: str | None = None,
    application: Application = "new",
    settings: Settings | None = None,
) -> Assessment:
    """Judge a subject of the workspace, or a file of facts, by a rule. See `gaoyuan.assess.assess`."""
    file = Path(facts) if facts is not None else None
    return _assess(workspace, rules, subject, file, as_of, application, settings=settings)


def titles(workspace: Workspace, *, as_of: str | None = None) -> LadderResult:
    """Judge every enterprise by the rules of all titles. See `gaoyuan.assess.climb`."""
    return climb(workspace, as_of)


def report(
    workspace: Workspace,
    subject: str,
    year: int,
    out: PathOf,
    *,
    as_of: str | None = None,
    rules: str = "cn-sme-cluster",
    settings: Settings | None = None,
) -> Path:
    """Write the annual report of a cluster as .docx, .pdf or .html. See `gaoyuan.report.write_annual_report`."""
    return write_annual_report(workspace, subject, year, Path(out), as_of, rules, settings)


def export(workspace: Workspace, table: str, file: PathOf, headings: Headings | None = None) -> Exported:
    """Write a table into a file whose ending says how. See `gaoyuan.workspace.exporting.export`."""
    return _export(workspace, table, Path(file), headings)


def tables(workspace: Workspace) -> list[TableState]:
    """Give the tables of a workspace with their rows and versions."""
    return workspace.tables()


def runs(workspace: Workspace) -> pa.Table:
    """Give what ran on what, the newest first."""
    return workspace.runs()


def sample(
    workspace: Workspace,
    enterprises: int = DEFAULT_ENTERPRISES,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> SampleSummary:
    """Write the sample province's register into the workspace. See `gaoyuan.sample.write_sample`."""
    done = 0

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        if progress is not None:
            progress("sample", done)

    return write_sample(workspace, enterprises, seed, count)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What each step of the demonstration gave."""

    sample: SampleSummary
    imported: ImportedFile
    observed: Observed
    recovery: Recovery
    titles: LadderResult
    verdicts: PlantedVerdicts
    page: MapSummary
    chain: PlantedChain | None

    def __str__(self) -> str:
        parts = (
            self.sample,
            self.imported,
            self.observed,
            self.recovery,
            self.titles,
            self.verdicts,
            self.page,
            *((self.chain,) if self.chain is not None else ()),
        )
        return "\n".join(str(part) for part in parts)


def demo(
    path: PathOf = "demo-workspace",
    enterprises: int = DEFAULT_ENTERPRISES,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> Demonstration:
    """Do the whole main job on the sample province: sample, import, observe, titles, verdicts, map, and
    its chain: gaps, sourcing, atlas.

    Raises InputError for a workspace that holds a register of its own, which invented firms must not be mixed into.
    """
    workspace = init(path)
    _refuse_own_register(workspace)
    written = sample(workspace, enterprises, seed, progress)
    (imported,) = import_enterprises(workspace, [written.file], progress=progress)
    observed = observe(workspace, progress=progress)
    show = progress or (lambda part, done: None)
    show("titles", 0)
    if written.planted:
        import_titles(workspace, [written.titles])
        import_facts(workspace, [written.facts])
    ladder = climb(workspace, AS_OF)
    show("assess", 0)
    verdicts = planted_verdicts(workspace)
    show("map", 0)
    page = map(workspace, workspace.path / "map.html")
    show("chain", 0)
    chain = demonstrate_chain(workspace, written.chain) if written.chain is not None else None
    return Demonstration(written, imported, observed, recovery(workspace), ladder, verdicts, page, chain)


def _refuse_own_register(workspace: Workspace) -> None:
    if not workspace.has("import"):
        return
    own = set(workspace.read("import", ["file_name"])["file_name"].to_pylist()) - set(ALL_SAMPLE_FILES)
    if own:
        raise InputError(
            f"this workspace holds a register of its own ({sorted(own)[0]})",
            where=str(workspace.path),
            mend="Name a new folder for the demonstration.",
            zh=f"此工作区已有自己的登记数据（{sorted(own)[0]}）",
            mend_zh="为演示另取一个新文件夹",
        )
