"""Who holds a title on a day, as the imported lists say it.

A list speaks of a title on a day where one of its grants holds then, or may: of a title without such a list nobody
knows who holds it. Of a firm whose grant does not say from when to when it lasts it is not known; nor of one that has
the name of a row whose firm was not found. A title counts with those that include it (`counted_as`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from gaoyuan.assess.facts.rows import TITLE_LISTS
from gaoyuan.assess.facts.title_metrics import counted_as
from gaoyuan.assess.facts.title_validity import holds_on
from gaoyuan.registry.identity import comparable_names
from gaoyuan.workspace import Workspace

Objects = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]

_READ = [
    "enterprise_id",
    "uscc",
    "name",
    "title",
    "granted",
    "granted_precision",
    "valid_to",
    "valid_by",
    "source",
    "run",
]
_LISTS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Grants:
    """The grants that hold on a day, or may: firm (null where it was not found), code, comparable name, title, dates,
    source, run, and whether it is `certain` that it holds.
    """

    rows: pd.DataFrame

    def of(self, title: str) -> pd.DataFrame:
        """Give the grants of a title; none where no list speaks of it."""
        return self.rows[self.rows["title"].isin(counted_as(title))]

    def holders(self, title: str) -> Objects:
        """Give the firms that hold a title for certain."""
        own = self.of(title)
        return own.loc[own["certain"].astype(bool), "enterprise_id"].dropna().unique()

    def held(self, title: str, ids: Objects) -> Flags:
        """Whether firms (n) hold a title for certain."""
        return pd.Index(ids).isin(self.holders(title))

    def open(self, title: str, ids: Objects) -> Flags:
        """Whether the dates of their grants leave open that firms (n) hold a title."""
        return pd.Index(ids).isin(self.of(title)["enterprise_id"].dropna()) & ~self.held(title, ids)

    def possible(self, title: str, names: Objects, codes: Objects) -> Flags:
        """Whether firms (n), by comparable name and credit code, may be meant by a row whose firm was not found.

        Two different credit codes are two firms.
        """
        lost = self.of(title)
        lost = lost[lost["enterprise_id"].isna()]
        if lost.empty:
            return np.zeros(len(names), dtype=bool)
        own = pd.Index(names)
        without_code = own.isin(lost.loc[lost["uscc"].isna(), "name"])
        return without_code | (own.isin(lost["name"]) & pd.isna(codes))

    @property
    def has_lost(self) -> bool:
        """Whether there is a row whose firm was not found."""
        return bool(self.rows["enterprise_id"].isna().any())

    def source(self, title: str) -> str:
        """Say which lists a title is counted from, and of how many of their firms nothing was found."""
        own = self.of(title)
        lists = sorted(own["source"].unique())
        named = "、".join(lists[:_LISTS_NAMED]) + (" …" if len(lists) > _LISTS_NAMED else "")
        lost = own.loc[own["enterprise_id"].isna(), "name"].nunique()
        return f"{TITLE_LISTS}: {named}" + (f"（{lost} 家未在登记数据中找到 not found）" if lost else "")

    def run(self, title: str) -> str:
        """Give the newest run that imported a list of a title."""
        return str(self.of(title)["run"].max())


def read_grants(workspace: Workspace, day: dt.date) -> Grants:
    """Read the grants that hold on a day, or of which the dates leave that open."""
    if not workspace.has("title"):
        return Grants(pd.DataFrame({name: pd.Series(dtype="object") for name in [*_READ, "certain"]}))
    rows = workspace.read("title", _READ)
    dates = (rows[name].to_pylist() for name in ("granted", "granted_precision", "valid_to", "valid_by"))
    states = [holds_on(first, precision, last, day, by) for first, precision, last, by in zip(*dates, strict=True)]
    held = rows.filter(pa.array([state is not False for state in states], pa.bool_()))
    table = held.to_pandas().astype(object)
    table = table.assign(name=comparable(held["name"])).where(table.notna() | (table.columns == "name"), None)
    return Grants(table.assign(certain=[bool(state) for state in states if state is not False]))


def comparable(names: pa.ChunkedArray) -> Objects:
    """Give names (n) in the form in which two of them are compared."""
    return comparable_names(names.combine_chunks().cast(pa.large_string())).to_numpy(zero_copy_only=False)
