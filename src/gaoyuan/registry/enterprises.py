"""From the register to the table `enterprise`: every firm with its industry and its county."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr import types as ir

from gaoyuan.codes import classes
from gaoyuan.registry.given_codes import DERIVED, GIVEN, GIVEN_2011, UNKNOWN, GivenCode, edition_of, read_given
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
_NO_CLASS = -1
_SOURCES = (UNKNOWN, DERIVED, GIVEN_2011, GIVEN)
_UNKNOWN, _DERIVED, _GIVEN_2011, _GIVEN = range(len(_SOURCES))


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
    given = _Given(batch, editions)
    open_rows = pa.array(np.flatnonzero(~given.settled))
    derived = coder.code(batch.column("name").take(open_rows), batch.column("scope").take(open_rows))
    at = np.full(batch.num_rows, -1, dtype=np.int64)
    at[~given.settled] = np.arange(len(open_rows))
    lookup = pa.array(at, mask=at < 0)
    return given.merged({name: derived.column(name).take(lookup) for name in derived.schema.names})


class _Given:
    """The industry codes that a batch gives (n rows), each distinct code of a file read once.

    `settled` (n) tells which rows need no derived class.
    """

    def __init__(self, batch: pa.RecordBatch, editions: dict[str, int]) -> None:
        codes, files = batch.column("industry_given").dictionary_encode(), batch.column("file").dictionary_encode()
        texts, sources = codes.dictionary.to_pylist(), files.dictionary.to_pylist()
        code = pc.fill_null(codes.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        pairs, self._of_row = np.unique(
            np.where(code < 0, -1, files.indices.to_numpy(zero_copy_only=False) * np.int64(len(texts)) + code),
            return_inverse=True,
        )
        nothing = GivenCode((), False)
        self._read = [
            nothing if pair < 0 else read_given(texts[pair % len(texts)], editions[sources[pair // len(texts)]])
            for pair in pairs.tolist()
        ]
        self._count = np.array([len(read.candidates) for read in self._read])
        self.settled = (self._count == 1)[self._of_row]

    def merged(self, derived: dict[str, pa.Array]) -> dict[str, pa.Array]:
        """Put given and derived classes (n) together: a derived class counts only within what is given."""
        names = pa.array([*classes(), None], pa.string())
        # The derived class and its alternatives, the likeliest first, as positions in the classes.
        ranked = np.stack([_positions(derived["industry"]), *_alternatives(derived["industry_alternatives"])], axis=1)
        confidence = derived["industry_confidence"].to_numpy(zero_copy_only=False).astype(np.float64)
        count = self._count[self._of_row]
        from_2011 = np.array([read.from_2011 for read in self._read])[self._of_row]
        allowed = (ranked >= 0) & ((count == 0)[:, None] | self._members()[self._of_row[:, None], ranked])
        # Those that are allowed move to the front in their order.
        order = np.argsort(~allowed, axis=1, kind="stable")
        ranked = np.where(
            np.take_along_axis(allowed, order, axis=1), np.take_along_axis(ranked, order, axis=1), _NO_CLASS
        )
        sure = np.where(allowed[:, 0], confidence, np.nan)
        alone = (ranked[:, 0] < 0) | (count == 1)
        fallback = self._fallback()[self._of_row]
        ranked = np.where(alone[:, None], fallback, ranked)
        with np.errstate(divide="ignore"):
            sure = np.where(alone, 1.0 / count, sure)
        sure[ranked[:, 0] < 0] = np.nan
        # A class of 2011 is a class also where it was split; a mere group or division leaves the class to be derived.
        by = np.select(
            [ranked[:, 0] < 0, count == 0, from_2011, count == 1], [_UNKNOWN, _DERIVED, _GIVEN_2011, _GIVEN], _DERIVED
        )
        others = [pc.fill_null(names.take(pa.array(ranked[:, i] % len(names))), "") for i in range(1, 4)]
        joined = pc.utf8_rtrim(pc.binary_join_element_wise(*others, "|"), "|")
        return {
            "industry": names.take(pa.array(ranked[:, 0] % len(names))),
            "industry_confidence": pa.array(sure, mask=np.isnan(sure)),
            "industry_alternatives": pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined),
            "industry_by": pa.array(_SOURCES, pa.string()).take(pa.array(by)),
            "producer": derived["producer"],
        }

    def _members(self) -> npt.NDArray[np.bool_]:
        """Tell for each distinct code which classes it may stand for."""
        members = np.zeros((len(self._read), len(classes()) + 1), dtype=bool)
        for i, read in enumerate(self._read):
            members[i, [_class_positions()[code] for code in read.candidates]] = True
        return members

    def _fallback(self) -> npt.NDArray[np.int64]:
        """Give for each distinct code its class and three alternatives where no derived class fits."""
        fallback = np.full((len(self._read), 4), _NO_CLASS, dtype=np.int64)
        for i, read in enumerate(self._read):
            # A class of 2011 that was split goes to its largest part; a mere group or division says too little.
            if len({code[:3] for code in read.candidates}) <= 2 and len(read.candidates) <= 9:
                largest = [_class_positions()[code] for code in read.candidates[:4]]
                fallback[i, : len(largest)] = largest
        return fallback


@cache
def _class_positions() -> dict[str, int]:
    return {code: position for position, code in enumerate(classes())}


def _positions(codes: pa.Array) -> npt.NDArray[np.int64]:
    found = pc.index_in(codes, value_set=pa.array(classes(), codes.type))
    return pc.fill_null(found, _NO_CLASS).to_numpy(zero_copy_only=False).astype(np.int64)


def _alternatives(joined: pa.Array) -> list[npt.NDArray[np.int64]]:
    """Take up to three codes of four digits apart that are joined by bars."""
    return [_positions(pc.utf8_slice_codeunits(joined, 5 * i, 5 * i + 4)) for i in range(3)]


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
