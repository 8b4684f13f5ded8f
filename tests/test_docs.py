"""The documentation is true: its pages follow the code, its commands run, and its examples work."""

from __future__ import annotations

import datetime as dt
import doctest
import importlib.util
import inspect
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import typer.main

import gaoyuan.observe
from gaoyuan.assess import judge, read_edition
from gaoyuan.assess.facts.files import read_facts
from gaoyuan.assess.rules.reading import KINDS
from gaoyuan.assess.targets.forecasting import track_plan
from gaoyuan.assess.targets.plan_reading import read_plan
from gaoyuan.cli.app import app
from gaoyuan.registry import load_mapping

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = sorted(DOCS.rglob("*.md"))
VERBS = typer.main.get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue] - it is a group


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem.replace("-", "_"), path)
    assert spec is not None, path
    assert spec.loader is not None, path
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _script(name: str) -> ModuleType:
    return _module(ROOT / "scripts" / f"{name}.py")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _commands(page: Path) -> list[str]:
    """The commands of `gaoyuan` that a page shows in its blocks of commands, without comments."""
    blocks = re.findall(r"^```(?:bash|console)[^\n]*\n(.*?)^```$", _text(page), re.MULTILINE | re.DOTALL)
    lines = (line.removeprefix("$ ") for block in blocks for line in block.splitlines())
    return [line for line in lines if line.startswith("gaoyuan ")]


@pytest.mark.parametrize("name", ["tables.md", "headings.md"])
def test_the_pages_that_follow_the_code_are_current(name: str) -> None:
    made = _script("table-schemas").PAGES[name]()
    assert _text(DOCS / name) == made, "write it anew: .venv/bin/python scripts/table-schemas.py"


def test_the_list_of_editions_is_current() -> None:
    made = _script("rule-editions").PAGES["editions.md"]()
    assert _text(DOCS / "editions.md") == made, "write it anew: .venv/bin/python scripts/rule-editions.py"


def _same(shown: str, printed: str) -> bool:
    """Whether two lines say the same; numbers may differ by what another processor rounds differently."""
    number = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?")
    if number.sub("0", shown) != number.sub("0", printed):
        return False
    pairs = zip(number.findall(shown), number.findall(printed), strict=True)
    return all(float(one) == pytest.approx(float(other), rel=1e-6) for one, other in pairs)


def test_the_tutorial_shows_what_its_commands_print(tmp_path: Path) -> None:
    mend = "write it anew, and read it: .venv/bin/python scripts/tutorial.py docs/tutorial.md"
    tutorial = _script("tutorial")
    blocks = list(tutorial.shown_and_printed(_text(DOCS / "tutorial.md"), tmp_path))
    assert len(blocks) > 10
    for block, printed in blocks:
        shown, now = tutorial.without_changing_parts(block["body"]).splitlines(), printed.splitlines()
        different = [(one, other) for one, other in zip(shown, now, strict=False) if not _same(one, other)]
        assert (different, len(shown)) == ([], len(now)), f"{mend}\n{printed}"


def _form(line: str) -> str:
    """A line without its figures and the width of its columns."""
    return " ".join(re.sub(r"\d[\d,.]*(?:e-?\d+)?", "0", line).split())


def _demonstration(page: Path) -> str:
    (block,) = re.findall(r"^```console\n\$ gaoyuan demo\n(.*?)^```$", _text(page), re.MULTILINE | re.DOTALL)
    return block


def test_the_readmes_show_what_a_demonstration_prints(tmp_path: Path) -> None:
    english, chinese = map(_demonstration, READMES)
    assert english == chinese
    # That of the readmes takes too long here: a smaller one prints the same lines with other figures and clusters.
    tutorial = _script("tutorial")
    page = "```console\n$ gaoyuan demo demo-workspace --enterprises 5000\n```\n"
    ((_, printed),) = tutorial.shown_and_printed(page, tmp_path)
    now = {_form(line) for line in printed.splitlines()}
    shown = [line for line in tutorial.without_changing_parts(english).splitlines() if line.strip() not in {"", "…"}]
    shown = [line for line in shown if not re.match(r"\d{6}-\w+ ", line)]
    assert len(shown) > 10
    assert [line for line in shown if _form(line) not in now] == []


def _known(words: list[str]) -> list[str]:
    """What is wrong with a command that the documentation shows."""
    if words[1].startswith("-"):
        return [] if words[1] in ("--help", "-h", "--version") else [words[1]]
    if words[1] not in VERBS:
        return [words[1]]
    command = VERBS[words[1]]
    # A group of verbs, such as `chain`: the verb that is shown.
    below = [part for name, part in getattr(command, "commands", {}).items() if name in words]
    options = {name for one in (command, *below) for parameter in one.params for name in parameter.opts}
    options |= {"--help", "-h"}
    return [word for word in words[2:] if word.startswith("-") and word not in options]


@pytest.mark.parametrize("page", [*READMES, *PAGES], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_is_shown_exists(page: Path) -> None:
    wrong = {command: _known(shlex.split(command, comments=True)) for command in _commands(page)}
    assert {command: words for command, words in wrong.items() if words} == {}


def test_every_verb_and_option_is_in_the_reference() -> None:
    page = _text(DOCS / "cli.md")
    assert [verb for verb in VERBS if f"### `{verb}`" not in page] == []
    sections = {part.split("`")[1]: part for part in page.split("\n### ")[1:]}
    shared = page.split("\n## Verbs")[0]
    missing = [
        f"{verb} {option}"
        for verb, command in VERBS.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option not in sections[verb] + shared
    ]
    assert missing == []


def test_every_measure_has_its_place_in_the_methods() -> None:
    methods = "\n".join(_text(page) for page in PAGES)
    measures = [name for name in gaoyuan.observe.__all__ if inspect.isfunction(getattr(gaoyuan.observe, name))]
    steps = {"compare", "explain", "observe", "match_recognised", "recognised_clusters", "theme_evidence"}
    assert [name for name in measures if name not in steps and not re.search(rf"\b{name}\b", methods)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_the_examples_within_a_page_give_what_they_show(page: Path) -> None:
    blocks = re.findall(r"^```python\n(>>> .*?)^```$", _text(page), re.MULTILINE | re.DOTALL)
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, {}, page.name, str(page), 0)
        assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


@pytest.mark.parametrize("page", [DOCS / "own-files.md", DOCS / "tutorial.md", READMES[1]], ids=lambda page: page.name)
def test_a_mapping_file_that_is_shown_can_be_used(page: Path, tmp_path: Path) -> None:
    (mapping,) = re.findall(r"^```toml[^\n]*\n(.*?)^```$", _text(page), re.MULTILINE | re.DOTALL)
    path = tmp_path / "map.toml"
    path.write_text(mapping, encoding="utf-8")
    assert load_mapping(path).columns["name"][0] == "厂家"


def test_the_rule_file_that_is_shown_judges(tmp_path: Path) -> None:
    """The complete example judges the facts that the page shows: the one number that it leaves empty stays open."""
    page, paths = _text(DOCS / "rules.md"), {}
    for name, body in re.findall(r'^```(?:yaml|json) title="([^"]+)"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL):
        paths[name] = tmp_path / name
        paths[name].write_text(body, encoding="utf-8")
    verdict = judge(read_edition(paths["my-rule.yaml"]), read_facts(paths["facts.json"]).facts, "2026-06-30")
    states = {name: criterion.state.value for name, criterion in verdict.criteria.items()}
    assert states == {"1": "met", "2": "met", "3": "unknown", "4": "unmet"}
    assert verdict.state.value == "unknown"
    assert verdict.findings == ()


def test_every_kind_of_criterion_is_shown_by_an_example_that_can_be_read(tmp_path: Path) -> None:
    page = _text(DOCS / "rules.md")
    (whole,) = re.findall(r'^```yaml title="my-rule.yaml"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL)
    snippets = re.findall(r"^```yaml\n(- .*?)^```$", page, re.MULTILINE | re.DOTALL)
    head, *_ = whole.partition("criteria:")
    head = head.replace("settings:", 'settings:\n  wanted_level: {default: "1", zh: 级别, en: level}', 1)
    path = tmp_path / "shown.yaml"
    path.write_text(f"{head}criteria:\n{''.join(snippets)}", encoding="utf-8")
    shown = "\n".join(snippets)
    ids = re.findall(r"^- (?:\{id|id): (\w+)", shown, re.MULTILINE)
    assert [criterion.id for criterion in read_edition(path).criteria] == ids
    assert set(re.findall(r"kind: (\w+)", shown)) >= set(KINDS) - {"all_of"}


def test_the_plan_that_is_shown_can_be_tracked(tmp_path: Path) -> None:
    page = _text(DOCS / "methods" / "targets.md")
    (body,) = re.findall(r'^```yaml title="plan.yaml"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL)
    path = tmp_path / "plan.yaml"
    path.write_text(body, encoding="utf-8")
    plan = read_plan(str(path))
    assert [target.id for target in plan.targets] == ["output", "giants"]
    assert track_plan(plan, dt.date(2025, 6, 30)).targets["output"].trend is not None


def test_every_dependency_is_explained() -> None:
    page = _text(DOCS / "dependencies.md")
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in wanted}
    assert sorted(name for name in names if f"| {name} |" not in page) == []


def test_every_data_file_that_ships_is_described() -> None:
    page = _text(DOCS / "data.md")
    shipped = [
        path
        for path in (ROOT / "src").rglob("*")
        if path.suffix in {".csv", ".gz", ".json", ".toml", ".yaml", ".LICENSE"} and "static" not in path.parts
    ]
    assert len(shipped) > 15
    # Editions of rules have a page of their own.
    listed = _text(DOCS / "editions.md")
    assert [path.name for path in shipped if path.name not in page and f"`{path.stem}`" not in listed] == []


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_what_a_readme_points_at_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", _text(page))
    assert len(targets) > 10
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_readmes_show_the_same_commands_in_both_languages() -> None:
    english, chinese = (_commands(page) for page in READMES)
    assert english == chinese


def test_the_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the extra docs is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    loading = re.compile(
        r"<(?:script|img|iframe|source)[^>]+src=\"?https?:|<link[^>]+href=\"?https?:|@import|url\(\"?https?:"
    )
    files = [path for path in (tmp_path / "site").rglob("*") if path.suffix in {".html", ".css"}]
    assert len(files) > len(PAGES)
    assert [path.name for path in files if loading.search(_text(path))] == []


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_an_example_runs(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module = _module(example)
    module.main()
    printed = capsys.readouterr().out
    assert {"find_clusters": "安丘市轻质建筑材料集群", "measures": "p of the whole curve: 0.0"}[example.stem] in printed
