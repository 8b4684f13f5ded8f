"""What all tests share."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
import pytest
import xlsxwriter
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from gaoyuan.workspace import Workspace, create_workspace, open_workspace

# How long an example takes says nothing about whether it is right; the same examples are tried every time.
settings.register_profile("gaoyuan", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("gaoyuan")

# A suite that was begun in the background ignores the interrupt key, and so would the programs that tests interrupt.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

SAMPLE_FIRMS = 24_000
REAL_PROVINCES = ("河北", "江西", "宁夏")
"""Hebei lacks many years in the real register, the other two few."""

# What takes longest is begun first, so that no process of a run is left alone with it at the end.
_LONGEST_FIRST = (
    "tests/test_architecture.py",
    "tests/portal/serving/test_serving.py",
    "tests/portal/access/test_roles.py",
    "tests/portal/access/test_foreign_numbers.py",
    "tests/portal/explore/test_explore_in_browser.py",
    "tests/cli/test_whole_job.py",
    "tests/portal/access/test_fuzzed.py",
    "tests/portal/browsing/test_every_page_in_browser.py",
    "tests/registry/test_interrupted_import.py",
    "tests/portal/challenges/test_challenges_in_browser.py",
    "tests/report/test_map_in_browser.py",
    "tests/portal/desk/test_interrupted.py",
    "tests/portal/jobs/test_worker.py",
    "tests/portal/pooling/test_pooling_in_browser.py",
    "tests/portal/trading/test_trading_in_browser.py",
    "tests/portal/browsing/test_workbench_in_browser.py",
    "tests/portal/themes/test_views.py",
    "tests/chain/shocks/test_converged.py",
    "tests/exchange/freight/test_planning.py",
)

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Maps draw with WebGL, here in software.
_CHROMIUM_ARGUMENTS = (
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the processes of a run take files in this order."""
    place = {file: at for at, file in enumerate(_LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data and reference values that may not ship: beside the checkout, or where GAOYUAN_TEST_DATA names it."""
    folder = Path(os.environ.get("GAOYUAN_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the real register and the reference values are not on this machine")
    return folder


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what the processes of a test run share: the first that asks makes it. Runs that follow each other
    share it too where GAOYUAN_TEST_WORKSPACES names a folder.
    """
    return _shared_folder(tmp_path_factory)


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample province of 24,000 firms (seed 1), imported and observed, with its lists of titles and its facts. Read
    it only; copy the folder to write.
    """
    from gaoyuan.assess.facts.importing import import_facts
    from gaoyuan.observe import observe
    from gaoyuan.registry import import_enterprises, import_titles
    from gaoyuan.sample import write_sample

    def fill(workspace: Workspace) -> None:
        written = write_sample(workspace, SAMPLE_FIRMS, 1)
        import_enterprises(workspace, [written.file])
        observe(workspace)
        import_titles(workspace, [written.titles])
        import_facts(workspace, [written.facts])

    return _made_once("sample", fill, tmp_path_factory)


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of `gaoyuan demo --enterprises 8000 --json`, which had no input-output table; what that printed
    stands beside its folder in demo.json. Read it only; copy the folder to write.
    """

    def fill(workspace: Workspace) -> None:
        program = Path(sys.executable).parent / "gaoyuan"
        command = [str(program), "demo", str(workspace.path), "--enterprises", "8000", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        (workspace.path.parent / "demo.json").write_text(done.stdout, encoding="utf-8")

    return _made_once("demonstration", fill, tmp_path_factory)


@pytest.fixture(scope="session")
def small_bill() -> Callable[..., Path]:
    """Write a workbook of three lines to be bought of a near and a far supplier: `small_bill(file, offers=None)` leaves
    a sheet out, `offers=[row, ...]` gives it other rows. Nobody offers the pin; near is dearer; two names would run as
    formulas.
    """
    titles = {"bill": "物料清单 BOM", "suppliers": "供应商 suppliers", "offers": "报价 offers"}
    rows: dict[str, list[tuple[object, ...]]] = {
        "bill": [
            ("物料 item", "名称 name", "数量 quantity", "交付天数 due_days"),
            ("bolt", "=1+1", 100, 30),
            ("nut", "@SUM(A1)", 50, 30),
            ("pin", "销", 5, 30),
        ],
        "suppliers": [
            ("供应商 supplier", "名称 name", "本地 local", "可用工时 capacity_hours"),
            ("near", "甲厂", "是", 100),
            ("far", "=cmd|'/c calc'!A1", "否", ""),
        ],
        "offers": [
            ("物料 item", "供应商 supplier", "价格 price_tiers", "交货天数 lead_days", "单件工时 hours_per_unit"),
            ("bolt", "near", 1.1, 10, 0.1),
            ("bolt", "far", 1.0, 10, 0.1),
            ("nut", "near", 1.5, 10, 0),
            ("nut", "far", 1.0, 10, 0),
        ],
    }

    def write(file: Path, **other: list[tuple[object, ...]] | None) -> Path:
        with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False}) as book:
            for part, held in {**rows, **other}.items():
                if held is not None:
                    sheet = book.add_worksheet(titles[part])
                    for at, row in enumerate(held):
                        sheet.write_row(at, 0, row)
        return file

    return write


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; skips where there is none. It ends with its module, for as long as it lives its event
    loop runs in the thread of the tests, where Django's database then refuses to work.
    """
    program = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine; as an administrator: apt-get install -y chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(_CHROMIUM_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def real_workspace(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """All firms of three provinces of the real register, imported without a mapping and observed. Read it only."""
    from gaoyuan.observe import observe
    from gaoyuan.registry import import_enterprises

    def fill(workspace: Workspace) -> None:
        files = sorted((shared_data / "registry").glob("cn_registry_*.parquet"))
        slices = [_rows_of(file, REAL_PROVINCES, workspace.path.parent) for file in files]
        import_enterprises(workspace, slices)
        observe(workspace)

    return _made_once("real", fill, tmp_path_factory)


@pytest.fixture(scope="session")
def uneven_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A register without coordinates that lacks Jiangxi's firms of 2008 to 2011, with a towel cluster in Gaoyang
    (130628) of Hebei; imported and observed. Read it only.
    """
    from gaoyuan.observe import observe
    from gaoyuan.registry import import_enterprises

    def fill(workspace: Workspace) -> None:
        file = workspace.path.parent / "register.csv"
        file.write_text(uneven_register(), encoding="utf-8")
        import_enterprises(workspace, [file])
        observe(workspace)

    return _made_once("uneven", fill, tmp_path_factory)


@pytest.fixture
def held_by_another_process() -> Callable[[Workspace], AbstractContextManager[None]]:
    """Give the context in which another process writes to a workspace, as far as its lock tells."""
    hold = "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, 2); print('held', flush=True); input()"

    @contextmanager
    def held(workspace: Workspace) -> Iterator[None]:
        command = [sys.executable, "-c", hold, str(workspace.path / ".lock")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            try:
                yield
            finally:
                other.communicate("\n")

    return held


@pytest.fixture
def own_sample(sample_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy of `sample_workspace` that a test may write into."""
    return open_workspace(shutil.copytree(sample_workspace.path, tmp_path / "own-sample"))


def uneven_register() -> str:
    """Write the register of `uneven_workspace`: 40 firms a year in each of three provinces, spread over counties and
    industries alike, and 120 makers of towels.
    """
    counties = (("河北省保定市高阳县", "河北省保定市安国市"), ("江西省抚州市金溪县", "江西省九江市永修县"))
    places = (*counties, ("安徽省合肥市肥东县", "安徽省合肥市长丰县"))
    industries = ("1771", "1811", "5212", "5131", "6110", "3311", "3484", "0111", "7211", "4890")
    rows = ["企业名称,行业代码,注册地址,成立日期,从业人员"]
    for province, pair in enumerate(places):
        for year in range(2004, 2016):
            if province == 1 and 2008 <= year <= 2011:
                continue
            for number in range(40):
                named = f"甲{province}乙{year}丙{number}公司,{industries[number % 10]},{pair[number // 20]}"
                employees = "" if province == 2 else str(1 + number)
                rows.append(f"{named}第{number}号,{year}-0{1 + number % 9}-01,{employees}")
    rows += [
        f"高阳{number}毛巾厂,1771,河北省保定市高阳县庞口镇{number}号,{2004 + number % 12}-05-06,30"
        for number in range(120)
    ]
    return "\n".join(rows) + "\n"


def _made_once(name: str, fill: Callable[[Workspace], None], factory: pytest.TempPathFactory) -> Workspace:
    """Give a workspace that the processes of a test run share: the first that asks makes it."""
    folder = _shared_folder(factory) / f"workspace-{name}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            fill(create_workspace(folder / name))
            (folder / "made").touch()
    return open_workspace(folder / name)


def _shared_folder(factory: pytest.TempPathFactory) -> Path:
    base = factory.getbasetemp()
    given = os.environ.get("GAOYUAN_TEST_WORKSPACES")
    own = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Path(given).absolute() if given else own


def _rows_of(file: Path, provinces: tuple[str, ...], folder: Path) -> Path:
    """Write the rows of some provinces as a file of the same name and columns."""
    chosen = pa.array(provinces)
    rows = pyarrow.parquet.read_table(file)
    pyarrow.parquet.write_table(rows.filter(pc.is_in(rows["prov"], chosen)), folder / file.name)
    return folder / file.name
