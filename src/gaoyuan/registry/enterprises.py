"""From the register to the table `enterprise`: every firm with its industry and its county."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr import types as ir

from gaoyuan.registry.given_codes import DERIVED, GIVEN, GIVEN_2011, UNKNOWN, edition_of, read_given
from gaoyuan.registry.industry_coding import IndustryCoder
from gaoyuan.registry.locating import (
    LOCATING_COLUMNS,
    LocatedBy,
    Locator,
    learn_authorities,
    places,
    unclear_authorities,
)
from gaoyuan.workspace import SCHEMAS, Run, Workspace

Progress = Callable[[int], None]

_KEPT = (
    "enterprise_id",
    "uscc",
    "name",
    "longitude",
    "latitude",
    "employees",
    "revenue_yuan",
    "capital_yuan",
    "established",
)
_COLUMNS = tuple(dict.fromkeys((*_KEPT, *LOCATING_COLUMNS, "scope", "industry_given", "file")))
_BATCH = 200_000
_MOST_WITNESSES = 2_000_000


@dataclass(frozen=True, slots=True)
class EnterpriseCounts:
    """How many firms there are, by what their industry and their county were read from."""

    firms: int
    industry_by: dict[str, int]
    located_by: dict[str, int]


def write_enterprises(workspace: Workspace, run: Run, progress: Progress | None = None) -> EnterpriseCounts:
    """Code and locate every firm of the register into the table `enterprise`.

    Given industry codes are kept, those of 2011 carried to 2017 and marked; where none is given, or one that covers
    several classes, the class is derived from name and scope within what is given. Raises StepMissing where nothing has
    been imported.
    """
    with run.timed("locate: learn authorities"):
        locator = Locator(_learned_authorities(workspace))
    editions = _editions(workspace)
    coder = IndustryCoder()
    counts = EnterpriseCounts(0, {}, {})
    schema = pa.schema([field for field in SCHEMAS["enterprise"].arrow if field.name != "run"])

    def rows() -> Iterator[pa.RecordBatch]:
        nonlocal counts
        done = 0
        for batch in workspace.stream(workspace.table("register").select(*_COLUMNS), _BATCH):
            with run.timed("code"):
                coded = _coded(batch, coder, editions)
            with run.timed("locate"):
                located = _located(batch, locator)
            columns = {name: batch.column(name) for name in _KEPT} | coded | located
            done += batch.num_rows
            counts = EnterpriseCounts(
                done,
                _added(counts.industry_by, columns["industry_by"]),
                _added(counts.located_by, columns["located_by"]),
            )
            if progress is not None:
                progress(done)
            yield pa.RecordBatch.from_arrays([columns[field.name].cast(field.type) for field in schema], schema=schema)

    workspace.write("enterprise", pa.RecordBatchReader.from_batches(schema, rows()), run)
    return counts


def _learned_authorities(workspace: Workspace) -> dict[str, str]:
    register = workspace.table("register")
    authority = cast(ir.StringColumn, register.uscc).substr(2, 6)
    codes = workspace.to_arrow(register.filter(register.uscc.notnull()).select(code=authority).distinct())[
        "code"
    ].combine_chunks()
    unclear = codes.filter(unclear_authorities(codes))
    witnesses = (
        register.filter(authority.isin(unclear.to_pylist()) & register.address.notnull()) if len(unclear) else None
    )
    if witnesses is None:
        return {}
    return learn_authorities(workspace.to_arrow(witnesses.select(*LOCATING_COLUMNS).limit(_MOST_WITNESSES)))


def _editions(workspace: Workspace) -> dict[str, int]:
    register = workspace.table("register")
    given = (
        register.filter(register.industry_given.notnull())
        .group_by("file", "industry_given")
        .aggregate(firms=ibis._.count())
    )
    counts: dict[str, dict[str, int]] = {}
    for row in workspace.to_arrow(given).to_pylist():
        counts.setdefault(row["file"], {})[row["industry_given"]] = row["firms"]
    return {file: edition_of(codes) for file, codes in counts.items()}


def _coded(batch: pa.RecordBatch, coder: IndustryCoder, editions: dict[str, int]) -> dict[str, pa.Array]:
    given, settled = _given(batch, editions)
    open_rows = pa.array(np.flatnonzero(~settled))
    derived = coder.code(batch.column("name").take(open_rows), batch.column("scope").take(open_rows))
    at = np.full(batch.num_rows, -1, dtype=np.int64)
    at[~settled] = np.arange(len(open_rows))
    lookup = pa.array(at, mask=at < 0)
    columns = {name: derived.column(name).take(lookup) for name in derived.schema.names}
    if given is None:
        known = pc.is_valid(columns["industry"])
        return columns | {"industry_by": pc.if_else(known, DERIVED, UNKNOWN)}
    return _merged(batch, given, columns, editions)


def _given(batch: pa.RecordBatch, editions: dict[str, int]) -> tuple[list[str | None] | None, np.ndarray]:
    """Give the given codes, or None where there are none, and which rows they settle alone."""
    codes = batch.column("industry_given")
    if codes.null_count == len(codes):
        return None, np.zeros(batch.num_rows, dtype=bool)
    given, files = codes.to_pylist(), batch.column("file").to_pylist()
    settled = np.fromiter(
        (
            code is not None and len(read_given(code, editions[file]).candidates) == 1
            for code, file in zip(given, files, strict=True)
        ),
        bool,
        batch.num_rows,
    )
    return given, settled


def _merged(
    batch: pa.RecordBatch, given: list[str | None], derived: dict[str, pa.Array], editions: dict[str, int]
) -> dict[str, pa.Array]:
    """Put given and derived classes together, row by row: a derived class counts only within what is given."""
    industries, confidences, alternatives, sources = [], [], [], []
    files = batch.column("file").to_pylist()
    rows = zip(
        given,
        files,
        *(derived[name].to_pylist() for name in ("industry", "industry_confidence", "industry_alternatives")),
        strict=True,
    )
    for code, file, industry, confidence, others in rows:
        read = read_given(code, editions[file]) if code is not None else None
        if read is None:
            industries.append(industry)
            confidences.append(confidence)
            alternatives.append(others)
            sources.append(DERIVED if industry is not None else UNKNOWN)
            continue
        chosen, sure, rest = _within(read.candidates, industry, confidence, others)
        industries.append(chosen)
        confidences.append(sure)
        alternatives.append("|".join(rest[:3]) or None)
        is_class = len(read.candidates) == 1 or read.from_2011
        sources.append(UNKNOWN if chosen is None else GIVEN_2011 if read.from_2011 else GIVEN if is_class else DERIVED)
    return {
        "industry": pa.array(industries, pa.string()),
        "industry_confidence": pa.array(confidences, pa.float64()),
        "industry_alternatives": pa.array(alternatives, pa.string()),
        "industry_by": pa.array(sources, pa.string()),
        "producer": derived["producer"],
    }


def _within(
    candidates: tuple[str, ...], industry: str | None, confidence: float | None, others: str | None
) -> tuple[str | None, float | None, list[str]]:
    count = len(candidates)
    if count == 1:
        return candidates[0], 1.0, []
    ranked = [code for code in (industry, *(others or "").split("|")) if code in candidates]
    if ranked:
        return ranked[0], confidence if ranked[0] == industry else None, ranked[1:]
    # A class of 2011 that was split goes to its largest part; a mere group or division says too little.
    split = len({code[:3] for code in candidates}) <= 2 and count <= 9
    return (candidates[0], 1.0 / count, list(candidates[1:])) if split else (None, None, [])


def _located(batch: pa.RecordBatch, locator: Locator) -> dict[str, pa.Array]:
    found = locator.locate(batch.select(list(LOCATING_COLUMNS)))
    codes = places()

    def text(positions: np.ndarray, names: tuple[str, ...]) -> pa.Array:
        return pa.array([*names, None], pa.string()).take(pa.array(np.where(positions < 0, len(names), positions)))

    by = pa.array([None if kind == LocatedBy.UNKNOWN else kind.name.lower() for kind in LocatedBy], pa.string())
    return {
        "county": text(found.county, codes.counties),
        "prefecture": text(found.prefecture, codes.prefectures),
        "located_by": by.take(pa.array(found.located_by)),
    }


def _added(before: dict[str, int], values: pa.Array) -> dict[str, int]:
    counts = dict(before)
    for pair in values.value_counts().to_pylist():
        counts[pair["values"] or "unknown"] = counts.get(pair["values"] or "unknown", 0) + pair["counts"]
    return counts
