"""The facts of all enterprises of a workspace as columns: what the register, the lists of titles and the forms say.

They say of each firm what `known_facts` says of it alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from gaoyuan.assess.facts.columns import FactColumns, Words
from gaoyuan.assess.facts.known import ages
from gaoyuan.assess.facts.metric_catalogue import Metric, metrics
from gaoyuan.assess.facts.rows import is_own_source
from gaoyuan.assess.facts.title_holders import Grants, comparable, read_grants
from gaoyuan.assess.facts.title_metrics import FLAG_OF_TITLE
from gaoyuan.assess.logic.intervals import Interval, exactly, unknown
from gaoyuan.assess.logic.states import Flags
from gaoyuan.codes.sme_size import size_classes
from gaoyuan.workspace import Workspace

_OF_REGISTER = ("employees", "revenue_yuan", "assets_yuan")
_GIVEN = ["subject", "metric", "year", "value", "text", "source"]


@dataclass(frozen=True, slots=True)
class Firms:
    """Firms (n) with what the register says, and the facts and titles that others say of some of them."""

    id: npt.NDArray[np.object_]
    name: npt.NDArray[np.object_]
    county: npt.NDArray[np.object_]
    register: pa.Table
    facts: pd.DataFrame
    grants: Grants


def read_firms(workspace: Workspace, as_of: dt.date) -> Firms:
    """Read the firms of a workspace in the order of their ids; raises StepMissing before `observe`."""
    coded = workspace.table("enterprise").select("enterprise_id", "county", "industry")
    register = workspace.table("register").select("enterprise_id", "uscc", "name", "established", *_OF_REGISTER)
    joined = register.left_join(coded, "enterprise_id").drop("enterprise_id_right")
    table = workspace.to_arrow(joined.order_by("enterprise_id"))
    return Firms(
        id=table["enterprise_id"].to_numpy(),
        name=table["name"].to_numpy(),
        county=table["county"].to_numpy(),
        register=table,
        facts=_facts(workspace),
        grants=read_grants(workspace, as_of),
    )


def enterprise_columns(firms: Firms, begin: int, end: int, as_of: dt.date) -> FactColumns:
    """Give the facts of the firms from `begin` to before `end` as columns.

    A form's value comes before the register's. A firm that is not on the lists of a title does not hold it; of a title
    of which no list speaks on the day it is unknown.
    """
    part, ids = firms.register.slice(begin, end - begin), firms.id[begin:end]
    columns = FactColumns(len(ids), as_of.year - 1)
    for name in _OF_REGISTER:
        columns.numbers[name] = {None: exactly(part[name].cast(pa.float64()).to_numpy())}
    established = part["established"].to_numpy().astype("datetime64[D]")
    columns.numbers["age_years"] = {None: exactly(ages(established, as_of))}
    columns.words["industry"] = Words.of(part["industry"].to_pylist())
    _put_titles(columns, firms.grants, ids, part)
    at = pd.Index(ids).get_indexer(pd.Index(firms.facts["subject"]))
    _put_given(columns, firms.facts.assign(at=at)[at >= 0], as_of)
    return columns


def _facts(workspace: Workspace) -> pd.DataFrame:
    if not workspace.has("fact"):
        return pd.DataFrame({name: pd.Series(dtype="object") for name in _GIVEN})
    table = workspace.table("fact")
    found = workspace.to_arrow(table.filter(table.subject_kind == "enterprise").select(*_GIVEN).order_by(*_GIVEN))
    return found.to_pandas()


def _put_titles(columns: FactColumns, grants: Grants, ids: npt.NDArray[np.object_], part: pa.Table) -> None:
    names = comparable(part["name"]) if grants.has_lost else part["name"].to_numpy()
    codes = part["uscc"].to_numpy()
    for title, metric in FLAG_OF_TITLE.items():
        if not grants.of(title).empty:
            held = grants.held(title, ids)
            may_be = held | grants.open(title, ids) | grants.possible(title, names, codes)
            columns.numbers[metric] = {None: Interval(held.astype(np.float64), may_be.astype(np.float64))}


def _put_given(columns: FactColumns, facts: pd.DataFrame, as_of: dt.date) -> None:
    """Put what was given of the firms (at the positions `at`) in the place of what the tables show of them."""
    classed = np.zeros(columns.size, dtype=bool)
    for name, claims in facts.groupby("metric"):
        metric = metrics()[str(name)]
        own = _by_others(columns, metric, claims)
        if metric.kind == "several":
            _put_options(columns, metric, own)
        elif metric.is_text:
            _put_words(columns, metric, own)
        else:
            _put_numbers(columns, metric, own, as_of)
        if metric.id == "size_class":
            classed[own["at"]] = True
    _put_size_class(columns, classed)


def _by_others(columns: FactColumns, metric: Metric, claims: pd.DataFrame) -> pd.DataFrame:
    """Leave out what a form had copied from tables of the workspace, where these or others say it."""
    copied = claims["source"].map(is_own_source).to_numpy(dtype=bool)
    if not copied.any():
        return claims
    if metric.is_text:
        shown = columns.word(metric.id).position >= 0
    else:
        shown = _told(columns.numbers.get(metric.id, {}).get(None, unknown(columns.size)))
    said_by_others = claims["at"].isin(claims.loc[~copied, "at"]).to_numpy()
    return claims[~(copied & (said_by_others | shown[claims["at"]]))]


def _put_numbers(columns: FactColumns, metric: Metric, claims: pd.DataFrame, as_of: dt.date) -> None:
    """Claims that differ leave the value between them; years to come do not count.

    What has no year stands beside the last full year, of a stock beside its latest one, unless that is before it
    (`gaoyuan.assess.facts.agreement.counting`).
    """
    said = np.zeros(columns.size, dtype=bool)
    said[claims["at"]] = True
    shown = columns.numbers.get(metric.id, {}).get(None, unknown(columns.size))
    year = claims["year"].fillna(-1).astype(int)
    by_year = {int(str(one)): _between(same, columns.size) for one, same in claims.groupby(year) if one <= as_of.year}
    dated = {one: by_year[one] for one in sorted(by_year) if one >= 0}
    undated = by_year.get(-1, unknown(columns.size))
    if metric.series:
        now = _joined(undated, dated.get(columns.last_year, unknown(columns.size)))
    else:
        now, latest_told = undated, np.zeros(columns.size, dtype=bool)
        for year_told, latest in reversed(dated.items()):
            first = _told(latest) & ~latest_told
            counts = first & (~_told(undated) | (year_told >= columns.last_year))
            now, latest_told = _joined(now, latest).where(counts, now), latest_told | first
    columns.numbers[metric.id] = {**dated, columns.last_year: now.where(said, shown)}


def _joined(one: Interval, other: Interval) -> Interval:
    """Give what lies between two claims, or the one that was made."""
    return one.hull(other).where(_told(one) & _told(other), one.where(_told(one), other))


def _between(claims: pd.DataFrame, size: int) -> Interval:
    lo, hi = np.full(size, np.inf), np.full(size, -np.inf)
    where, value = claims["at"].to_numpy(), claims["value"].to_numpy(dtype=np.float64)
    np.minimum.at(lo, where, value)
    np.maximum.at(hi, where, value)
    return Interval(lo, hi).where(lo <= hi, unknown(size))


def _told(numbers: Interval) -> Flags:
    """Which numbers somebody gave, if only between two ends."""
    return np.isfinite(numbers.lo) & np.isfinite(numbers.hi)


def _put_words(columns: FactColumns, metric: Metric, claims: pd.DataFrame) -> None:
    """Claims that differ leave it unknown."""
    before = columns.word(metric.id)
    words = np.array([*before.labels, None], dtype=object)[before.position]
    said = claims[["at", "text"]].drop_duplicates()
    words[said["at"]] = said["text"].mask(said["at"].duplicated(keep=False), None)
    columns.words[metric.id] = Words.of([word if isinstance(word, str) else None for word in words])


def _put_options(columns: FactColumns, metric: Metric, claims: pd.DataFrame) -> None:
    said = np.zeros(columns.size, dtype=bool)
    said[claims["at"]] = True
    for option in metric.options:
        votes = [float(option in str(text).split("|")) for text in claims["text"]]
        lo, hi = np.where(said, 1.0, 0.0), np.where(said, 0.0, 1.0)
        np.minimum.at(lo, claims["at"], votes)
        np.maximum.at(hi, claims["at"], votes)
        columns.options.setdefault(metric.id, {})[option] = Interval(lo, hi)


def _put_size_class(columns: FactColumns, given: Flags) -> None:
    """The size class follows from industry and size, where it is the same at both ends, and where none was `given`."""
    industry = columns.word("industry")
    codes = pa.DictionaryArray.from_arrays(
        pa.array(industry.position, mask=industry.position < 0), pa.array(industry.labels, pa.string())
    )
    figures = [columns.number(name, columns.last_year) for name in _OF_REGISTER]
    low = [np.where(_told(one), one.lo, np.nan) for one in figures]
    high = [np.where(_told(one), one.hi, np.nan) for one in figures]
    follows = np.array(size_classes(codes, *low).to_pylist(), dtype=object)
    # Where sources disagree the class has to be that of both ends.
    open_ = np.flatnonzero(np.logical_or.reduce([one < other for one, other in zip(low, high, strict=True)]))
    others = size_classes(codes.take(pa.array(open_)), *(end[open_] for end in high)).to_pylist()
    follows[open_] = [one if one == other else None for one, other in zip(follows[open_], others, strict=True)]
    before = columns.word("size_class")
    words = np.array([*before.labels, None], dtype=object)[before.position]
    columns.words["size_class"] = Words.of(np.where(given, words, follows).tolist())
