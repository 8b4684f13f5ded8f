"""Where clusters are and how strong: concentration, specialisation, complexity, distance, local excess, themes.

The measures are pure functions on arrays; `observe` and `theme` are steps on a workspace.
"""

from gaoyuan.observe.autocorrelation import (
    geary,
    getis_ord,
    getis_ord_general,
    global_moran,
    local_moran,
)
from gaoyuan.observe.clusters import (
    CellClusters,
    CountyClusters,
    DetectionSettings,
    Evidence,
    find_clusters,
)
from gaoyuan.observe.comparing import (
    compare,
)
from gaoyuan.observe.complexity import (
    Complexity,
    economic_complexity,
    fitness,
    method_of_reflections,
)
from gaoyuan.observe.concentration import (
    cluster_index,
    coagglomeration,
    colocation_index,
    ellison_glaeser,
    gini,
    group_coagglomeration,
    hoover_index,
    krugman_concentration,
    locational_gini,
    specialisation_gini,
)
from gaoyuan.observe.coverage import (
    Coverage,
    coverage,
)
from gaoyuan.observe.density import (
    DensityClusters,
    density_clusters,
)
from gaoyuan.observe.excess import (
    LocalExcess,
    benjamini_hochberg,
    hypergeometric_log_tail,
    local_excess,
)
from gaoyuan.observe.explaining import (
    Explanation,
    Figure,
    explain,
)
from gaoyuan.observe.observing import (
    Observed,
    observe,
)
from gaoyuan.observe.point_patterns import (
    Envelope,
    Surroundings,
    individual_m,
    k_envelope,
    k_function,
    kd,
    kd_envelope,
    m_case_control,
    m_density,
    m_envelope,
    m_function,
    silverman_bandwidth,
    surroundings,
)
from gaoyuan.observe.recognised import (
    match_recognised,
    recognised_clusters,
)
from gaoyuan.observe.relatedness import (
    association,
    co_occurrence,
    complexity_outlook,
    proximity,
    relatedness_density,
)
from gaoyuan.observe.specialisation import (
    entropy,
    hachman,
    herfindahl,
    krugman_between,
    krugman_specialisation,
    location_quotient,
    location_quotient_interval,
    mean_location_quotient,
    specialisation_coefficient,
    specialised,
)
from gaoyuan.observe.themes import (
    ThemeEvidence,
    theme,
    theme_clusters,
    theme_evidence,
)

__all__ = [
    "CellClusters",
    "Complexity",
    "CountyClusters",
    "Coverage",
    "DensityClusters",
    "DetectionSettings",
    "Envelope",
    "Evidence",
    "Explanation",
    "Figure",
    "LocalExcess",
    "Observed",
    "Surroundings",
    "ThemeEvidence",
    "association",
    "benjamini_hochberg",
    "cluster_index",
    "co_occurrence",
    "coagglomeration",
    "colocation_index",
    "compare",
    "complexity_outlook",
    "coverage",
    "density_clusters",
    "economic_complexity",
    "ellison_glaeser",
    "entropy",
    "explain",
    "find_clusters",
    "fitness",
    "geary",
    "getis_ord",
    "getis_ord_general",
    "gini",
    "global_moran",
    "group_coagglomeration",
    "hachman",
    "herfindahl",
    "hoover_index",
    "hypergeometric_log_tail",
    "individual_m",
    "k_envelope",
    "k_function",
    "kd",
    "kd_envelope",
    "krugman_between",
    "krugman_concentration",
    "krugman_specialisation",
    "local_excess",
    "local_moran",
    "location_quotient",
    "location_quotient_interval",
    "locational_gini",
    "m_case_control",
    "m_density",
    "m_envelope",
    "m_function",
    "match_recognised",
    "mean_location_quotient",
    "method_of_reflections",
    "observe",
    "proximity",
    "recognised_clusters",
    "relatedness_density",
    "silverman_bandwidth",
    "specialisation_coefficient",
    "specialisation_gini",
    "specialised",
    "surroundings",
    "theme",
    "theme_clusters",
    "theme_evidence",
]
