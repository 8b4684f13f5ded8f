"""Units of quantities in the language of a page: they are written down as people choose or type them, in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

__all__ = ["english_unit", "unit_words"]

_ENGLISH: Mapping[str, str] = {
    "克": "g",
    "千克": "kg",
    "公斤": "kg",
    "斤": "jin (0.5 kg)",
    "吨": "t",
    "毫升": "mL",
    "升": "L",
    "立方米": "m³",
    "厘米": "cm",
    "米": "m",
    "千米": "km",
    "公里": "km",
    "平方米": "m²",
    "亩": "mu (1/15 ha)",
    "千瓦": "kW",
    "千瓦时": "kWh",
    "度": "kWh",
    "件": "pcs",
    "个": "pcs",
    "只": "pcs",
    "支": "pcs",
    "根": "pcs",
    "条": "pcs",
    "块": "pcs",
    "片": "pcs",
    "套": "sets",
    "台": "units",
    "辆": "vehicles",
    "张": "sheets",
    "卷": "rolls",
    "双": "pairs",
    "对": "pairs",
    "箱": "boxes",
    "盒": "boxes",
    "袋": "bags",
    "包": "packs",
    "桶": "drums",
    "瓶": "bottles",
    "批": "batches",
    "份": "portions",
    "次": "times",
    "人": "persons",
    "小时": "hours",
    "天": "days",
    "月": "months",
    "年": "years",
    "元": "yuan",
    "万元": "10,000 yuan",
}


def unit_words(unit: object) -> str:
    """Give a unit in the language of the page; one that is not known stays as it was written.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     unit_words("吨"), unit_words("mg/kg"), unit_words("托")
    ('t', 'mg/kg', '托')
    """
    own = "" if unit is None else str(unit)
    return english_unit(own) if get_language() == "en" else own


def english_unit(unit: str) -> str:
    """Give a unit in English; one that is not known stays as it was written."""
    return _ENGLISH.get(unit.strip(), unit)
