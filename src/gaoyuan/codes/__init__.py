"""The official vocabularies: divisions, industries, credit codes, datums. Tables as data files, with edition and
source.
"""

from gaoyuan.codes.administrative_divisions import (
    Division,
    Level,
    counties,
    current_counties,
    current_prefecture,
    division_name,
    divisions,
    full_name,
)
from gaoyuan.codes.credit_code import CreditCodeFault, check_character, credit_code_faults, normalise_credit_codes
from gaoyuan.codes.datum import DATUMS, Datum, from_wgs84, to_wgs84
from gaoyuan.codes.editions import editions
from gaoyuan.codes.industry_classification import (
    Industry,
    ancestor,
    classes,
    industries,
    industry_name,
    successors_of_2011,
)

__all__ = [
    "DATUMS",
    "CreditCodeFault",
    "Datum",
    "Division",
    "Industry",
    "Level",
    "ancestor",
    "check_character",
    "classes",
    "counties",
    "credit_code_faults",
    "current_counties",
    "current_prefecture",
    "division_name",
    "divisions",
    "editions",
    "from_wgs84",
    "full_name",
    "industries",
    "industry_name",
    "normalise_credit_codes",
    "successors_of_2011",
    "to_wgs84",
]
