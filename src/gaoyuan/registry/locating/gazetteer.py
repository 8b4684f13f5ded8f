"""The names by which divisions are found in addresses: provinces, prefectures, counties, their former names and
townships.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaoyuan.codes.administrative_divisions import Level, counties, divisions, former_divisions
from gaoyuan.codes.tables import rows_of
from gaoyuan.registry.phrases import Trie, build_phrase_index

PROVINCE, PREFECTURE, COUNTY, TOWNSHIP = 1, 2, 3, 4

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|"
    "鄂温克|德昂|保安|裕固|独龙|鄂伦春|赫哲|各"
)
_PEOPLE_NAMES = re.compile(rf"(?:(?:{_PEOPLES})族|蒙古|哈萨克|柯尔克孜|塔吉克|锡伯)+$")
_PROVINCE_SUFFIX = re.compile(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$")
_PREFECTURE_SUFFIX = re.compile(r"(?:市|地区|盟|自治州)$")
_COUNTY_SUFFIX = re.compile(r"(?:自治县|自治旗|矿区|林区|特区|县|市|区|旗)$")
_TOWNSHIP_OFFICE = re.compile(r"办事处$")
_STREET_OFFICE = "街道"
_NO_NAME = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


class Gazetteer(NamedTuple):
    """The names as arrays for compiled code.

    Phrase p of `trie` has the candidates `first[p]` to `first[p + 1]`; candidate i is a place of `level` in province,
    prefecture and county (positions in the lists of codes, -1 where the level is above), named in `full` with its
    suffix or only by its stem. `only_county` gives for each prefecture the county that is all of it (东莞市,
    嘉峪关市), else -1.
    """

    trie: Trie
    first: npt.NDArray[np.int32]
    level: npt.NDArray[np.int8]
    province: npt.NDArray[np.int32]
    prefecture: npt.NDArray[np.int32]
    county: npt.NDArray[np.int32]
    full: npt.NDArray[np.bool_]
    only_county: npt.NDArray[np.int32]


class Places(NamedTuple):
    """The codes behind the positions in a gazetteer."""

    provinces: tuple[str, ...]
    prefectures: tuple[str, ...]
    counties: tuple[str, ...]


@cache
def places() -> Places:
    """Give the codes of provinces, prefectures and counties of the current edition, in the order that a gazetteer
    counts them.
    """

    def at(level: Level) -> tuple[str, ...]:
        return tuple(sorted(code for held, code in divisions() if held == level))

    return Places(at(Level.PROVINCE), at(Level.PREFECTURE), at(Level.COUNTY))


@cache
def gazetteer() -> Gazetteer:
    """Build the gazetteer of the current edition with the names of 2002–2020 that it replaced."""
    codes = places()
    province_at = {code[:2]: i for i, code in enumerate(codes.provinces)}
    prefecture_at = {code: i for i, code in enumerate(codes.prefectures)}
    county_at = {code: i for i, code in enumerate(codes.counties)}
    names: dict[str, list[tuple[int, int, int, int, bool]]] = {}

    def add(name: str, candidate: tuple[int, int, int, int, bool]) -> None:
        held = names.setdefault(name, [])
        if candidate not in held and not (not candidate[-1] and (*candidate[:-1], True) in held):
            held.append(candidate)

    for code in codes.provinces:
        name = divisions()[Level.PROVINCE, code].name
        position = province_at[code[:2]]
        add(name, (PROVINCE, position, -1, -1, True))
        add(_PROVINCE_SUFFIX.sub("", name), (PROVINCE, position, -1, -1, False))
    for code in codes.prefectures:
        name = divisions()[Level.PREFECTURE, code].name
        if name not in _NO_NAME:
            for form, full in _forms(name, _PREFECTURE_SUFFIX):
                add(form, (PREFECTURE, province_at[code[:2]], prefecture_at[code], -1, full))

    def add_county(name: str, code: str) -> None:
        prefecture = prefecture_at[counties()[code].parent]
        for form, full in _forms(name, _COUNTY_SUFFIX, as_county=True):
            # 东区, 矿区 and their like name a county only inside a known prefecture, as townships do.
            level = TOWNSHIP if len(form) == 2 and form.endswith("区") else COUNTY
            add(form, (level, province_at[code[:2]], prefecture, county_at[code], full))

    only_county = np.full(len(codes.prefectures), -1, dtype=np.int32)
    for code in codes.counties:
        county = counties()[code]
        if county.name == divisions()[Level.PREFECTURE, county.parent].name:
            only_county[prefecture_at[county.parent]] = county_at[code]
        else:
            add_county(county.name, code)
    for former in former_divisions():
        if len(former.successors) == 1 and former.name not in _NO_NAME:
            if former.level == Level.COUNTY:
                add_county(former.name, former.successors[0])
            elif former.successors[0] in prefecture_at:
                for form, full in _forms(former.name, _PREFECTURE_SUFFIX):
                    add(form, (PREFECTURE, province_at[former.code[:2]], prefecture_at[former.successors[0]], -1, full))
    for row in rows_of("townships_2023.csv.gz"):
        name, county = _TOWNSHIP_OFFICE.sub("", row["name"]), row["county"]
        if county in county_at:
            name = name.removeprefix(counties()[county].name) or name
            place = (TOWNSHIP, province_at[county[:2]], prefecture_at[counties()[county].parent], county_at[county])
            if len(name) > 2:
                add(name, (*place, True))
            if name.endswith(_STREET_OFFICE) and len(name) > 3:
                add(name.removesuffix(_STREET_OFFICE), (*place, False))
    phrases = sorted(names)
    candidates = [names[phrase] for phrase in phrases]
    flat = [candidate for group in candidates for candidate in group]
    return Gazetteer(
        build_phrase_index(phrases).trie,
        np.cumsum([0, *(len(group) for group in candidates)], dtype=np.int32),
        np.array([c[0] for c in flat], dtype=np.int8),
        np.array([c[1] for c in flat], dtype=np.int32),
        np.array([c[2] for c in flat], dtype=np.int32),
        np.array([c[3] for c in flat], dtype=np.int32),
        np.array([c[4] for c in flat], dtype=np.bool_),
        only_county,
    )


def _forms(name: str, suffix: re.Pattern[str], *, as_county: bool = False) -> list[tuple[str, bool]]:
    """Give a division's name, and its stem where that is a word of its own: 玉屏侗族自治县 is also 玉屏 and 玉屏县."""
    bare = suffix.sub("", name)
    stem = _PEOPLE_NAMES.sub("", bare) or bare.removesuffix("族")
    forms = [(name, True)]
    if len(stem) >= 2 and stem != name:
        forms.append((stem, False))
        if stem != bare and as_county:
            forms.append((f"{stem}县", True))
    return forms
