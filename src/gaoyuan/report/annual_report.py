"""The annual development report of a cluster (产业集群年度发展报告), in Chinese with an English summary."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from gaoyuan.assess.rules.model import Edition
from gaoyuan.assess.verdicts.judging import Settings
from gaoyuan.report import annual_chain, annual_context, annual_evidence, annual_firms, annual_output, annual_overview
from gaoyuan.report.annual_english import english_summary
from gaoyuan.report.annual_facts import AnnualFacts, gather
from gaoyuan.report.document import Block, Contents, Document, PageBreak
from gaoyuan.report.writing import check_document_path, write_document
from gaoyuan.workspace import Workspace

__all__ = ["annual_document", "write_annual_report"]


def write_annual_report(
    workspace: Workspace,
    cluster_id: str,
    year: int,
    path: str | os.PathLike[str],
    as_of: dt.date | str | None = None,
    rules: str | Edition = "cn-sme-cluster",
    settings: Settings | None = None,
) -> Path:
    """Write the annual report of a cluster as .pdf, .docx or .html and give the file's path.

    `as_of` is the day of the verdict and of titles: 30 June of the next year where it is None. The same tables give the
    same report. Raises what `gaoyuan.report.annual_facts.gather` and `gaoyuan.report.write_document` raise; the path
    and the year are checked before anything is read.
    """
    target = check_document_path(path)
    return write_document(annual_document(gather(workspace, cluster_id, year, as_of, rules, settings)), target)


def annual_document(facts: AnnualFacts) -> Document:
    """Make the report of what was read: nothing is computed here but words."""
    blocks: list[Block] = [
        Contents(depth=1),
        PageBreak(),
        *annual_overview.summary(facts),
        *annual_overview.overview(facts),
        *annual_output.output(facts),
        *annual_firms.industry(facts),
        *annual_firms.titles(facts),
        *annual_firms.innovation(facts),
        *annual_firms.digital_green(facts),
        *annual_chain.chain(facts),
        *annual_context.peers(facts),
        *annual_evidence.verdict(facts),
        *annual_evidence.plan(facts),
        *annual_evidence.sources(facts),
        PageBreak(),
        *english_summary(facts),
    ]
    name = facts.cluster.name
    return Document(
        title=f"{name}年度发展报告",
        title_en="Annual Development Report of an Industrial Cluster",
        date=facts.as_of,
        blocks=tuple(blocks),
        subtitle=f"{facts.year} 年度",
        organisation=facts.cluster.place,
        header=f"{name}年度发展报告（{facts.year}）",
        cover=True,
    )
