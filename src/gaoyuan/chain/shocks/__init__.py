"""What breaks when firms fail: the systemic risk of each firm, and of any scenario of failures."""

from gaoyuan.chain.shocks.cascade import Cascade, cascade
from gaoyuan.chain.shocks.converged import compile_kernels
from gaoyuan.chain.shocks.risk import SystemicRisk, systemic_risk
from gaoyuan.chain.shocks.riskiest import TopK, top_k

__all__ = [
    "Cascade",
    "SystemicRisk",
    "TopK",
    "cascade",
    "compile_kernels",
    "systemic_risk",
    "top_k",
]
