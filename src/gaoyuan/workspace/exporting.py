"""Tables of a workspace as files that other programs read: CSV, XLSX, Parquet, GeoJSON and GeoParquet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import shapely
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from gaoyuan.codes.administrative_divisions import region_prefix
from gaoyuan.codes.boundaries import BOUNDARIES_NOTICE, county_boundaries
from gaoyuan.errors import InputError, OutputUnknown
from gaoyuan.workspace.formulas import FORMULA_START
from gaoyuan.workspace.schema import TableSchema
from gaoyuan.workspace.store import Workspace
from gaoyuan.workspace.tables import SCHEMAS

Headings: TypeAlias = Literal["names", "chinese"]
Progress: TypeAlias = Callable[[int], None]
Shapes: TypeAlias = npt.NDArray[np.object_]

_BATCH = 50_000

_SHEET_ROWS = 1_048_575
"""Rows that an Excel sheet holds below its headings."""
_CELL_CHARACTERS = 32_767
_WHOLE_IN_EXCEL = 10**15
"""Excel keeps 15 digits; whole numbers from here on are written as text."""
_FIRST_YEAR_IN_EXCEL = 1900
"""Excel has no dates before it; they are written as text."""
_GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class Exported:
    """The file that was written, its rows, and its size in bytes."""

    file: Path
    rows: int
    bytes: int

    def __str__(self) -> str:
        return f"{self.rows:,} 行 rows, {self.bytes / 1e6:,.1f} MB: {self.file}"


def export(
    workspace: Workspace, table: str, file: Path, headings: Headings | None = None, progress: Progress | None = None
) -> Exported:
    """Write a table into a file whose ending says how: .csv, .xlsx, .parquet, .geojson or .geoparquet.

    CSV is UTF-8 with a byte order mark, so that Excel reads it, and cells of `rejected` that Excel would run begin with
    an apostrophe; XLSX goes on in further sheets after 1,048,575 rows;
    GeoJSON and GeoParquet take the table's footprints, else its coordinates, else the boundaries of its regions.
    `headings` are the columns' names, or Chinese with the name beside it; without it XLSX, which people read, has
    Chinese and the others names, which programs read. The file appears whole or not at all.

    Raises OutputUnknown where the ending names no format that can hold the table, InputError where the folder is
    missing or the file is one itself, StepMissing where the table has not been written.
    """
    rows = workspace.stream(workspace.table(table), _BATCH)
    return write_rows(SCHEMAS[table], rows, file, headings, progress)


def write_rows(
    schema: TableSchema,
    rows: Iterable[pa.RecordBatch],
    file: Path,
    headings: Headings | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write rows of a schema, batch by batch, into a file as `export` does."""
    file = Path(file)
    write = _WRITERS.get(file.suffix.lower())
    if write is None:
        raise OutputUnknown(
            f"the ending {file.suffix!r} names no format" if file.suffix else "the file has no ending",
            where=str(file),
            mend=f"Name a file that ends in one of {', '.join(_WRITERS)}.",
            zh=f"不识的文件类型 {file.suffix}" if file.suffix else "文件名没有扩展名",
            mend_zh=f"文件名须以其中之一结尾：{'、'.join(_WRITERS)}",
        )
    if not file.absolute().parent.is_dir():
        raise InputError(
            "there is no such folder",
            where=str(file.absolute().parent),
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
    if write in (_geojson, _geoparquet) and not _has_places(schema):
        placed = ", ".join(name for name, known in SCHEMAS.items() if _has_places(known))
        raise OutputUnknown(
            f"the table {schema.name!r} has no places that could be drawn",
            where=str(file),
            mend=f"Export it as .csv, .xlsx or .parquet; {placed} have places.",
            zh=f"表 {schema.name} 没有可绘制的位置",
            mend_zh=f"导出为 .csv、.xlsx 或 .parquet；有位置的表：{placed}",
        )
    counter = _Counter(progress)
    partial = file.with_name(f".{file.name}.partial")
    try:
        write(schema, counter.counted(rows), partial, headings or ("chinese" if write is _xlsx else "names"))
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    return Exported(file, counter.rows, file.stat().st_size)


class _Counter:
    def __init__(self, progress: Progress | None) -> None:
        self.rows, self._progress = 0, progress

    def counted(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield batch
            self.rows += batch.num_rows
            if self._progress is not None:
                self._progress(batch.num_rows)


def _names(schema: TableSchema, headings: Headings) -> list[str]:
    return [column.heading if headings == "chinese" else column.name for column in schema.columns]


def _csv(schema: TableSchema, rows: Iterator[pa.RecordBatch], file: Path, headings: Headings) -> None:
    names = _names(schema, headings)
    fields = [
        pa.field(name, pa.string() if pa.types.is_binary(column.type) else column.type)
        for name, column in zip(names, schema.columns, strict=True)
    ]
    with file.open("wb") as stream:
        stream.write(b"\xef\xbb\xbf")
        with pyarrow.csv.CSVWriter(stream, pa.schema(fields)) as writer:
            for batch in rows:
                columns = [_as_text(column) if pa.types.is_binary(column.type) else column for column in batch.columns]
                if schema.name == "rejected":
                    columns = [_without_formulas(column) for column in columns]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, names=names))


def _without_formulas(column: pa.Array) -> pa.Array:
    """Put an apostrophe before what a spreadsheet program would run: such cells are among a register's faults."""
    if not pa.types.is_string(column.type):
        return column
    runs = pc.fill_null(pc.match_substring_regex(column, FORMULA_START), False)
    return pc.if_else(runs, pc.binary_join_element_wise("'", column, ""), column)


def _as_text(geometry: pa.Array) -> pa.Array:
    shapes = shapely.from_wkb(np.asarray(geometry.to_pylist(), dtype=object))
    return pa.array(shapely.to_wkt(shapes, rounding_precision=6).tolist(), pa.string())


def _parquet(schema: TableSchema, rows: Iterator[pa.RecordBatch], file: Path, headings: Headings) -> None:
    names = _names(schema, headings)
    fields = [pa.field(name, column.type) for name, column in zip(names, schema.columns, strict=True)]
    place = None if schema.geometry_column is None else names[schema.arrow.names.index(schema.geometry_column)]
    arrow = pa.schema(fields, _geo_metadata(place) if place else None)
    with pyarrow.parquet.ParquetWriter(file, arrow, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=arrow))


def _geoparquet(schema: TableSchema, rows: Iterator[pa.RecordBatch], file: Path, headings: Headings) -> None:
    geometry_of = _geometry_of(schema)
    kept = [column for column in schema.columns if column.name != schema.geometry_column]
    fields = [pa.field(column.heading if headings == "chinese" else column.name, column.type) for column in kept]
    arrow = pa.schema([*fields, pa.field(_GEOMETRY, pa.binary())], _geo_metadata(_GEOMETRY))
    with pyarrow.parquet.ParquetWriter(file, arrow, compression="zstd") as writer:
        for batch in rows:
            shapes = pa.array(shapely.to_wkb(geometry_of(batch)).tolist(), pa.binary())
            columns = [*(batch.column(column.name) for column in kept), shapes]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=arrow))


def _geo_metadata(column: str) -> dict[str, str]:
    """Give the file metadata of GeoParquet 1.1; without a reference system it means longitude and latitude, WGS-84."""
    described = {"encoding": "WKB", "geometry_types": []}
    return {"geo": json.dumps({"version": "1.1.0", "primary_column": column, "columns": {column: described}})}


def _geojson(schema: TableSchema, rows: Iterator[pa.RecordBatch], file: Path, headings: Headings) -> None:
    geometry_of = _geometry_of(schema)
    kept = [column for column in schema.columns if column.name != schema.geometry_column]
    names = [column.heading if headings == "chinese" else column.name for column in kept]
    notice = {"notice": BOUNDARIES_NOTICE} if _region_column(schema) else {}
    with file.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps({"type": "FeatureCollection", "name": schema.name, **notice}, ensure_ascii=False)[:-1])
        stream.write(', "features": [')
        comma = "\n"
        for batch in rows:
            shapes = shapely.to_geojson(shapely.set_precision(geometry_of(batch), 1e-6, mode="pointwise"))
            columns = [[_plain(value) for value in batch.column(column.name).to_pylist()] for column in kept]
            for shape, values in zip(shapes, zip(*columns, strict=True), strict=True):
                properties = json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False, allow_nan=False)
                stream.write(f'{comma}{{"type": "Feature", "geometry": {shape or "null"}, "properties": {properties}}}')
                comma = ",\n"
        stream.write("\n]}\n")


def _plain(value: object) -> object:
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, dt.date) else value


def _has_places(schema: TableSchema) -> bool:
    names = schema.arrow.names
    return schema.geometry_column is not None or "longitude" in names or _region_column(schema) is not None


def _region_column(schema: TableSchema) -> str | None:
    """Give the column of regions where a row is a region; with industries by region the same boundaries would repeat a
    thousandfold.
    """
    names = schema.arrow.names
    if schema.geometry_column is not None or {"longitude", "industry", "enterprise_id"} & set(names):
        return None
    return next((name for name in ("region", "county") if name in names), None)


def _geometry_of(schema: TableSchema) -> Callable[[pa.RecordBatch], Shapes]:
    """Give the function from a batch of rows to their geometries (rows), None where unknown."""
    if (column := schema.geometry_column) is not None:
        return lambda batch: shapely.from_wkb(np.asarray(batch.column(column).to_pylist(), dtype=object))
    if (region := _region_column(schema)) is not None:
        return lambda batch: np.array([_boundary(code) for code in batch.column(region).to_pylist()], dtype=object)
    return _points


@cache
def _boundary(region: str | None) -> shapely.Geometry | None:
    """Give the boundary of a county, or the joined ones of the counties of a prefecture or province."""
    if region is None:
        return None
    boundaries = county_boundaries()
    if (own := boundaries.get(region)) is not None:
        return own
    try:
        begin = region_prefix(region)
    except InputError:
        return None
    parts = [shape for code, shape in boundaries.items() if code.startswith(begin)]
    return shapely.union_all(parts) if parts else None


def _points(batch: pa.RecordBatch) -> Shapes:
    longitude, latitude = (
        batch.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False) for name in ("longitude", "latitude")
    )
    shapes: Shapes = np.asarray(shapely.points(longitude, latitude), dtype=object)
    shapes[np.isnan(longitude + latitude)] = None
    return shapes


def _xlsx(schema: TableSchema, rows: Iterator[pa.RecordBatch], file: Path, headings: Headings) -> None:
    book = _Book(file, schema, headings)
    for batch in rows:
        columns = [batch.column(at).to_pylist() for at, _ in book.columns]
        for values in zip(*columns, strict=True):
            book.write(values)
    book.close()


class _Book:
    """An Excel file that a table is written into row by row. A footprint has no place in a cell and is left out."""

    def __init__(self, file: Path, schema: TableSchema, headings: Headings) -> None:
        # Text stays text: nothing that a register holds may become a formula or a link in someone's Excel.
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(file), options)
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._title, self._headings = schema.zh, headings
        self.columns = [(i, c) for i, c in enumerate(schema.columns) if c.name != schema.geometry_column]
        self._sheet, self._row = self._new_sheet(), 1

    def write(self, values: Iterable[object]) -> None:
        if self._row > _SHEET_ROWS:
            self._sheet, self._row = self._new_sheet(), 1
        for at, value in enumerate(values):
            self._write_cell(at, value)
        self._row += 1

    def close(self) -> None:
        self._book.close()

    def _new_sheet(self) -> Worksheet:
        number = len(self._book.worksheets()) + 1
        sheet = self._book.add_worksheet(self._title if number == 1 else f"{self._title} {number}")
        sheet.freeze_panes(1, 0)
        for at, (_, column) in enumerate(self.columns):
            sheet.set_column(at, at, 20 if column.type == pa.string() else 12)
            sheet.write_string(0, at, column.heading if self._headings == "chinese" else column.name, self._bold)
        return sheet

    def _write_cell(self, at: int, value: object) -> None:
        sheet, row = self._sheet, self._row
        if value is None or (isinstance(value, float) and not np.isfinite(value)):
            return
        if isinstance(value, bool):
            sheet.write_string(row, at, "是" if value else "否")
        elif isinstance(value, dt.datetime):
            sheet.write_datetime(row, at, value.replace(tzinfo=None), self._moment)
        elif isinstance(value, dt.date) and value.year >= _FIRST_YEAR_IN_EXCEL:
            sheet.write_datetime(row, at, dt.datetime.combine(value, dt.time()), self._day)
        elif isinstance(value, float) or (isinstance(value, int) and abs(value) < _WHOLE_IN_EXCEL):
            sheet.write_number(row, at, value)
        else:
            sheet.write_string(row, at, str(value)[:_CELL_CHARACTERS])


_WRITERS = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
    ".geojson": _geojson,
    ".geoparquet": _geoparquet,
}
