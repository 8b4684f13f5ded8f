from __future__ import annotations

import csv
import datetime as dt
import gc
import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
import shapely

from gaoyuan.errors import InputError, NotFound, OutputUnknown, StepMissing
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace, exporting, open_workspace
from gaoyuan.workspace.exporting import Exported, export, write_rows
from gaoyuan.workspace.tables import COMPARISON, THEME

ENDINGS = (".csv", ".xlsx", ".parquet", ".geojson", ".geoparquet")
PLACED = {
    "register",
    "enterprise",
    "cluster",
    "cluster_member",
    "sample_truth",
    "region_measure",
    "recognised_cluster",
}
"""Tables that have a footprint, coordinates, or regions as rows."""
SQUARE = shapely.box(115.7, 38.6, 115.8, 38.7)


def batch(table: str, *rows: Mapping[str, object]) -> pa.RecordBatch:
    schema = SCHEMAS[table].arrow
    return pa.RecordBatch.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)


def written(table: str, file: Path, *rows: Mapping[str, object]) -> Exported:
    return write_rows(SCHEMAS[table], [batch(table, *rows)], file)


def cells(file: Path, sheet: int = 0) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(file).worksheets[sheet].iter_rows()]


def lines(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def full_workspace(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample, with a row of nothing but its run in each table that the sample does not fill."""
    copied = shutil.copytree(sample_workspace.path, tmp_path_factory.mktemp("full") / "sample")
    workspace = open_workspace(copied)
    with workspace.run("import") as run:
        for name in SCHEMAS:
            if not workspace.has(name):
                workspace.write(name, pa.Table.from_pylist([{"run": run.id}], schema=SCHEMAS[name].arrow), run)
    return workspace


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("table", list(SCHEMAS))
def test_every_table_is_written_in_every_format_that_can_hold_it(
    full_workspace: Workspace, tmp_path: Path, table: str, ending: str
):
    rows = full_workspace.table(table).limit(300)
    file = tmp_path / f"{table}{ending}"
    if ending in (".geojson", ".geoparquet") and table not in PLACED:
        with pytest.raises(OutputUnknown) as refused:
            export(full_workspace, table, file)
        assert "cluster" in str(refused.value.mend)
        assert list(tmp_path.iterdir()) == []
        return
    done = write_rows(SCHEMAS[table], full_workspace.stream(rows, 100), file)
    expected = min(300, full_workspace.read(table).num_rows)
    assert (done.file, done.rows, done.bytes) == (file, expected, file.stat().st_size)
    assert list(tmp_path.iterdir()) == [file]
    columns = [name for name in SCHEMAS[table].arrow.names if name != "footprint"]
    match ending:
        case ".csv":
            assert lines(file)[0] == SCHEMAS[table].arrow.names
            assert len(lines(file)) == expected + 1
        case ".xlsx":
            assert len(cells(file)) == expected + 1
        case ".parquet":
            assert pyarrow.parquet.read_table(file).schema.equals(SCHEMAS[table].arrow)
            assert pyarrow.parquet.read_metadata(file).num_rows == expected
        case ".geojson":
            features = json.loads(file.read_text(encoding="utf-8"))["features"]
            assert len(features) == expected
            assert all(list(feature["properties"]) == columns for feature in features)
        case ".geoparquet":
            assert pyarrow.parquet.read_schema(file).names == [*columns, "geometry"]
            assert pyarrow.parquet.read_metadata(file).num_rows == expected


def test_a_whole_table_is_exported_and_every_value_comes_back(sample_workspace: Workspace, tmp_path: Path):
    told: list[int] = []
    done = export(sample_workspace, "enterprise", tmp_path / "firms.parquet", progress=told.append)
    table = sample_workspace.read("enterprise").sort_by("enterprise_id")
    assert pyarrow.parquet.read_table(done.file).sort_by("enterprise_id").equals(table)
    assert done.rows == sum(told) == table.num_rows
    export(sample_workspace, "enterprise", tmp_path / "firms.csv")
    text = pd.read_csv(tmp_path / "firms.csv", dtype=str, encoding="utf-8-sig").sort_values("enterprise_id")
    assert text["industry"].fillna("").tolist() == [code or "" for code in table["industry"].to_pylist()]
    assert pd.to_numeric(text["longitude"]).tolist() == pytest.approx(table["longitude"].to_pandas(), nan_ok=True)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_codes_are_text_and_keep_their_leading_zeros(tmp_path: Path, ending: str):
    file = tmp_path / f"x{ending}"
    written("enterprise", file, {"enterprise_id": "0001", "uscc": "91130628MA07000000", "industry": "0111"})
    rows = lines(file) if ending == ".csv" else cells(file)
    names = SCHEMAS["enterprise"].arrow.names
    assert rows[1][names.index("industry")] == "0111"
    assert rows[1][names.index("enterprise_id")] == "0001"


def test_csv_begins_with_a_byte_order_mark_and_holds_any_text(tmp_path: Path):
    name = '甲"乙",丙\n丁；戊\t\r𠮷'
    written("enterprise", tmp_path / "x.csv", {"name": name, "established": dt.date(2015, 1, 2), "producer": True})
    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    row = dict(zip(*lines(tmp_path / "x.csv"), strict=True))
    assert row["name"] == name
    assert (row["established"], row["producer"], row["industry"]) == ("2015-01-02", "true", "")


def test_headings_are_names_for_programs_and_chinese_with_names_for_people(tmp_path: Path):
    rows = [batch("enterprise", {"name": "甲"})]
    for ending in (".csv", ".xlsx"):
        for headings in (None, "names", "chinese"):
            file = tmp_path / f"x{headings}{ending}"
            write_rows(SCHEMAS["enterprise"], rows, file, headings)
            first = lines(file)[0] if ending == ".csv" else cells(file)[0]
            chinese = headings == "chinese" or (headings is None and ending == ".xlsx")
            assert ("企业名称 name" in first) == chinese
            assert ("name" in first) != chinese
    write_rows(SCHEMAS["enterprise"], rows, tmp_path / "x.parquet", "chinese")
    assert "企业名称 name" in pyarrow.parquet.read_schema(tmp_path / "x.parquet").names
    write_rows(SCHEMAS["enterprise"], rows, tmp_path / "x.geojson", "chinese")
    assert "企业名称 name" in json.loads((tmp_path / "x.geojson").read_text("utf-8"))["features"][0]["properties"]


@pytest.mark.parametrize(
    "hostile", ["=1+1", "=cmd|'/C calc'!A0", "{=1+1}", "@SUM(A1)", "+1", "-1", "http://example.org", "mailto:a@b.c"]
)
def test_no_text_becomes_a_formula_or_a_link_in_excel(tmp_path: Path, hostile: str):
    written("enterprise", tmp_path / "x.xlsx", {"name": hostile})
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]
    cell = sheet.cell(2, SCHEMAS["enterprise"].arrow.names.index("name") + 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (hostile, "s", None)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_excel_gets_dates_numbers_and_flags_as_such_and_nothing_for_unknown(tmp_path: Path):
    row = {
        "established": dt.date(2015, 3, 4),
        "employees": 12,
        "revenue_yuan": 1.5e7,
        "longitude": float("nan"),
        "latitude": float("inf"),
        "producer": False,
    }
    written("enterprise", tmp_path / "x.xlsx", row, {}, {"name": "甲"})
    head, first, empty, _ = cells(tmp_path / "x.xlsx")
    got = dict(zip(SCHEMAS["enterprise"].arrow.names, first, strict=True))
    assert got["established"] == dt.datetime(2015, 3, 4)
    assert (got["employees"], got["revenue_yuan"], got["producer"]) == (12, 1.5e7, "否")
    assert got["longitude"] is got["latitude"] is got["name"] is None
    assert set(empty) == {None}
    assert len(head) == len(SCHEMAS["enterprise"].columns)


def test_excel_gets_moments_in_utc(tmp_path: Path):
    moment = dt.datetime(2025, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    written("run", tmp_path / "x.xlsx", {"run": "a", "started": moment})
    _, row = cells(tmp_path / "x.xlsx")
    assert row[SCHEMAS["run"].arrow.names.index("started")] == dt.datetime(2025, 5, 6, 7, 8, 9)


def test_a_date_that_excel_does_not_know_is_written_as_text(tmp_path: Path):
    written(
        "enterprise", tmp_path / "x.xlsx", {"established": dt.date(1892, 5, 1)}, {"established": dt.date(1900, 3, 1)}
    )
    _, old, new = cells(tmp_path / "x.xlsx")
    at = SCHEMAS["enterprise"].arrow.names.index("established")
    assert (old[at], new[at]) == ("1892-05-01", dt.datetime(1900, 3, 1))


def test_a_whole_number_that_excel_would_round_is_written_as_text(tmp_path: Path):
    large = 1_234_567_890_123_456_789
    written("enterprise", tmp_path / "x.xlsx", {"employees": large}, {"employees": 10**15 - 1})
    _, first, second = cells(tmp_path / "x.xlsx")
    at = SCHEMAS["enterprise"].arrow.names.index("employees")
    assert (first[at], second[at]) == (str(large), 10**15 - 1)


def test_text_longer_than_a_cell_is_cut_where_the_cell_ends(tmp_path: Path):
    written("enterprise", tmp_path / "x.xlsx", {"name": "长" * 40_000})
    assert cells(tmp_path / "x.xlsx")[1][2] == "长" * 32_767


def test_excel_goes_on_in_further_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "_SHEET_ROWS", 3)
    rows = [batch("enterprise", *({"name": f"企业{i}"} for i in range(start, start + 4))) for start in (0, 4)]
    write_rows(SCHEMAS["enterprise"], rows, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["企业", "企业 2", "企业 3"]
    names = [[row[2].value for row in sheet.iter_rows()] for sheet in book.worksheets]
    assert [part[0] for part in names] == ["企业名称 name"] * 3
    assert [name for part in names for name in part[1:]] == [f"企业{i}" for i in range(8)]
    assert [len(part) for part in names] == [4, 4, 3]


def test_a_sheet_that_is_just_full_starts_no_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "_SHEET_ROWS", 3)
    written("enterprise", tmp_path / "x.xlsx", {}, {}, {})
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames == ["企业"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_table_without_rows_is_a_file_with_headings(tmp_path: Path, ending: str):
    file = tmp_path / f"x{ending}"
    assert write_rows(SCHEMAS["cluster"], [], file).rows == 0
    assert write_rows(SCHEMAS["cluster"], [batch("cluster")], file).rows == 0
    match ending:
        case ".csv":
            assert lines(file) == [SCHEMAS["cluster"].arrow.names]
        case ".xlsx":
            assert len(cells(file)) == 1
        case ".geojson":
            assert json.loads(file.read_text(encoding="utf-8"))["features"] == []
        case _:
            assert pyarrow.parquet.read_table(file).num_rows == 0


def test_geojson_has_footprints_and_null_where_there_is_none(tmp_path: Path):
    rows = ({"cluster_id": "a", "footprint": shapely.to_wkb(SQUARE), "q_value": float("nan")}, {"cluster_id": "b"})
    written("cluster", tmp_path / "x.geojson", *rows)
    read = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))
    assert (read["type"], read["name"]) == ("FeatureCollection", "cluster")
    first, second = read["features"]
    assert shapely.from_geojson(json.dumps(first["geometry"])).equals(SQUARE)
    assert second["geometry"] is None
    assert (first["properties"]["cluster_id"], first["properties"]["q_value"]) == ("a", None)
    assert "footprint" not in first["properties"]


def test_geojson_has_points_for_firms_and_dates_as_iso(tmp_path: Path):
    rows = (
        {"name": "甲", "longitude": 115.7812345678, "latitude": 38.7, "established": dt.date(2015, 1, 2)},
        {"name": "乙", "longitude": 115.8},
    )
    written("enterprise", tmp_path / "x.geojson", *rows)
    first, second = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [115.781235, 38.7]}
    assert second["geometry"] is None
    assert first["properties"]["established"] == "2015-01-02"


def test_regions_get_their_boundaries_and_the_notice_that_these_are_not_official(tmp_path: Path):
    rows = ({"region": "130628"}, {"region": "130600"}, {"region": "130000"}, {"region": "999999"}, {})
    rows = (*rows, {"region": "1300"}, {"region": ""})
    written("region_measure", tmp_path / "x.geojson", *rows)
    read = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))
    assert "OpenStreetMap" in read["notice"]
    assert "非国家标准地图" in read["notice"]
    county, prefecture, province, *strange = (feature["geometry"] for feature in read["features"])
    shapes = [shapely.from_geojson(json.dumps(part)) for part in (county, prefecture, province)]
    assert shapes[1].buffer(1e-4).contains(shapes[0])
    assert shapes[2].buffer(1e-4).contains(shapes[1])
    assert strange == [None] * 4


@pytest.mark.parametrize(
    ("table", "ending", "column"),
    [
        ("cluster", ".geoparquet", "geometry"),
        ("enterprise", ".geoparquet", "geometry"),
        ("cluster", ".parquet", "footprint"),
    ],
)
def test_geoparquet_says_where_its_geometry_is(
    sample_workspace: Workspace, tmp_path: Path, table: str, ending: str, column: str
):
    export(sample_workspace, table, tmp_path / f"x{ending}")
    read = pyarrow.parquet.read_table(tmp_path / f"x{ending}")
    geo = json.loads(read.schema.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["primary_column"] == column
    assert geo["columns"] == {column: {"encoding": "WKB", "geometry_types": []}}
    assert read.schema.field(column).type == pa.binary()
    shapes = shapely.from_wkb(read[column].to_pylist())
    known = [shape for shape in shapes if shape is not None]
    assert known
    assert len(known) < len(shapes)
    assert all(shape.is_valid for shape in known)


def test_a_plain_table_says_nothing_of_geometry(sample_workspace: Workspace, tmp_path: Path):
    export(sample_workspace, "coverage", tmp_path / "x.parquet")
    assert b"geo" not in (pyarrow.parquet.read_schema(tmp_path / "x.parquet").metadata or {})


def test_footprints_are_well_known_text_in_csv_and_left_out_of_excel(tmp_path: Path):
    rows = ({"cluster_id": "a", "footprint": shapely.to_wkb(SQUARE)}, {"cluster_id": "b"})
    written("cluster", tmp_path / "x.csv", *rows)
    head, first, second = lines(tmp_path / "x.csv")
    at = head.index("footprint")
    assert shapely.from_wkt(first[at]).equals(SQUARE)
    assert second[at] == ""
    written("cluster", tmp_path / "x.xlsx", *rows)
    assert not any("footprint" in str(heading) for heading in cells(tmp_path / "x.xlsx")[0])


@pytest.mark.parametrize("schema", [THEME, COMPARISON], ids=lambda schema: schema.name)
def test_results_that_no_workspace_keeps_are_written_with_their_regions(tmp_path: Path, schema):
    rows = [pa.RecordBatch.from_pylist([{schema.arrow.names[0]: "130628"}], schema.arrow)]
    for ending in ENDINGS:
        assert write_rows(schema, rows, tmp_path / f"x{ending}").rows == 1
    (feature,) = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_the_ending_may_be_written_in_capitals(tmp_path: Path):
    written("enterprise", tmp_path / "X.CSV", {"name": "甲"})
    assert lines(tmp_path / "X.CSV")[1][2] == "甲"


@pytest.mark.parametrize("name", ["firms.txt", "firms.xls", "firms", "firms.csv.gz", ".csv"])
def test_an_ending_that_names_no_format_is_refused_with_those_that_do(
    sample_workspace: Workspace, tmp_path: Path, name: str
):
    with pytest.raises(OutputUnknown) as refused:
        export(sample_workspace, "coverage", tmp_path / name)
    assert all(ending in str(refused.value.mend) for ending in ENDINGS)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(sample_workspace: Workspace, tmp_path: Path):
    with pytest.raises(InputError, match="no such folder"):
        export(sample_workspace, "coverage", tmp_path / "none" / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_replaced_by_a_file(sample_workspace: Workspace, tmp_path: Path):
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        export(sample_workspace, "coverage", tmp_path / "x.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_an_unknown_table_is_refused_with_those_that_are_known(sample_workspace: Workspace, tmp_path: Path):
    with pytest.raises(NotFound) as refused:
        export(sample_workspace, "firms", tmp_path / "x.csv")
    assert "enterprise" in str(refused.value.mend)


def test_a_table_that_no_step_has_written_names_the_step(tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    with pytest.raises(StepMissing, match="gaoyuan observe"):
        export(workspace, "cluster", tmp_path / "x.csv")
    with pytest.raises(StepMissing, match="gaoyuan import"):
        export(workspace, "register", tmp_path / "x.csv")
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_export_that_fails_leaves_the_old_file_and_nothing_half_written(tmp_path: Path, ending: str):
    file = tmp_path / f"x{ending}"
    written("enterprise", file, {"name": "甲"})
    before = file.read_bytes()

    def failing() -> Iterator[pa.RecordBatch]:
        yield batch("enterprise", {"name": "乙"})
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        write_rows(SCHEMAS["enterprise"], failing(), file)
    gc.collect()  # a writer that finishes its file when it is thrown away would do so here
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_an_export_replaces_the_old_file_whole(tmp_path: Path):
    written("enterprise", tmp_path / "x.csv", *({"name": f"企业{i}"} for i in range(50)))
    done = written("enterprise", tmp_path / "x.csv", {"name": "甲"})
    assert len(lines(tmp_path / "x.csv")) == 2
    assert str(done).startswith("1 行 rows")
