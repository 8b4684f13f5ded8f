"""Whether a load could be carried if there were no other, and if not, why."""

from __future__ import annotations

from gaoyuan.exchange.freight.model import Freight, Load, Vehicle
from gaoyuan.exchange.freight.plan import Unassigned

__all__ = ["alone_cost_fen", "obstacle"]


def obstacle(load: Load, freight: Freight) -> Unassigned | None:
    """Say why no vehicle could carry a load even if it were the only one; None where one could. Of several obstacles
    the one is told that keeps out the last vehicles.
    """
    able = [
        one
        for one in freight.vehicles
        if all(amount <= room for amount, room in zip(load.amounts, one.capacity, strict=True))
    ]
    if not able:
        return Unassigned(load.key, "too_large", "没有一辆车装得下", "no vehicle is big enough")
    equipped = [one for one in able if load.needs <= one.has]
    if not equipped:
        lacking = sorted(min((load.needs - one.has for one in able), key=lambda needs: (len(needs), sorted(needs))))
        words = "、".join(lacking)
        return Unassigned(
            load.key, "equipment", f"装得下的车都缺少：{words}", f"every vehicle that is big enough lacks {words}"
        )
    willing = [one for one in equipped if load.key not in one.refuses]
    if not willing:
        return Unassigned(load.key, "refused", "能运的车都已拒绝", "every vehicle that could carry it has refused it")
    late = [one for one in willing if not _in_time(load, one, freight)]
    if len(late) == len(willing):
        return Unassigned(
            load.key,
            "time",
            "即使单独运送，也没有车能赶上约定时间",
            "no vehicle can keep its times, even without other loads",
        )
    if all(one in late or _metres(load, one, freight) > one.longest_metres for one in willing):
        return Unassigned(
            load.key,
            "distance",
            "超出能赶上时间的车的最大里程",
            "it is too far for every vehicle that could keep its times",
        )
    return None


def alone_cost_fen(load: Load, vehicle: Vehicle, freight: Freight) -> float | None:
    """Give what a vehicle's route with this load alone costs, None where it cannot carry it."""
    ends = _ends(load, vehicle, freight)
    if not vehicle.may_carry(load) or ends is None or _metres(load, vehicle, freight) > vehicle.longest_metres:
        return None
    metres, seconds = _metres(load, vehicle, freight), _seconds(load, vehicle, freight)
    return vehicle.fixed + vehicle.per_kilometre * metres / 1000 + vehicle.per_hour * seconds / 3600


def _in_time(load: Load, vehicle: Vehicle, freight: Freight) -> bool:
    return _ends(load, vehicle, freight) is not None


def _ends(load: Load, vehicle: Vehicle, freight: Freight) -> int | None:
    """Give when a vehicle is back that carries this load alone and starts as early as it may; None if too late."""
    seconds, place, now = freight.travel.seconds, vehicle.start, vehicle.early
    for stop in (load.pickup, load.delivery):
        now = max(now + int(seconds[place, stop.place]), stop.early)
        if now > stop.late:
            return None
        now, place = now + stop.service, stop.place
    now += 0 if vehicle.end is None else int(seconds[place, vehicle.end])
    return now if now <= vehicle.late else None


def _metres(load: Load, vehicle: Vehicle, freight: Freight) -> int:
    ways = freight.travel.metres
    back = 0 if vehicle.end is None else ways[load.delivery.place, vehicle.end]
    return int(ways[vehicle.start, load.pickup.place] + ways[load.pickup.place, load.delivery.place] + back)


def _seconds(load: Load, vehicle: Vehicle, freight: Freight) -> int:
    """Give the least time on the way with this load alone, waiting left out."""
    ways = freight.travel.seconds
    back = 0 if vehicle.end is None else ways[load.delivery.place, vehicle.end]
    way = ways[vehicle.start, load.pickup.place] + ways[load.pickup.place, load.delivery.place] + back
    return int(way) + load.pickup.service + load.delivery.service
