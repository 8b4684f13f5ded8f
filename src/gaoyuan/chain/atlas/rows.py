"""The rows that lists of an atlas are made of: of the atlas itself, and of the workspace's tables that belong to it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.atlas.profiles.model import Words
from gaoyuan.chain.atlas.querying import Atlas
from gaoyuan.chain.locality import Locality
from gaoyuan.codes.enterprise_titles import titles as title_vocabulary
from gaoyuan.workspace import Workspace

Row: TypeAlias = "dict[str, object]"

_URGENT = ("missing", "imported", "single_source", "weak", "unknown", "strong")
_MOST_NAMES = 8
_MOST_OUTSIDE = 3

_NO_DATA = {
    "chain_gap": Words("没有数据：先运行 gaoyuan chain WS gaps", "no data: run gaoyuan chain WS gaps first"),
    "gap_candidate": Words("没有数据：先运行 gaoyuan chain WS gaps", "no data: run gaoyuan chain WS gaps first"),
    "supply_rate": Words("没有数据：先运行 gaoyuan chain WS supply", "no data: run gaoyuan chain WS supply first"),
    "firm_risk": Words(
        "没有数据：导入交易 gaoyuan import WS trades FILE，再运行 gaoyuan chain WS risk",
        "no data: import trades with gaoyuan import WS trades FILE, then run gaoyuan chain WS risk",
    ),
    "cluster": Words("没有数据：先运行 gaoyuan observe WS", "no data: run gaoyuan observe WS first"),
}
_NO_MAKERS = Words(
    "没有数据：没有这些产品的生产企业。导入：gaoyuan import WS makes FILE",
    "no data: no maker of these products is known. Import them: gaoyuan import WS makes FILE",
)


class AtlasRows:
    """The rows of an atlas by kind, as `gaoyuan.chain.atlas.profiles.columns` names their fields."""

    def __init__(self, atlas: Atlas, workspace: Workspace, locality: Locality) -> None:
        self.atlas = atlas
        self.workspace = workspace
        self.locality = locality
        self.most_firms = max(atlas.firms["rank"].to_pylist(), default=0)
        self._nodes: list[Row] = atlas.nodes.to_pylist()
        self._ids = {str(row["product"]) for row in self._nodes}

    @property
    def shortened(self) -> bool:
        """Whether a product has more makers than the atlas lists."""
        nodes = self.atlas.nodes
        made = sum(pc.sum(nodes[name]).as_py() or 0 for name in ("local_firms", "outside_firms", "unknown_firms"))
        return made > self.atlas.firms.num_rows

    def has_titles(self) -> bool:
        """Whether the workspace has titles of firms."""
        return self.workspace.has("title")

    def of(self, kind: str) -> list[Row] | Words:
        """Give the rows of a kind, or what to do where there are no data for it."""
        match kind:
            case "products":
                return self._products
            case "firms":
                return self._firms if self.atlas.firms.num_rows else _NO_MAKERS
            case "makers":
                return self.makers if self.atlas.firms.num_rows else _NO_MAKERS
            case "regions":
                return self.atlas.regions.to_pylist() if self.atlas.regions.num_rows else _NO_MAKERS
            case "clusters":
                return self._clusters()
            case "gaps":
                return self._of_products("chain_gap")
            case "candidates":
                return self._of_products("gap_candidate")
            case "supply":
                return self._supply()
            case "risks":
                return self._risks()
        raise ValueError(f"{kind!r} is no kind of rows")

    @cached_property
    def makers(self) -> list[Row]:
        """Each product with each of its makers that the atlas lists."""
        about = {row["product"]: row for row in self._nodes}
        rows: list[Row] = []
        for firm in self.atlas.firms.to_pylist():
            node = about[firm["product"]]
            rows.append(
                {
                    **firm,
                    "titles": _titles_zh(firm["titles"]),
                    "division": firm["division"] or firm["place"],
                    "product_name": node["product_name"],
                    "level": node["level"],
                    "state": node["state"],
                }
            )
        return rows

    @cached_property
    def _products(self) -> list[Row]:
        """The products, the most urgent states first, then the nearest levels."""
        names = {row["product"]: str(row["product_name"]) for row in self._nodes}
        needed: dict[object, list[str]] = defaultdict(list)
        essential: dict[object, list[str]] = defaultdict(list)
        for link in self.atlas.links.to_pylist():
            needed[link["input"]].append(names[link["product"]])
            if link["essential"]:
                essential[link["input"]].append(names[link["product"]])
        outside: dict[object, list[str]] = defaultdict(list)
        for firm in self.atlas.firms.to_pylist():
            if firm["place_kind"] == "outside":
                outside[firm["product"]].append(str(firm["name"] or firm["enterprise_id"]))
        rows: list[Row] = [
            {
                **row,
                "needed_by": _listed(needed[row["product"]], _MOST_NAMES),
                "essential_for": _listed(essential[row["product"]], _MOST_NAMES),
                "possible_makers": _listed(outside[row["product"]], _MOST_OUTSIDE),
            }
            for row in self._nodes
        ]
        return sorted(rows, key=lambda row: (_URGENT.index(str(row["state"])), abs(_whole(row["level"]))))

    @cached_property
    def _firms(self) -> list[Row]:
        """Each firm once, the largest output of these products first."""
        by_firm: dict[object, list[Row]] = defaultdict(list)
        for row in self.makers:
            by_firm[row["enterprise_id"] or ("", row["name"], row["division"])].append(row)
        rows: list[Row] = []
        for made in by_firm.values():
            outputs = [row["output_yuan"] for row in made if isinstance(row["output_yuan"], float)]
            shares = [row["national_share"] for row in made if isinstance(row["national_share"], float)]
            names = list(dict.fromkeys(str(row["product_name"]) for row in made))
            rows.append(
                {
                    **made[0],
                    "products": _listed(names, _MOST_NAMES),
                    "product_count": len(names),
                    "output_yuan": sum(outputs) if outputs else None,
                    "national_share": max(shares) if shares else None,
                }
            )
        return sorted(rows, key=lambda row: (-_number(row["output_yuan"]), -_number(row["revenue_yuan"])))

    def _of_products(self, table: str) -> list[Row] | Words:
        """Give the rows of a table for the products of this atlas in this locality, by rank."""
        rows = self._local(table)
        if isinstance(rows, Words):
            return rows
        kept = [row for row in rows if row["product"] in self._ids]
        return sorted(kept, key=lambda row: (_order(row["rank"]), str(row["product"])))

    def _supply(self) -> list[Row] | Words:
        rows = self._local("supply_rate")
        if isinstance(rows, Words):
            return rows
        chains = {row["chain"] for row in self._nodes if row["chain"] is not None}
        order = {"all": 0, "chain": 1, "product": 2}
        kept = [
            row
            for row in rows
            if row["scope"] == "all"
            or (row["scope"] == "product" and row["product"] in self._ids)
            or (row["scope"] == "chain" and row["scope_name"] in chains)
        ]
        return sorted(kept, key=lambda row: (order[str(row["scope"])], _number(row["rate"])))

    def _risks(self) -> list[Row] | Words:
        """Give the systemic risk of the firms of this atlas."""
        if not self.workspace.has("firm_risk"):
            return _NO_DATA["firm_risk"]
        makers = {row["enterprise_id"] for row in self.makers if row["enterprise_id"] is not None}
        rows: list[Row] = self.workspace.read("firm_risk").to_pylist()
        return sorted((row for row in rows if row["enterprise_id"] in makers), key=lambda row: _order(row["rank"]))

    def _clusters(self) -> list[Row] | Words:
        """Give the clusters that have makers of this atlas among their members."""
        if not (self.workspace.has("cluster") and self.workspace.has("cluster_member")):
            return _NO_DATA["cluster"]
        made: dict[object, list[str]] = defaultdict(list)
        for row in self.makers:
            if row["enterprise_id"] is not None:
                made[row["enterprise_id"]].append(str(row["product_name"]))
        members = self.workspace.read("cluster_member", ["cluster_id", "enterprise_id"])
        members = members.filter(pc.is_in(members["enterprise_id"], pa.array(list(made), pa.string())))
        of_cluster: dict[object, list[object]] = defaultdict(list)
        for member in members.to_pylist():
            of_cluster[member["cluster_id"]].append(member["enterprise_id"])
        columns = ["cluster_id", "name", "county_name", "industry_name", "theme", "firms"]
        rows: list[Row] = []
        for cluster in self.workspace.read("cluster", columns).to_pylist():
            firms = of_cluster.get(cluster["cluster_id"])
            if firms:
                names = dict.fromkeys(name for firm in firms for name in made[firm])
                own = cluster["name"] or cluster["theme"] or cluster["cluster_id"]
                about = {"name": own, "chain_firms": len(firms), "products": _listed(list(names), _MOST_NAMES)}
                rows.append({**cluster, **about})
        return sorted(rows, key=lambda row: -_number(row["chain_firms"]))

    def _local(self, table: str) -> list[Row] | Words:
        """Give the rows of a table that were computed for this locality."""
        if not self.workspace.has(table):
            return _NO_DATA[table]
        rows = self.workspace.table(table)
        found: list[Row] = self.workspace.to_arrow(rows.filter(rows.locality == self.locality.name)).to_pylist()
        if found:
            return found
        known = _NO_DATA[table]
        place = "" if self.locality.name == "register" else f" --place {self.locality.name}"
        return Words(f"{known.zh}{place}", f"{known.en.removesuffix(' first')}{place} first")


def _titles_zh(held: object) -> str | None:
    if not isinstance(held, str) or not held:
        return None
    known = title_vocabulary()
    return "、".join(known[one].zh if one in known else one for one in held.split("|"))


def _listed(names: list[str], most: int) -> str | None:
    shown = "、".join(names[:most])
    return f"{shown} 等 {len(names)} 种" if len(names) > most else shown or None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else -1.0


def _order(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("inf")
