"""What a cluster's page says beside its own row: entries by year, products made and lacking, titles, and rows of files.

Each is counted for all clusters at once, and then given cluster by cluster for one audience.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from gaoyuan.portal.snapshots.chain_parts import shown_state
from gaoyuan.portal.snapshots.columns import plain_columns
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import Plain
from gaoyuan.portal.snapshots.suppression import LEAST_FIRMS
from gaoyuan.workspace import Workspace

_MEMBER = (
    "enterprise_id",
    "name",
    "county",
    "industry",
    "longitude",
    "latitude",
    "employees",
    "revenue_yuan",
    "established",
    "file",
    "row",
)
_MOST_MEMBERS = 5000
_SIZES = {"employees": "employees_firms", "revenue_yuan": "revenue_firms"}


@dataclass(frozen=True, slots=True)
class Details:
    """Of all clusters: members, entries by year, titles held, products made; and what uses what."""

    members: dict[str, pd.DataFrame]
    titles: dict[str, pd.DataFrame]
    makers: dict[str, pd.DataFrame]
    uses: dict[str, list[tuple[str, str]]]
    states: dict[str, str]
    files: dict[str, str]

    def of(self, cluster: str, audience: Audience) -> dict[str, Plain]:
        """Give a cluster's details as an audience may see them; members one by one for offices alone."""
        own = self.members.get(cluster)
        years = pd.Series(dtype="datetime64[ns]") if own is None else own["established"]
        content: dict[str, Plain] = {
            "trend": trend(years, audience),
            "titles": self._titles(cluster, audience),
            "chain": self._chain(cluster, audience),
        }
        if audience == Audience.OFFICE:
            content["members"] = _members(own)
            content["files"] = dict(self.files)
        return content

    def _titles(self, cluster: str, audience: Audience) -> dict[str, Plain]:
        held = self.titles.get(cluster)
        return {} if held is None else _counted(held, "title", audience)

    def _chain(self, cluster: str, audience: Audience) -> dict[str, Plain]:
        """Give what members make, by product, and the inputs of it that nobody there makes. To the public a product
        with one or two makers is neither: that it is missing from both says no number.
        """
        held = self.makers.get(cluster)
        if held is None:
            return {}
        counted = _counted(held, "product", audience)
        every = set(held["product"])
        names = dict(zip(held["product"], held["product_name"], strict=True))
        needed: dict[str, list[str]] = {}
        called: dict[str, str] = {}
        for product in counted:
            for wanted, name in self.uses.get(product, ()):
                if wanted not in every:
                    needed.setdefault(wanted, []).append(str(names[product]))
                    called[wanted] = name
        return {
            "product": list(counted),
            "product_name": [str(names[product]) for product in counted],
            "makers": list(counted.values()),
            "state": [self._state(product, audience) for product in counted],
            "lacks": list(needed),
            "lacks_name": [called[product] for product in needed],
            "lacks_for": [", ".join(sorted(set(products))) for products in needed.values()],
            "lacks_state": [self._state(product, audience) for product in needed],
        }

    def _state(self, product: str, audience: Audience) -> str | None:
        state = self.states.get(product)
        return None if state is None else shown_state(state, audience)


def read_details(workspace: Workspace, states: dict[str, str]) -> Details:
    """Read the details of all clusters. `states` says of products how the register's chain stands with them."""
    members = workspace.table("cluster_member")
    firms = (
        workspace.table("enterprise").select("enterprise_id", "established").distinct(on="enterprise_id", keep="first")
    )
    source = (
        workspace.table("register").select("enterprise_id", "file", "row").distinct(on="enterprise_id", keep="first")
    )
    joined = members.left_join(firms, "enterprise_id").drop("enterprise_id_right")
    rows = workspace.to_arrow(joined.left_join(source, "enterprise_id").drop("enterprise_id_right")).to_pandas()
    own = rows[["cluster_id", "enterprise_id"]].drop_duplicates()
    uses: dict[str, list[tuple[str, str]]] = {}
    if workspace.has("uses"):
        links = (
            workspace.read("uses", ["product", "input", "input_name"]).to_pandas().dropna(subset=["product", "input"])
        )
        for link in links.itertuples(index=False):
            uses.setdefault(str(link.product), []).append((str(link.input), str(link.input_name or link.input)))
    return Details(
        members=_by_cluster(rows),
        titles=_by_cluster(_joined(workspace, own, "title", ["title"])),
        makers=_by_cluster(_joined(workspace, own, "makes", ["product", "product_name"])),
        uses=uses,
        states=states,
        files=_files(workspace),
    )


def sizes_known(details: Details) -> pd.DataFrame:
    """Give by cluster of how many members the size is known: what its sums cover."""
    counts = {
        cluster: {number: int(rows[column].notna().sum()) for column, number in _SIZES.items()}
        for cluster, rows in details.members.items()
    }
    return pd.DataFrame.from_dict(counts, orient="index", columns=list(_SIZES.values()), dtype="float64")


def trend(established: pd.Series, audience: Audience) -> dict[str, Plain]:
    """Give the members by year of founding: every year from the first to the last for offices; for the public years are
    taken together until three members or more were founded in them.

    >>> from gaoyuan.portal.snapshots.models import Audience
    >>> days = pd.Series(pd.to_datetime(["2001-05-01", "2002-01-01", "2004-01-01", "2004-02-01", "2006-01-01"]))
    >>> trend(days, Audience.PUBLIC)
    {'from': [2001], 'to': [2006], 'firms': [5], 'unknown': 0}
    """
    years = pd.to_datetime(established).dt.year
    unknown = int(years.isna().sum())
    counted = years.dropna().astype(int).value_counts()
    if counted.empty:
        return {"from": [], "to": [], "firms": [], "unknown": _shown(unknown, audience)}
    spans = [
        (year, year, int(counted.get(year, 0)))
        for year in range(int(counted.index.min()), int(counted.index.max()) + 1)
    ]
    if audience == Audience.PUBLIC:
        spans = _pooled(spans)
    return {
        "from": [first for first, _, _ in spans],
        "to": [last for _, last, _ in spans],
        "firms": [firms for _, _, firms in spans],
        "unknown": _shown(unknown, audience),
    }


def _pooled(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join neighbouring spans until each has three firms or more; what is left at the end joins the last."""
    pooled: list[tuple[int, int, int]] = []
    held: tuple[int, int, int] | None = None
    for first, last, firms in spans:
        held = (first, last, firms) if held is None else (held[0], last, held[2] + firms)
        if held[2] >= LEAST_FIRMS:
            pooled.append(held)
            held = None
    if held is not None and pooled:
        pooled[-1] = (pooled[-1][0], held[1], pooled[-1][2] + held[2])
    return pooled


def _counted(rows: pd.DataFrame, column: str, audience: Audience) -> dict[str, Plain]:
    """Count enterprises by what stands in a column, the most frequent first; for the public only from three on."""
    numbers = rows.groupby(column)["enterprise_id"].nunique().sort_index().sort_values(ascending=False, kind="stable")
    counts = {str(name): int(number) for name, number in numbers.items()}
    return {name: number for name, number in counts.items() if audience == Audience.OFFICE or number >= LEAST_FIRMS}


def _shown(number: int, audience: Audience) -> int | None:
    return None if audience == Audience.PUBLIC and 0 < number < LEAST_FIRMS else number


def _members(rows: pd.DataFrame | None) -> dict[str, Plain]:
    if rows is None:
        return {name: [] for name in _MEMBER}
    strongest = rows.sort_values(["revenue_yuan", "enterprise_id"], ascending=[False, True]).head(_MOST_MEMBERS)
    days = pd.to_datetime(strongest["established"]).dt.strftime("%Y-%m-%d")
    return plain_columns(strongest.assign(established=days), list(_MEMBER))


def _joined(workspace: Workspace, members: pd.DataFrame, table: str, columns: list[str]) -> pd.DataFrame:
    """Give members with columns of a table about enterprises; without rows where the table has not been written."""
    if not workspace.has(table):
        return pd.DataFrame({name: [] for name in ("cluster_id", "enterprise_id", *columns)})
    about = workspace.table(table)
    known = workspace.to_arrow(
        about.filter(ibis._.enterprise_id.notnull()).select("enterprise_id", *columns).distinct()
    )
    return members.merge(known.to_pandas().dropna(subset=columns[:1]), on="enterprise_id")


def _by_cluster(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(cluster): own for cluster, own in rows.groupby("cluster_id", sort=False)}


def _files(workspace: Workspace) -> dict[str, str]:
    if not workspace.has("import"):
        return {}
    rows = workspace.read("import", ["file", "file_name"]).to_pandas().dropna().drop_duplicates("file")
    return dict(zip(rows["file"].astype(str), rows["file_name"].astype(str), strict=True))
