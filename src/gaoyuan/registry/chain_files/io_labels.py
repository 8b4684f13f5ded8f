"""What the codes and the words beside an input-output table mean: its labels, final uses, value added and origins.

They are the codes of the National Bureau of Statistics and of the OECD, and names in Chinese and English; they are
compared without regard to case, width, spaces and signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

TOTAL, INTERMEDIATE, IMPORTED = "total", "intermediate", "imported"
FINAL_USE, EXPORT, IMPORT, OUTPUT, VALUE_ADDED = "final_use", "export", "import", "output", "value_added"

_LABELS = {
    "code": ("code", "代码", "部门代码", "行业代码", "编码", "sectorcode"),
    "zh": (
        "descriptioninchinese",
        "名称",
        "部门",
        "部门名称",
        "产品部门",
        "产品部门名称",
        "中文名称",
        "投入",
        "namezh",
    ),
    "en": ("description", "name", "sector", "sectorname", "英文名称", "nameen"),
    "origin": ("origin", "来源", "产地", "国产或进口"),
}
LABEL_KINDS = tuple(_LABELS)
"""What a column of labels can hold: codes, names in Chinese, names in English, origins."""
_COLUMN_CODES = (
    (OUTPUT, r"go|x|output"),
    (TOTAL, r"tiu|thc|tc|gcf|tfu|tu"),
    (EXPORT, r"ex|expo|of"),
    (IMPORT, r"im|impo|if"),
    (FINAL_USE, r"fu\d*|err|hfce|npish|ggfc|gfcf|invnt|consabr|consnonres"),
)
_COLUMN_NAMES = (
    (OUTPUT, r"总产出|grossoutputs?|totaloutputs?"),
    (TOTAL, r".*(合计|小计|总额)|中间使用|最终使用|total.*"),
    (IMPORT, r"进口|国内省外流入|省外流入|流入|imports?(ofgoods.*)?|inflows?"),
    (EXPORT, r"出口|国内省外流出|省外流出|流出|exports?(ofgoods.*)?|outflows?"),
    (
        FINAL_USE,
        r".*(消费|资本形成|存货|consumption|capitalformation|inventor|stocks).*|其他|误差|finaluse|finaldemand|error",
    ),
)
_TOTALS_OF = (
    (r"tc|最终消费.*", r"fu1\d*|hfce|npish|ggfc|.*(居民|政府)消费.*"),
    (r"gcf|资本形成.*", r"fu2\d*|gfcf|invnt|固定资本形成.*|存货.*"),
)
"""Totals of final use, and what they are the totals of: where that is not there the total stands for it."""
_ROW_CODES = (
    (TOTAL, r"tii|tva|ttlintfnl"),
    (OUTPUT, r"ti|go|x|output"),
    (VALUE_ADDED, r"va\d*|valu|txs.*"),
)
_ROW_NAMES = (
    (OUTPUT, r"总投入|总产出|totalinputs?|grossoutputs?|output.*"),
    (TOTAL, r".*(合计|小计)|中间投入|totalintermediate.*|totalvalueadded"),
    (
        VALUE_ADDED,
        r".*(劳动者报酬|生产税|折旧|营业盈余|增加值|补贴|compensationofemployees|taxes|depreciation|surplus|valueadded).*",
    ),
)
_DOMESTIC = re.compile(r"domestic|d|dom|国产|国内|国内产品")
_IMPORTS = re.compile(r"imports?|imported|m|imp|进口|进口产品")
_WHOLE = re.compile(r"tot|total|合计|all|")


def known_headings(cells: Sequence[str]) -> int:
    """Count the cells of a row that can be headings of an input-output table: it finds the header among titles."""
    known = sum(is_label(cell) or part_beside(cell, "") is not None for cell in cells)
    codes = sum(re.fullmatch(r"0*\d{1,3}", cell.strip()) is not None for cell in cells)
    return known + codes


def is_label(cell: str, kind: str | None = None) -> bool:
    """Whether a cell heads a column of labels: of any kind, or of one (`code`, `zh`, `en`, `origin`)."""
    kinds = LABEL_KINDS if kind is None else (kind,)
    return any(folded(cell) in _LABELS[one] for one in kinds)


def part_beside(code: str, name: str) -> str | None:
    """Tell what a column beside the square holds by its code, else its name; None for what may be a sector."""
    return _part_of(code, name, (*_COLUMN_CODES, *_COLUMN_NAMES))


def part_below(code: str, name: str) -> str | None:
    """Tell what a row below the square holds by its code, else its name; None for what may be a sector."""
    return _part_of(code, name, (*_ROW_CODES, *_ROW_NAMES))


def _part_of(code: str, name: str, known: Iterable[tuple[str, str]]) -> str | None:
    for text in (folded(code), folded(name)):
        for part, pattern in known:
            if text and re.fullmatch(pattern, text):
                return part
    return None


def take_totals_for_parts(parts: dict[int, str], columns: Sequence[str], column_names: Sequence[str]) -> None:
    """Make a total of final use a final use where the table does not give what it is the total of."""
    texts = {at: (folded(columns[at]), folded(column_names[at])) for at in parts}
    for total, of in _TOTALS_OF:
        given = any(parts[at] == FINAL_USE and any(re.fullmatch(of, text) for text in own) for at, own in texts.items())
        named = [at for at, own in texts.items() if parts[at] == TOTAL and any(re.fullmatch(total, t) for t in own)]
        if named and not given:
            parts[named[0]] = FINAL_USE


def is_imported(origin: str) -> bool:
    """Whether a folded origin means imported goods."""
    return _IMPORTS.fullmatch(origin) is not None


def is_home_made(origin: str) -> bool:
    """Whether a folded origin means home-made goods, or goods of which no origin is told."""
    return _DOMESTIC.fullmatch(origin) is not None or _WHOLE.fullmatch(origin) is not None


def label_key(text: str) -> str:
    """Give what makes two labels the same: 1 is 01."""
    plain = folded(text)
    return plain.lstrip("0") or "0" if plain.isascii() and plain.isdecimal() else plain


def folded(text: str) -> str:
    """Give a label without what may differ between two writings of it."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())
