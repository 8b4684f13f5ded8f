from __future__ import annotations

import errno
import json
import sys

import pytest

from gaoyuan.cli.faults import of_system, tell, usage_zh
from gaoyuan.errors import FileUnreadable, GaoyuanError

BOTH = FileUnreadable("no such file", where="a.csv", mend="Check the path.", zh="没有此文件", mend_zh="核对路径")


def test_an_error_is_told_in_chinese_and_english(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["gaoyuan"])
    tell(BOTH)
    assert capsys.readouterr().err == (
        "错误 error: a.csv: 没有此文件 · no such file\n改法 mend: 核对路径 · Check the path.\n"
    )


def test_an_error_of_one_text_is_told_as_it_stands(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["gaoyuan"])
    tell(GaoyuanError("已截止 it is closed"))
    assert capsys.readouterr().err == "错误 error: 已截止 it is closed\n"


def test_as_json_each_language_has_a_part_of_its_own(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["gaoyuan", "--json"])
    tell(BOTH)
    assert json.loads(capsys.readouterr().err)["error"] == {
        "what": "no such file",
        "what_zh": "没有此文件",
        "where": "a.csv",
        "mend": "Check the path.",
        "mend_zh": "核对路径",
    }


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        ("No such command 'weave'.", "没有名为“weave”的命令"),
        ("No such option: --tops (Possible options: --top)", "没有选项 --tops"),
        ("Missing command.", "缺少命令"),
        ("Missing argument 'WS'.", "缺少参数 WS"),
        ("Missing option '--out'.", "缺少选项 --out"),
        ("Option '--out' requires an argument.", "选项 --out 后面要写值"),
        ("Got unexpected extra argument(s) (b c)", "多出的参数：b c"),
        ("Invalid value for '--by': Value error, 'x' is not one of 'a', 'b'.", "--by 不能是“x”，可选见后"),
        ("Invalid value for '--top': Input should be a valid integer, unable to parse", "--top 须为整数"),
        ("Invalid value for '--top': Input should be greater than or equal to 0", "--top 须不小于 0"),
        ("Invalid value for '--top': Input should be a finite number", "--top 须为有限的数"),
        ("Invalid value for '--x': what nobody foresaw", "--x 的值不能使用"),
        ("What nobody foresaw.", ""),
    ],
)
def test_what_the_parser_says_is_told_in_chinese_where_it_is_known(said: str, zh: str):
    assert usage_zh(said) == zh


def test_what_the_system_refuses_is_told_in_chinese():
    fault = of_system(FileNotFoundError(errno.ENOENT, "No such file or directory", "a.csv"))
    assert (fault.where, fault.zh, fault.what) == ("a.csv", "没有此文件或文件夹", "No such file or directory")
    assert of_system(OSError("odd")).what == "odd"
