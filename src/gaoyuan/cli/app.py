"""The program `gaoyuan`: its verbs, and what becomes of errors.

Exit codes: 0 done; 1 something unexpected; 2 what was given cannot be used; 3 the workspace is not ready for it; 4 the
data cannot carry the comparison; 5 a part is not installed; 130 interrupted.
"""

from __future__ import annotations

import typer

from gaoyuan.cli.faults import of_system, tell, tell_usage
from gaoyuan.cli.verbs.assess import assess
from gaoyuan.cli.verbs.chain import chain
from gaoyuan.cli.verbs.compare import compare
from gaoyuan.cli.verbs.contest_results import contest
from gaoyuan.cli.verbs.demo import demo
from gaoyuan.cli.verbs.designations import designations
from gaoyuan.cli.verbs.doctor import doctor
from gaoyuan.cli.verbs.explain import explain
from gaoyuan.cli.verbs.export import export
from gaoyuan.cli.verbs.facts import facts
from gaoyuan.cli.verbs.import_files import import_files
from gaoyuan.cli.verbs.init import init
from gaoyuan.cli.verbs.log import log
from gaoyuan.cli.verbs.map_page import map_page
from gaoyuan.cli.verbs.observe import observe
from gaoyuan.cli.verbs.publish import publish
from gaoyuan.cli.verbs.rank import rank
from gaoyuan.cli.verbs.report import report
from gaoyuan.cli.verbs.rules import rules
from gaoyuan.cli.verbs.runs import runs
from gaoyuan.cli.verbs.sample import sample
from gaoyuan.cli.verbs.serve import serve
from gaoyuan.cli.verbs.sign import key, sign
from gaoyuan.cli.verbs.source import source
from gaoyuan.cli.verbs.statistics import statistics
from gaoyuan.cli.verbs.tables import tables
from gaoyuan.cli.verbs.targets import targets
from gaoyuan.cli.verbs.theme import theme
from gaoyuan.cli.verbs.titles import titles
from gaoyuan.cli.verbs.verify import verify
from gaoyuan.cli.verbs.witness import witness
from gaoyuan.errors import GaoyuanError
from gaoyuan.version import __version__

_INTERRUPTED = 130


def _version(asked: bool) -> None:
    if asked:
        print(f"gaoyuan {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="gaoyuan",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


@app.callback()
def _program(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="版本 Show the version."),
) -> None:
    """高原 Gaoyuan: 从企业登记数据中发现、测度、解释产业集群 · finds, measures and explains industrial clusters
    in a raw enterprise register.

    \b
    先试示例 try it:     gaoyuan demo
    自己的数据 your own:  gaoyuan init my-county
                         gaoyuan import my-county enterprises register.xlsx
                         gaoyuan observe my-county
                         gaoyuan map my-county map.html
    """  # noqa: D301 - \b is click's mark for lines that stay as they are


for _name, _verb in (
    ("init", init),
    ("import", import_files),
    ("observe", observe),
    ("theme", theme),
    ("publish", publish),
    ("serve", serve),
    ("explain", explain),
    ("compare", compare),
    ("map", map_page),
    ("rules", rules),
    ("facts", facts),
    ("assess", assess),
    ("titles", titles),
    ("statistics", statistics),
    ("rank", rank),
    ("targets", targets),
    ("designations", designations),
    ("report", report),
    ("source", source),
    ("export", export),
    ("tables", tables),
    ("runs", runs),
    ("verify", verify),
    ("key", key),
    ("sign", sign),
    ("witness", witness),
    ("log", log),
    ("sample", sample),
    ("demo", demo),
    ("doctor", doctor),
):
    app.command(_name, short_help=(_verb.__doc__ or "").splitlines()[0])(_verb)

app.add_typer(contest, name="contest", short_help="竞赛 A contest of clusters: groups, final, sealed scores, results")
app.add_typer(chain, name="chain", short_help="产业链 The chain: atlas, local supply, gaps, shocks")


def run() -> int:
    """Run the program; gives its exit code. Errors of ours become a message that says how to mend them."""
    try:
        # The parser itself would end the process, and say what is wrong in English only.
        ended = app(prog_name="gaoyuan", standalone_mode=False)
    except typer.TyperException as fault:
        tell_usage(fault)
        return fault.exit_code
    except typer.Abort:
        return _interrupted()
    except GaoyuanError as fault:
        tell(fault)
        return fault.exit_code
    except KeyboardInterrupt:
        return _interrupted()
    except OSError as fault:
        tell(of_system(fault))
        return 1
    if ended == _INTERRUPTED:
        return _interrupted()
    return ended if isinstance(ended, int) else 0


def _interrupted() -> int:
    tell(GaoyuanError("interrupted; what was written before stays", zh="已中断；此前写入的保留"))
    return _INTERRUPTED
