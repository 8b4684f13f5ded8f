"""What breaks when firms fail: systemic risk of each firm and of any scenario of failures."""

from gaoyuan.chain.shocks.risk import SystemicRisk, systemic_risk
from gaoyuan.chain.shocks.riskiest import TopK, top_k

__all__ = ["SystemicRisk", "TopK", "systemic_risk", "top_k"]
