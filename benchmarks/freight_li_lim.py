"""Freight plans on the instances of Li and Lim (pick-up and delivery with time windows), against the best known.

    python -m benchmarks.freight_li_lim FOLDER BEST.csv [--seconds 20] [--every 1] [--sizes 100,200] [--only lc101,…]

FOLDER holds the instances in folders li_lim_100, li_lim_200 …, as VROOM's and SINTEF's collections have them; BEST.csv
has the columns instance, solution_vehicles, solution_cost_recomputed (or table_vehicles, table_cost where those are
empty). Effort is processor time of one core, so that a busy machine changes nothing. Fewer vehicles come before less
way. Distances of the plans are summed and every route is driven again in double precision by a checker of this file,
which shares nothing with the planner. H. Li and A. Lim, A metaheuristic for the pickup and delivery problem with time
windows, IEEE ICTAI 2001.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gaoyuan.exchange.freight import Effort, Freight, Load, Plan, Stop, Travel, Vehicle, plan_freight

SCALE = 1000
"""The planner counts in whole numbers: times and ways in thousandths, ways rounded up so that what fits there fits."""
VEHICLE_FEN = 1_000_000
_CLOSE = 1e-6


class Row(NamedTuple):
    """A line of an instance: a place with its demand, its window, and its partner."""

    number: int
    east: float
    north: float
    demand: int
    early: float
    late: float
    service: float
    pickup: int
    delivery: int


class Instance(NamedTuple):
    """An instance: vehicles, what one carries, and its places, the depot first."""

    name: str
    vehicles: int
    capacity: int
    rows: list[Row]

    def way(self, one: int, other: int) -> float:
        """Give the straight way between two places."""
        here, there = self.rows[one], self.rows[other]
        return math.hypot(here.east - there.east, here.north - there.north)


class Best(NamedTuple):
    """The best that is known of an instance."""

    vehicles: int
    way: float


def read_instance(file: Path) -> Instance:
    """Read an instance."""
    lines = [line.split() for line in file.read_text(encoding="ascii").splitlines() if line.strip()]
    rows = [Row(*map(int, line[:4]), *map(float, line[4:7]), *map(int, line[7:9])) for line in lines[1:]]
    return Instance(file.stem.lower(), int(lines[0][0]), int(lines[0][1]), rows)


def read_best(file: Path) -> dict[str, Best]:
    """Read what is best known of each instance."""
    with file.open(encoding="utf-8", newline="") as held:
        return {
            row["instance"].lower(): Best(
                int(row["solution_vehicles"] or row["table_vehicles"]),
                float(row["solution_cost_recomputed"] or row["table_cost"]),
            )
            for row in csv.DictReader(held)
        }


def freight_of(instance: Instance) -> Freight:
    """Give an instance in the planner's terms."""
    count = len(instance.rows)
    ways = np.array([[instance.way(one, other) for other in range(count)] for one in range(count)])
    whole = np.ceil(ways * SCALE - _CLOSE).astype(np.int64)

    def stop(row: Row) -> Stop:
        return Stop(row.number, int(row.early * SCALE), int(row.late * SCALE), int(row.service * SCALE))

    loads = tuple(
        Load(str(row.number), stop(row), stop(instance.rows[row.delivery]), (row.demand,))
        for row in instance.rows[1:]
        if not row.pickup
    )
    late = int(instance.rows[0].late * SCALE)
    vehicles = tuple(
        Vehicle(f"v{at}", 0, 0, (instance.capacity,), 0, late, fixed=VEHICLE_FEN, per_kilometre=100)
        for at in range(instance.vehicles)
    )
    return Freight(loads, vehicles, Travel(whole, whole))


def way_of(instance: Instance, plan: Plan) -> float:
    """Give a plan's whole way. Raises AssertionError where it breaks a rule of the instance."""
    served: set[int] = set()
    total = 0.0
    for route in plan.routes:
        at, now, held, board = 0, instance.rows[0].early, 0, set[int]()
        for visit in route.visits:
            row = instance.rows[int(visit.load)]
            row = row if visit.kind == "pickup" else instance.rows[row.delivery]
            way = instance.way(at, row.number)
            total += way
            now = max(now + way, row.early)
            assert now <= row.late + _CLOSE, f"{instance.name}: place {row.number} is reached too late"
            now += row.service
            held += row.demand
            assert 0 <= held <= instance.capacity, f"{instance.name}: too full after place {row.number}"
            if row.pickup:
                assert row.pickup in board, f"{instance.name}: {row.number} before its pick-up"
                board.remove(row.pickup)
            else:
                board.add(row.number)
            assert row.number not in served, f"{instance.name}: place {row.number} twice"
            served.add(row.number)
            at = row.number
        way = instance.way(at, 0)
        total += way
        assert now + way <= instance.rows[0].late + _CLOSE, f"{instance.name}: home too late"
        assert not board, f"{instance.name}: {board} never delivered"
    assert len(served) == len(instance.rows) - 1, f"{instance.name}: {len(served)} places are served"
    assert len(plan.routes) <= instance.vehicles, f"{instance.name}: too many vehicles"
    return total


def main() -> None:
    """Plan the instances and print a line for each and what came out in all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("best", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0, help="processor time for each")
    parser.add_argument("--every", type=int, default=1, help="take only each so-manieth")
    parser.add_argument("--sizes", default="100,200")
    parser.add_argument("--only", default="", help="names of instances")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    best = read_best(asked.best)
    files: list[Path] = []
    for size in asked.sizes.split(","):
        files += sorted((asked.folder / f"li_lim_{size}").glob("*.txt"))[:: asked.every]
    if asked.only:
        files = [file for file in files if file.stem.lower() in asked.only.lower().split(",")]
    # What is translated on first use is no part of the effort.
    plan_freight(freight_of(read_instance(files[0])), Effort(seconds=None, iterations=1))
    equal, gaps = 0, list[float]()
    for file in files:
        instance = read_instance(file)
        known = best[instance.name]
        effort = Effort(seconds=asked.seconds, seed=asked.seed, clock=time.process_time)
        plan = plan_freight(freight_of(instance), effort)
        way = way_of(instance, plan)
        more = len(plan.routes) - known.vehicles
        equal += more <= 0
        gap = 100 * (way / known.way - 1)
        gaps += [gap] if not more else []
        print(f"{instance.name}: {len(plan.routes)} vehicles ({more:+d}), way {way:.2f} ({gap:+.2f} %)", flush=True)
    share = 100 * equal / len(files)
    print(f"{len(files)} instances, all routes checked: vehicles as few as best known in {share:.1f} %")
    if gaps:
        print(f"way at as many vehicles: median {statistics.median(gaps):+.3f} %, most {max(gaps):+.2f} %")


if __name__ == "__main__":
    main()
