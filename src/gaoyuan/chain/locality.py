"""What counts as local: the whole register, a division, or a cluster."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.makers import LOCAL, OUTSIDE, UNKNOWN_PLACE
from gaoyuan.codes import divisions, region_prefix
from gaoyuan.errors import NotFound, StepMissing
from gaoyuan.workspace import Workspace

Flags = npt.NDArray[np.bool_]

REGISTER = "register"
"""The name of the locality that holds every firm of the register."""

_DIVISION = re.compile(r"\d{6}")
_KNOWN_DIVISION = re.compile(r"[1-9]\d{5}")


@dataclass(frozen=True, slots=True)
class Locality:
    """The firms that count as local, by their ids; `name` is a division code, the id of a cluster, or `register`.

    `unplaced` are firms of the register of which it is not known whether they lie in the division.
    """

    name: str
    title: str
    firms: pa.Array
    unplaced: pa.Array

    def holds(self, firms: pa.Array) -> Flags:
        """Tell of each firm (n ids, null where it is not in the register) whether it is local; what is not known to be
        local is not.
        """
        return _held(self.firms, firms)

    def unknown(self, firms: pa.Array) -> Flags:
        """Tell of each firm (n ids) whether it is not known if it is local."""
        return _held(self.unplaced, firms)


def locality(workspace: Workspace, name: str | None = None) -> Locality:
    """Give what counts as local: a division by its six-digit code, a cluster by its id, else the whole register.

    Raises StepMissing where the workspace has no firms, NotFound for a division or a cluster that is not known.
    """
    if not workspace.has("enterprise"):
        registered = workspace.has("register")
        verb = (
            f"gaoyuan observe {workspace.path}" if registered else f"gaoyuan import {workspace.path} enterprises FILE"
        )
        raise StepMissing(
            "the firms of the register are not located yet" if registered else "the workspace has no register yet",
            where=str(workspace.path),
            mend=f"Run first: {verb}",
            zh="登记企业尚未定位" if registered else "工作区还没有登记数据",
            mend_zh=f"先运行：{verb}",
        )
    firms = workspace.table("enterprise")
    if name is None or name == REGISTER:
        ids = workspace.to_arrow(firms.select("enterprise_id"))["enterprise_id"]
        return Locality(REGISTER, "全部登记企业 all of the register", _sorted(ids), _sorted(ids.slice(0, 0)))
    if _DIVISION.fullmatch(name):
        return _of_division(workspace, name)
    return _of_cluster(workspace, name)


def registered_in(codes: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the division of the office that gave a credit code (its digits 3 to 8, GB 32100)."""
    return pc.utf8_slice_codeunits(codes, 2, 8)


def placed(workspace: Workspace, ids: pa.Array, division: pa.ChunkedArray, here: Locality) -> npt.NDArray[np.int8]:
    """Tell of firms (f ids) whether each is local (1), outside (0), or not known to be either (−1).

    A firm that the register has not (null) is placed by its division (f, null where unknown): it is no member of a
    cluster; and where all of the register is local, one of a division that the register covers may be a local firm that
    the register lacks.
    """
    place = np.where(here.holds(ids), LOCAL, np.where(here.unknown(ids), UNKNOWN_PLACE, OUTSIDE)).astype(np.int8)
    absent = pc.is_null(ids).to_numpy(zero_copy_only=False)
    if absent.any():
        prefixes = _register_prefixes(workspace, here)
        codes = division.filter(pa.array(absent)).to_pandas()
        found = {code: _place_of(code, here, prefixes) for code in codes.dropna().unique()}
        place[absent] = codes.map(found).fillna(UNKNOWN_PLACE)
    return place


def _register_prefixes(workspace: Workspace, here: Locality) -> set[str]:
    """Give the prefectures, by four digits, that the firms of the register lie in, where all of it is local."""
    if here.name != REGISTER:
        return set()
    rows = workspace.table("enterprise").select("prefecture").distinct()
    return {code[:4] for code in workspace.to_arrow(rows)["prefecture"].to_pylist() if code is not None}


def _place_of(division: str, here: Locality, prefixes: Collection[str]) -> int:
    if _KNOWN_DIVISION.fullmatch(division) is None:
        return UNKNOWN_PLACE
    if here.name == REGISTER:
        covered = (
            division[:4] in prefixes if division[2:4] != "00" else any(own[:2] == division[:2] for own in prefixes)
        )
        return UNKNOWN_PLACE if covered else OUTSIDE
    if not here.name.isdecimal():
        return OUTSIDE
    own, other = region_prefix(here.name), region_prefix(division)
    return LOCAL if other.startswith(own) else UNKNOWN_PLACE if own.startswith(other) else OUTSIDE


def _of_division(workspace: Workspace, code: str) -> Locality:
    title = next((one.name for (_, own), one in divisions().items() if own == code), None)
    if title is None:
        raise NotFound(
            f"no division {code}",
            mend="Divisions are GB/T 2260 codes of six digits, such as 370800.",
            zh=f"没有行政区划 {code}",
            mend_zh="区划代码为 GB/T 2260 的六位代码，如 370800",
        )
    rows = workspace.to_arrow(workspace.table("enterprise").select("enterprise_id", "county", "prefecture"))
    prefix = region_prefix(code)
    # The prefecture is known also where the county is not.
    known = pc.coalesce(rows["county"], rows["prefecture"])
    inside = pc.fill_null(pc.starts_with(known, prefix), False)
    # Of a firm known to its prefecture only, it is open whether it lies in a county of it.
    open_county = pc.and_(
        pc.is_null(rows["county"]),
        pc.fill_null(pc.equal(pc.utf8_slice_codeunits(rows["prefecture"], 0, 4), prefix[:4]), False),
    )
    unplaced = pc.and_(pc.or_(pc.is_null(known), open_county), pc.invert(inside))
    ids = rows["enterprise_id"]
    return Locality(code, title, _sorted(ids.filter(inside)), _sorted(ids.filter(unplaced)))


def _of_cluster(workspace: Workspace, cluster: str) -> Locality:
    if not workspace.has("cluster"):
        raise StepMissing(
            f"{cluster} is no division code, and the workspace has no clusters yet",
            where=str(workspace.path),
            mend=f"Find them first: gaoyuan observe {workspace.path}",
            zh=f"{cluster} 不是区划代码，工作区也还没有集群",
            mend_zh=f"先运行：gaoyuan observe {workspace.path}",
        )
    clusters = workspace.table("cluster")
    found = workspace.to_arrow(clusters.filter(clusters.cluster_id == cluster).limit(1)).to_pylist()
    if not found:
        listing = f"gaoyuan export {workspace.path} cluster clusters.csv"
        raise NotFound(
            f"no cluster {cluster!r}",
            where=str(workspace.path),
            mend=f"Give a division by its six-digit code, such as 370200, or a cluster by its id; clusters: {listing}",
            zh=f"没有集群 {cluster}",
            mend_zh=f"写六位区划代码（如 370200）或集群标识；集群见：{listing}",
        )
    members = workspace.table("cluster_member")
    ids = workspace.to_arrow(members.filter(members.cluster_id == cluster).select("enterprise_id"))["enterprise_id"]
    row = found[0]
    title = f"{row['county_name'] or row['county'] or ''}{row['industry_name'] or row['industry'] or ''}" or cluster
    return Locality(cluster, title, _sorted(ids), _sorted(ids.slice(0, 0)))


def _sorted(ids: pa.ChunkedArray) -> pa.Array:
    plain = ids.cast(pa.large_string()).combine_chunks()
    return plain.take(pc.sort_indices(plain))


def _held(held: pa.Array, firms: pa.Array) -> Flags:
    found = pc.is_in(firms.cast(pa.large_string()), held, skip_nulls=True)
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False).astype(bool, copy=False)
