"""Which test reproduces which reference value: every value of other programs is covered, or marked with why it is not.

Values are named by file and place in it: a case or entry of a JSON file, a column of a table.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent
INPUT = "input: "
DEFECT = "defect: "
NO_RESULT = "no result: "

_SPECIALISATION = "test_specialisation.py::"
_CONCENTRATION = "test_concentration.py::"
_RELATEDNESS = "test_relatedness.py::"
_COMPLEXITY = "test_complexity.py::"
_AUTOCORRELATION = "test_autocorrelation.py::"
_RIPLEY = "point_patterns/test_ripley.py::"
_M = "point_patterns/test_concentration_m.py::"
_KD = "point_patterns/test_kd.py::"

_FIRST_REFLECTIONS = _COMPLEXITY + "test_first_reflections_are_those_of_econgeo"
_ASSOCIATION = _RELATEDNESS + "test_associations_are_those_of_econgeo"
_INDEX = _SPECIALISATION + "test_indices_of_specialisation_are_those_of_econgeo"
_ENTROPY = _SPECIALISATION + "test_entropies_are_those_that_econgeo_rounds_to_three_decimals"
_QUOTIENT = _SPECIALISATION + "test_location_quotients_are_those_of_econgeo"
_DIVERSITY = _RELATEDNESS + "test_diversity_and_ubiquity_are_those_of_econgeo"
_KNOWLEDGE = _COMPLEXITY + "test_knowledge_complexity_is_that_of_econgeo_but_for_scale_and_sign"
_GINI = _CONCENTRATION + "test_gini_coefficients_are_those_of_econgeo"
_GINI_OF_SPECIALISATION = _CONCENTRATION + "test_gini_coefficients_of_specialisation_are_those_printed_by_reat"
_KRUGMAN = _SPECIALISATION + "test_krugmans_index_against_the_mean_of_others_is_the_one_printed_by_reat"
_COAGGLOMERATION = _CONCENTRATION + "test_agglomeration_and_coagglomeration_are_those_of_ellison_and_glaesers_formulas"
_M_OF_TREES = _M + "test_m_of_the_trees_is_that_of_dbmss"
_BANDWIDTH = _KD + "test_the_bandwidth_is_that_of_dbmss"
_KD_OF_TREES = _KD + "test_kd_of_the_trees_is_that_of_dbmss_but_for_the_grid_of_its_densities"
_K_OF_TREES = _RIPLEY + "test_k_of_the_trees_is_that_of_dbmss"
_WINDOW = _RIPLEY + "test_the_window_of_the_trees_has_the_stated_area_and_number"
_LOCAL_G = _AUTOCORRELATION + "test_local_g_of_six_points_is_that_of_pysal"
_PRINTED_G = _AUTOCORRELATION + "test_local_g_of_six_points_is_the_one_printed_by_pysal"
_GENERAL_G = _AUTOCORRELATION + "test_general_g_of_six_points_is_that_of_pysal"
_MORAN = _AUTOCORRELATION + "test_morans_i_of_ten_places_is_that_of_pysal"
_LOCAL_MORAN = _AUTOCORRELATION + "test_local_moran_of_ten_places_is_that_of_pysal"
_LATTICE = _AUTOCORRELATION + "test_all_measures_of_a_lattice_are_those_of_pysal"
_NEIGHBOURS = _AUTOCORRELATION + "test_neighbours_of_the_six_points_are_those_within_the_threshold"
_CELLS = _SPECIALISATION + "test_location_quotients_and_presence_are_those_of_ecomplexity"
_OUTLOOK = _RELATEDNESS + "test_outlook_and_its_gains_are_those_of_ecomplexity"
_COUNTRIES = _COMPLEXITY + "test_complexity_of_countries_is_that_of_ecomplexity"
_PRODUCTS = _COMPLEXITY + "test_complexity_of_products_is_that_of_ecomplexity"
_REFLECTIONS = _COMPLEXITY + "test_reflections_are_those_of_datawheel"
_FITNESS = _COMPLEXITY + "test_fitness_of_countries_and_quality_of_products_are_those_of_economiccomplexity"
_DATAWHEEL = _SPECIALISATION + "test_location_quotients_of_exports_have_the_distribution_that_datawheel_asserts"
_CLUSTER_INDICES = _CONCENTRATION + "test_cluster_indices_of_german_regions_are_those_of_reat"
_DENSITY_CLUSTERS = "test_density.py::test_labels_are_those_of_hdbscan"
_SKLEARN_CLUSTERS = "test_density.py::test_labels_are_those_of_scikit_learn"

_BINNED_BANDWIDTH = (
    DEFECT + "dbmss takes the bandwidth of occupied bins, not of distances, in its approximate mode; see "
    "point_patterns/test_kd.py::test_the_bandwidth_does_not_jump_where_a_register_crosses_ten_thousand_firms"
)
_PLAIN_DATA = NO_RESULT + "a data set of the package for which no output was recorded"

COVERED = {
    "econgeo/econgeo_examples.json": {
        "lq_5x5": _QUOTIENT,
        "lq_seed31": _QUOTIENT,
        "lq_5x5_binary": _SPECIALISATION + "test_specialised_places_are_those_of_econgeo",
        "rca_seed31": _SPECIALISATION + "test_location_quotients_are_those_that_econgeo_rounds_to_two_decimals",
        "lq_avg": _INDEX,
        "herfindahl_5x5": _INDEX,
        "herfindahl_seed31": _INDEX,
        "krugman_5x5": _INDEX,
        "krugman_seed31": _INDEX,
        "spec_coeff_5x5": _INDEX,
        "hachman_5x5": _INDEX,
        "entropy_5x5": _ENTROPY,
        "entropy_seed31": _ENTROPY,
        "locational_gini_5x5": _CONCENTRATION + "test_locational_gini_coefficients_are_those_of_econgeo",
        "gini_vec": _GINI,
        "hoover_gini_vec": _GINI,
        "hoover_gini_5x4": _CONCENTRATION + "test_gini_coefficients_of_several_industries_are_those_of_econgeo",
        "hoover_index_vec": _CONCENTRATION + "test_hoovers_index_is_that_of_econgeo",
        "hoover_index_5x4": _CONCENTRATION + "test_hoovers_index_of_several_industries_is_that_of_econgeo",
        "relatedness_prob": _ASSOCIATION,
        "relatedness_association": _ASSOCIATION,
        "relatedness_cosine": _ASSOCIATION,
        "relatedness_Jaccard": _ASSOCIATION,
        "relatedness_density": _RELATEDNESS + "test_densities_are_those_that_econgeo_rounds_to_hundredths_of_a_percent",
        "cooccurrence": _RELATEDNESS + "test_co_occurrences_are_those_of_econgeo",
        "diversity": _DIVERSITY,
        "ubiquity": _DIVERSITY,
        "MORc_HH2009_s0": _FIRST_REFLECTIONS,
        "MORt_HH2009_s0": _FIRST_REFLECTIONS,
        "MORc_HH2009_s1": _FIRST_REFLECTIONS,
        "MORt_HH2009_s1": _FIRST_REFLECTIONS,
        "MORc_HH2009_s2": _FIRST_REFLECTIONS,
        "MORt_HH2009_s2": _FIRST_REFLECTIONS,
        "MORc_HH2009_s20": _COMPLEXITY + "test_twenty_reflections_rescaled_to_a_hundred_are_those_of_econgeo",
        "KCI_HH2009": _KNOWLEDGE,
        "TCI_HH2009": _KNOWLEDGE,
    },
    "reat/reat_examples.json": {
        "eg_farhauer_kroell_2014": _CONCENTRATION + "test_the_index_of_one_industry_is_the_one_printed_by_reat",
        "eg_all_industries_FK2014": _CONCENTRATION + "test_the_indices_of_all_industries_are_those_of_reat",
        "eg_coagglomeration_FK2014": DEFECT + "12.07 from a misplaced bracket and national shares; see "
        "test_concentration.py::test_coagglomeration_of_an_example_is_no_twelvefold_of_what_can_be",
        "locq_fk2013": _SPECIALISATION + "test_a_single_location_quotient_is_the_one_printed_by_reat",
        "locq_goettingen2017": _SPECIALISATION + "test_location_quotients_of_goettingen_are_those_of_reat",
        "litzenberger_fk2014": _CONCENTRATION + "test_the_cluster_index_of_one_region_is_the_one_printed_by_reat",
        "litzenberger2_regions": _CLUSTER_INDICES,
        "gini_spec_fk2013": _GINI_OF_SPECIALISATION,
        "gini_spec_freiburg2014": _GINI_OF_SPECIALISATION,
        "gini_spec_goettingen2017": _GINI_OF_SPECIALISATION,
        "krugman_conc2_fk2013": _KRUGMAN,
        "krugman_spec2_fk2013": _KRUGMAN,
        "krugman_spec_goettingen": _SPECIALISATION + "test_krugmans_index_of_goettingen_is_the_one_printed_by_reat",
        "howard_cl": _CONCENTRATION + "test_colocation_is_that_of_reat",
    },
    "reat/litzenberger2_G_regions_industries.csv": _CLUSTER_INDICES,
    "reat/G_regions_industries.csv": INPUT + _CLUSTER_INDICES,
    "reat/G.regions.industries.csv": INPUT + _CLUSTER_INDICES,
    "reat/FK2014_EGC.csv": INPUT + _COAGGLOMERATION,
    "reat/Goettingen.csv": INPUT + _SPECIALISATION + "test_location_quotients_of_goettingen_are_those_of_reat",
    "reat/Freiburg.csv": INPUT
    + _CONCENTRATION
    + "test_inputs_of_the_gini_coefficient_of_freiburg_are_those_of_its_table",
    "reat/Automotive.csv": _PLAIN_DATA,
    "reat/EU28.emp.csv": _PLAIN_DATA,
    "reat/G.counties.gdp.csv": _PLAIN_DATA,
    "reat/G.regions.emp.csv": _PLAIN_DATA,
    "reat/GoettingenHealth1.csv": _PLAIN_DATA,
    "reat/GoettingenHealth2.csv": _PLAIN_DATA,
    "eg1997/eg_coagglomeration_FK2014.json": {
        f"{case}/{part}": _COAGGLOMERATION
        for case in ("x_from_firm_employment", "x_from_emp_region")
        for part in ("region_shares", "gamma", "G", "H", "coagglomeration_all", "coagglomeration_pairs")
    },
    "dbmss/paracou16_reference.json": {
        "window": _WINDOW,
        "n": _WINDOW,
        "window_polygon": INPUT + _WINDOW,
        "r": INPUT + _M_OF_TREES,
        "M_VA_intra": _M_OF_TREES,
        "M_QR_intra": _M_OF_TREES,
        "M_QR_VA_inter": _M_OF_TREES,
        "M_VA_QR_inter": _M_OF_TREES,
        "M_QR_intra_unweighted": _M_OF_TREES,
        "M_QR_casecontrol_VA": _M + "test_m_of_cases_against_controls_is_that_of_dbmss",
        "Kd_r": INPUT + _KD_OF_TREES,
        "Kd_QRosea": _KD_OF_TREES,
        "Kd_QRosea_bw_nrd0": _BANDWIDTH,
        "Kd_QRosea_npairs": _BANDWIDTH,
        "Kd_QRosea_median_distance": _BANDWIDTH,
        "Kd_QRosea_approx1": _BINNED_BANDWIDTH,
        "Kd_QRosea_weighted": _KD_OF_TREES,
        "Kd_VAmericana": _KD_OF_TREES,
        "Kd_VAmericana_bw_nrd0": _BANDWIDTH,
        "Kd_VAmericana_npairs": _BANDWIDTH,
        "Kd_VAmericana_median_distance": _BANDWIDTH,
        "Kd_VAmericana_approx1": _BINNED_BANDWIDTH,
        "Kd_VAmericana_weighted": _KD_OF_TREES,
        "Kd_QR_VA_bivariate": _KD + "test_kd_between_two_kinds_of_trees_is_that_of_dbmss_but_for_the_grid",
        "Kd_allpoints": _KD + "test_kd_of_all_trees_is_that_of_dbmss_but_for_the_grid",
        "K_all_none": _K_OF_TREES,
        "K_all_border": _RIPLEY
        + "test_k_with_border_correction_is_that_of_dbmss_where_its_steps_of_distance_are_followed",
        "K_all_isotropic": _K_OF_TREES,
        "K_all_translate": _K_OF_TREES,
        "m_QR_intra": _M + "test_m_at_a_distance_is_that_of_dbmss_but_for_the_grid_of_its_densities",
        "m_r": INPUT + _M + "test_m_at_a_distance_is_that_of_dbmss_but_for_the_grid_of_its_densities",
        "versions": NO_RESULT + "versions of the programs",
    },
    "dbmss/paracou16_M_VAmericana_individual_r0_10_30.csv": _M + "test_m_around_each_tree_is_that_of_dbmss",
    "dbmss/paracou16_points.csv": INPUT + _M_OF_TREES,
    "dbmss_paracou16.csv": INPUT + _M + "test_the_other_copy_of_the_trees_holds_the_same",
    "dbmss_csbigs_toulouse_emergencies.csv.gz": _PLAIN_DATA,
    "dbmss_csbigs_toulouse_boundary.csv": _PLAIN_DATA,
    "complexity/ecomplexity_cells.csv.gz": {
        "loc": INPUT + _CELLS,
        "prod": INPUT + _CELLS,
        "val": _CELLS,
        "rca": _CELLS,
        "mcp": _CELLS,
        "density": _RELATEDNESS + "test_densities_are_those_of_ecomplexity",
        "cog": _OUTLOOK,
    },
    "complexity/ecomplexity_eci_loc.csv": {
        "loc": INPUT + _COUNTRIES,
        "diversity": _COUNTRIES,
        "eci": _COUNTRIES,
        "coi": _OUTLOOK,
    },
    "complexity/ecomplexity_pci_prod.csv": {"prod": INPUT + _PRODUCTS, "ubiquity": _PRODUCTS, "pci": _PRODUCTS},
    "complexity/ecomplexity_proximity.csv": _RELATEDNESS + "test_proximities_are_those_of_ecomplexity",
    "complexity/datawheel_eci.csv": _REFLECTIONS,
    "complexity/datawheel_pci.csv": _REFLECTIONS,
    "complexity/datawheel_rca_test_values.json": {
        "section_1": _DATAWHEEL,
        "section_9": _DATAWHEEL,
        "note": NO_RESULT + "says where the values are from",
        "file": NO_RESULT + "says what the values are of",
    },
    "complexity/datawheel_fixture_exports.csv": INPUT + _DATAWHEEL,
    "complexity/datawheel_global_exports_2019_2021.csv": INPUT + _COUNTRIES,
    "complexity/pacha_fitness_country.csv": _FITNESS,
    "complexity/pacha_fitness_product.csv": _FITNESS,
    "complexity/world_trade_avg_1998_2000.csv.gz": INPUT + _FITNESS,
    "pysal/pysal_reference.json": {
        "versions": NO_RESULT + "versions of the programs",
        "getis_ord_6pts/points": INPUT + _NEIGHBOURS,
        "getis_ord_6pts/threshold": INPUT + _NEIGHBOURS,
        "getis_ord_6pts/neighbors": _NEIGHBOURS,
        "getis_ord_6pts/y": INPUT + _LOCAL_G,
        "getis_ord_6pts/G_B_Zs": _LOCAL_G,
        "getis_ord_6pts/Gstar_B_Zs": _LOCAL_G,
        "getis_ord_6pts/Gstar_R_Zs": _LOCAL_G,
        "getis_ord_6pts/documented_G_B_Zs": _PRINTED_G,
        "getis_ord_6pts/documented_Gstar_B_Zs": _PRINTED_G,
        "getis_ord_6pts/G_global": _GENERAL_G,
        "getis_ord_6pts/EG": _GENERAL_G,
        "getis_ord_6pts/VG": _GENERAL_G,
        "getis_ord_6pts/z_norm": _GENERAL_G,
        "local_moran_desmith/y": INPUT + _LOCAL_MORAN,
        "local_moran_desmith/neighbors": INPUT + _LOCAL_MORAN,
        "local_moran_desmith/id_order": INPUT + _LOCAL_MORAN,
        "local_moran_desmith/Is_row_standardised": _LOCAL_MORAN,
        "local_moran_desmith/q": _LOCAL_MORAN,
        "local_moran_desmith/moran_I": _MORAN,
        "local_moran_desmith/EI": _MORAN,
        "local_moran_desmith/z_norm": _MORAN,
        "local_moran_desmith/VI_norm": _MORAN,
        "local_moran_desmith/VI_rand": _MORAN,
        "lattice7_queen/z_row_major": INPUT + _LATTICE,
        "lattice7_queen/local_I": _LATTICE,
        "lattice7_queen/quadrant": _LATTICE,
        "lattice7_queen/Gstar_Z": _LATTICE,
        "lattice7_queen/moran_I": _LATTICE,
        "lattice7_queen/moran_z_norm": _LATTICE,
        "lattice7_queen/moran_z_rand": _LATTICE,
        "lattice7_queen/geary_C": _LATTICE,
    },
    "hdbscan/hdbscan_600pts.csv": {
        "x": INPUT + _DENSITY_CLUSTERS,
        "y": INPUT + _DENSITY_CLUSTERS,
        "hdbscan_label": _DENSITY_CLUSTERS,
        "hdbscan_prob": _DENSITY_CLUSTERS,
        "sklearn_ms5_label": _SKLEARN_CLUSTERS,
        "sklearn_ms6_label": _SKLEARN_CLUSTERS,
    },
}


def _names(path: Path, file: str) -> set[str]:
    """Give the names of the values of a file, as far as the table tells them apart."""
    if not isinstance(COVERED.get(file), dict):
        return set()
    if ".csv" in path.name:
        return set(pd.read_csv(path, nrows=1).columns)
    content = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(content, list):
        return {case["id"] for case in content}
    if "cases" in content:
        return {f"{case['x']}/{part}" for case in content["cases"] for part in case if part != "x"}
    return {
        name if file != "pysal/pysal_reference.json" or name == "versions" else f"{name}/{part}"
        for name, value in content.items()
        for part in (value if isinstance(value, dict) else [""])
    }


def _verdicts() -> dict[str, str]:
    return {
        f"{file}#{name}" if name else file: verdict
        for file, verdicts in COVERED.items()
        for name, verdict in (verdicts.items() if isinstance(verdicts, dict) else [("", verdicts)])
    }


def _tests(file: str) -> set[str]:
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_file_and_every_value_of_other_programs_is_in_the_table(econ):
    files = {path.relative_to(econ).as_posix() for path in econ.rglob("*") if path.is_file()}
    assert files == set(COVERED)
    for file in sorted(files):
        if isinstance(COVERED[file], dict):
            assert _names(econ / file, file) == set(COVERED[file]), file


@pytest.mark.parametrize("value", _verdicts())
def test_a_value_is_reproduced_by_a_test_or_marked_with_the_reason(value):
    verdict = _verdicts()[value]
    if verdict.startswith(NO_RESULT):
        assert len(verdict) > len(NO_RESULT)
        return
    named = verdict.removeprefix(INPUT).split("see ")[-1]
    file, test = named.split("::")
    assert test in _tests(file)
    if verdict.startswith(DEFECT):
        assert len(verdict.split("; see ")[0]) > len(DEFECT)


def test_only_what_the_findings_call_a_defect_is_left_out():
    left_out = {value for value, verdict in _verdicts().items() if verdict.startswith(DEFECT)}
    assert left_out == {
        "reat/reat_examples.json#eg_coagglomeration_FK2014",
        "dbmss/paracou16_reference.json#Kd_QRosea_approx1",
        "dbmss/paracou16_reference.json#Kd_VAmericana_approx1",
    }
