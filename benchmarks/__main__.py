"""Prints how fast Gaoyuan is, side by side with the programs that people use now.

    python -m benchmarks [--large] [--only WORD]

`--large` adds the sample of 10 million firms and the network of a million, which takes minutes; `--only chain` runs the
tables of the chain alone. Where both programs give the same figure, it is compared. Figures of R programs are quoted,
for R is not part of this project's environment: measured by us on a machine with two cores, dbmss 2.11 on R 4.2.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform

import numpy as np

from benchmarks import chain_atlas, chain_input_output, chain_shocks, chain_sourcing, kernels, registers, rules
from benchmarks.measuring import Measured, Work, measured

_QUOTED_M, _QUOTED_KD = (Measured(0.0, seconds, 0.0, 0.0) for seconds in (5.2, 9.5))


def _row(name: str, ours: Measured, peer: str, theirs: Measured | None, bar: str) -> str:
    ratio = seconds = held = ""
    if theirs is not None:
        # What is quoted was measured in seconds of all cores, and is compared with those.
        own = ours.core_seconds if theirs.seconds == 0 else ours.seconds
        spent = theirs.core_seconds if theirs.seconds == 0 else theirs.seconds
        ratio, seconds = f"{spent / own:,.0f} ×", f"{spent:,.2f}"
        held = f"{theirs.gigabytes:.2f}" if theirs.gigabytes else ""
    clocks = f"{ours.seconds:>10.3f}{ours.core_seconds:>10.3f}"
    return f"{name:<46}{clocks}{peer:>28}{seconds:>10}{ratio:>9}{bar:>14}{ours.gigabytes:>9.2f}{held:>7}"


def _against(name: str, ours: Work, peer: str, package: str, theirs: Work, bar: str, same: bool) -> str:
    own = measured(ours)
    if importlib.util.find_spec(package) is None:
        return _row(name, own, f"{peer} (not installed)", None, bar)
    other = measured(theirs, repeat=1, warm=False)
    return _row(name, own, peer, other, bar) + (
        "" if not same or np.isclose(own.answer, other.answer, rtol=1e-6) else f"  DIFFERS: {own.answer} {other.answer}"
    )


def main() -> None:
    """Run the benchmarks and print their table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="also 10 million firms, and a network of a million")
    parser.add_argument("--only", default="", help="only the work whose name contains this word")
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.platform()}")
    heads = ("work", "ours s", "core s", "against", "s", "ratio", "to reach", "ours GB", "GB")
    print("{:<46}{:>10}{:>10}{:>28}{:>10}{:>9}{:>14}{:>9}{:>7}".format(*heads))
    shape = f"{kernels.REGIONS:,} × {kernels.INDUSTRIES:,}"
    for name, run in (
        (
            f"complexity, proximity, density {shape}",
            lambda name: _against(
                name, kernels.our_complexity, "ecomplexity", "ecomplexity", kernels.their_complexity, "50 ×", True
            ),
        ),
        (
            "local excess, 100,000 cells",
            lambda name: _against(
                name, kernels.our_excess, "esda Gi*, 999 permutations", "esda", kernels.their_excess, "1,000 ×", False
            ),
        ),
        (
            "M, 100,000 firms, 8,000 in the sector, cached",
            lambda name: _row(name, measured(kernels.our_m), "dbmss (quoted, core s)", _QUOTED_M, "50 ×"),
        ),
        (
            "M, the same, denominators included",
            lambda name: _row(name, measured(kernels.our_m_alone), "dbmss (quoted, core s)", _QUOTED_M, ""),
        ),
        (
            "K_d, 100,000 firms, 8,000 in the sector",
            lambda name: _row(name, measured(kernels.our_kd), "dbmss (quoted, core s)", _QUOTED_KD, "20 ×"),
        ),
        (
            "industry coding, 300,000 firms",
            lambda name: _row(name, measured(registers.coding_of(300_000)), "the clock", None, "10 s"),
        ),
        (
            "10,000 clusters × one edition, as columns",
            lambda name: _row(name, measured(rules.clusters_by_columns(10_000)), "the clock", None, "10 s"),
        ),
        (
            "10,000 clusters × one edition, one by one with evidence",
            lambda name: _row(name, measured(rules.clusters_one_by_one(10_000), 1), "the clock", None, "10 s"),
        ),
        (
            "3,000,000 enterprises × size classes",
            lambda name: _row(name, measured(rules.firms_by_size(3_000_000)), "the clock", None, "10 s"),
        ),
        (
            "3,000,000 enterprises × ladder of titles",
            lambda name: _row(name, measured(rules.firms_by_ladder(3_000_000), 1, False), "the clock", None, "60 s"),
        ),
        (
            "gaoyuan --help",
            lambda name: _row(name, measured(registers.on_help), "the clock", None, "0.3 s"),
        ),
        (
            "import + observe, sample of 1,000,000 firms",
            lambda name: _row(name, measured(registers.on_sample_of(10**6), 1, False), "", None, ""),
        ),
    ):
        if given.only in name:
            print(run(name), flush=True)
    if registers.real_register() and given.only in "import + observe, real register":
        ours = measured(registers.on_real, 1, False)
        print(_row("import + observe, real register", ours, "the clock", None, "120 s, 6 GB"), flush=True)
    if given.large and given.only in "import + observe, sample of 10,000,000 firms":
        ours = measured(registers.on_sample_of(10**7), 1, False)
        name = "import + observe, sample of 10,000,000 firms"
        print(_row(name, ours, "the clock", None, "300 s, 12 GB"), flush=True)
    if given.only in "chain":
        print("\nsystemic risk")
        chain_shocks.main(["--large"] if given.large else [])
        print("\natlas")
        chain_atlas.main()
        print("\ninput-output")
        chain_input_output.main()
        print("\nsourcing")
        chain_sourcing.main(["--peer"])


if __name__ == "__main__":
    main()
