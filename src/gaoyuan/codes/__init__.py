"""The official vocabularies: divisions, industries, credit codes, size classes, titles of enterprises, datums. Tables
as data files, with edition and source.
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
    region_prefix,
)
from gaoyuan.codes.credit_code import CreditCodeFault, check_character, credit_code_faults, normalise_credit_codes
from gaoyuan.codes.datum import DATUMS, Datum, from_wgs84, to_wgs84
from gaoyuan.codes.editions import editions
from gaoyuan.codes.enterprise_titles import Title, TitleReading, read_title, recognise_title, title, titles
from gaoyuan.codes.industry_classification import (
    Industry,
    ancestor,
    classes,
    industries,
    industry_name,
    successors_of_2011,
)
from gaoyuan.codes.sme_size import (
    SIZE_CLASSES,
    SizeClass,
    SizeSector,
    sectors_of,
    size_class,
    size_classes,
    size_sectors,
)

__all__ = [
    "DATUMS",
    "SIZE_CLASSES",
    "CreditCodeFault",
    "Datum",
    "Division",
    "Industry",
    "Level",
    "SizeClass",
    "SizeSector",
    "Title",
    "TitleReading",
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
    "read_title",
    "recognise_title",
    "region_prefix",
    "sectors_of",
    "size_class",
    "size_classes",
    "size_sectors",
    "successors_of_2011",
    "title",
    "titles",
    "to_wgs84",
]
