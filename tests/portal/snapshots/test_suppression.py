"""Hidden cells cannot be worked out from what is shown: found by elimination on small tables, where that is exact."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.portal.snapshots.suppression import determined, hidden, protected


def table(rng: np.random.Generator, height: int, width: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Give a table with the sums of its rows and columns, in pairs too, and what adds up to what."""
    inner = rng.poisson(rng.gamma(0.6, 6.0, (height, width)))
    cells = np.zeros((height + height // 2 + 1, width + width // 2 + 1), dtype=np.int64)
    cells[:height, :width] = inner
    for half in range(height // 2):
        cells[height + half, :width] = inner[2 * half : 2 * half + 2].sum(axis=0)
    cells[-1, :width] = inner.sum(axis=0)
    for half in range(width // 2):
        cells[:, width + half] = cells[:, 2 * half : 2 * half + 2].sum(axis=1)
    cells[:, -1] = cells[:, :width].sum(axis=1)
    at = np.arange(cells.size).reshape(cells.shape)
    down = np.full(cells.shape, -1)
    across = np.full(cells.shape, -1)
    down[:height] = at[height + np.arange(height) // 2]
    down[height:-1] = at[-1]
    across[:, :width] = at[:, width + np.arange(width) // 2]
    across[:, width:-1] = at[:, [-1]]
    return cells.ravel(), [down.ravel(), across.ravel()]


def known_by_elimination(counts: np.ndarray, above: list[np.ndarray], shut: np.ndarray) -> list[int]:
    """Give the hidden cells at which the null space of all sums is zero, by singular values."""
    unknown = np.flatnonzero(shut)
    rows = []
    for one in above:
        for whole in np.unique(one[one >= 0]):
            row = np.zeros(len(counts))
            row[one == whole] = 1
            row[whole] = -1
            if row @ counts == 0 and counts[whole]:
                rows.append(row[unknown])
    _, sizes, right = np.linalg.svd(np.array(rows))
    free = right[(sizes > 1e-9).sum() :]
    return [int(cell) for cell, moves in zip(unknown, np.abs(free).max(axis=0, initial=0), strict=True) if moves < 1e-9]


@pytest.mark.parametrize("seed", range(12))
def test_no_hidden_cell_follows_from_any_of_the_sums(seed: int) -> None:
    counts, above = table(np.random.default_rng(seed), 8, 6)
    small = hidden(counts)
    assert known_by_elimination(counts, above, small), "the small cells alone are worked out from the sums"
    shut = protected(counts, above)
    assert shut[small].all()
    assert known_by_elimination(counts, above, shut) == []


@pytest.mark.parametrize("seed", range(12))
def test_what_several_sums_together_give_is_found_as_by_elimination(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    counts, above = table(rng, 8, 6)
    for share in (0.2, 0.4, 0.6):
        shut = (rng.random(len(counts)) < share) & (counts > 0)
        assert determined(counts, above, shut).tolist() == known_by_elimination(counts, above, shut)


def test_large_tables_are_protected_sum_by_sum() -> None:
    counts, above = table(np.random.default_rng(3), 40, 30)
    shut = protected(counts, above, exact_cells=0)
    for one in above:
        for whole in np.unique(one[one >= 0]):
            terms = shut[one == whole].sum() + shut[whole]
            assert terms != 1


def test_parts_that_are_one_each_do_not_stand_alone_beside_their_sum() -> None:
    shut = protected([9, 1, 1, 7], [[-1, 0, 0, 0]])
    assert shut.tolist() == [False, True, True, True]


def test_nothing_is_hidden_for_a_sum_that_holds_more_than_its_parts() -> None:
    """Some enterprises are known to the prefecture alone: the difference is theirs and the small county's."""
    assert protected([9, 1, 5], [[-1, 0, 0]]).tolist() == [False, True, False]


def test_a_cell_that_other_pages_show_hides_no_other() -> None:
    kept = [False, False, True, False]
    assert protected([14, 1, 4, 9], [[-1, 0, 0, 0]], kept=kept).tolist() == [False, True, False, True]
    assert protected([5, 1, 4], [[-1, 0, 0]], kept=kept[:3]).tolist() == [True, True, False]


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert not protected([9, 4, 5], [[-1, 0, 0]]).any()
    assert not protected([], [[]]).any()
    assert not protected([0, 0, 0], [[-1, 0, 0]]).any()
