"""From evidence to classes: a conditional logit over the classes that have any evidence.

A class's score adds up its evidence, each channel weighed by what kind of class it is and what kind of firm speaks,
what kinds of firms and classes go together, how much its neighbours in the classification are spoken for, and how often
the class is met. The weights were fitted (see `fitting`) and lie in `weights.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from gaoyuan.codes import classes, industry_name
from gaoyuan.registry.industry_coding.evidence import (
    CHANNELS,
    FIRST_BARE,
    FIRST_MADE,
    FIRST_TRADE,
    GROWS,
    MAKES,
    MINES,
    MODES,
    NAME_INSIDE,
    REST_MADE,
    SIGNALS,
    Floats,
    Reader,
    Reading,
    forget,
    make_reader,
    new_reading,
    new_room,
)
from gaoyuan.registry.industry_coding.names import read_name
from gaoyuan.registry.industry_coding.scopes import read_scope
from gaoyuan.registry.phrases import Texts
from gaoyuan.workspace import Json

ALTERNATIVES = 3
KINDS = 4
PRODUCING, BUILDING_KIND, TRADING, SERVING = range(KINDS)
KIND_OF_MODE = np.array([PRODUCING] * 4 + [BUILDING_KIND] + [TRADING] * 2 + [SERVING] * 3, dtype=np.int8)
"""Coarser kinds of classes by mode; channels weigh differently for them."""

EXTRAS = 13
"""Further features of a class among a firm's candidates; `extra_features` says which."""


class Weights(NamedTuple):
    """The fitted weights: `channels` (KINDS, SIGNALS + 1, CHANNELS), the last signal always on; `modes` (MODES, SIGNALS
    + 1); `extras` (EXTRAS); `bias` (classes).
    """

    channels: Floats
    modes: Floats
    extras: Floats
    bias: Floats


class Families(NamedTuple):
    """Which group and division each class belongs to, and whether it is one of the others (其他)."""

    group: npt.NDArray[np.int16]
    division: npt.NDArray[np.int16]
    residual: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Model:
    """All that coding needs; `calibration` (2) turns the log odds of the likeliest class into those of being right."""

    reader: Reader
    weights: Weights
    families: Families
    calibration: tuple[float, float]
    about: Mapping[str, Json]


class Coded(NamedTuple):
    """Codings of firms: positions in `codes.classes()` of the likeliest class (n) and of further ones (n, 3), -1 for
    none; log odds of the likeliest (n); and whether the firm produces.
    """

    industry: npt.NDArray[np.int16]
    alternatives: npt.NDArray[np.int16]
    log_odds: Floats
    producer: npt.NDArray[np.bool_]


@cache
def families() -> Families:
    """Give the families of the classes."""
    codes = classes()
    groups = {group: i for i, group in enumerate(sorted({code[:3] for code in codes}))}
    divisions = {division: i for i, division in enumerate(sorted({code[:2] for code in codes}))}
    return Families(
        np.array([groups[code[:3]] for code in codes], dtype=np.int16),
        np.array([divisions[code[:2]] for code in codes], dtype=np.int16),
        np.array([code.endswith("9") or industry_name(code).startswith("其他") for code in codes]),
    )


@cache
def load_model() -> Model:
    """Load the model that ships."""
    document = json.loads((files("gaoyuan.registry.industry_coding") / "weights.json").read_text(encoding="utf-8"))
    bias = np.zeros(len(classes()), dtype=np.float32)
    position = {code: i for i, code in enumerate(classes())}
    for code, value in document["bias"].items():
        bias[position[code]] = value
    channels, modes, extras = (np.array(document[name], dtype=np.float32) for name in ("channels", "modes", "extras"))
    return Model(
        make_reader(),
        Weights(channels, modes, extras, bias),
        families(),
        tuple(document["calibration"]),
        document["about"],
    )


@nb.njit(cache=True, nogil=True)
def code_firms(
    reader: Reader, weights: Weights, family: Families, names: Texts, scopes: Texts, begin: int, end: int
) -> Coded:
    """Code the firms from `begin` to `end` of two arrays of texts."""
    count = end - begin
    industry = np.full(count, -1, np.int16)
    alternatives = np.full((count, ALTERNATIVES), -1, np.int16)
    log_odds = np.full(count, -np.inf, np.float32)
    producer = np.zeros(count, np.bool_)
    room, reading = new_room(), new_reading(family.group.size)
    sums = np.zeros((2, family.group.size), np.float32)
    for i in range(count):
        forget(reading)
        read_name(reader, names.data, names.offsets[begin + i], names.offsets[begin + i + 1], room, reading)
        read_scope(reader, scopes.data, scopes.offsets[begin + i], scopes.offsets[begin + i + 1], room, reading)
        producer[i] = reading.signals[MAKES] + reading.signals[GROWS] + reading.signals[MINES] > 0
        candidates = reading.touches[0]
        if candidates == 0:
            continue
        scores = score(reader, weights, family, reading, sums)
        best = int(np.argmax(scores))
        industry[i] = reading.touched[best]
        rest = 0.0
        for k in range(candidates):
            if k != best:
                rest += np.exp(scores[k] - scores[best])
        log_odds[i] = -np.log(max(rest, 1e-9))
        scores[best] = -np.inf
        for a in range(min(ALTERNATIVES, candidates - 1)):
            following = int(np.argmax(scores))
            alternatives[i, a] = reading.touched[following]
            scores[following] = -np.inf
    return Coded(industry, alternatives, log_odds, producer)


@nb.njit(cache=True, nogil=True)
def score(reader: Reader, weights: Weights, family: Families, reading: Reading, sums: Floats) -> Floats:
    """Give the score of each touched class of a reading; `sums` is room for (2, classes) zeros and is left so."""
    candidates = reading.touches[0]
    features = extra_features(reader, family, reading, sums)
    scores = np.zeros(candidates, np.float32)
    # What the firm's signals make of each channel and each mode is the same for all its candidates.
    by_kind = weights.channels[:, SIGNALS].copy()
    by_mode = weights.modes[:, SIGNALS].copy()
    for signal in range(SIGNALS):
        if reading.signals[signal] != 0.0:
            by_kind += weights.channels[:, signal]
            by_mode += weights.modes[:, signal]
    for i in range(candidates):
        industry = reading.touched[i]
        mode = reader.mode[industry]
        total = weights.bias[industry] + by_mode[mode]
        for channel in range(CHANNELS):
            evidence = reading.channels[industry, channel]
            if evidence > 0.0:
                total += np.sqrt(evidence) * by_kind[KIND_OF_MODE[mode], channel]
        for feature in range(EXTRAS):
            total += features[i, feature] * weights.extras[feature]
        scores[i] = total
    return scores


@nb.njit(cache=True, nogil=True)
def extra_features(reader: Reader, family: Families, reading: Reading, sums: Floats) -> Floats:
    """Give further features (touched classes, EXTRAS) of the candidates of a reading.

    Evidence for the rest of the class's group and of its division; whether it is a residual class; how far name and
    scope agree; name and first product made; its share of the largest total, and whether it has that; the share of its
    mode in all evidence; residual classes against specific products made and against the name; services and trade
    against products made; trade against products in the name.
    """
    candidates = reading.touches[0]
    features = np.zeros((candidates, EXTRAS), np.float32)
    totals = np.zeros(candidates, np.float32)
    names = np.zeros(candidates, np.float32)
    modes = np.zeros(MODES, np.float32)
    everything, specific, product, product_name, any_name = (
        np.float32(0),
        np.float32(0),
        np.float32(0),
        np.float32(0),
        np.float32(0),
    )
    for i in range(candidates):
        industry = reading.touched[i]
        evidence = reading.channels[industry]
        totals[i] = evidence.sum()
        names[i] = evidence[: NAME_INSIDE + 1].max()
        sums[0, family.group[industry]] += totals[i]
        sums[1, family.division[industry]] += totals[i]
        modes[reader.mode[industry]] += totals[i]
        everything += totals[i]
        made = evidence[FIRST_MADE] + evidence[REST_MADE]
        any_name = max(any_name, names[i])
        if not family.residual[industry]:
            specific = max(specific, made)
        if KIND_OF_MODE[reader.mode[industry]] == PRODUCING:
            product = max(product, made)
            product_name = max(product_name, names[i])
    largest = totals.max()
    for i in range(candidates):
        industry = reading.touched[i]
        evidence = reading.channels[industry]
        mode = reader.mode[industry]
        kind = KIND_OF_MODE[mode]
        scope = max(evidence[FIRST_MADE : FIRST_BARE + 2].max(), evidence[FIRST_TRADE])
        residual = np.float32(1.0 if family.residual[industry] else 0.0)
        features[i, 0] = np.log1p(max(np.float32(0), sums[0, family.group[industry]] - totals[i]))
        features[i, 1] = np.log1p(max(np.float32(0), sums[1, family.division[industry]] - totals[i]))
        features[i, 2] = residual
        features[i, 3] = min(names[i], scope)
        features[i, 4] = names[i] * evidence[FIRST_MADE]
        features[i, 5] = totals[i] / largest
        features[i, 6] = 1.0 if totals[i] >= largest else 0.0
        features[i, 7] = modes[mode] / everything
        features[i, 8] = residual * specific
        features[i, 9] = residual * any_name
        features[i, 10] = product if kind == SERVING else 0.0
        features[i, 11] = product if kind == TRADING else 0.0
        features[i, 12] = product_name if kind == TRADING else 0.0
    for i in range(candidates):
        industry = reading.touched[i]
        sums[0, family.group[industry]] = 0.0
        sums[1, family.division[industry]] = 0.0
    return features
