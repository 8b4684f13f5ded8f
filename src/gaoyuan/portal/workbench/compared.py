"""What a comparison is asked of: clusters or regions, and an industry, each by code, by name or by initials."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import QueryDict

from gaoyuan.portal.workbench.choosing import Choice, named
from gaoyuan.portal.workbench.reading import Look

__all__ = ["Compared", "read_compared"]

_LONGEST = 120


@dataclass(slots=True)
class Compared:
    """What an address names. `codes` are those of what there is, `fields` what stands in the fields: code, or the words
    as they are typed, and name; `missing` says what
    there is not, by its kind, and `several` what words may mean, each with the query that means it. `query` is that of
    the same comparison by codes; `by_names` says that the address has others.
    """

    codes: dict[str, list[str]] = field(default_factory=lambda: {"cluster": [], "region": []})
    fields: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: {"cluster": [], "region": []})
    industry: str = ""
    industry_name: str = ""
    missing: list[tuple[str, str]] = field(default_factory=list)
    several: list[tuple[str, list[tuple[Choice, str]]]] = field(default_factory=list)
    by_names: bool = False
    query: str = ""

    @property
    def faulty(self) -> bool:
        """Whether something that is named cannot be compared as it stands."""
        return bool(self.missing or self.several)


def read_compared(look: Look, given: QueryDict) -> Compared:
    """Read `?cluster=`, `?region=` and `?industry=`, the first two as often as they stand there."""
    asked = Compared()
    for kind, codes in asked.codes.items():
        for words in _words(given, kind):
            one = _read(look, kind, words, given, asked)
            asked.fields[kind].append((words, "") if one is None else (one.code, one.name))
            if one is not None and one.code not in codes:
                codes.append(one.code)
    for words in _words(given, "industry")[-1:]:
        one = _read(look, "industry", words, given, asked)
        asked.industry, asked.industry_name = (words, "") if one is None else (one.code, one.name)
    canonical = given.copy()
    for kind, codes in {**asked.codes, "industry": [asked.industry] if asked.industry else []}.items():
        canonical.setlist(kind, codes)
    asked.query = canonical.urlencode()
    return asked


def _words(given: QueryDict, kind: str) -> list[str]:
    return list(dict.fromkeys(one.strip()[:_LONGEST] for one in given.getlist(kind) if one.strip()))


def _read(look: Look, kind: str, words: str, given: QueryDict, asked: Compared) -> Choice | None:
    found, several = named(look, kind, words)
    if found is not None:
        asked.by_names = asked.by_names or found.code != words
    elif several:
        asked.several.append((words, [(one, _meaning(given, kind, words, one.code)) for one in several]))
    elif kind != "industry":
        # An industry that the register has no enterprises of is told beside the comparison.
        asked.missing.append((kind, words))
    return found


def _meaning(given: QueryDict, kind: str, words: str, code: str) -> str:
    """Give the query in which words stand as the code of what they mean."""
    meant = given.copy()
    meant.setlist(kind, [code if one.strip()[:_LONGEST] == words else one for one in given.getlist(kind)])
    return meant.urlencode()
