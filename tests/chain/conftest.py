"""A small chain, written straight into the tables: what is known of it can be counted by hand."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace, open_workspace

_HERE = "370211"
"""The place of the small chain, a county; other firms of its register lie in 370102."""

Rows = Sequence[Mapping[str, object]]


def _rows_of(name: str, rows: Rows) -> pa.Table:
    """Rows as a table of the workspace; what they do not name is null."""
    schema = pa.schema([field for field in SCHEMAS[name].arrow if field.name != "run"])
    return pa.Table.from_pylist([{field: row.get(field) for field in schema.names} for row in rows], schema=schema)


def _put(workspace: Workspace, **tables: Rows) -> Workspace:
    with workspace.run("import") as run:
        for name, rows in tables.items():
            workspace.write(name, _rows_of(name, rows), run)
    return workspace


def _firm(
    number: str, industry: str, county: str | None = _HERE, prefecture: str | None = None, **known: object
) -> dict[str, object]:
    """A firm of the register: its id is `number`."""
    prefecture = prefecture or (county and f"{county[:4]}00")
    east = {"370211": 120.0, "370102": 117.0}.get(county or "")
    where = {} if east is None else {"longitude": east, "latitude": 36.0}
    return {
        "enterprise_id": number,
        "uscc": number,
        "name": f"企业{number}",
        "county": county,
        "prefecture": prefecture,
        "industry": industry,
        **where,
        **known,
    }


ENTERPRISES = [
    _firm("F1", "3712", employees=2000, revenue_yuan=9e8),
    _firm("F2", "3712"),
    _firm("F3", "3715"),
    _firm("F4", "3824"),
    _firm("F5", "3824"),
    _firm("F6", "3824", employees=100, revenue_yuan=3e7),
    _firm("F7", "2921"),
    _firm("F8", "2921"),
    _firm("F9", "3822"),  # of the industry of the capacitor, but makes another product
    _firm("FA", "3985"),  # of the industry of the wafer, never asked
    _firm("FB", "3822"),  # of the industry of the capacitor, never asked
    _firm("J1", "3822", "370102", employees=400, revenue_yuan=1e8),  # makes capacitors in Jinan
    _firm("J2", "3822", "370102", employees=5, revenue_yuan=1e6),  # of the industry, in Jinan
    _firm("J3", "3822", None, "370200"),  # known to the prefecture only: it may be local
]

PRODUCTS = [
    {"product": "loco", "product_name": "电力机车", "chain": "轨道交通", "industry": "3712"},
    {"product": "conv", "product_name": "变流器", "chain": "轨道交通", "industry": "3824"},
    {"product": "bogie", "product_name": "转向架", "chain": "轨道交通", "industry": "3715"},
    {
        "product": "module",
        "product_name": "功率模块",
        "aliases": "IGBT组件|PM",
        "chain": "轨道交通",
        "industry": "3824",
    },
    {"product": "cap", "product_name": "支撑电容", "chain": "轨道交通", "industry": "3822"},
    {"product": "film", "product_name": "金属化薄膜", "chain": "轨道交通", "industry": "2921"},
    {"product": "chip", "product_name": "芯片", "chain": "轨道交通", "industry": "3973", "imported_share": 0.9},
    {"product": "wafer", "product_name": "硅片", "chain": "轨道交通", "industry": "3985"},
    {"product": "power-cap", "product_name": "电力电容器", "chain": "电气机械", "industry": "3822"},
]


def _use(product: str, needed: str, share: float | None) -> dict[str, object]:
    names = {row["product"]: row["product_name"] for row in PRODUCTS}
    return {
        "product": product,
        "product_name": names[product],
        "input": needed,
        "input_name": names[needed],
        "share": share,
    }


USES = [
    _use("loco", "conv", 0.5),
    _use("loco", "bogie", 0.3),
    _use("conv", "module", 0.4),
    _use("conv", "cap", 0.2),
    _use("module", "chip", None),
    _use("chip", "wafer", 0.5),
    _use("cap", "film", 0.6),
    _use("power-cap", "film", 0.5),
]


def _makes(maker: str | None, product: str, **known: object) -> dict[str, object]:
    names = {row["product"]: row["product_name"] for row in PRODUCTS}
    return {
        "enterprise_id": maker,
        "uscc": maker,
        "name": f"企业{maker}",
        "product": product,
        "product_name": names[product],
        **known,
    }


def _outside(name: str, product: str, place: str | None, division: str | None, **known: object) -> dict[str, object]:
    return _makes(None, product, **known) | {"name": name, "place": place, "division": division}


MAKES = [
    _makes("F1", "loco", output_yuan=8e7),
    _makes("F2", "loco", output_yuan=2e7),
    _makes("F1", "conv"),
    _makes("F4", "conv"),
    _makes("F5", "conv"),
    _makes("F1", "bogie"),
    _makes("F2", "bogie"),
    _makes("F3", "bogie"),
    _makes("F6", "module", output_yuan=3e7),
    _makes("F7", "film"),
    _makes("F8", "film"),
    _makes("F9", "power-cap", output_yuan=1e7),
    _makes("J1", "cap", output_yuan=5e7),
    _outside("株洲电容公司", "cap", "湖南省株洲市", "430200", output_yuan=1e8, national_share=0.3),
    _outside("厦门薄膜电容", "cap", None, "350200", national_share=0.1),
    _outside("不知何处电容厂", "cap", None, None, national_share=0.05),
    _outside("外国芯片公司", "chip", "境外", "440300", national_share=0.5),
]

TITLES = [
    {"enterprise_id": "J1", "title": "little_giant", "granted": dt.date(2024, 1, 1), "valid_to": dt.date(2099, 1, 1)},
    {"enterprise_id": "F9", "title": "srdi_sme", "granted": dt.date(2015, 1, 1), "valid_to": dt.date(2018, 1, 1)},
]


def _sale(
    seller_id: str | None, buyer_id: str | None, product: str | None, amount: float | None, **known: object
) -> dict[str, object]:
    return {
        "seller_id": seller_id,
        "seller": seller_id and f"企业{seller_id}",
        "buyer_id": buyer_id,
        "buyer": buyer_id and f"企业{buyer_id}",
        "product": product,
        "product_name": product,
        "amount_yuan": amount,
        **known,
    }


TRADES = [
    _sale("F4", "F1", "conv", 500.0),
    _sale("F4", "F1", "conv", -100.0),  # a return
    _sale("J1", "F4", "cap", 100.0),
    _sale("F6", "F4", "module", 300.0),
    _sale(None, "F5", "module", 100.0, seller="某厂"),  # nobody knows where
    _sale(None, "F5", "module", 50.0, seller="长沙某厂", seller_uscc="91430100XXXXXXXXXX"),
    _sale("F1", "F1", "conv", 10_000.0),  # to itself
    _sale("F6", "F4", "module", None),  # of unknown amount
    _sale("F6", "J2", "module", 7_000.0),  # of a buyer that is not local
    _sale("F3", "F4", None, 50.0),  # of an unknown product
]


def _observed(county: str, industry: str, quotient: float) -> dict[str, object]:
    return {
        "region_level": "county",
        "region": county,
        "industry_level": "class",
        "industry": industry,
        "location_quotient": quotient,
    }


REGION_INDUSTRY = [
    _observed(_HERE, "3824", 2.0),
    _observed(_HERE, "2921", 1.0),
    _observed(_HERE, "3822", 0.5),
    _observed("370102", "3822", 1.5),
    _observed("370102", "3973", 1.5),
    _observed("370103", "3824", 1.5),
    _observed("370103", "3822", 1.5),
]

INDUSTRY_PAIR = [{"industry_a": "2921", "industry_b": "3822", "proximity": 0.4}]


@pytest.fixture(scope="session")
def _chain_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = create_workspace(tmp_path_factory.mktemp("chain") / "w")
    _put(
        workspace,
        enterprise=ENTERPRISES,
        product=PRODUCTS,
        uses=USES,
        makes=MAKES,
        title=TITLES,
        region_industry=REGION_INDUSTRY,
        industry_pair=INDUSTRY_PAIR,
    )
    return workspace.path


@pytest.fixture
def chain_workspace(_chain_tables: Path, tmp_path: Path) -> Workspace:
    """A copy of the small chain, without trades; a test may write into it."""
    return open_workspace(shutil.copytree(_chain_tables, tmp_path / "chain"))


@pytest.fixture
def traded_chain(chain_workspace: Workspace) -> Workspace:
    """The small chain with its trades."""
    return _put(chain_workspace, trade=TRADES)


@pytest.fixture
def put() -> Callable[..., Workspace]:
    """Write tables into a workspace: `put(workspace, makes=[...])`; columns that a row lacks are null."""
    return _put


@pytest.fixture
def sale() -> Callable[..., dict[str, object]]:
    """A trade: `sale(seller_id, buyer_id, product, amount, **columns)`."""
    return _sale


@pytest.fixture
def firm() -> Callable[..., dict[str, object]]:
    """A firm of the register: `firm(id, industry, county, prefecture, **columns)`."""
    return _firm


@pytest.fixture
def empty_chain(tmp_path: Path) -> Workspace:
    """A workspace with the firms of the small chain and no more."""
    return _put(create_workspace(tmp_path / "empty"), enterprise=ENTERPRISES)
