"""Prints how fast Gaoyuan is, side by side with the programs that people use now.

    python -m benchmarks [--large] [--only WORD]

`--large` adds the sample of 10 million firms, which takes minutes. Where both programs give the same figure, it is
compared. Figures of R programs are quoted, for R is not part of this project's environment: measured by us on a machine
with two cores, dbmss 2.11 on R 4.2.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform

import numpy as np

from benchmarks import kernels, registers
from benchmarks.measuring import Measured, Work, measured

_QUOTED_M, _QUOTED_KD = 5.2, 9.5


def _row(name: str, ours: Measured, peer: str, seconds: float | None, memory: float | None, bar: str) -> str:
    ratio = f"{seconds / ours.seconds:,.0f} ×" if seconds else ""
    theirs = f"{seconds:,.2f}" if seconds else ""
    held = f"{memory:.2f}" if memory else ""
    return f"{name:<46}{ours.seconds:>10.3f}{peer:>30}{theirs:>10}{ratio:>10}{bar:>12}{ours.gigabytes:>9.2f}{held:>9}"


def _against(name: str, ours: Work, peer: str, package: str, theirs: Work, bar: str, same: bool) -> str:
    own = measured(ours)
    if importlib.util.find_spec(package) is None:
        return _row(name, own, f"{peer} (not installed)", None, None, bar)
    other = measured(theirs, repeat=1, warm=False)
    return _row(name, own, peer, other.seconds, other.gigabytes, bar) + (
        "" if not same or np.isclose(own.answer, other.answer, rtol=1e-6) else f"  DIFFERS: {own.answer} {other.answer}"
    )


def main() -> None:
    """Run the benchmarks and print their table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="also import and observe 10 million firms")
    parser.add_argument("--only", default="", help="only the work whose name contains this word")
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.platform()}")
    heads = ("work", "ours s", "against", "s", "ratio", "at least", "ours GB", "GB")
    print("{:<46}{:>10}{:>30}{:>10}{:>10}{:>12}{:>9}{:>9}".format(*heads))
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
            lambda name: _row(name, measured(kernels.our_m), "dbmss (quoted, CPU)", _QUOTED_M, None, "50 ×"),
        ),
        (
            "M, the same, denominators included",
            lambda name: _row(name, measured(kernels.our_m_alone), "dbmss (quoted, CPU)", _QUOTED_M, None, ""),
        ),
        (
            "K_d, 100,000 firms, 8,000 in the sector",
            lambda name: _row(name, measured(kernels.our_kd), "dbmss (quoted, CPU)", _QUOTED_KD, None, "20 ×"),
        ),
        (
            "import + observe, sample of 1,000,000 firms",
            lambda name: _row(name, measured(registers.on_sample_of(10**6), 1, False), "", None, None, ""),
        ),
    ):
        if given.only in name:
            print(run(name), flush=True)
    if registers.real_register() and given.only in "import + observe, real register":
        ours = measured(registers.on_real, 1, False)
        print(_row("import + observe, real register", ours, "the wall clock", None, None, "120 s, 6 GB"), flush=True)
    if given.large and given.only in "import + observe, sample of 10,000,000 firms":
        ours = measured(registers.on_sample_of(10**7), 1, False)
        name = "import + observe, sample of 10,000,000 firms"
        print(_row(name, ours, "the wall clock", None, None, "300 s, 12 GB"), flush=True)


if __name__ == "__main__":
    main()
