"""The division that a text names, as far down as it says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from gaoyuan.registry.locating.address import read_addresses
from gaoyuan.registry.locating.gazetteer import gazetteer, places
from gaoyuan.registry.phrases import texts_of

_UNKNOWN = -1


def stated_divisions(texts: pa.Array) -> pa.Array:
    """Give the county, else the prefecture, else the province that each text (n) names, as a division code of the
    current edition; null where it names none or a name has several bearers.

    >>> stated_divisions(pa.array(["河南省洛阳市涧西区", "株洲", "山东", "某地", None])).to_pylist()
    ['410305', '430200', '370000', None, None]
    """
    distinct = texts.cast(pa.large_string()).dictionary_encode()
    nowhere = np.full(len(distinct.dictionary), _UNKNOWN, dtype=np.int32)
    found = read_addresses(texts_of(distinct.dictionary), gazetteer(), nowhere, nowhere)
    codes = places()
    named: list[str | None] = []
    for province, prefecture, county in zip(*(level.tolist() for level in found), strict=True):
        if county >= 0:
            named.append(codes.counties[county])
        elif prefecture >= 0:
            named.append(codes.prefectures[prefecture])
        else:
            named.append(codes.provinces[province] if province >= 0 else None)
    return pa.array(named, pa.string()).take(distinct.indices)
