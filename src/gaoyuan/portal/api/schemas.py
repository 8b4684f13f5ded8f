"""What the JSON interface gives: the types that OpenAPI shows. Columns of a table are lists of equal length, in one
order; null stands for what is not known, and to the public also for what is hidden. Columns may be added, none is
taken away.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue

Numbers: TypeAlias = list[float | None]
Texts: TypeAlias = list[str | None]


class Open(Schema):
    """A type to which columns may be added."""

    model_config = ConfigDict(extra="allow")


class Problem(Schema):
    """What is wrong."""

    detail: str


class Mistake(Schema):
    """A value that the request gives and that cannot be: where it stands and what is wrong with it."""

    model_config = ConfigDict(extra="allow")

    loc: list[str | int]
    msg: str
    type: str


class Mistakes(Schema):
    """Values that cannot be."""

    detail: list[Mistake]


class SnapshotSummary(Schema):
    """A published snapshot. `own`: it belongs to the organisation for which the request acts."""

    id: UUID
    title: str
    taken: datetime
    organisation: str
    public: bool
    own: bool
    counts: dict[str, int]


class Regions(Open):
    """All regions with firms."""

    region: list[str]
    region_level: list[str]
    region_name: Texts
    firms: Numbers
    coded: Numbers
    coverage: Numbers
    diversity: Numbers
    krugman: Numbers
    entropy: Numbers
    herfindahl: Numbers
    complexity: Numbers


class Industries(Open):
    """All industries with firms: code of GB/T 4754, names, initials of the Chinese name's syllables."""

    code: list[str]
    name: list[str]
    english: Texts
    initials: list[str]
    firms: Numbers


class Frame(Open):
    """Regions, industries and coverage of a snapshot; `boundaries` is the notice to show with a map."""

    boundaries: str
    regions: Regions
    division_names: dict[str, str]
    industries: Industries
    coverage: dict[str, list[float | str | bool | None]]


class Outlines(Open):
    """Boundaries of counties: `shapes` is base64 of rings in steps of `step` degrees, `x` and `y` a point inside
    each.
    """

    code: list[str]
    name: list[str]
    x: list[float]
    y: list[float]
    step: float
    shapes: str


class IndustryInRegions(Open):
    """One industry in all regions of a level."""

    region: list[str]
    firms: Numbers
    employees: Numbers
    revenue_yuan: Numbers
    share_of_region: Numbers
    expected: Numbers
    location_quotient: Numbers
    p_value: Numbers
    q_value: Numbers
    density: Numbers


class Related(Open):
    """Industries that are found in the same regions."""

    industry_b: list[str]
    proximity: Numbers
    coagglomeration: Numbers


class Industry(Open):
    """Measures of an industry at each level of regions, and the industries related to it."""

    industry_name: str
    region_level: list[str]
    firms: Numbers
    regions: Numbers
    gini: Numbers
    ellison_glaeser: Numbers
    ubiquity: Numbers
    complexity: Numbers
    related: Related | None = None


class IndustriesOfRegion(Open):
    """All industries of a region."""

    industry_level: list[str]
    industry: list[str]
    industry_name: Texts
    firms: Numbers
    employees: Numbers
    revenue_yuan: Numbers
    share_of_region: Numbers
    expected: Numbers
    location_quotient: Numbers
    p_value: Numbers
    q_value: Numbers
    density: Numbers


class Region(Open):
    """A region: its measures and its industries."""

    region: str | None = None
    region_level: str | None = None
    region_name: str | None = None
    firms: float | None = None
    industries: IndustriesOfRegion


class ClusterRow(Open):
    """A cluster in the list. `rank` is its place by strength in the snapshot."""

    cluster_id: str
    name: str | None
    county: str | None
    county_name: str | None
    industry: str | None
    industry_name: str | None
    theme: str | None
    found_by: str | None
    recognised: str | None
    rank: float | None
    firms: float | None
    expected: float | None
    location_quotient: float | None
    q_value: float | None
    employees: float | None
    revenue_yuan: float | None
    area_km2: float | None
    stability: float | None


class ClusterPage(Schema):
    """A page of a list: `total` of all pages."""

    total: int
    page: int
    size: int
    items: list[ClusterRow]


class Cluster(ClusterRow):
    """A cluster with its footprint (GeoJSON, WGS 84) and the titles that its members hold; members for offices
    alone.
    """

    footprint: dict[str, JsonValue] | None
    titles: dict[str, float | None]
    members: dict[str, list[float | str | bool | None]] | None = None


class Products(Open):
    """Products, what uses what, and what is missing."""

    product: list[str]
    product_name: Texts
    chain: Texts
    industry: Texts


class Enterprise(Schema):
    """An enterprise, for those who may see it."""

    enterprise_id: str
    uscc: str | None
    name: str
    county: str | None
    industry: str | None
    employees: float | None
    revenue_yuan: float | None
    clusters: list[str]
    titles: list[str]


class EnterprisePage(Schema):
    """A page of enterprises; `more`: there are further ones."""

    page: int
    size: int
    more: bool
    items: list[Enterprise]


class Hit(Schema):
    """Something found: `kind` is industry, region, cluster or enterprise."""

    kind: str
    code: str
    name: str
    detail: str


class Hits(Schema):
    """What was found."""

    items: list[Hit]


class JobAnswer(Schema):
    """A piece of background work: state is queued, running, done, failed or cancelled; total 0: not known."""

    id: UUID
    kind: str
    state: str
    stage: str
    done: int
    total: int
    result: dict[str, JsonValue] | None
    fault: str
    made: datetime
    begun: datetime | None
    ended: datetime | None


class JobPage(Schema):
    """A page of jobs."""

    total: int
    page: int
    size: int
    items: list[JobAnswer]


class Page(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=100_000)
    size: int = Field(50, ge=1, le=500)


class RecordAnswer(Schema):
    """A move of a case: `sequence` orders those of all cases, `number` those of its own."""

    sequence: int
    case: UUID
    title: str
    process: str
    edition: int
    number: int
    move: str
    role: str
    at: datetime


class RecordPage(Schema):
    """Moves after a number; `last` is up to where they were looked through."""

    last: int
    items: list[RecordAnswer]


class After(Schema):
    """From where on, and how many."""

    after: int = Field(0, ge=0, le=2**62)
    size: int = Field(100, ge=1, le=1000)
