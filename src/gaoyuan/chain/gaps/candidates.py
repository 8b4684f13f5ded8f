"""Who could fill a gap: firms outside that make the product, and firms inside that make what is related."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Literal, TypeAlias

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr import types as ir

from gaoyuan.chain.gaps import sentences
from gaoyuan.chain.gaps.ranking import ranks, relative, weighted_mean
from gaoyuan.chain.gaps.related import related_products, shared_links
from gaoyuan.chain.gaps.sentences import Words
from gaoyuan.chain.known_chain import Chain, titles_held
from gaoyuan.chain.locality import REGISTER
from gaoyuan.chain.makers import LOCAL, OUTSIDE, UNKNOWN_PLACE
from gaoyuan.codes import SIZE_CLASSES, size_classes, titles
from gaoyuan.errors import InputError
from gaoyuan.workspace import SCHEMAS, Workspace

Floats: TypeAlias = npt.NDArray[np.float64]
Longs: TypeAlias = npt.NDArray[np.int64]
Side: TypeAlias = Literal["outside", "inside"]

DEFAULT_CANDIDATES = 10
_TITLE_MERIT = {"national": 1.0, "provincial": 0.7, "city": 0.4}
_HALF_AWAY_KM = 500.0
_EARTH_KM = 6371.0
_TEXTS = ["enterprise_id", "name", "place", "division", "industry", "size", "titles"]
_FIRM = [*_TEXTS, "revenue_yuan"]


@dataclass(frozen=True, slots=True)
class FitWeights:
    """What counts for the fit of a candidate; only proportions matter. They are this product's own.

    Outside: `national_share` and `output` beside the largest known, `size`, `titles`, `nearness`. Inside: `industry`
    (how near its industry is to that of the product), `size`, `titles`.
    """

    national_share: float = 0.3
    output: float = 0.25
    size: float = 0.15
    titles: float = 0.2
    nearness: float = 0.1
    industry: float = 0.4

    def __post_init__(self) -> None:
        if not all(math.isfinite(one) and one >= 0 for one in astuple(self)) or 0 in map(sum, (self.out, self.inner)):
            raise InputError(
                f"{astuple(self)} are no weights of a fit",
                mend="Give numbers of 0 or more, for either side not all 0.",
                zh="匹配度权重须为非负数，内外两侧均不得全为零",
            )

    @property
    def out(self) -> tuple[float, ...]:
        """The weights of the parts of a firm outside."""
        return self.national_share, self.output, self.size, self.titles, self.nearness

    @property
    def inner(self) -> tuple[float, ...]:
        """The weights of the parts of a firm inside."""
        return self.industry, self.size, self.titles


def fit(parts: npt.ArrayLike, weights: Sequence[float], made: npt.ArrayLike) -> Floats:
    """Give the fit of candidates (k), 0 to 1: half of it what they are known to make, half what they are.

    `made` (k) is 1 for the product itself, the Jaccard index for the most related product, 0 where neither is known;
    `parts` (k, m; NaN unknown, else 0 to 1) are averaged by `weights` (m) over those that are known, 0 where none is.

    >>> fit([[0.5], [1.0]], [1.0], [1.0, 0.0]).tolist()
    [0.75, 0.5]
    """
    mean = np.nan_to_num(weighted_mean(parts, weights).score, nan=0.0)
    return 0.5 * np.asarray(made, dtype=np.float64) + 0.5 * mean


def candidates(
    workspace: Workspace,
    chain: Chain,
    gaps: Sequence[int],
    *,
    most: int = DEFAULT_CANDIDATES,
    weights: FitWeights | None = None,
) -> pa.Table:
    """Give for each gap (product numbers) up to `most` firms outside and as many inside, as rows of `gap_candidate`.

    Outside are the known makers of the product, and the other firms of its industry in the register that lie outside;
    inside the local makers of related products and of products of near industries, and local firms of its industry of
    which no product is known. Firms that make it locally already are none of them, nor are firms of which it is not
    known where they are.
    """
    if most < 0:
        raise InputError(f"{most} candidates are none", mend="Give 0 or more.", zh="候选企业数不能为负")
    found = _Search(workspace, chain, gaps, weights or FitWeights())
    rows = [row for number in gaps for side in (found.outside, found.inside) for row in side(number, most)]
    schema = pa.schema([field for field in SCHEMAS["gap_candidate"].arrow if field.name != "run"])
    return pa.Table.from_pylist(rows, schema=schema)


class _Search:
    """The firms of a workspace made ready for the gaps of one locality: its makers, by their numbers in the chain, then
    the firms of the register of the industries wanted that are known to make nothing.
    """

    def __init__(self, workspace: Workspace, chain: Chain, gaps: Sequence[int], weights: FitWeights) -> None:
        self.chain, self.weights = chain, weights
        self.industries = chain.products["industry"].to_pylist()
        wanted = sorted({code for number in gaps if (code := self.industries[number]) is not None})
        makers = chain.firms.to_pandas()[_FIRM].assign(kind=chain.makers.place)
        register = _of_industries(workspace, chain, wanted)
        register = register[~register["enterprise_id"].isin(makers["enterprise_id"].dropna())]
        firms = pd.concat([makers, register], ignore_index=True)
        self.makers = len(makers)
        self.kind = firms["kind"].to_numpy(np.int8)
        self.revenue_yuan = firms["revenue_yuan"].to_numpy(np.float64)
        self.away_km = np.asarray(firms["enterprise_id"].map(_distances(workspace, chain)), dtype=np.float64)
        self.nearness = 1 / (1 + self.away_km / _HALF_AWAY_KM)
        self.size, self.merit = _size_parts(firms), _title_parts(firms, listed=workspace.has("title"))
        text = {name: firms[name].astype(object).where(firms[name].notna(), None).tolist() for name in _TEXTS}
        self.text: dict[str, list[str | None]] = text
        # Of equal candidates the first by name comes first, whatever the order of the files.
        self.order = np.empty(len(firms), dtype=np.int64)
        by_name = firms.sort_values(["name", "enterprise_id", "division", "place"], kind="stable").index
        self.order[by_name] = np.arange(len(firms))
        self.of_industry = {code: np.asarray(rows) for code, rows in firms.groupby("industry").indices.items()}
        self.proximity = _proximities(workspace, wanted)
        held = chain.makers
        self.local = np.zeros(self.makers, dtype=bool)
        self.local[held.firm] = held.place[held.firm] == LOCAL
        product = np.repeat(np.arange(chain.graph.products), np.diff(held.start))
        self.first_product = np.full(self.makers, chain.graph.products)
        np.minimum.at(self.first_product, held.firm, product)

    def outside(self, number: int, most: int) -> list[dict[str, object]]:
        """Give the candidates outside for a product, as rows."""
        held, rows = self.chain.makers, self.chain.makers.of(number)
        beyond = held.place[held.firm[rows]] == OUTSIDE
        known = held.firm[rows][beyond].astype(np.int64)
        others = self._unasked(number, OUTSIDE)
        at = np.concatenate([known, others])
        none = np.full(others.size, np.nan)
        share = np.concatenate([held.national_share[rows][beyond], none])
        output = np.concatenate([held.output_yuan[rows][beyond], none])
        amount = np.concatenate([relative(output[: known.size]), relative(self.revenue_yuan[others])])
        parts = np.column_stack([relative(share), amount, self.size[at], self.merit[at], self.nearness[at]])
        made = np.arange(at.size) < known.size

        def reasons(row: int) -> list[Words]:
            if made[row]:
                return [sentences.makes_it(_known(share[row]), _known(output[row]))]
            said = [sentences.same_industry(str(self.industries[number]))]
            yuan = _known(self.revenue_yuan[at[row]])
            return said if yuan is None else [*said, sentences.revenue(yuan)]

        return self._rows("outside", number, at, fit(parts, self.weights.out, made), most, reasons)

    def inside(self, number: int, most: int) -> list[dict[str, object]]:
        """Give the candidates inside for a product, as rows."""
        industry = self.industries[number]
        shared, by = self._related(number)
        near = self._near(industry)
        chosen = self.local & ((shared > 0) | (near > 0))
        rows = self.chain.makers.of(number)
        chosen[self.chain.makers.firm[rows]] = False
        known, others = np.flatnonzero(chosen), self._unasked(number, LOCAL)
        at = np.concatenate([known, others])
        much = np.concatenate([shared[known], np.zeros(others.size)])
        proximity = np.concatenate([near[known], np.ones(others.size)])
        parts = np.column_stack([proximity, self.size[at], self.merit[at]])

        def reasons(row: int) -> list[Words]:
            if row >= known.size:
                return [sentences.same_industry(str(industry))]
            product = int(by[at[row]])
            if product >= 0:
                said = [self._shared(number, product)]
            else:
                said = [sentences.makes(self.chain.name(int(self.first_product[at[row]])))]
            if proximity[row] > 0:
                own = str(self.text["industry"][at[row]])
                said.append(sentences.near_industry(own, str(industry), float(proximity[row])))
            return said

        return self._rows("inside", number, at, fit(parts, self.weights.inner, much), most, reasons)

    def _unasked(self, number: int, kind: int) -> Longs:
        """Give the firms of a product's industry of which no product is known, local or outside."""
        industry = self.industries[number]
        firms = self.of_industry.get(industry, np.zeros(0, np.int64)) if industry is not None else np.zeros(0, np.int64)
        return firms[(firms >= self.makers) & (self.kind[firms] == kind)].astype(np.int64)

    def _related(self, number: int) -> tuple[Floats, Longs]:
        """Give for each maker how much the best of its products shares with a product, and which one it is."""
        held = self.chain.makers
        shared = np.zeros(self.makers)
        by = np.full(self.makers, -1, dtype=np.int64)
        for other, much in zip(*(found.tolist() for found in related_products(self.chain.graph, number)), strict=True):
            firms = held.firm[held.of(other)]
            better = firms[shared[firms] < much]
            shared[better], by[better] = much, other
        return shared, by

    def _near(self, wanted: str | None) -> Floats:
        """Give how near the industry of each maker is to the one wanted: 1 for the same; NaN where either is unknown,
        and for others where no pair of industries was observed.
        """
        near = np.full(self.makers, np.nan)
        if wanted is None:
            return near
        if (pairs := self.proximity.get(wanted)) is not None:
            for rows in self.of_industry.values():
                near[rows[rows < self.makers]] = 0.0
            for code, much in pairs.items():
                rows = self.of_industry.get(code, np.zeros(0, np.int64))
                near[rows[rows < self.makers]] = much
        own = self.of_industry.get(wanted, np.zeros(0, np.int64))
        near[own[own < self.makers]] = 1.0
        return near

    def _shared(self, number: int, other: int) -> Words:
        inputs, users, either = shared_links(self.chain.graph, number, other)
        name = self.chain.name
        return sentences.related_product(
            name(other), [name(int(one)) for one in inputs], [name(int(one)) for one in users], either
        )

    def _rows(
        self,
        side: Side,
        number: int,
        at: Longs,
        fits: Floats,
        most: int,
        reasons: Callable[[int], list[Words]],
    ) -> list[dict[str, object]]:
        rank = ranks(fits)
        first = np.lexsort((self.order[at], rank))[:most]
        rows: list[dict[str, object]] = []
        for row in first.tolist():
            firm = int(at[row])
            zh, en = sentences.joined(reasons(row) + self._standing(firm))
            rows.append(
                {
                    "locality": self.chain.locality.name,
                    "product": self.chain.products["product"][number].as_py(),
                    "product_name": self.chain.name(number),
                    "side": side,
                    "rank": int(rank[row]),
                    "enterprise_id": self.text["enterprise_id"][firm],
                    "name": self.text["name"][firm],
                    "place": sentences.place_of(self.text["place"][firm], self.text["division"][firm]),
                    "fit": float(fits[row]),
                    "reasons_zh": zh,
                    "reasons": en,
                }
            )
        return rows

    def _standing(self, firm: int) -> list[Words]:
        """Say what is known of a firm itself."""
        said: list[Words] = []
        if (size := self.text["size"][firm]) is not None:
            said.append(sentences.size_of(size))
        if (held := self.text["titles"][firm]) is not None:
            said.append(sentences.titles_of(held))
        if self.kind[firm] == OUTSIDE and (kilometres := _known(self.away_km[firm])) is not None:
            said.append(sentences.distance(kilometres))
        return said


def _size_parts(firms: pd.DataFrame) -> Floats:
    """Give the size class of firms as a part of their fit: a quarter for micro, 1 for large, NaN unknown."""
    parts = {name: (at + 1) / len(SIZE_CLASSES) for at, name in enumerate(SIZE_CLASSES)}
    return np.asarray(firms["size"].map(parts), dtype=np.float64)


def _title_parts(firms: pd.DataFrame, *, listed: bool) -> Floats:
    """Give the highest title of firms as a part of their fit. A firm of the register that no list names holds none of
    the titles of the lists; of others, and without lists, it is not known (NaN).
    """
    known = titles()

    def merit(held: str) -> float:
        levels = [known[one].level if one in known else "city" for one in held.split("|")]
        return max(_TITLE_MERIT[level] for level in levels)

    merits = {held: merit(str(held)) for held in firms["titles"].dropna().unique()}
    parts = np.asarray(firms["titles"].map(merits), dtype=np.float64)
    untitled = np.isnan(parts) & firms["enterprise_id"].notna().to_numpy() & listed
    return np.where(untitled, 0.0, parts)


def _of_industries(workspace: Workspace, chain: Chain, industries: list[str]) -> pd.DataFrame:
    """Give the firms of the register of some industries, with where they are."""
    table = workspace.table("enterprise")
    columns = ["enterprise_id", "name", "county", "prefecture", "industry", "employees", "revenue_yuan"]
    rows = workspace.to_arrow(table.filter(_among(table.industry, industries)).select(*columns))
    ids = rows["enterprise_id"].combine_chunks()
    here = chain.locality
    kind = np.where(here.holds(ids), LOCAL, np.where(here.unknown(ids), UNKNOWN_PLACE, OUTSIDE))
    firms = rows.to_pandas()
    firms["size"] = size_classes(rows["industry"], rows["employees"], rows["revenue_yuan"]).to_pandas()
    firms["division"] = firms["county"].fillna(firms["prefecture"])
    firms["titles"] = firms["enterprise_id"].map(titles_held(workspace, chain.as_of)).astype(object)
    firms["place"] = pd.Series([None] * len(firms), dtype=object)
    return firms[_FIRM].assign(kind=kind)


def _distances(workspace: Workspace, chain: Chain) -> pd.Series:
    """Give how far firms of the register are from the middle of the local ones, in km by id; none where all are local
    or no local one has coordinates.
    """
    if chain.locality.name == REGISTER:
        return pd.Series(dtype=np.float64)
    rows = workspace.read("enterprise", ["enterprise_id", "longitude", "latitude"])
    rows = rows.filter(pc.and_(pc.is_valid(rows["longitude"]), pc.is_valid(rows["latitude"])))
    local = chain.locality.holds(rows["enterprise_id"].combine_chunks())
    if not local.any():
        return pd.Series(dtype=np.float64)
    east, north = (np.radians(rows[name].to_numpy()) for name in ("longitude", "latitude"))
    middle_east, middle_north = float(np.median(east[local])), float(np.median(north[local]))
    # Haversine on a sphere: right to 0.5 %.
    chord = (
        np.sin((north - middle_north) / 2) ** 2
        + np.cos(north) * math.cos(middle_north) * np.sin((east - middle_east) / 2) ** 2
    )
    away = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    found = pd.Series(away, index=rows["enterprise_id"].to_pandas())
    return found[~found.index.duplicated()]


def _proximities(workspace: Workspace, wanted: list[str]) -> dict[str, dict[str, float]]:
    """Give the industries near to each one wanted, by their proximity; nothing where none was observed."""
    if not workspace.has("industry_pair"):
        return {}
    workspace.require_current("industry_pair")
    pairs = workspace.table("industry_pair")
    chosen = pairs.filter(_among(pairs.industry_a, wanted) | _among(pairs.industry_b, wanted))
    near: dict[str, dict[str, float]] = {code: {} for code in wanted}
    for row in workspace.to_arrow(chosen.select("industry_a", "industry_b", "proximity")).to_pylist():
        for one, other in ((row["industry_a"], row["industry_b"]), (row["industry_b"], row["industry_a"])):
            if one in near:
                near[one][other] = row["proximity"]
    return near


def _among(column: ir.Column, codes: list[str]) -> ir.BooleanValue:
    # The engine takes no empty list.
    return column.isin([ibis.literal(code) for code in codes or [""]])


def _known(value: np.floating | float) -> float | None:
    number = float(value)
    return None if math.isnan(number) else number
