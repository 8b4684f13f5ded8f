"""The measures as plain functions on arrays, on a small made-up table. No workspace is needed.

.venv/bin/python examples/measures.py
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gaoyuan.observe import (
    economic_complexity,
    ellison_glaeser,
    local_excess,
    location_quotient,
    m_envelope,
    m_function,
    proximity,
    relatedness_density,
    specialised,
)

COUNTIES = ["高阳县", "安平县", "清河县", "容城县", "蠡县"]
INDUSTRIES = ["毛巾", "染整", "丝网", "机床", "羊绒", "服装"]
FIRMS = np.array(
    [
        [120, 40, 2, 3, 5, 60],
        [3, 2, 150, 60, 2, 15],
        [4, 30, 3, 4, 90, 70],
        [10, 20, 2, 5, 8, 140],
        [60, 30, 4, 40, 50, 40],
    ]
)


def main() -> None:
    """Print each measure with what it says."""
    print("Location quotients: how many times its average share an industry has in a county")
    print(pd.DataFrame(location_quotient(FIRMS), COUNTIES, INDUSTRIES).round(2), "\n")

    print("Local excess of 毛巾: could its number in a county be chance?")
    tested = local_excess(FIRMS[:, 0], FIRMS.sum(axis=1))
    print(pd.DataFrame({"expected": tested.expected, "p": tested.p_value, "q": tested.q_value}, COUNTIES), "\n")

    present = specialised(FIRMS)
    near = proximity(present)
    print("Relatedness density: how near an industry is to what a county is strong in")
    print(pd.DataFrame(relatedness_density(present, near), COUNTIES, INDUSTRIES).round(2), "\n")
    complexity = economic_complexity(present)
    print(f"Economic complexity; the table has {complexity.components} part" + "s" * (complexity.components > 1))
    print(pd.Series(complexity.eci, COUNTIES).round(2).to_string(), "\n")

    print("Ellison–Glaeser: concentrated beyond what the sizes of the plants explain?")
    random = np.random.default_rng(1)
    county, industry = (np.repeat(side.ravel(), FIRMS.ravel()) for side in np.indices(FIRMS.shape))
    persons = random.lognormal(2.5, 1.0, county.size)
    index = ellison_glaeser(persons, np.array(INDUSTRIES)[industry], np.array(COUNTIES)[county])
    print(index[["gamma", "herfindahl", "plants"]].round(3), "\n")

    print("M: how much more frequent an industry is around its own firms, at 500 m to 4 km")
    towns = random.uniform(0.0, 20_000.0, (12, 2))
    town = random.integers(0, 12, 1_500)
    points = towns[town] + random.normal(0.0, 900.0, (1_500, 2))
    towels = (town < 2) & (random.random(1_500) < 0.5) | (random.random(1_500) < 0.02)
    radii = np.array([500.0, 1_000.0, 2_000.0, 4_000.0])
    curve = m_function(points, None, towels, towels, radii)
    chance = m_envelope(points, None, towels, radii, simulations=39, seed=1)
    print(pd.DataFrame({"M": curve, "chance, 97.5 %": chance.upper}, radii).round(2))
    print(f"p of the whole curve: {chance.p_value:.3f}")


if __name__ == "__main__":
    main()
