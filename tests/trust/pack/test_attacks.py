"""Attacks on a pack are all found, and no true pack is refused. `python -m benchmarks.trust_attacks` tries 1,000 places
of each.
"""

from __future__ import annotations

import random

import pytest
from tests.trust.pack.attacks import ATTACKS, Scene
from tests.trust.pack.conftest import Platform

PLACES = 25
"""How many places each attack is tried at here, where all others wait for it."""


@pytest.fixture(scope="module")
def scene(traded: tuple[Platform, int], packed: bytes) -> Scene:
    return Scene(traded[0], packed)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__[1:])
def test_every_attack_is_found(attack, scene: Scene) -> None:
    dice = random.Random(attack.__name__)
    assert [place for place in range(PLACES) if attack(scene, dice)] == []


def test_what_is_true_raises_no_alarm(scene: Scene) -> None:
    assert scene.accepted(scene.packed)
    assert scene.accepted(scene.sealed(scene.body()))
