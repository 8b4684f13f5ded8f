"""Reading the division out of an address."""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.registry.locating.gazetteer import COUNTY, PREFECTURE, PROVINCE, TOWNSHIP, Gazetteer
from gaoyuan.registry.phrases import Texts, decode, longest_from

Int32s = npt.NDArray[np.int32]

_LONGEST = 80
# A name that one of these follows is the name of a road or a place called after a division: 北京路, 南京东路, 上海花园.
_ROAD_CHARACTERS = np.array([ord(character) for character in "路街道巷里东西南北中大新村号桥"], dtype=np.uint16)


@nb.njit(cache=True, nogil=True)
def read_addresses(
    texts: Texts, names: Gazetteer, hint_province: Int32s, hint_prefecture: Int32s
) -> tuple[Int32s, Int32s, Int32s]:
    """Give province, prefecture and county (n each, positions in the gazetteer's lists, -1 where the address does not
    say).

    Names are taken from left to right, the longest first. A name with several bearers goes to the one inside the
    divisions read so far, else inside the hints (n, -1 for none: what other columns say), and to none while more than
    one is left. A stem without its suffix counts only next to another division's name. Townships decide only where no
    county is named, and only when one county of the prefecture has a township of that name.
    """
    count = texts.offsets.size - 1
    provinces = np.full(count, -1, dtype=np.int32)
    prefectures = np.full(count, -1, dtype=np.int32)
    counties = np.full(count, -1, dtype=np.int32)
    characters = np.empty(_LONGEST, dtype=np.uint16)
    folded = np.empty(_LONGEST, dtype=np.int32)
    for i in range(count):
        length = decode(texts.data, texts.offsets[i], texts.offsets[i + 1], characters)
        kept = 0
        for at in range(length):
            if characters[at] != 32 and characters[at] != 0x3000:
                characters[kept] = characters[at]
                folded[kept] = names.trie.fold[characters[at]]
                kept += 1
        length = kept
        province, prefecture, county = -1, -1, -1
        township = -1
        at = 0
        last_end = 0
        while at < length and county < 0:
            phrase, end = longest_from(names.trie, folded, at, length)
            if phrase < 0:
                at += 1
                continue
            next_to_name = at == last_end
            before_road = end < length and np.any(characters[end] == _ROAD_CHARACTERS)
            chosen = _choose(
                names, phrase, province, prefecture, hint_province[i], hint_prefecture[i], next_to_name, before_road
            )
            if chosen < 0:
                # A name that fits nobody hides shorter names inside it (临夏县 is not 夏县); a mere stem may be part of
                # any word.
                at = end if np.any(names.full[names.first[phrase] : names.first[phrase + 1]]) else at + 1
                continue
            level = names.level[chosen]
            if level == TOWNSHIP:
                if township < 0:
                    township = chosen
                at = end
                continue
            province = names.province[chosen]
            if level >= PREFECTURE:
                prefecture = names.prefecture[chosen]
            if level == COUNTY:
                county = names.county[chosen]
            at = end
            last_end = end
        if (
            county < 0
            and township >= 0
            and (prefecture < 0 or names.prefecture[township] == prefecture)
            and (province < 0 or names.province[township] == province)
        ):
            province, prefecture, county = names.province[township], names.prefecture[township], names.county[township]
        if county < 0 and prefecture >= 0:
            county = names.only_county[prefecture]
        provinces[i], prefectures[i], counties[i] = province, prefecture, county
    return provinces, prefectures, counties


@nb.njit(cache=True)
def _choose(
    names: Gazetteer,
    phrase: int,
    province: int,
    prefecture: int,
    hint_province: int,
    hint_prefecture: int,
    next_to_name: bool,
    before_road: bool | np.bool_,
) -> int:
    """Give the one candidate of a phrase that fits what is known, -1 where none or several do."""
    # First what the address itself has said; then, among several, what the other columns say.
    found, several = -1, False
    hinted, several_hinted = -1, False
    for candidate in range(names.first[phrase], names.first[phrase + 1]):
        level = names.level[candidate]
        if province >= 0 and (names.province[candidate] != province or level == PROVINCE):
            continue
        if prefecture >= 0 and level == PREFECTURE:
            continue
        # A county that has moved is still written with its old prefecture; only a full name that no other county has
        # may say so.
        if (
            prefecture >= 0
            and names.prefecture[candidate] != prefecture
            and (
                level != COUNTY
                or not names.full[candidate]
                or not next_to_name
                or names.first[phrase + 1] - names.first[phrase] > 1
            )
        ):
            continue
        in_hint = hint_province < 0 or names.province[candidate] == hint_province
        if hint_prefecture >= 0 and level >= PREFECTURE:
            in_hint = in_hint and names.prefecture[candidate] == hint_prefecture
        if level == TOWNSHIP:
            # Townships of one name are many: only inside a known or hinted prefecture, and without their suffix only
            # right behind its name.
            if prefecture < 0 and (hint_prefecture < 0 or not in_hint):
                continue
            if not names.full[candidate] and (before_road or not next_to_name or prefecture < 0):
                continue
        elif not names.full[candidate] and (before_road or not (next_to_name and (in_hint or province >= 0))):
            continue
        several = several or (found >= 0 and not _nested(names, found, candidate))
        if found < 0 or level < names.level[found]:
            found = candidate
        if in_hint:
            several_hinted = several_hinted or (hinted >= 0 and not _nested(names, hinted, candidate))
            if hinted < 0:
                hinted = candidate
    if found < 0:
        return -1
    if hinted >= 0 and not several_hinted:
        return hinted
    return -1 if several else found


@nb.njit(cache=True)
def _nested(names: Gazetteer, one: int, other: int) -> bool:
    """Whether one place is the other or lies in it."""
    if names.prefecture[one] < 0 or names.prefecture[other] < 0:
        # 吉林 is a province and a prefecture in it.
        return names.province[one] == names.province[other]
    if names.prefecture[one] != names.prefecture[other]:
        return False
    return names.county[one] == names.county[other] or names.county[one] < 0 or names.county[other] < 0
