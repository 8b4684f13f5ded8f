"""What the parts of the sample province's locomotive are called: the product and a specification."""

from __future__ import annotations

import numpy as np

_PATTERNS: dict[str, tuple[str, tuple[tuple[object, ...], ...]]] = {
    "C01": ("{}V/{}A", ((1700, 3300, 4500, 6500), (600, 800, 1000, 1500))),
    "C10": ("T2 {}×{}mm", ((3, 5, 8, 10, 12), (30, 40, 60, 80, 100, 120))),
    "C11": ("{}层 {}×{}mm", ((2, 4, 6, 8, 10), (80, 100, 160, 233), (100, 160, 220, 280))),
    "C12": ("{}位 {}脚", ((8, 16, 32), (48, 64, 100, 144, 176))),
    "C13": ("{}芯 {}A", ((2, 4, 6, 10, 16, 24, 40, 64), (5, 10, 16, 40, 100, 250))),
    "C16": ("ZG{} {}kg", ((230, 270, 310), (5, 12, 20, 35, 60, 110, 180))),
    "C17": ("{} {}kg", (("45钢", "42CrMo", "40Cr"), (3, 8, 15, 40, 90, 320))),
    "C18": ("M{}×{} {}级", ((6, 8, 10, 12, 16, 20, 24, 30), (16, 20, 25, 30, 40, 50, 60, 80, 100), ("8.8", "10.9"))),
    "C19": ("Φ{}×{} {}", ((12, 20, 32, 45, 63, 80, 110, 160), ("2.65", "3.55", "5.3", "7"), ("NBR", "FKM", "EPDM"))),
    "C20": ("6005A-T6 {}mm", ((2, 3, 5, 8, 12),)),
    "C21": ("Q355NHD {}mm", ((4, 6, 8, 10, 12, 16, 20, 30),)),
    "C22": ("{} {}mm", (("304", "316L"), (1, 2, 3, 4, 6))),
    "B13": ("{}V 半桥 {}kW", ((1800, 3600), (800, 1200, 1600))),
    "B14": ("{}V {}mF", ((1800, 3600), (1, 2, 4))),
    "B28": ("{}mm² {}芯", (("0.5", "1.0", "1.5", "2.5", "4", "16", "95"), (1, 2, 4, 7, 19))),
}  # fmt: skip
_LETTERS = "ABCDEFGHJK"


def part_name(product: str, name: str, random: np.random.Generator) -> str:
    """Give the name of a part of a product: with a specification as such parts have it, else with a type number.

    >>> part_name("C18", "紧固件", np.random.default_rng(1))
    '紧固件 M12×40 10.9级'
    """
    if product in _PATTERNS:
        form, choices = _PATTERNS[product]
        return f"{name} {form.format(*(choice[int(random.integers(len(choice)))] for choice in choices))}"
    return f"{name} {_LETTERS[int(random.integers(len(_LETTERS)))]}{int(random.integers(100, 1000))}型"
