"""What a table is: its columns with their types, units and names in both languages."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
INTEGER = pa.int64()
NUMBER = pa.float64()
DATE = pa.date32()
FLAG = pa.bool_()
MOMENT = pa.timestamp("us", tz="UTC")
GEOMETRY = pa.binary()
"""Well-known binary, longitude and latitude in WGS-84 degrees."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, type, Chinese name, meaning; `unit` where the name does not carry it."""

    name: str
    type: pa.DataType
    zh: str
    meaning: str
    unit: str = ""

    @property
    def heading(self) -> str:
        """The name that people see: Chinese with English beside it."""
        return f"{self.zh} {self.name}"


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table of a workspace; `grain` says what a row is."""

    name: str
    zh: str
    grain: str
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, all columns nullable."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    def headings(self) -> dict[str, str]:
        """Give the name that people see for each column."""
        return {column.name: column.heading for column in self.columns}

    @property
    def geometry_column(self) -> str | None:
        """The column that holds a geometry, if there is one."""
        return next((column.name for column in self.columns if column.type == GEOMETRY), None)
