"""What depends on what: products and firms, input-output tables, local supply, gaps, shocks, and sourcing.

The measures are pure functions on arrays and tables; what reads a workspace is in `gaoyuan.steps`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaoyuan.chain.criticality import carried_value, dominated, dominators_of, immediate_dominators
    from gaoyuan.chain.input_output import (
        ArioParameters,
        ario_economy,
        capacity_shock,
        downstreamness,
        extraction_loss,
        ghosh,
        leontief,
        linkages,
        simulate_ario,
        upstreamness,
    )
    from gaoyuan.chain.known_chain import Chain, read_chain
    from gaoyuan.chain.product_graph import ProductGraph
    from gaoyuan.chain.shocks import cascade, systemic_risk, top_k
    from gaoyuan.chain.sourcing import explode, locality_curve, source

__all__ = [
    "ArioParameters",
    "Chain",
    "ProductGraph",
    "ario_economy",
    "capacity_shock",
    "carried_value",
    "cascade",
    "dominated",
    "dominators_of",
    "downstreamness",
    "explode",
    "extraction_loss",
    "ghosh",
    "immediate_dominators",
    "leontief",
    "linkages",
    "locality_curve",
    "read_chain",
    "simulate_ario",
    "source",
    "systemic_risk",
    "top_k",
    "upstreamness",
]

_MODULES = {
    "criticality": ("carried_value", "dominated", "dominators_of", "immediate_dominators"),
    "input_output": (
        "ArioParameters",
        "ario_economy",
        "capacity_shock",
        "downstreamness",
        "extraction_loss",
        "ghosh",
        "leontief",
        "linkages",
        "simulate_ario",
        "upstreamness",
    ),
    "known_chain": ("Chain", "read_chain"),
    "product_graph": ("ProductGraph",),
    "shocks": ("cascade", "systemic_risk", "top_k"),
    "sourcing": ("explode", "locality_curve", "source"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    # The solver and the compiled kernels are loaded when they are first asked for.
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
