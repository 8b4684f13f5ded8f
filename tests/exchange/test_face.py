"""The face of the room."""

from __future__ import annotations

import pytest

import gaoyuan.exchange


def test_every_name_of_the_face_is_there() -> None:
    assert [name for name in gaoyuan.exchange.__all__ if not hasattr(gaoyuan.exchange, name)] == []
    assert set(gaoyuan.exchange.__all__) <= set(dir(gaoyuan.exchange))


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        gaoyuan.exchange.nothing  # noqa: B018
