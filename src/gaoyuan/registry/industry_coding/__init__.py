"""Deriving the industry of a firm, GB/T 4754-2017, from its name and business scope."""

from gaoyuan.registry.industry_coding.coder import CODED_SCHEMA, IndustryCoder

__all__ = ["CODED_SCHEMA", "IndustryCoder"]
