"""What a workspace knows of its chains, compiled: products, uses, makers, and local purchases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.locality import Locality, locality, placed, registered_in
from gaoyuan.chain.makers import Makers, makers
from gaoyuan.chain.product_graph import ProductGraph, product_graph
from gaoyuan.chain.purchases import Purchases, firm_keys, purchases
from gaoyuan.codes.sme_size import size_classes
from gaoyuan.errors import InputError, NotFound, StepMissing
from gaoyuan.registry.chain_files import match_chain
from gaoyuan.registry.chain_files.product_names import ProductIndex, index_of_products
from gaoyuan.workspace import SCHEMAS, Run, Workspace

Longs = npt.NDArray[np.int64]

_NEAREST = 5
_NAMED = 8
_READ = ("enterprise", "product", "uses", "makes", "trade", "title", "cluster", "cluster_member")
_FIRM = pa.schema(
    [
        ("enterprise_id", pa.large_string()),
        ("name", pa.large_string()),
        ("division", pa.large_string()),
        ("place", pa.large_string()),
        ("industry", pa.large_string()),
        ("employees", pa.float64()),
        ("revenue_yuan", pa.float64()),
        ("size", pa.large_string()),
        ("titles", pa.large_string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Chain:
    """The chains of a workspace, seen from a locality.

    `products` has n rows: product, product_name, aliases, chain, unit, industry, imported_share. `firms` has f rows of
    makers: enterprise_id (null where not in the register), name, division, place, industry, employees, revenue_yuan,
    size (SME size class), titles (held on the day, separated by a bar). `industry_firms` (n) are the local firms of the
    product's industry, `asked_firms` (n) those of them of which some product is known; both −1 where the product's
    industry is unknown.
    """

    locality: Locality
    as_of: dt.date
    products: pa.Table
    graph: ProductGraph
    makers: Makers
    firms: pa.Table
    industry_firms: Longs
    asked_firms: Longs
    purchases: Purchases
    _index: ProductIndex = field(repr=False)

    def number(self, product: str) -> int:
        """Give the number of a product by its code, its name or another of its names. Raises NotFound, with the names
        that are nearest, for one that no table has, InputError, with the codes, for a name that several products share.
        """
        found = self._index.meant(product)
        if len(found) > 1:
            codes = ", ".join(found[:_NAMED]) + (" …" if len(found) > _NAMED else "")
            raise InputError(
                f"{product!r} is what {len(found)} products are called",
                mend=f"Name one by its code: {codes}",
                zh=f"{len(found)} 种产品都叫“{product}”",
                mend_zh=f"用产品代码指明：{codes}",
            )
        if not found:
            called = sorted(set().union(*self._index.called))
            near = get_close_matches(comparable_product(product), called, n=_NEAREST, cutoff=0.4)
            mend = f"Near: {', '.join(near)}" if near else "See them: gaoyuan export WS product products.csv"
            raise NotFound(
                f"no product {product!r}",
                mend=mend,
                zh=f"没有产品“{product}”",
                mend_zh=f"近似的有：{'、'.join(near)}" if near else "查看：gaoyuan export WS product products.csv",
            )
        return self._index.rows[found[0]]

    def name(self, number: int) -> str:
        """Give the name of a product by its number."""
        return str(self.products["product_name"][number].as_py())


def comparable_product(name: str) -> str:
    """Give the name of a product as names are compared: without blanks, full-width forms as half-width, small letters.

    >>> comparable_product("ＩＧＢＴ 模块")
    'igbt模块'
    """
    return "".join(pc.utf8_normalize(pa.scalar(name), form="NFKC").as_py().lower().split())


def read_chain(workspace: Workspace, place: str | None = None, as_of: dt.date | None = None) -> Chain:
    """Read the products of a workspace with what they need and who makes them, as seen from a locality: a division by
    its code, a cluster by its id, else the whole register.

    Products that only `uses`, `makes` or `trade` name are among them. Titles are those held on `as_of` (today unless
    given). Raises StepMissing where there are no products, and as `locality`.
    """
    match_chain(workspace)
    here = locality(workspace, place)
    uses, made, trade = (_read(workspace, name) for name in ("uses", "makes", "trade"))
    products = _products(_read(workspace, "product"), uses, made, trade)
    if not products.num_rows:
        raise StepMissing(
            "the workspace has no products yet",
            where=str(workspace.path),
            mend=f"Import them: gaoyuan import {workspace.path} products FILE, then uses and makes.",
            zh="工作区还没有产品",
            mend_zh=f"先导入：gaoyuan import {workspace.path} products FILE，再导入 uses 和 makes",
        )
    uses = uses.filter(pc.and_(pc.is_valid(uses["product"]), pc.is_valid(uses["input"])))
    index = pd.Index(products["product"].to_pandas())
    graph = product_graph(
        products.num_rows,
        index.get_indexer(uses["product"].to_pandas()),
        index.get_indexer(uses["input"].to_pandas()),
        uses["share"].to_numpy(),
        uses["quantity"].to_numpy(),
        pc.fill_null(uses["essential"].cast(pa.int8()), -1).to_numpy(),
    )
    day = as_of or dt.date.today()
    firms, keys, places, by, where = _firms(workspace, made, here, day)
    held = makers(
        products.num_rows,
        index.get_indexer(made["product"].to_pandas()),
        by,
        where,
        *(made[name].to_numpy() for name in ("capacity", "output_yuan", "national_share")),
    )
    industry_firms, asked = _asked(workspace, products, made, here)
    return Chain(
        here,
        day,
        products,
        graph,
        held,
        firms,
        industry_firms,
        asked,
        purchases(workspace, trade, index, pd.Series(places, index=keys), here),
        index_of_products(products),
    )


def note_inputs(workspace: Workspace, run: Run, *others: str) -> None:
    """Note in a run which versions of the tables that `read_chain` reads, and of others, it rests on."""
    for name in (*_READ, *others):
        run.inputs[name] = workspace.version(name) if workspace.has(name) else None


def replacing_locality(workspace: Workspace, table: str, chain: Chain) -> str | None:
    """Give the condition for writing the rows of a locality beside those of others, None where these are outdated and
    have to go.
    """
    if not workspace.has(table) or workspace.outdated(table):
        return None
    name = chain.locality.name.replace("'", "''")
    return f"locality = '{name}'"


def _read(workspace: Workspace, name: str) -> pa.Table:
    return workspace.read(name) if workspace.has(name) else SCHEMAS[name].arrow.empty_table()


def _products(known: pa.Table, uses: pa.Table, made: pa.Table, trade: pa.Table) -> pa.Table:
    """Give all products that a table names, in the order of their ids."""
    columns = ["product", "product_name", "aliases", "chain", "unit", "industry", "imported_share"]
    named = [known.select(columns)]
    for table, own, name in (
        (uses, "product", "product_name"),
        (uses, "input", "input_name"),
        (made, "product", "product_name"),
        (trade, "product", "product_name"),
    ):
        named.append(pa.table({"product": table[own], "product_name": pc.coalesce(table[name], table[own])}))
    frame = pa.concat_tables(named, promote_options="default").to_pandas()
    frame = frame[frame["product"].notna()].drop_duplicates("product").sort_values("product", kind="stable")
    schema = pa.schema([SCHEMAS["product"].arrow.field(name) for name in columns])
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


def _firms(
    workspace: Workspace, made: pa.Table, here: Locality, as_of: dt.date
) -> tuple[pa.Table, pd.Index, list[str | None], Longs, npt.NDArray[np.int8]]:
    """Give the makers (f), by which keys they are known, their divisions, which of them each row of `makes` is, and
    whether they are local.
    """
    by, unique = pd.factorize(firm_keys(made["enterprise_id"], made["uscc"], made["name"]))
    first = pd.Series(np.arange(len(by))).groupby(by).first().to_numpy() if len(unique) else np.zeros(0, np.int64)
    given = made.select(["enterprise_id", "uscc", "name", "place", "division"]).take(pa.array(first))
    firms = _with_register(workspace, given.drop_columns("uscc"), as_of)
    divisions = pc.coalesce(given["division"], registered_in(given["uscc"]))
    where = placed(workspace, firms["enterprise_id"].combine_chunks(), divisions, here)
    return firms, pd.Index(unique), divisions.to_pylist(), by.astype(np.int64), where


def _with_register(workspace: Workspace, given: pa.Table, as_of: dt.date) -> pa.Table:
    frame = given.to_pandas()
    ids = frame["enterprise_id"].dropna().unique()
    known = pd.DataFrame(columns=["enterprise_id", "county", "prefecture", "industry", "employees", "revenue_yuan"])
    if workspace.has("enterprise") and len(ids):
        table = workspace.table("enterprise").select(*known.columns)
        rows = workspace.to_arrow(table)
        known = rows.filter(pc.is_in(rows["enterprise_id"], pa.array(ids, pa.string()))).to_pandas()
    frame = frame.merge(known.drop_duplicates("enterprise_id"), on="enterprise_id", how="left")
    frame["division"] = frame["county"].fillna(frame["prefecture"]).fillna(frame["division"])
    frame["titles"] = frame["enterprise_id"].map(titles_held(workspace, as_of))
    frame["size"] = size_classes(
        pa.array(frame["industry"], pa.string(), from_pandas=True),
        pa.array(frame["employees"], pa.float64(), from_pandas=True),
        pa.array(frame["revenue_yuan"], pa.float64(), from_pandas=True),
    ).to_pylist()
    return pa.Table.from_pandas(frame, schema=_FIRM, preserve_index=False)


def titles_held(workspace: Workspace, as_of: dt.date) -> dict[str, str]:
    """Give the titles that firms of the register hold on a day, by their ids, separated by a bar."""
    if not workspace.has("title"):
        return {}
    rows = workspace.read("title", ["enterprise_id", "title", "granted", "valid_to"])
    over = pc.or_kleene(pc.less(rows["valid_to"], pa.scalar(as_of)), pc.greater(rows["granted"], pa.scalar(as_of)))
    rows = rows.filter(pc.and_(pc.invert(pc.fill_null(over, False)), pc.is_valid(rows["enterprise_id"])))
    held: dict[str, set[str]] = {}
    for firm, title in zip(rows["enterprise_id"].to_pylist(), rows["title"].to_pylist(), strict=True):
        held.setdefault(firm, set()).add(title)
    return {firm: "|".join(sorted(titles)) for firm, titles in held.items()}


def _asked(workspace: Workspace, products: pa.Table, made: pa.Table, here: Locality) -> tuple[Longs, Longs]:
    """Count the local firms of each product's industry (n), and those of them of which some product is known."""
    industries = products["industry"].to_pandas()
    rows = workspace.read("enterprise", ["enterprise_id", "industry"])
    local = rows.filter(pa.array(here.holds(rows["enterprise_id"].combine_chunks())))
    asked = local.filter(pc.is_in(local["enterprise_id"], made["enterprise_id"].combine_chunks(), skip_nulls=True))
    counts: list[Longs] = []
    for firms in (local, asked):
        by_industry = firms["industry"].to_pandas().value_counts()
        counted = industries.map(by_industry).fillna(0).to_numpy(dtype=np.float64)
        counts.append(np.where(industries.notna(), counted, -1).astype(np.int64))
    return counts[0], counts[1]
