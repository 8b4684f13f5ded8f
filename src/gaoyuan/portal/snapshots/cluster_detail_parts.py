"""What a cluster's page says beside its own row: entries by year, products made and lacking, titles, and rows of files.

Each is counted for all clusters at once, and then given cluster by cluster for one audience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd

from gaoyuan.portal.confidentiality import LEAST_FIRMS
from gaoyuan.portal.snapshots.chain_parts import shown_state
from gaoyuan.portal.snapshots.columns import plain_column, runs_of
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.snapshots.parts import Column, Plain
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


Counts: TypeAlias = list[tuple[str, int]]
"""What is counted by enterprise, with the number, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Details:
    """Of all clusters: members, where each cluster's stand, years of their founding (0 for an unknown one), of how many
    the size is known, titles held, products made; and what uses what.
    """

    members: dict[str, Column]
    stand: dict[str, slice]
    years: npt.NDArray[np.int64]
    sizes_known: pd.DataFrame
    titles: dict[str, Counts]
    makers: dict[str, Counts]
    names: dict[str, str]
    uses: dict[str, list[tuple[str, str]]]
    states: dict[str, str]
    files: dict[str, str]

    def of(self, cluster: str, audience: Audience) -> dict[str, Plain]:
        """Give a cluster's details as an audience may see them; members one by one for offices alone."""
        stand = self.stand.get(cluster, slice(0, 0))
        content: dict[str, Plain] = {
            "trend": trend(self.years[stand], audience),
            "titles": dict(_shown_counts(self.titles.get(cluster, []), audience)),
            "chain": self._chain(cluster, audience),
        }
        if audience == Audience.OFFICE:
            strongest = slice(stand.start, min(stand.stop, stand.start + _MOST_MEMBERS))
            content["members"] = {name: column[strongest] for name, column in self.members.items()}
            content["files"] = dict(self.files)
        return content

    def _chain(self, cluster: str, audience: Audience) -> dict[str, Plain]:
        """Give what members make, by product, and the inputs of it that nobody there makes. To the public a product
        with one or two makers is neither: that it is missing from both says no number.
        """
        held = self.makers.get(cluster)
        if held is None:
            return {}
        counted = dict(_shown_counts(held, audience))
        every = {product for product, _ in held}
        needed: dict[str, list[str]] = {}
        called: dict[str, str] = {}
        for product in counted:
            for wanted, name in self.uses.get(product, ()):
                if wanted not in every:
                    needed.setdefault(wanted, []).append(self.names[product])
                    called[wanted] = name
        return {
            "product": list(counted),
            "product_name": [self.names[product] for product in counted],
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
    rows = _member_rows(workspace)
    by_cluster = rows.groupby("cluster_id", sort=False)
    sizes_known = by_cluster[list(_SIZES)].count().rename(columns=_SIZES).astype("float64")
    days = rows["established"]
    shown = rows.assign(established=days.dt.strftime("%Y-%m-%d"))
    made = _joined(workspace, rows, "makes", ["product", "product_name"])
    return Details(
        members={name: plain_column(shown[name]) for name in _MEMBER},
        stand={key[0]: held for key, held in runs_of(rows, ["cluster_id"])},
        years=days.dt.year.fillna(0).to_numpy(dtype=np.int64),
        sizes_known=sizes_known,
        titles=_counted(_joined(workspace, rows, "title", ["title"]), "title"),
        makers=_counted(made, "product"),
        names=dict(zip(made["product"].astype(str), made["product_name"].astype(str), strict=True)),
        uses=_uses(workspace),
        states=states,
        files=_files(workspace),
    )


def _member_rows(workspace: Workspace) -> pd.DataFrame:
    """Give the members of all clusters, cluster by cluster, the strongest first, with where they stand in files."""
    members = workspace.table("cluster_member")
    rows = workspace.to_arrow(members).to_pandas()
    for table, columns in (("enterprise", ["established"]), ("register", ["file", "row"])):
        about = workspace.table(table).semi_join(members, "enterprise_id").select("enterprise_id", *columns)
        # An enterprise may stand in a register more than once; the first row tells of it.
        first = workspace.to_arrow(about).to_pandas().drop_duplicates("enterprise_id")
        rows = rows.merge(first, on="enterprise_id", how="left")
    return rows.sort_values(
        ["cluster_id", "revenue_yuan", "enterprise_id"], ascending=[True, False, True], ignore_index=True
    ).assign(established=lambda held: pd.to_datetime(held["established"]))


def _uses(workspace: Workspace) -> dict[str, list[tuple[str, str]]]:
    if not workspace.has("uses"):
        return {}
    uses: dict[str, list[tuple[str, str]]] = {}
    links = workspace.read("uses", ["product", "input", "input_name"]).to_pandas().dropna(subset=["product", "input"])
    for link in links.itertuples(index=False):
        uses.setdefault(str(link.product), []).append((str(link.input), str(link.input_name or link.input)))
    return uses


def trend(founded: npt.NDArray[np.int64], audience: Audience) -> dict[str, Plain]:
    """Give the members by year of founding, 0 where it is unknown: every year from the first to the last for offices;
    for the public years are taken together until three members or more were founded in them, and the smallest number
    is left out where one or two are unknown.

    >>> from gaoyuan.portal.snapshots.models import Audience
    >>> trend(np.array([2001, 2002, 2004, 2004, 2006]), Audience.PUBLIC)
    {'from': [2001], 'to': [2006], 'firms': [5], 'unknown': 0}
    """
    known = founded[founded > 0]
    unknown = len(founded) - len(known)
    if not len(known):
        return {"from": [], "to": [], "firms": [], "unknown": _shown(unknown, audience)}
    first = int(known.min())
    spans = [(first + at, first + at, firms) for at, firms in enumerate(np.bincount(known - first).tolist())]
    if audience == Audience.PUBLIC:
        spans = _pooled(spans)
        if spans and _shown(unknown, audience) is None:
            # All members together are shown elsewhere: with all spans they would tell the hidden number.
            spans.remove(min(spans, key=lambda span: span[2]))
    return {
        "from": [start for start, _, _ in spans],
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


def _counted(rows: pd.DataFrame, column: str) -> dict[str, Counts]:
    """Count by cluster the enterprises by what stands in a column, the most frequent first."""
    numbers = rows.groupby(["cluster_id", column])["enterprise_id"].nunique().rename("firms").reset_index()
    numbers = numbers.sort_values(["cluster_id", "firms", column], ascending=[True, False, True])
    names, firms = numbers[column].astype(str).tolist(), numbers["firms"].tolist()
    return {key[0]: list(zip(names[held], firms[held], strict=True)) for key, held in runs_of(numbers, ["cluster_id"])}


def _shown_counts(counts: Counts, audience: Audience) -> Counts:
    """Give counts as an audience may see them: the public only from three on."""
    return [(name, number) for name, number in counts if audience == Audience.OFFICE or number >= LEAST_FIRMS]


def _shown(number: int, audience: Audience) -> int | None:
    return None if audience == Audience.PUBLIC and 0 < number < LEAST_FIRMS else number


def _joined(workspace: Workspace, members: pd.DataFrame, table: str, columns: list[str]) -> pd.DataFrame:
    """Give members with columns of a table about enterprises; without rows where the table has not been written."""
    if not workspace.has(table):
        return pd.DataFrame({name: [] for name in ("cluster_id", "enterprise_id", *columns)})
    about = workspace.table(table)
    known = workspace.to_arrow(
        about.filter(ibis._.enterprise_id.notnull()).select("enterprise_id", *columns).distinct()
    )
    own = members[["cluster_id", "enterprise_id"]].drop_duplicates()
    return own.merge(known.to_pandas().dropna(subset=columns[:1]), on="enterprise_id")


def _files(workspace: Workspace) -> dict[str, str]:
    if not workspace.has("import"):
        return {}
    rows = workspace.read("import", ["file", "file_name"]).to_pandas().dropna().drop_duplicates("file")
    return dict(zip(rows["file"].astype(str), rows["file_name"].astype(str), strict=True))
