"""What can be measured of a cluster, an enterprise or a region: the names, units and ranges of facts.

The catalogue is data (`metrics/*.yaml`). Rules and facts speak of a metric by its id; a fact outside the range of its
metric is refused with a finding, one outside what is plausible most likely stands in another unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

try:
    from yaml import CSafeLoader as SafeLoader  # many times as fast
except ImportError:
    from yaml import SafeLoader

Kind = Literal[
    "money", "area", "share", "rate", "count", "number", "score", "years", "flag", "choice", "several", "text"
]
Better = Literal["higher", "lower", "neither"]

_FOLDER = Path(__file__).parents[1] / "metrics"
_UNITS: Mapping[str, tuple[str, str]] = {
    "money": ("元", "yuan"),
    "area": ("平方公里", "km²"),
    "count": ("家", "firms"),
    "score": ("分", "points"),
    "years": ("年", "years"),
}
_RANGES: Mapping[str, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "flag": (0.0, 1.0),
    "count": (0.0, float("inf")),
    "area": (0.0, float("inf")),
    "years": (0.0, float("inf")),
    "rate": (-1.0, float("inf")),
}
PLAUSIBLE: Mapping[str, tuple[float, float]] = {"rate": (-1.0, 5.0), "years": (0.0, 400.0)}
"""Beyond this a value of the kind most likely stands in another unit, such as percent for fractions."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing that is measured.

    `kind` decides unit and range: shares and rates are fractions, money is yuan, area km²; `choice` is one of the
    options, `several` any number of them, `flag` yes or no. `series` says that it is asked year by year.
    """

    id: str
    subject: str
    kind: Kind
    zh: str
    en: str
    unit_zh: str = ""
    unit_en: str = ""
    series: bool = False
    better: Better = "neither"
    least: float = float("-inf")
    most: float = float("inf")
    plausible: tuple[float, float] = (float("-inf"), float("inf"))
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Whether its values are words, not numbers."""
        return self.kind in ("choice", "several", "text")


@cache
def metrics() -> Mapping[str, Metric]:
    """Give the catalogue by id.

    >>> metrics()["area_km2"].unit_en
    'km²'
    """
    found: dict[str, Metric] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        data = yaml.load(file.read_text("utf-8"), Loader=SafeLoader)
        for name, entry in data["metrics"].items():
            if name in found and found[name] != _metric(name, found[name].subject, entry):
                raise ValueError(f"{file.name}: the metric {name} is there twice with different meanings")
            found.setdefault(name, _metric(name, data["subject"], entry))
    return found


def _metric(name: str, subject: str, entry: Mapping[str, object]) -> Metric:
    known = dict(entry)
    kind = str(known.pop("kind"))
    least, most = _RANGES.get(kind, (float("-inf"), float("inf")))
    unit = known.pop("unit", None)
    unit_zh, unit_en = (unit["zh"], unit["en"]) if isinstance(unit, dict) else _UNITS.get(kind, ("", ""))
    options = known.pop("options", {})
    assert isinstance(options, dict)
    low, high = known.pop("plausible", PLAUSIBLE.get(kind, (least, most)))  # type: ignore[misc]
    return Metric(
        id=name,
        subject=subject,
        kind=kind,  # type: ignore[arg-type]
        unit_zh=unit_zh,
        unit_en=unit_en,
        least=float(known.pop("least", least)),  # type: ignore[arg-type]
        most=float(known.pop("most", most)),  # type: ignore[arg-type]
        plausible=(float(low), float(high)),
        options={name: (text["zh"], text["en"]) for name, text in options.items()},
        **known,  # type: ignore[arg-type]
    )
