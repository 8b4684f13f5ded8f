"""Clusters, regions and industries as people name them: by code, a part of the name, or the initials of its pinyin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language

from gaoyuan.portal.snapshots.frame_parts import initials
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.workbench.naming import industry_words
from gaoyuan.portal.workbench.reading import Look, clusters_of, frame_of, look_or_404

__all__ = ["KINDS", "Choice", "choices", "find", "named"]

KINDS = ("cluster", "region", "industry")
MOST = 8
_LONGEST = 80
_SURE = 3
"""Who gives a whole code or a whole name means that one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that has a code. `where` is what it lies in, `names` are all by which it is found."""

    code: str
    name: str
    where: str
    names: tuple[str, ...]
    initials: str

    @property
    def text(self) -> str:
        """What stands in a field for it: code and name."""
        return self.code if self.name == self.code else f"{self.code} {self.name}"


def find(request: HttpRequest) -> JsonResponse:
    """Give a field of the page what the letters in it may mean: `?kind=` and `?q=`."""
    look = look_or_404(request)
    kind, asked = request.GET.get("kind", ""), request.GET.get("q", "")
    found = choices(look, kind, asked) if kind in KINDS else []
    answer = JsonResponse({"found": [{"text": one.text, "code": one.code, "where": one.where} for one in found]})
    # What is found depends on who asks.
    answer["Cache-Control"] = "private, no-store"
    return answer


def choices(look: Look, kind: str, words: str) -> list[Choice]:
    """Give what words may mean, the nearest first."""
    return [one for _score, one in _scored(look, kind, words)[:MOST]]


def named(look: Look, kind: str, words: str) -> tuple[Choice | None, list[Choice]]:
    """Give what words name, or, where they may mean several, these."""
    asked = words.strip()
    known = _known(look, kind)
    # A code, or what stands in the field for something that was chosen: its code and name.
    for code in (asked, asked.partition(" ")[0], asked.upper()):
        if code in known:
            return known[code], []
    found = _scored(look, kind, asked)
    if not found:
        return None, []
    best = [one for score, one in found if score == found[0][0]]
    if len(found) == 1 or (len(best) == 1 and found[0][0] <= _SURE):
        return found[0][1], []
    return None, [one for _score, one in found[:MOST]]


def _scored(look: Look, kind: str, words: str) -> list[tuple[float, Choice]]:
    asked = words.strip().casefold()[:_LONGEST]
    if not asked:
        return []
    known = _known(look, kind)
    scored = [(score, at, one) for at, one in enumerate(known.values()) if (score := _score(asked, one)) is not None]
    return [(score, one) for score, _at, one in sorted(scored, key=lambda item: item[:2])]


def _score(asked: str, one: Choice) -> float | None:
    """Say how well something answers, less is better: its code, its name, a part of it, its initials."""
    code = one.code.casefold()
    if code == asked:
        return 1
    if asked in one.names:
        return 2
    if asked.isascii() and code.startswith(asked):
        return 4 + len(code) / 100
    for name in one.names:
        if asked in name:
            return (5 if name.startswith(asked) else 6) + len(name) / 100
    if asked.isascii() and asked.isalpha() and len(asked) > 1:
        if one.initials.startswith(asked):
            return (7 if one.initials == asked else 8) + len(one.initials) / 100
        if asked in one.initials:
            return 9 + len(one.initials) / 100
    return None


def _known(look: Look, kind: str) -> dict[str, Choice]:
    snapshot = str(look.snapshot.pk)
    if kind == "region":
        return _regions(snapshot, look.audience)
    if kind == "industry":
        return _industries(snapshot, look.audience, get_language() or "")
    return _clusters(snapshot, look.audience)


# Parts of a snapshot never change, so that what has been read once serves all readers.
@lru_cache(maxsize=6)
def _regions(snapshot: str, audience: Audience) -> dict[str, Choice]:
    frame, found = frame_of(snapshot, audience), {}
    for code, row in frame.regions.items():
        name = str(row["region_name"])
        above = "".join(name for _code, name in frame.path(code)[:-1])
        found[code] = Choice(code, name, above, (name, above + name), initials(name))
    return found


@lru_cache(maxsize=12)
def _industries(snapshot: str, audience: Audience, language: str) -> dict[str, Choice]:
    found = {}
    for code, row in frame_of(snapshot, audience).industries.items():
        name = str(row["name"])
        both = (name, str(row["english"]).casefold())
        found[code] = Choice(code, industry_words(code, name), "", both, str(row["initials"]))
    return found


@lru_cache(maxsize=6)
def _clusters(snapshot: str, audience: Audience) -> dict[str, Choice]:
    found = {}
    for row in clusters_of(snapshot, audience)[0]:
        code, name = str(row["cluster_id"]), str(row["name"])
        found[code] = Choice(code, name, str(row["county_name"] or ""), (name.casefold(),), initials(name))
    return found
