"""Attacks on packs, each at 1,000 random places, and 1,000 true packs that must raise no alarm.

`python -m benchmarks.trust_attacks` prints how many of each were found; those on the log itself run at as many places
in tests/trust/test_attacks.py each time.
"""

from __future__ import annotations

import random

from tests.trust.pack.attacks import ATTACKS, Scene
from tests.trust.pack.conftest import Platform

from gaoyuan.trust import ed25519_cosigner, ed25519_signer

PLACES = 1_000


def drawn(dice: random.Random) -> tuple[Platform, bytes]:
    """Draw half a year of trades of firm 7, some of them signed by one side or both, and make its pack."""
    witnesses = ed25519_cosigner("bank.example/w", b"b" * 32), ed25519_cosigner("union.example/w", b"u" * 32)
    platform = Platform(ed25519_signer("example.com/log", b"l" * 32), witnesses)
    keys = {party: platform.key(party, "2026-01-01") for party in ("7", "8", "9")}
    for month in range(1, 7):
        partner, amount = dice.choice(("8", "9")), f"{dice.randrange(1, 10**6)}.{dice.randrange(100):02d}"
        seller, buyer = pair = dice.sample(["7", partner], 2)
        moves = tuple(dice.sample(["order", "delivery", "acceptance", "dispute"], dice.randrange(4)))
        made = platform.trade(seller, buyer, amount, f"2026-{month:02d}-{dice.randrange(1, 20):02d}", moves=moves)
        for party in dice.sample(pair, dice.randrange(3)):
            platform.sign(party, keys[party], [made], f"2026-{month:02d}-21")
    return platform, platform.pack("7", platform.consent("7", "2026-01", "2026-06", "2026-07-01"))


def main() -> None:
    """Try all, and print it."""
    dice = random.Random(20_261_123)
    alarms = 0
    for _ in range(PLACES):
        scene = Scene(*drawn(dice))
        alarms += not scene.accepted(scene.packed)
    print(f"{PLACES:,} true packs: {alarms} alarms", flush=True)
    for attack in ATTACKS:
        scene = Scene(*drawn(dice))
        missed = sum(attack(scene, dice) for _ in range(PLACES))
        print(f"{attack.__name__[1:]}: {PLACES - missed:,} of {PLACES:,} found", flush=True)


if __name__ == "__main__":
    main()
