"""Fitting the weights of industry coding on labelled firms.

The loss is minus the log of the probability given to the accepted classes, the best one counting 1 and the others 0.7,
with quadratic penalties. What ships was fitted on 2,000 firms with a scope and 574 with a name alone, drawn at random
from a public register and read one by one by language models; no statistics officer has checked them. Fit your own
where you have better.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.optimize import minimize

from gaoyuan.codes import classes
from gaoyuan.registry.industry_coding.evidence import (
    CHANNELS,
    FIRST_ACTIVITY,
    FIRST_BARE,
    FIRST_MADE,
    FIRST_SOLD,
    FIRST_TRADE,
    MAKES,
    MAKES_FIRST,
    MODES,
    NAME_ACTIVITY,
    NAME_INSIDE,
    NAME_PRODUCT,
    NAME_WORD,
    NO_SCOPE,
    ONLY_SELLS,
    REST_ACTIVITY,
    REST_TRADE,
    SELLS_FIRST,
    SIGNALS,
    Floats,
    Reader,
    forget,
    make_reader,
    new_reading,
    new_room,
)
from gaoyuan.registry.industry_coding.names import read_name
from gaoyuan.registry.industry_coding.scopes import read_scope
from gaoyuan.registry.industry_coding.scoring import (
    EXTRAS,
    KIND_OF_MODE,
    KINDS,
    SERVING,
    TRADING,
    Weights,
    extra_features,
    families,
)
from gaoyuan.registry.industry_coding.verbs import COOPERATIVE, FACTORY, PROJECT, SHOP, TRADER
from gaoyuan.registry.phrases import texts_of
from gaoyuan.workspace import Json

Matrix = npt.NDArray[np.float64]

_ALWAYS = SIGNALS
_SHARED_SIGNALS = (FACTORY, TRADER, SHOP, PROJECT, COOPERATIVE, MAKES, MAKES_FIRST, SELLS_FIRST, ONLY_SELLS, NO_SCOPE)
_SHARED_CHANNELS = (
    NAME_WORD,
    NAME_PRODUCT,
    NAME_ACTIVITY,
    FIRST_MADE,
    FIRST_SOLD,
    FIRST_BARE,
    FIRST_ACTIVITY,
    FIRST_TRADE,
)
_KIND_SIGNALS = (FACTORY, TRADER, MAKES, MAKES_FIRST, SELLS_FIRST, ONLY_SELLS, NO_SCOPE)
_KIND_CHANNELS = (
    NAME_WORD,
    NAME_PRODUCT,
    NAME_ACTIVITY,
    NAME_INSIDE,
    FIRST_ACTIVITY,
    REST_ACTIVITY,
    FIRST_TRADE,
    REST_TRADE,
)
_BEST, _ACCEPTED = 1.0, 0.7


@dataclass(frozen=True, slots=True)
class LabelledFirm:
    """A firm that somebody has coded: the best class and others that can be defended."""

    name: str
    scope: str
    best: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    industries: npt.NDArray[np.int64]
    features: Matrix
    worth: Matrix


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights, the calibration of confidence, and the share of firms coded right (four digits, two digits) on folds
    left out.
    """

    weights: Weights
    calibration: tuple[float, float]
    accuracy: tuple[float, float]


def fit(firms: Sequence[LabelledFirm], *, penalty: float = 2.0, class_penalty: float = 1.5, folds: int = 5) -> Fitted:
    """Fit the weights on all firms, after measuring on each fold what the others teach. Deterministic; a few thousand
    firms take some minutes.
    """
    cases = _cases(firms)
    usable = [case for case in cases if case is not None]
    log_odds, right = [], []
    hits = np.zeros(2)
    for fold in range(folds):
        parameters = _solve(
            [case for i, case in enumerate(cases) if i % folds != fold and case is not None and case.worth.any()],
            penalty,
            class_penalty,
        )
        for i in range(fold, len(cases), folds):
            case = cases[i]
            if case is None:
                continue
            scores = _scores(case, parameters)
            best = int(np.argmax(scores))
            others = np.delete(scores, best)
            accepted = {firms[i].best, *firms[i].others}
            chosen = classes()[case.industries[best]]
            log_odds.append(scores[best] - np.logaddexp.reduce(others) if others.size else 20.0)
            right.append(chosen in accepted)
            hits += chosen in accepted, chosen[:2] in {code[:2] for code in accepted}
    parameters = _solve([case for case in usable if case.worth.any()], penalty, class_penalty)
    accuracy = hits / len(firms)
    return Fitted(
        _unpacked(parameters),
        _calibrated(np.array(log_odds), np.array(right)),
        (float(accuracy[0]), float(accuracy[1])),
    )


def write_weights(fitted: Fitted, path: Path, about: Mapping[str, Json]) -> None:
    """Write fitted weights as the JSON file that `scoring.load_model` reads."""
    codes = classes()
    document = {
        "about": {
            **about,
            "left_out_accuracy_4_digits": round(fitted.accuracy[0], 3),
            "left_out_accuracy_2_digits": round(fitted.accuracy[1], 3),
        },
        "calibration": [round(value, 4) for value in fitted.calibration],
        **{
            name: np.round(getattr(fitted.weights, name).astype(float), 4).tolist()
            for name in ("channels", "modes", "extras")
        },
        "bias": {
            codes[i]: round(float(value), 3) for i, value in enumerate(fitted.weights.bias) if abs(value) >= 0.0005
        },
    }
    path.write_text(
        json.dumps(document, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n", encoding="utf-8"
    )


def _cases(firms: Sequence[LabelledFirm]) -> list[_Case | None]:
    reader, family = make_reader(), families()
    room, reading = new_room(), new_reading(len(classes()))
    sums = np.zeros((2, len(classes())), np.float32)
    position = {code: i for i, code in enumerate(classes())}
    cases: list[_Case | None] = []
    for firm in firms:
        forget(reading)
        for text, read in ((firm.name, read_name), (firm.scope, read_scope)):
            buffers = texts_of(pa.array([text]))
            read(reader, buffers.data, buffers.offsets[0], buffers.offsets[1], room, reading)
        if reading.touches[0] == 0:
            cases.append(None)
            continue
        industries = reading.touched[: reading.touches[0]].astype(np.int64)
        features = _features(
            reader,
            industries,
            reading.channels[industries],
            reading.signals,
            extra_features(reader, family, reading, sums),
        )
        worth = np.zeros(industries.size)
        for code in firm.others:
            worth[industries == position[code]] = _ACCEPTED
        worth[industries == position[firm.best]] = _BEST
        cases.append(_Case(industries, features, worth))
    return cases


def _features(
    reader: Reader, industries: npt.NDArray[np.int64], channels: Floats, signals: Floats, extras: Floats
) -> Matrix:
    modes = reader.mode[industries].astype(np.int64)
    kinds = KIND_OF_MODE[modes]
    evidence = np.sqrt(channels.astype(np.float64))
    blocks = [extras.astype(np.float64), evidence]
    blocks += [evidence * (kinds == kind)[:, None] for kind in range(1, KINDS)]
    blocks += [evidence[:, _SHARED_CHANNELS] * signals[signal] for signal in _SHARED_SIGNALS]
    blocks += [
        evidence[:, _KIND_CHANNELS] * ((kinds == kind) * signals[signal])[:, None]
        for kind in (TRADING, SERVING)
        for signal in _KIND_SIGNALS
    ]
    together = np.zeros((industries.size, MODES, SIGNALS + 1))
    together[np.arange(industries.size), modes] = np.append(signals, 1.0)
    return np.concatenate([*blocks, together.reshape(industries.size, -1)], axis=1)


def _solve(cases: Sequence[_Case], penalty: float, class_penalty: float) -> Matrix:
    features = np.concatenate([case.features for case in cases])
    industries = np.concatenate([case.industries for case in cases])
    worth = np.concatenate([case.worth for case in cases])
    sizes = np.array([case.industries.size for case in cases])
    starts, owner = np.concatenate([[0], np.cumsum(sizes)[:-1]]), np.repeat(np.arange(sizes.size), sizes)
    division = families().division.astype(np.int64)[industries]
    count, divisions, width = len(classes()), int(families().division.max()) + 1, features.shape[1]
    penalties = np.concatenate([np.full(width, penalty), np.full(count, class_penalty), np.full(divisions, penalty)])

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        own, by_class, by_division = np.split(parameters, [width, width + count])
        scores = features @ own + by_class[industries] + by_division[division]
        scores -= np.maximum.reduceat(scores, starts)[owner]
        exponential = np.exp(scores)
        probability = exponential / np.add.reduceat(exponential, starts)[owner]
        gained = np.maximum(np.add.reduceat(probability * worth, starts), 1e-12)
        change = probability - probability * worth / gained[owner]
        gradient = np.concatenate(
            [features.T @ change, np.bincount(industries, change, count), np.bincount(division, change, divisions)]
        )
        return -np.log(gained).sum() + (penalties * parameters**2).sum() / 2.0, gradient + penalties * parameters

    return minimize(loss, np.zeros(penalties.size), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def _scores(case: _Case, parameters: Matrix) -> Matrix:
    width = case.features.shape[1]
    count = len(classes())
    own, by_class, by_division = np.split(parameters, [width, width + count])
    return (
        case.features @ own
        + by_class[case.industries]
        + by_division[families().division.astype(np.int64)[case.industries]]
    )


def _unpacked(parameters: Matrix) -> Weights:
    """Lay the parameters out as the scoring takes them."""
    channels = np.zeros((KINDS, SIGNALS + 1, CHANNELS))
    remaining = parameters

    def take(size: int) -> Matrix:
        nonlocal remaining
        taken, remaining = remaining[:size], remaining[size:]
        return taken

    extras = take(EXTRAS)
    channels[:, _ALWAYS] += take(CHANNELS)
    for kind in range(1, KINDS):
        channels[kind, _ALWAYS] += take(CHANNELS)
    for signal in _SHARED_SIGNALS:
        channels[:, signal, _SHARED_CHANNELS] += take(len(_SHARED_CHANNELS))
    for kind in (TRADING, SERVING):
        for signal in _KIND_SIGNALS:
            channels[kind, signal, _KIND_CHANNELS] += take(len(_KIND_CHANNELS))
    modes = take(MODES * (SIGNALS + 1)).reshape(MODES, SIGNALS + 1)
    bias = take(len(classes())) + remaining[families().division.astype(np.int64)]
    return Weights(*(part.astype(np.float32) for part in (channels, modes, extras, bias)))


def _calibrated(log_odds: Matrix, right: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Fit the log odds of being right on the log odds of the likeliest class."""
    odds = np.clip(log_odds, -6.0, 12.0)

    def loss(parameters: Matrix) -> float:
        value = parameters[0] + parameters[1] * odds
        return float(np.logaddexp(0.0, np.where(right, -value, value)).sum())

    found = minimize(loss, np.array([0.0, 1.0])).x
    return float(found[0]), float(found[1])
