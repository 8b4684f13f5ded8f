"""What freight is made of: places with travel between them, loads with two ends, vehicles with what they can carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from gaoyuan.errors import InputError

__all__ = ["FREE", "Freight", "FreightInvalid", "Load", "Stop", "Travel", "Vehicle", "roads_between"]

FREE = 2**40
"""A latest time that binds nobody, in seconds: some 35,000 years."""
_EARTH_METRES = 6_371_008.8


class FreightInvalid(InputError):
    """Loads, vehicles or ways that contradict themselves."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where and when goods are handed over: `place` is a row of the travel matrices; handing over begins between
    `early` and `late` and takes `service`, all in seconds since the plan's beginning.
    """

    place: int
    early: int = 0
    late: int = FREE
    service: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """Goods to be carried from one stop to another on one vehicle. `amounts` are in the same order and units as the
    vehicles' capacities (kilograms, cubic decimetres, pallets); `needs` names equipment and papers that the vehicle
    must have (冷藏, 尾板, 危险品). `pay` is what carrying it is worth, in fen; without it the load must go if it can.
    """

    key: str
    pickup: Stop
    delivery: Stop
    amounts: tuple[int, ...] = ()
    needs: frozenset[str] = frozenset()
    pay: int | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle with its driver: it starts at `start` and ends at `end` (None: wherever it is done), from `early` to
    `late` in seconds. Costs are in fen: `fixed` for using it at all, per kilometre, and per hour from start to end.
    `has` names its equipment and papers, `refuses` the loads that its carrier has refused.
    """

    key: str
    start: int
    end: int | None
    capacity: tuple[int, ...] = ()
    early: int = 0
    late: int = FREE
    fixed: int = 0
    per_kilometre: int = 100
    per_hour: int = 0
    longest_metres: int = FREE
    has: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()

    def may_carry(self, load: Load) -> bool:
        """Say whether this vehicle could ever carry a load: big enough, equipped, with papers, and not refused."""
        fits = all(amount <= room for amount, room in zip(load.amounts, self.capacity, strict=True))
        return fits and load.needs <= self.has and load.key not in self.refuses


@dataclass(frozen=True, slots=True)
class Travel:
    """Ways between places: `metres[i, j]` and `seconds[i, j]` from place i to place j, whole numbers."""

    metres: npt.NDArray[np.int64]
    seconds: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Freight:
    """A whole of loads, vehicles and ways. Raises FreightInvalid where keys repeat, amounts and capacities are of
    different dimensions or negative, a place is not of the matrices, or a time ends before it begins.
    """

    loads: tuple[Load, ...]
    vehicles: tuple[Vehicle, ...]
    travel: Travel
    _checked: None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        shape = self.travel.metres.shape
        if shape != self.travel.seconds.shape or len(shape) != 2 or shape[0] != shape[1]:
            raise FreightInvalid(
                f"the travel matrices are not square and alike: {shape}, {self.travel.seconds.shape}",
                zh="里程与时间矩阵不是同样大小的方阵",
            )
        if (self.travel.metres < 0).any() or (self.travel.seconds < 0).any():
            raise FreightInvalid(
                "a way is shorter than nothing",
                zh="里程或时间为负",
            )
        for named in (self.loads, self.vehicles):
            keys = [one.key for one in named]
            if len(set(keys)) < len(keys):
                twice = next(key for key in keys if keys.count(key) > 1)
                raise FreightInvalid(
                    f"two are called {twice!r}",
                    zh=f"编号重复：{twice}",
                )
        dimensions = {len(load.amounts) for load in self.loads} | {len(one.capacity) for one in self.vehicles}
        if len(dimensions) > 1:
            raise FreightInvalid(
                f"amounts and capacities have different dimensions: {sorted(dimensions)}", zh="货量与载重的维数不同"
            )
        for load in self.loads:
            if min(load.amounts, default=0) < 0 or (load.pay or 0) < 0:
                raise FreightInvalid(
                    f"load {load.key!r} has a negative amount or pay", zh=f"货物 {load.key} 的数量或运价为负"
                )
            for stop in (load.pickup, load.delivery):
                self._check(f"load {load.key!r}", stop.place, stop.early, stop.late)
                if stop.service < 0:
                    raise FreightInvalid(
                        f"load {load.key!r}: handing over takes less than no time", zh=f"货物 {load.key} 的装卸时间为负"
                    )
        for one in self.vehicles:
            for place in {one.start, one.start if one.end is None else one.end}:
                self._check(f"vehicle {one.key!r}", place, one.early, one.late)
            if min(*one.capacity, one.fixed, one.per_kilometre, one.per_hour, one.longest_metres) < 0:
                raise FreightInvalid(
                    f"vehicle {one.key!r} has a negative capacity, cost or distance",
                    zh=f"车辆 {one.key} 的载重、费用或里程为负",
                )

    @cached_property
    def load_of(self) -> dict[str, Load]:
        """The loads by their keys."""
        return {load.key: load for load in self.loads}

    @cached_property
    def vehicle_of(self) -> dict[str, Vehicle]:
        """The vehicles by their keys."""
        return {vehicle.key: vehicle for vehicle in self.vehicles}

    def _check(self, whose: str, place: int, early: int, late: int) -> None:
        if not 0 <= place < len(self.travel.metres):
            raise FreightInvalid(
                f"{whose}: place {place} is none of the {len(self.travel.metres)}", zh=f"{whose}：没有第 {place} 个地点"
            )
        if not 0 <= early <= late:
            raise FreightInvalid(
                f"{whose}: the time from {early} to {late} s is none",
                zh=f"{whose}：时间 {early} 至 {late} 秒颠倒或为负",
            )


def roads_between(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, *, detour: float = 1.3, kilometres_per_hour: float = 50.0
) -> Travel:
    """Estimate ways from coordinates in degrees where no road network is at hand: the great circle times `detour`, at
    one speed. 1.3 is the usual ratio of road to straight distance (H. Fisher and others find 1.2 to 1.4; see Boscoe,
    Henry and Zdeb, The Professional Geographer 64, 2012).

    >>> roads_between([117.0, 117.0], [36.0, 36.1]).metres.tolist()
    [[0, 14455], [14455, 0]]
    """
    east, north = np.radians(np.asarray(longitude, dtype=float)), np.radians(np.asarray(latitude, dtype=float))
    half = (
        np.sin((north[:, None] - north) / 2) ** 2
        + np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    )
    metres = detour * 2 * _EARTH_METRES * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return Travel(np.rint(metres).astype(np.int64), np.rint(metres / (kilometres_per_hour / 3.6)).astype(np.int64))
