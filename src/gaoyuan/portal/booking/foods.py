"""The 32 classes of food by which food is licensed in China, with test items that are usual for some of them.

Classes: 《食品生产许可分类目录》, 市场监管总局公告 2020 年第 8 号. Items: each names its national standard.
"""

from __future__ import annotations

from django.utils.translation import get_language

__all__ = ["FOODS", "ITEMS", "food"]

FOODS: dict[str, tuple[str, str]] = {
    "01": ("粮食加工品", "Grain products"),
    "02": ("食用油、油脂及其制品", "Edible oils and fats"),
    "03": ("调味品", "Condiments"),
    "04": ("肉制品", "Meat products"),
    "05": ("乳制品", "Dairy products"),
    "06": ("饮料", "Beverages"),
    "07": ("方便食品", "Convenience food"),
    "08": ("饼干", "Biscuits"),
    "09": ("罐头", "Canned food"),
    "10": ("冷冻饮品", "Frozen drinks"),
    "11": ("速冻食品", "Quick-frozen food"),
    "12": ("薯类和膨化食品", "Potato products and puffed food"),
    "13": ("糖果制品", "Confectionery"),
    "14": ("茶叶及相关制品", "Tea and related products"),
    "15": ("酒类", "Alcoholic drinks"),
    "16": ("蔬菜制品", "Vegetable products"),
    "17": ("水果制品", "Fruit products"),
    "18": ("炒货食品及坚果制品", "Roasted seeds and nuts"),
    "19": ("蛋制品", "Egg products"),
    "20": ("可可及焙烤咖啡产品", "Cocoa and roasted coffee"),
    "21": ("食糖", "Sugar"),
    "22": ("水产制品", "Aquatic products"),
    "23": ("淀粉及淀粉制品", "Starch and starch products"),
    "24": ("糕点", "Pastry"),
    "25": ("豆制品", "Bean products"),
    "26": ("蜂产品", "Bee products"),
    "27": ("保健食品", "Health food"),
    "28": ("特殊医学用途配方食品", "Formula food for special medical purposes"),
    "29": ("婴幼儿配方食品", "Infant formula"),
    "30": ("特殊膳食食品", "Food for special diets"),
    "31": ("其他食品", "Other food"),
    "32": ("食品添加剂", "Food additives"),
}
"""Number of a class to its name in Chinese and in English."""

_PLATE, _COLIFORM = ("菌落总数", "GB 4789.2", "CFU/g"), ("大肠菌群", "GB 4789.3", "CFU/g")
_WATER, _PROTEIN, _LEAD = (
    ("水分", "GB 5009.3", "g/100g"),
    ("蛋白质", "GB 5009.5", "g/100g"),
    ("铅", "GB 5009.12", "mg/kg"),
)
_ACID, _PEROXIDE = ("酸价", "GB 5009.229", "mg/g"), ("过氧化值", "GB 5009.227", "g/100g")
_BENZOIC, _SULPHUR = ("苯甲酸、山梨酸", "GB 5009.28", "g/kg"), ("二氧化硫", "GB 5009.34", "g/kg")
_AFLATOXIN = ("黄曲霉毒素 B1", "GB 5009.22", "μg/kg")

_OF: dict[str, tuple[tuple[str, str, str], ...]] = {
    "01": (_WATER, _LEAD, _AFLATOXIN),
    "02": (_ACID, _PEROXIDE, _AFLATOXIN),
    "03": (_BENZOIC, _PLATE, ("氨基酸态氮", "GB 5009.235", "g/100mL")),
    "04": (("亚硝酸盐", "GB 5009.33", "mg/kg"), _PROTEIN, _COLIFORM),
    "05": (_PROTEIN, ("脂肪", "GB 5009.6", "g/100g"), _COLIFORM),
    "06": (_BENZOIC, _PLATE, _COLIFORM),
    "15": (("甲醇", "GB 5009.266", "g/L"), ("酒精度", "GB 5009.225", "%vol")),
    "18": (_ACID, _PEROXIDE, _AFLATOXIN),
    "22": (_LEAD, ("镉", "GB 5009.15", "mg/kg"), ("挥发性盐基氮", "GB 5009.228", "mg/100g")),
    "26": (("果糖和葡萄糖", "GB 5009.8", "g/100g"), _PLATE),
}
_USUAL = (_PLATE, _COLIFORM, _LEAD)
ITEMS = {category: _OF.get(category, _USUAL) for category in FOODS}
"""Number of a class to test items: name, method, unit of the result."""
ITEMS |= {category: (*ITEMS[category], _SULPHUR) for category in ("16", "17", "23")}


def food(category: str) -> str:
    """Give the name of a class in the language of the page, empty for none.

    >>> from django.utils.translation import override
    >>> with override("zh-hans"):
    ...     food("09"), food("")
    ('罐头', '')
    """
    zh, en = FOODS.get(category, ("", ""))
    return en if get_language() == "en" else zh
