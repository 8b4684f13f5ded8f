"""Estimating who sells to whom where it is not known, from the register and an input-output table."""

from gaoyuan.chain.reconstruction.drawing import Drawn, DrawSettings, draw_network
from gaoyuan.chain.reconstruction.reconstructing import Reconstructed, reconstruct

__all__ = ["DrawSettings", "Drawn", "Reconstructed", "draw_network", "reconstruct"]
