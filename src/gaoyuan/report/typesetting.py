"""The typesetter (Typst) and its Chinese fonts: pages from a template and data, pictures from drawings."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import typst

from gaoyuan.errors import ExtraMissing
from gaoyuan.report.packing import JsonValue

__all__ = ["ChineseFonts", "chinese_fonts", "choose_fonts", "drawing_as_png", "typeset"]

# The first is what the report is designed with; the others are the same typefaces under other names, then the systems'.
_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "Songti SC", "SimSun")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei")
_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt)
#set text(font: sys.inputs.sans, lang: "zh", region: "cn")
#image(bytes(sys.inputs.svg), format: "svg")
"""


class ChineseFonts(NamedTuple):
    """The families that Chinese is set in: `serif` (宋体) for the body, `sans` (黑体) for headings."""

    serif: str
    sans: str


def choose_fonts(families: Collection[str]) -> ChineseFonts:
    """Choose the Chinese fonts among the families of a machine; one kind stands in for the other.

    Raises ExtraMissing where there is none.

    >>> choose_fonts(["DejaVu Sans", "Noto Sans CJK SC"])
    ChineseFonts(serif='Noto Sans CJK SC', sans='Noto Sans CJK SC')
    """
    serif = next((name for name in _SERIF if name in families), None)
    sans = next((name for name in _SANS if name in families), None)
    if serif is None and sans is None:
        raise ExtraMissing(
            "this machine has no Chinese font, which PDF and Word reports need",
            mend="As an administrator: apt-get install fonts-noto-cjk. Without these rights, put the files of Noto "
            "Serif CJK SC and Noto Sans CJK SC into ~/.local/share/fonts. A report that ends in .html needs none.",
            zh="本机没有中文字体，PDF 与 Word 报告需要它",
            mend_zh=(
                "请管理员运行 apt-get install fonts-noto-cjk；没有权限时，把 Noto Serif CJK SC 和 Noto Sans CJK SC "
                "的字体文件放入 ~/.local/share/fonts；以 .html 结尾的报告不需要字体"
            ),
        )
    return ChineseFonts(serif or sans or "", sans or serif or "")


def chinese_fonts() -> ChineseFonts:
    """Give the Chinese fonts of this machine; raises ExtraMissing where there are none."""
    return choose_fonts(_fonts().families())


def typeset(template: str, data: Mapping[str, JsonValue], date: datetime.date) -> bytes:
    """Give the PDF that a template makes of data, which it finds as JSON in `sys.inputs.document`.

    The fonts are added to the data as `serif` and `sans`. The file's only date is `date`: the same data give the same
    bytes with the same fonts and the same version of Typst. Raises ExtraMissing where there is no Chinese font.
    """
    fonts = chinese_fonts()
    source = (files("gaoyuan.report") / "templates" / template).read_bytes()
    noon = datetime.datetime.combine(date, datetime.time(12), tzinfo=datetime.UTC)
    whole = {**data, "serif": fonts.serif, "sans": fonts.sans}
    return _compiled(source, {"document": json.dumps(whole, ensure_ascii=False)}, "pdf", timestamp=noon)


def drawing_as_png(svg: str, dots_per_inch: float = 220) -> bytes:
    """Draw an SVG as PNG, for readers that know no SVG; raises ExtraMissing where there is no Chinese font."""
    return _compiled(_PICTURE, {"svg": svg, "sans": chinese_fonts().sans}, "png", dots_per_inch=dots_per_inch)


@cache
def _fonts() -> typst.Fonts:
    # Looking through the machine's fonts takes longer than setting a page.
    return typst.Fonts()


def _compiled(
    source: bytes,
    inputs: dict[str, str],
    form: typst.OutputFormat,
    timestamp: datetime.datetime | None = None,
    dots_per_inch: float | None = None,
) -> bytes:
    # The root is an empty folder: a template reads no files and no packages.
    with tempfile.TemporaryDirectory() as empty:
        compiler = typst.Compiler(
            source, root=empty, font_paths=_fonts(), sys_inputs=inputs, package_path=empty, package_cache_path=empty
        )
        made = compiler.compile(format=form, timestamp=timestamp, ppi=dots_per_inch)
    if not isinstance(made, bytes):
        raise TypeError(f"one file was expected of the typesetter, not {type(made).__name__}")
    return made
