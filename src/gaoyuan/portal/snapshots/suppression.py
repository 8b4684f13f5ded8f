"""No figure that covers fewer than three enterprises is shown to the public.

The rule is that of statistical offices for business figures: below three, one enterprise could work out another. Only
single cells are hidden here; sums that are shown together may still bound a hidden one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

LEAST_FIRMS = 3


def hidden(firms: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Say which cells are hidden from the public: those with one or two firms. A cell without any says nothing of any.

    >>> hidden([0, 1, 2, 3]).tolist()
    [False, True, True, False]
    """
    known = np.asarray(firms, dtype=np.float64)
    return (known > 0) & (known < LEAST_FIRMS)


def suppressed(rows: pd.DataFrame, covers: dict[str, str]) -> pd.DataFrame:
    """Give rows with each figure emptied whose number of enterprises is below three; `covers` names for each column of
    figures the column of that number.

    >>> rows = pd.DataFrame({"firms": [2, 5], "revenue_yuan": [7.0, 9.0], "revenue_firms": [2, 1]})
    >>> suppressed(rows, {"firms": "firms", "revenue_yuan": "revenue_firms"}).isna().sum().to_dict()
    {'firms': 1, 'revenue_yuan': 2, 'revenue_firms': 0}
    """
    shown = rows.copy()
    for column, number in covers.items():
        shown[column] = rows[column].astype(object).where(~hidden(rows[number].fillna(0)), None)
    return shown
