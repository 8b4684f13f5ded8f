"""The formulas of the numbers of regions and industries, and where the method of each is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.workbench.reading import Row


@dataclass(frozen=True, slots=True)
class Formula:
    """How a number comes about. `again` works it out from a row of inputs (None where that takes the whole register),
    `method` is the page of docs/methods, `table` the table of the workspace that holds the number.
    """

    label: str | Promise
    formula: str | Promise
    method: str
    table: str
    inputs: dict[str, str | Promise] = field(default_factory=dict)
    again: Callable[[Row], float] | None = None


_CELL = "region_industry"
_REGION = "region_measure"
_INDUSTRY = "industry_measure"
_N = _("n: coded enterprises of the region")
_LQ_INPUTS: dict[str, str | Promise] = {
    "firms": _("k: enterprises of the industry in the region"),
    "coded": _N,
    "industry_firms": _("K: enterprises of the industry in all regions of the level"),
    "all_coded": _("N: coded enterprises in all regions of the level"),
}

OF_CELLS: dict[str, Formula] = {
    "firms": Formula(_("Enterprises"), _("enterprises of the industry in the region"), "statistics", _CELL),
    "employees": Formula(
        _("Persons employed"),
        _("sum over the enterprises that have it"),
        "statistics",
        _CELL,
        {"employees_firms": _("enterprises that have it"), "firms": _("enterprises")},
    ),
    "revenue_yuan": Formula(
        _("Revenue"),
        _("sum over the enterprises that have it"),
        "statistics",
        _CELL,
        {"revenue_firms": _("enterprises that have it"), "firms": _("enterprises")},
    ),
    "share_of_region": Formula(
        _("Share of the region"),
        "k / n",
        "specialisation",
        _CELL,
        {name: _LQ_INPUTS[name] for name in ("firms", "coded")},
        lambda row: row["firms"] / row["coded"],
    ),
    "expected": Formula(
        _("Expected"),
        "n · K / N",
        "excess",
        _CELL,
        {name: _LQ_INPUTS[name] for name in ("coded", "industry_firms", "all_coded")},
        lambda row: row["coded"] * row["industry_firms"] / row["all_coded"],
    ),
    "location_quotient": Formula(
        _("Location quotient"),
        "(k / n) / (K / N)",
        "specialisation",
        _CELL,
        _LQ_INPUTS,
        lambda row: (row["firms"] / row["coded"]) / (row["industry_firms"] / row["all_coded"]),
    ),
    "p_value": Formula(
        _("p value"),
        _("P(X ≥ k), X hypergeometric: n of N enterprises drawn, K of them of the industry"),
        "excess",
        _CELL,
        _LQ_INPUTS,
    ),
    "q_value": Formula(
        _("q value"),
        _("smallest p·m/i over this and all larger p, i its position among the m tests (Benjamini–Hochberg)"),
        "excess",
        _CELL,
        {"p_value": _("p value")},
    ),
    "density": Formula(
        _("Relatedness density"),
        _("proximity of the industry to the region's strengths over its proximity to all industries"),
        "relatedness",
        _CELL,
    ),
}
"""Of an industry in a region."""

OF_REGIONS: dict[str, Formula] = {
    "firms": Formula(
        _("Enterprises"), _("enterprises of the register that are located in the region"), "locating", _REGION
    ),
    "coded": Formula(_("Coded enterprises"), _("enterprises with an industry"), "industry-coding", _REGION),
    "coverage": Formula(
        _("Coverage"),
        _("enterprises over those expected from the province's other years and the year's other provinces"),
        "coverage",
        _REGION,
    ),
    "diversity": Formula(
        _("Diversity"), _("classes with a location quotient of at least 1"), "specialisation", _REGION, {"coded": _N}
    ),
    "krugman": Formula(_("Krugman specialisation"), "Σ |sᵢ − Sᵢ|", "specialisation", _REGION, {"coded": _N}),
    "entropy": Formula(_("Entropy"), "−Σ sᵢ log₂ sᵢ", "specialisation", _REGION, {"coded": _N}),
    "herfindahl": Formula(_("Herfindahl index"), "Σ sᵢ²", "specialisation", _REGION, {"coded": _N}),
    "complexity": Formula(
        _("Economic complexity"),
        _("second eigenvector of the matrix of regions that share strengths, standardised"),
        "complexity",
        _REGION,
        {"diversity": _("Diversity")},
    ),
}
"""Of a region."""

_INDUSTRY_INPUTS: dict[str, str | Promise] = {
    "firms": _("enterprises of the industry"),
    "regions": _("regions that have any"),
}
OF_INDUSTRIES: dict[str, Formula] = {
    "firms": Formula(_("Enterprises"), _("enterprises of the industry"), "industry-coding", _INDUSTRY),
    "regions": Formula(_("Regions"), _("regions with at least one enterprise"), "concentration", _INDUSTRY),
    "gini": Formula(
        _("Locational Gini"),
        _("area between the Lorenz curve of location quotients and the diagonal, 0 to 0.5"),
        "concentration",
        _INDUSTRY,
        _INDUSTRY_INPUTS,
    ),
    "krugman": Formula(_("Krugman concentration"), "Σ |sᵣ − xᵣ|", "concentration", _INDUSTRY, _INDUSTRY_INPUTS),
    "raw_concentration": Formula(
        _("Raw concentration"), "G = Σ (sᵣ − xᵣ)²", "concentration", _INDUSTRY, _INDUSTRY_INPUTS
    ),
    "herfindahl": Formula(
        _("Herfindahl of sizes"), "H = Σ zⱼ²", "concentration", _INDUSTRY, {"size": _("what counted as size")}
    ),
    "ellison_glaeser": Formula(
        _("Ellison–Glaeser index"),
        "(G / (1 − Σ xᵣ²) − H) / (1 − H)",
        "concentration",
        _INDUSTRY,
        {"raw_concentration": "G", "herfindahl": "H", **_INDUSTRY_INPUTS},
    ),
    "ubiquity": Formula(
        _("Ubiquity"), _("regions with a location quotient of at least 1"), "complexity", _INDUSTRY, _INDUSTRY_INPUTS
    ),
    "complexity": Formula(
        _("Product complexity"),
        _("second eigenvector of the matrix of industries that share regions, standardised"),
        "complexity",
        _INDUSTRY,
        {"ubiquity": _("Ubiquity")},
    ),
}
"""Of an industry over the regions of a level."""

_ATLAS = "makes"
_MAKERS: dict[str, str | Promise] = {"local_firms": _("local makers")}
OF_PRODUCTS: dict[str, Formula] = {
    "local_firms": Formula(
        _("Local makers"), _("enterprises in the places taken as local that are known to make it"), "atlas", _ATLAS
    ),
    "outside_firms": Formula(
        _("Makers elsewhere"), _("enterprises elsewhere that are known to make it"), "atlas", _ATLAS
    ),
    "local_output_yuan": Formula(
        _("Local output"), _("sum of the output of the local makers that state it"), "atlas", _ATLAS, _MAKERS
    ),
    "national_share": Formula(
        _("Share of the country"),
        _("sum of the shares that the local makers state, at most 1"),
        "atlas",
        _ATLAS,
        _MAKERS,
    ),
    "local_supply_low": Formula(
        _("Local supply rate, at least"),
        _("local purchases / all purchases, what is unknown taken as not local"),
        "local-supply",
        "trade",
        {"local_supply_high": _("at most, what is unknown taken as local")},
    ),
    "local_supply_high": Formula(
        _("Local supply rate, at most"),
        _("local purchases / all purchases, what is unknown taken as local"),
        "local-supply",
        "trade",
        {"local_supply_low": _("at least, what is unknown taken as not local")},
    ),
    "imported_share": Formula(_("Imported share"), _("as the list of products states it"), "atlas", "product"),
}
"""Of a product's link in the chain."""
