"""What breaks when firms fail: systemic risk of each firm and of any scenario of failures."""

from gaoyuan.chain.shocks.risk import SystemicRisk, systemic_risk

__all__ = ["SystemicRisk", "systemic_risk"]
