"""How much is sold over each link: purchases as they are to be, and no firm sells more than it can."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LEAST_LINKS = 10
_LARGEST_FACTOR = 1.5


def aimed_at_blocks(amount: Floats, seller_sector: Ints, buyer_sector: Ints, links: Ints, flows: Floats) -> Floats:
    """Scale purchases (g) so that those of a block of sectors add up to its flow, where it has enough links for its sum
    to be more than chance; at most by a half up or a third down.
    """
    sectors = flows.shape[0]
    block = seller_sector * sectors + buyer_sector
    total = np.bincount(block, weights=amount, minlength=sectors * sectors)
    count = np.bincount(block, weights=links, minlength=sectors * sectors)
    factor = np.divide(flows.ravel(), total, out=np.ones(total.size), where=total > 0)
    factor = np.clip(factor, 1.0 / _LARGEST_FACTOR, _LARGEST_FACTOR)
    factor[count < _LEAST_LINKS] = 1.0
    return amount * factor[block]


def balanced(group: Ints, seller: Ints, amount: Floats, weight: Floats, most: Floats, rounds: int = 30) -> Floats:
    """Give the value of each link (m) by iterative proportional fitting (RAS).

    `group` (m) and `seller` (m) say whose purchase and whose sale a link is; `amount` (g) what a group is to buy,
    `weight` (m) how much a link counts within its group at first, `most` (n) what a seller can sell. Each round scales
    down sellers that sell too much, then groups to their amount; the last step is that of the sellers, so that none
    ever sells more than it can and what its buyers lack is bought elsewhere.

    >>> import numpy as np
    >>> group, seller = np.array([0, 0, 1]), np.array([0, 1, 1])
    >>> balanced(group, seller, np.array([6.0, 4.0]), np.ones(3), np.array([9.0, 6.0])).round(2).tolist()
    [4.0, 2.0, 4.0]
    """
    value = weight.astype(np.float64)
    for _ in range(rounds):
        bought = np.bincount(group, weights=value, minlength=amount.size)
        value *= np.divide(amount, bought, out=np.zeros(amount.size), where=bought > 0)[group]
        sold = np.bincount(seller, weights=value, minlength=most.size)
        if (sold <= most * (1.0 + 1e-6)).all():
            break
        value *= np.minimum(1.0, np.divide(most, sold, out=np.ones(most.size), where=sold > 0))[seller]
    sold = np.bincount(seller, weights=value, minlength=most.size)
    return value * np.minimum(1.0, np.divide(most, sold, out=np.ones(most.size), where=sold > 0))[seller]
