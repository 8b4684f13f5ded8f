"""Measures on points: Ripley's K, Marcon and Puech's M, Duranton and Overman's K_d, and their envelopes."""

from gaoyuan.observe.point_patterns.concentration_m import (
    Surroundings,
    individual_m,
    m_case_control,
    m_density,
    m_function,
    surroundings,
)
from gaoyuan.observe.point_patterns.envelopes import Envelope, k_envelope, kd_envelope, m_envelope
from gaoyuan.observe.point_patterns.kd import kd, silverman_bandwidth
from gaoyuan.observe.point_patterns.ripley import k_function

__all__ = [
    "Envelope",
    "Surroundings",
    "individual_m",
    "k_envelope",
    "k_function",
    "kd",
    "kd_envelope",
    "m_case_control",
    "m_density",
    "m_envelope",
    "m_function",
    "silverman_bandwidth",
    "surroundings",
]
