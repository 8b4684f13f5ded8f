"""Diagnosis: from a verdict to a plan.

>>> from gaoyuan.assess.diagnosis import diagnose
>>> diagnose("cn-sme-cluster", {"area_km2": 120}, "2025-06-01").criterion("1.3").needs_judgement
True
"""

from __future__ import annotations

from gaoyuan.assess.diagnosis.diagnosing import diagnose, with_changes
from gaoyuan.assess.diagnosis.plan import (
    Change,
    CriterionPlan,
    Diagnosis,
    FactWorth,
    NearFirm,
    NextLevel,
    Remedy,
    ShortYear,
)

__all__ = [
    "Change",
    "CriterionPlan",
    "Diagnosis",
    "FactWorth",
    "NearFirm",
    "NextLevel",
    "Remedy",
    "ShortYear",
    "diagnose",
    "with_changes",
]
