"""Gaps and invitations (补链强链): missing and weak links ranked by what they carry, and firms that could fill them."""

from gaoyuan.chain.gaps.candidates import FitWeights
from gaoyuan.chain.gaps.finding import Gaps, gaps
from gaoyuan.chain.gaps.ranking import GapWeights

__all__ = ["FitWeights", "GapWeights", "Gaps", "gaps"]
