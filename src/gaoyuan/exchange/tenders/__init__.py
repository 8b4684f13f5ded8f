"""Tenders of all services as one value, and their export in the Open Contracting Data Standard."""

from gaoyuan.exchange.tenders.model import Award, Contract, Line, Milestone, Party, Tender, TenderInvalid
from gaoyuan.exchange.tenders.ocds import release, release_package, tags_between

__all__ = [
    "Award",
    "Contract",
    "Line",
    "Milestone",
    "Party",
    "Tender",
    "TenderInvalid",
    "release",
    "release_package",
    "tags_between",
]
