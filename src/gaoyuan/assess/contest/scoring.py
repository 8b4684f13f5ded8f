r"""From the judges' points to one score for each entrant of a panel: weighted totals, correction, trimmed mean.

For each judge *j* and entrant *i* the total is the weighted sum of the points. The correction makes of it

- ``none``: the total itself;
- ``additive``: total + severity of the judge, by least squares (`gaoyuan.assess.contest.severity`);
- ``standardised``: :math:`M + S (y_{ij} - m_j) / d_j` with the judge's mean *m* and standard deviation *d*, *M* the
  mean of the judges' means and *S* the root of the mean of their variances: equal mean and spread for every judge. It
  supposes that all judges saw entrants of the same quality; where they did not see the same ones, the result says so.

The score is the mean of an entrant's corrected totals, or with ``trim`` = *g* the mean without the *g* highest and *g*
lowest (去掉最高分和最低分). Its standard error is that of the model (additive, no trimming), else
:math:`d/\sqrt n`, else for *g* trimmed of *n* :math:`d_w \sqrt n / (n - 2g)` with the Winsorised standard deviation
(Tukey and McLaughlin 1963, Sankhyā A 25).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from gaoyuan.assess.contest.canonical import rounded
from gaoyuan.assess.contest.definition import Definition, RoundName
from gaoyuan.assess.contest.panel import duty, entrants_of, judges_of
from gaoyuan.assess.contest.severity import SeverityFit, connected_parts, fit_severity
from gaoyuan.assess.contest.state import ContestState, Scores

__all__ = ["EntrantScore", "JudgeReading", "PanelScores", "panel_scores", "sheet_points"]

_EXACT = Context(prec=60)
_FINE = 10**30
"""Ratios of standard deviations are rounded to so many parts."""


@dataclass(frozen=True, slots=True)
class EntrantScore:
    """An entrant's score by a panel; scores are rounded to the decimals that the definition compares by.

    `totals` are the uncorrected totals by judge, `leaf_means` the mean points by criterion, both exact.
    """

    entrant: str
    totals: Mapping[str, Fraction]
    leaf_means: Mapping[str, Fraction]
    raw: Decimal
    score: Decimal
    standard_error: Decimal | None
    part: int


@dataclass(frozen=True, slots=True)
class JudgeReading:
    """What a panel shows of a judge: scores given, their mean, and how strict the judge is (above zero: strict)."""

    judge: str
    scores: int
    mean: Decimal | None
    severity: Decimal | None
    standard_error: Decimal | None
    part: int | None


@dataclass(frozen=True, slots=True)
class PanelScores:
    """The scores of a group or a final; `parts` counts the panel's connected parts, `notes` its limits."""

    round: RoundName
    unit: str
    entrants: tuple[EntrantScore, ...]
    unscored: tuple[str, ...]
    judges: tuple[JudgeReading, ...]
    parts: int
    notes: tuple[str, ...]


def sheet_points(state: ContestState, round_name: RoundName, unit: str) -> dict[str, Scores]:
    """Give the points that count, by entrant, judge and criterion: revealed, assigned, without conflict, not void."""
    found: dict[str, Scores] = {entrant.id: {} for entrant in entrants_of(state, round_name, unit)}
    for judge in judges_of(state, round_name, unit):
        sheet = state.sheets[round_name].get(judge.id)
        if sheet is None:
            continue
        for entrant in duty(state, round_name, judge):
            key = (round_name, judge.id, entrant.id)
            points = state.replaced.get(key, sheet.get(entrant.id))
            if entrant.id in found and points is not None and key not in state.void:
                found[entrant.id][judge.id] = points
    return found


def panel_scores(state: ContestState, round_name: RoundName, unit: str) -> PanelScores:
    """Score the entrants of a group or a final from the revealed sheets; those without any score are `unscored`.

    Kept with the state until its next event.
    """
    kept = state.scored.get((round_name, unit))
    if kept is None:
        kept = state.scored[round_name, unit] = _panel_scores(state, round_name, unit)
    return kept


@dataclass(frozen=True, slots=True)
class _Corrected:
    """Corrected totals by entrant as whole numbers of 1/unit points."""

    values: Mapping[str, list[int]]
    unit: int


def _panel_scores(state: ContestState, round_name: RoundName, unit: str) -> PanelScores:
    definition = state.definition
    points = sheet_points(state, round_name, unit)
    whole = _common_denominator(definition)
    counts = _totals(definition, {name: sheets for name, sheets in points.items() if sheets})
    totals = {name: {judge: Fraction(count, whole) for judge, count in row.items()} for name, row in counts.items()}
    parts = connected_parts({name: list(row) for name, row in totals.items()})
    part_of = {entrant: at for at, (entrants, _) in enumerate(parts, 1) for entrant in entrants}
    fits = [fit_severity({name: totals[name] for name in entrants}) for entrants, _ in parts]
    corrected = _corrected(definition, counts, fits)
    scored = tuple(
        EntrantScore(
            name,
            totals[name],
            _leaf_means(definition, points[name]),
            rounded(Fraction(sum(row.values()), whole * len(row)), definition.decimals),
            rounded(_score(definition, corrected, fits[part_of[name] - 1], name), definition.decimals),
            _standard_error(definition, corrected, fits[part_of[name] - 1], name),
            part_of[name],
        )
        for name, row in counts.items()
    )
    return PanelScores(
        round_name,
        unit,
        scored,
        tuple(name for name, sheets in points.items() if not sheets),
        _readings(state, round_name, unit, totals, parts, fits),
        len(parts),
        tuple(_notes(definition, totals, parts)),
    )


def _common_denominator(definition: Definition) -> int:
    return lcm(*(share.denominator for share in definition.coefficients.values())) * 10**definition.score_decimals


def _totals(definition: Definition, points: Mapping[str, Scores]) -> dict[str, dict[str, int]]:
    """Give the weighted totals by entrant and judge as whole numbers over the common denominator."""
    decimals = definition.score_decimals
    whole = _common_denominator(definition) // 10**decimals
    shares = [(name, int(share * whole)) for name, share in definition.coefficients.items()]
    return {
        entrant: {
            judge: sum(share * _scaled(row[name], decimals) for name, share in shares) for judge, row in sheets.items()
        }
        for entrant, sheets in points.items()
    }


@lru_cache(maxsize=4096)
def _scaled(points: str, decimals: int) -> int:
    return int(Decimal(points).scaleb(decimals))


def _root(value: Fraction) -> Fraction:
    return Fraction(_EXACT.sqrt(_EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))))


def _variance(values: Sequence[int], unit: int) -> Fraction | None:
    count, total = len(values), sum(values)
    if count < 2:
        return None
    return Fraction(count * sum(value * value for value in values) - total * total, count * (count - 1) * unit * unit)


def _corrected(
    definition: Definition, counts: Mapping[str, Mapping[str, int]], fits: Sequence[SeverityFit]
) -> _Corrected:
    whole = _common_denominator(definition)
    if definition.correction == "none":
        return _Corrected({name: list(row.values()) for name, row in counts.items()}, whole)
    # Rounded far beyond what scores are compared by: exact severities have hundreds of digits.
    unit = whole * 10 ** (definition.decimals + 9)
    scale = unit // whole
    if definition.correction == "additive":
        severity = {judge: round(points * unit) for fit in fits for judge, points in fit.severity.items()}
        values = {
            name: [count * scale + severity[judge] for judge, count in row.items()] for name, row in counts.items()
        }
        return _Corrected(values, unit)
    given = _by_judge(counts)
    if not given:
        return _Corrected({}, unit)
    means = {judge: Fraction(sum(row), len(row)) for judge, row in given.items()}
    variances = {judge: _variance(row, 1) or Fraction() for judge, row in given.items()}
    centre = sum(means.values(), Fraction()) / len(given)
    spread = _root(sum(variances.values(), Fraction()) / len(given))
    # A judge who gave one score only, or the same to all, has put nobody before another: the panel's mean.
    stretch = {
        judge: round(spread / _root(variance) * _FINE) if variance else 0 for judge, variance in variances.items()
    }
    start = {judge: round((centre * _FINE - stretch[judge] * mean) * scale) for judge, mean in means.items()}
    standardised = {
        name: [(start[judge] + stretch[judge] * count * scale) // _FINE for judge, count in row.items()]
        for name, row in counts.items()
    }
    return _Corrected(standardised, unit)


def _by_judge(counts: Mapping[str, Mapping[str, int]]) -> dict[str, list[int]]:
    given: dict[str, list[int]] = {}
    for row in counts.values():
        for judge, count in row.items():
            given.setdefault(judge, []).append(count)
    return given


def _score(definition: Definition, corrected: _Corrected, fit: SeverityFit, entrant: str) -> Fraction:
    if definition.correction == "additive" and not definition.trim:
        return fit.level[entrant]
    values, trim = sorted(corrected.values[entrant]), definition.trim
    kept = values[trim : len(values) - trim] if len(values) > 2 * trim else values
    return Fraction(sum(kept), len(kept) * corrected.unit)


def _standard_error(definition: Definition, corrected: _Corrected, fit: SeverityFit, entrant: str) -> Decimal | None:
    values = sorted(corrected.values[entrant])
    count, trim = len(values), definition.trim if len(values) > 2 * definition.trim else 0
    if definition.correction == "additive" and not definition.trim:
        if fit.residual_variance is None:
            return None
        return rounded(_root(fit.residual_variance * fit.level_factor[entrant]), definition.decimals)
    kept = values[trim : count - trim]
    variance = _variance([kept[0]] * trim + kept + [kept[-1]] * trim, corrected.unit)
    if variance is None or len(kept) < 2:
        return None
    return rounded(_root(variance * count) / (count - 2 * trim), definition.decimals)


def _leaf_means(definition: Definition, sheets: Scores) -> dict[str, Fraction]:
    decimals = definition.score_decimals
    return {
        leaf.id: Fraction(sum(_scaled(row[leaf.id], decimals) for row in sheets.values()), len(sheets) * 10**decimals)
        for leaf in definition.leaves
    }


def _readings(
    state: ContestState,
    round_name: RoundName,
    unit: str,
    totals: Mapping[str, Mapping[str, Fraction]],
    parts: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
    fits: Sequence[SeverityFit],
) -> tuple[JudgeReading, ...]:
    decimals, found = state.definition.decimals, []
    part_of = {judge: at for at, (_, judges) in enumerate(parts) for judge in judges}
    given: dict[str, list[Fraction]] = {}
    for row in totals.values():
        for judge, total in row.items():
            given.setdefault(judge, []).append(total)
    for judge in judges_of(state, round_name, unit):
        at = part_of.get(judge.id)
        if at is None:
            found.append(JudgeReading(judge.id, 0, None, None, None, None))
            continue
        fit, values = fits[at], given[judge.id]
        # A judge alone in a part is neither strict nor lenient: there is nobody to compare with.
        known = len(fit.severity) > 1
        error = (
            rounded(_root(fit.residual_variance * fit.severity_factor[judge.id]), decimals)
            if known and fit.residual_variance is not None
            else None
        )
        severity = rounded(fit.severity[judge.id], decimals) if known else None
        found.append(
            JudgeReading(
                judge.id, len(values), rounded(sum(values, Fraction()) / len(values), decimals), severity, error, at + 1
            )
        )
    return tuple(found)


def _notes(
    definition: Definition,
    totals: Mapping[str, Mapping[str, Fraction]],
    parts: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
) -> list[str]:
    notes = []
    if len(parts) > 1:
        notes.append(
            f"评委与参赛单位分成互不相连的 {len(parts)} 部分，各部分之间的宽严无法校正，跨部分名次只凭原评分水平"
            f" the panel falls into {len(parts)} unconnected parts: severity cannot be corrected between them, and"
            " places across parts rest on what each part's judges gave"
        )
    if definition.correction == "standardised" and len({frozenset(row) for row in totals.values()}) > 1:
        notes.append(
            "评委所评单位不尽相同，标准分以其水平相当为前提 not every judge scored the same entrants: standardising"
            " supposes that what each of them saw was equally good"
        )
    if definition.trim and (few := sorted(name for name, row in totals.items() if len(row) <= 2 * definition.trim)):
        notes.append(f"评分太少，未去高低分 too few scores to trim: {', '.join(few)}")
    return notes
