from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gaoyuan.version import __version__
from gaoyuan.workspace import Workspace, create_workspace, open_workspace

VERBS = (
    "init",
    "import",
    "observe",
    "theme",
    "publish",
    "explain",
    "compare",
    "map",
    "rules",
    "facts",
    "assess",
    "titles",
    "statistics",
    "rank",
    "targets",
    "designations",
    "report",
    "source",
    "export",
    "tables",
    "runs",
    "verify",
    "key",
    "sign",
    "witness",
    "log",
    "sample",
    "demo",
    "doctor",
)
HEAVY = ("pandas", "numba", "duckdb", "ibis", "pyarrow", "numpy", "scipy", "shapely", "deltalake", "rich")
ON_A_WORKSPACE = {
    "import": ("import", "WS", "enterprises", "x.csv"),
    "observe": ("observe", "WS"),
    "theme": ("theme", "WS", "毛巾"),
    "explain": ("explain", "WS", "370214-2916"),
    "compare": ("compare", "WS", "C", "370000", "130000"),
    "map": ("map", "WS", "map.html"),
    "export": ("export", "WS", "cluster", "x.csv"),
    "tables": ("tables", "WS"),
    "runs": ("runs", "WS"),
}


def is_chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


def on(workspace: Path, verb: str) -> list[str]:
    return [str(workspace) if part == "WS" else part for part in ON_A_WORKSPACE[verb]]


def test_help_lists_every_verb_and_what_it_does(gaoyuan):
    shown = gaoyuan("--help")
    assert shown.code == 0
    listed = [line.split()[0] for line in shown.out.partition("Commands:")[2].splitlines() if line[2:3].strip()]
    # A server has no result to tell as JSON; contest and chain are groups of verbs.
    listed.remove("serve")
    assert listed == [*VERBS, "contest", "chain"]
    assert shown.err == ""


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_names_its_arguments_in_both_languages(gaoyuan, verb: str):
    shown = gaoyuan(verb, "--help")
    assert shown.code == 0
    assert "Usage: gaoyuan " + verb in shown.out
    assert "--quiet" in shown.out
    assert "--json" in shown.out
    assert any("一" <= letter <= "鿿" for letter in shown.out)
    assert gaoyuan(verb, "-h").out == shown.out


def test_help_reads_nothing_heavy():
    code = (
        "import sys\nsys.argv = ['gaoyuan', '--help']\nfrom gaoyuan.cli.app import run\n"
        "try:\n    run()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_arguments_help_is_shown(gaoyuan):
    shown = gaoyuan()
    assert "Usage: gaoyuan" in shown.out + shown.err


def test_the_program_and_the_module_tell_the_version(program):
    assert program("--version").out == f"gaoyuan {__version__}\n"
    done = subprocess.run(
        [sys.executable, "-m", "gaoyuan.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"gaoyuan {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("weave",),
        ("tables",),
        ("tables", ".", "--wrong"),
        ("theme", "."),
        ("theme", ".", "毛巾", "--top", "-1"),
        ("theme", ".", "毛巾", "--top", "many"),
        ("observe", ".", "--top", "-3"),
        ("sample", ".", "--seed", "-1"),
        ("sample", ".", "--enterprises", "a lot"),
        ("import", ".", "wares", "x.csv"),
        ("import", ".", "enterprises"),
        ("compare", ".", "C", "--by", "profit", "370000", "130000"),
        ("export", ".", "cluster", "x.csv", "--headings", "latin"),
    ],
)
def test_what_the_command_line_cannot_read_ends_with_2(gaoyuan, arguments: tuple[str, ...]):
    shown = gaoyuan(*arguments)
    assert shown.code == 2
    assert "Usage: gaoyuan" in shown.err
    assert shown.out == ""
    said = shown.err.splitlines()
    assert any(line.startswith("错误 error: ") and is_chinese(line.removeprefix("错误 error: ")) for line in said)
    assert any(line.startswith("改法 mend: 用法见 gaoyuan ") for line in said)
    error = json.loads(gaoyuan(*arguments, "--json").err)["error"]
    assert is_chinese(error["what_zh"])
    assert not is_chinese(error["mend"])


@pytest.mark.parametrize("verb", ON_A_WORKSPACE)
@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_is_no_workspace_ends_with_3_and_how_to_make_one(gaoyuan, tmp_path: Path, verb: str, there: bool):
    folder = tmp_path / "no workspace"
    if there:
        folder.mkdir()
    shown = gaoyuan(*on(folder, verb))
    assert shown.code == 3
    assert shown.out == ""
    assert f"错误 error: {folder}: 这不是高原的工作区 · this is no Gaoyuan workspace\n" in shown.err
    assert f"改法 mend: 先新建：gaoyuan init {folder} · Make one: gaoyuan init {folder}\n" in shown.err
    assert "Traceback" not in shown.err
    assert folder.exists() == there


@pytest.mark.parametrize("verb", ["observe", "theme", "explain", "compare", "map", "export"])
def test_a_step_that_has_not_run_ends_with_3_and_names_it(gaoyuan, tmp_path: Path, verb: str, monkeypatch):
    monkeypatch.chdir(tmp_path)
    workspace = create_workspace(tmp_path / "workspace")
    shown = gaoyuan(*on(workspace.path, verb))
    assert shown.code == 3
    assert "尚未生成 · the table " in shown.err
    assert "改法 mend: 先运行：gaoyuan " in shown.err
    assert " · Run first: gaoyuan " in shown.err
    assert not (tmp_path / "x.csv").exists()
    assert not (tmp_path / "map.html").exists()


@pytest.mark.parametrize("verb", ["import", "observe", "sample"])
def test_a_workspace_that_another_process_writes_to_ends_with_3(
    gaoyuan, own_sample: Workspace, held_by_another_process, tmp_path: Path, verb: str
):
    file = tmp_path / "firms.csv"
    file.write_text("企业名称\n甲\n", encoding="utf-8")
    before = own_sample.tables()
    arguments = {
        "import": ("import", own_sample.path, "enterprises", file),
        "observe": ("observe", own_sample.path),
        "sample": ("sample", own_sample.path, "--enterprises", 10),
    }[verb]
    with held_by_another_process(own_sample):
        shown = gaoyuan(*arguments)
    assert shown.code == 3
    assert "another process is writing" in shown.err
    assert "Wait until it has ended" in shown.err
    assert open_workspace(own_sample.path).tables() == before


def test_while_another_process_writes_others_may_read(gaoyuan, sample_workspace: Workspace, held_by_another_process):
    with held_by_another_process(sample_workspace):
        assert gaoyuan("tables", sample_workspace.path).code == 0
        assert gaoyuan("theme", sample_workspace.path, "轴承").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (("export", "nothing", "x.csv"), 2, "no table 'nothing'"),
        (("export", "cluster", "x.doc"), 2, "names no format"),
        (("export", "coverage", "x.geojson"), 2, "no places"),
        (("export", "cluster", "none/x.csv"), 2, "no such folder"),
        (("explain", "999999-9999"), 2, "there is no cluster '999999-9999'"),
        (("theme", "("), 2, "no regular expression"),
        (("theme", "毛巾|"), 2, "matches every firm"),
        (("theme", "(?=毛巾)毛巾"), 2, "does not know"),
        (("theme", "毛巾", "--out", "x.doc"), 2, "names no format"),
        (("compare", "C", "370000"), 2, "two regions"),
        (("compare", "Z9", "370100", "370200"), 2, "no industry"),
        (("compare", "C", "370100", "990000"), 2, "no firms in 990000"),
        (("compare", "C", "370000", "370100"), 2, "different levels"),
        (("map", "none/map.html"), 2, "does not exist"),
        (("import", "enterprises", "none.csv"), 2, "none.csv"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_was_given_and_cannot_be_used_ends_with_2_and_how_to_mend_it(
    gaoyuan, sample_workspace: Workspace, tmp_path: Path, monkeypatch, arguments, code: int, what: str, as_json: bool
):
    monkeypatch.chdir(tmp_path)
    verb, *rest = arguments
    shown = gaoyuan(verb, sample_workspace.path, *rest, *(["--json"] if as_json else ["--quiet"]))
    assert shown.code == code
    assert shown.out == ""
    if as_json:
        error = json.loads(shown.err)["error"]
        assert set(error) == {"what", "what_zh", "where", "mend", "mend_zh"}
        assert what in f"{error['where']}: {error['what']}"
        assert is_chinese(error["what_zh"])
    else:
        assert shown.err.startswith("错误 error: ")
        assert what in shown.err
        assert "改法 mend: " in shown.err
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_that_the_data_cannot_carry_ends_with_4(gaoyuan, uneven_workspace: Workspace):
    shown = gaoyuan("compare", uneven_workspace.path, "C", "130000", "360000", "--by", "firms")
    assert shown.code == 4
    assert "江西省 67%" in shown.err
    assert "share_of_region" in shown.err


def test_a_part_that_is_not_installed_ends_with_5(gaoyuan, sample_workspace: Workspace, tmp_path: Path, monkeypatch):
    from gaoyuan.report import map_page

    monkeypatch.setattr(map_page, "_SCRIPT", "never-built.js")
    shown = gaoyuan("map", sample_workspace.path, tmp_path / "map.html")
    assert shown.code == 5
    assert "make setup" in shown.err
    assert not (tmp_path / "map.html").exists()


def test_what_the_system_refuses_ends_with_1_and_one_clear_message(gaoyuan, sample_workspace: Workspace, tmp_path):
    shown = gaoyuan("export", sample_workspace.path, "cluster", tmp_path / f"{'x' * 300}.csv")
    assert shown.code == 1
    assert "File name too long" in shown.err
    assert "改法 mend: " in shown.err
    assert "Traceback" not in shown.err


def test_an_interrupted_run_ends_with_130_and_leaves_a_workspace_that_can_be_read(own_sample: Workspace):
    command = [str(Path(sys.executable).parent / "gaoyuan"), "observe", str(own_sample.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as observing:
        assert observing.stderr is not None
        assert "code and locate" in observing.stderr.readline()
        observing.send_signal(signal.SIGINT)
        out, err = observing.communicate(timeout=120)
    assert observing.returncode == 130
    assert out == ""
    assert "interrupted; what was written before stays" in err
    assert "Traceback" not in err
    again = open_workspace(own_sample.path)
    assert again.runs().num_rows == 5
    assert again.read("cluster").num_rows > 0
    with again.run("test", record=False):
        pass
