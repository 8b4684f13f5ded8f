"""The Leontief and the Ghosh inverse of an input-output table (投入产出表).

A table is a flow matrix Z, where Z[i, j] is what sector i sells to sector j, and the gross outputs x, both in the same
unit of money and for the same year. Leontief (1936), Quantitative input and output relations in the economic system of
the United States, Review of Economics and Statistics 18; Ghosh (1958), Input-output approach in an allocation system,
Economica 25; Miller & Blair (2009), Input-Output Analysis, 2nd edition, chapters 2 and 12.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import scipy.linalg
import scipy.sparse
import scipy.sparse.csgraph

from gaoyuan.errors import InputError

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

_NAMED = 8
_BELOW_ZERO = 1e-9


def leontief(Z: npt.ArrayLike, x: npt.ArrayLike, *, names: Sequence[str] | None = None) -> Matrix:
    """Give the Leontief inverse (列昂惕夫逆矩阵) L = (I - A)⁻¹ with A[i, j] = Z[i, j] / x[j].

    L[i, j] is the output of sector i that one unit of final demand for sector j calls for, all rounds included.

    `Z` (sectors, sectors) flows, `x` (sectors) gross outputs, same unit; `names` only serve messages. A sector without
    output has the row and the column of the unit matrix. Raises InputError for wrong shapes, for entries that are
    negative or no numbers, for a sector that buys but makes nothing, and for a table that is not productive: where the
    spectral radius of A is 1 or more, some sectors need more of themselves than they make, and no L exists.

    >>> leontief([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0]).round(4).tolist()
    [[1.4545, 1.0909], [0.3273, 1.7455]]
    """
    flows, outputs = checked_table(Z, x, names=names)
    return _inverse(technical_coefficients(flows, outputs, names=names), names)


def ghosh(Z: npt.ArrayLike, x: npt.ArrayLike, *, names: Sequence[str] | None = None) -> Matrix:
    """Give the Ghosh inverse G = (I - B)⁻¹ with B[i, j] = Z[i, j] / x[i].

    G[i, j] is the output of sector j that one unit of value added in sector i passes through. G = x⁻¹ L x, with x on
    the diagonal. Shapes, edge cases and errors as for `leontief`; a sector that sells but makes nothing is refused.

    >>> ghosh([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0]).round(4).tolist()
    [[1.4545, 0.9818], [0.3636, 1.7455]]
    """
    flows, outputs = checked_table(Z, x, names=names)
    return allocation_inverse(flows, outputs, names)


def allocation_inverse(flows: Matrix, sold: Vector, names: Sequence[str] | None) -> Matrix:
    """Give (I - B)⁻¹ with B[i, j] = flows[i, j] / sold[i], both as `checked_table` gives them."""
    idle = sold <= 0.0
    if (wrong := idle & (flows.sum(axis=1) > 0.0)).any():
        raise InputError(
            f"{_list(wrong, names)}: sells but makes nothing, so that its sales have no shares",
            mend="Give its gross output, or take its row out of the flows.",
            zh=f"{_list_zh(wrong, names)}有销售而无产出，分配系数无从计算",
            mend_zh="补上其总产出，或从中间流量中去掉这一行",
        )
    return _inverse(flows / np.where(idle, 1.0, sold)[:, None], names)


def technical_coefficients(Z: npt.ArrayLike, x: npt.ArrayLike, *, names: Sequence[str] | None = None) -> Matrix:
    """Give the direct input coefficients (直接消耗系数) A[i, j] = Z[i, j] / x[j]; 0 where sector j makes nothing.

    Errors as for `leontief`, except that the table need not be productive.

    >>> technical_coefficients([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0]).tolist()
    [[0.2, 0.5], [0.15, 0.3333333333333333]]
    """
    flows, outputs = checked_table(Z, x, names=names)
    idle = outputs == 0.0
    if (wrong := idle & (flows.sum(axis=0) > 0.0)).any():
        raise InputError(
            f"{_list(wrong, names)}: buys but makes nothing, so that its inputs have no coefficients",
            mend="Give its gross output, or take its column out of the flows.",
            zh=f"{_list_zh(wrong, names)}有购入而无产出，消耗系数无从计算",
            mend_zh="补上其总产出，或从中间流量中去掉这一列",
        )
    return flows / np.where(idle, 1.0, outputs)


def domestic_flows(
    Z: npt.ArrayLike,
    x: npt.ArrayLike,
    imports: npt.ArrayLike,
    exports: npt.ArrayLike,
    *,
    names: Sequence[str] | None = None,
) -> Matrix:
    """Give the flows of home-made goods in a table whose flows hold imports too (竞争型投入产出表).

    Every buyer is taken to buy imports in the same share: Z[i, j] (x[i] - exports[i]) / (x[i] - exports[i] +
    imports[i]). That is the usual assumption where no split is published (Miller & Blair 2009, section 4.6); it is an
    estimate. Sectors that sell nothing at home keep a row of zeros. Raises InputError as `leontief` does, and where
    exports exceed output.

    >>> domestic_flows([[20.0, 45.0], [15.0, 30.0]], [100.0, 90.0], [25.0, 0.0], [25.0, 9.0]).tolist()
    [[15.0, 33.75], [15.0, 30.0]]
    """
    flows, outputs = checked_table(Z, x, names=names)
    bought_in = checked_vector(imports, outputs.size, "imports")
    sent_out = checked_vector(exports, outputs.size, "exports")
    if (bought_in < 0.0).any() or (sent_out < 0.0).any():
        raise InputError(
            "imports and exports must not be negative",
            mend="Published tables print imports with either sign: give their amounts.",
            zh="进口和出口不能为负",
            mend_zh="公布的表中进口有正有负，请给金额本身",
        )
    at_home = outputs - sent_out
    if (wrong := at_home < -1e-9 * outputs).any():
        raise InputError(
            f"{_list(wrong, names)}: exports exceed gross output",
            mend="Leave re-exports out of both.",
            zh=f"{_list_zh(wrong, names)}的出口超过总产出",
            mend_zh="进出口都不计转口",
        )
    at_home = np.maximum(at_home, 0.0)
    supply = at_home + bought_in
    return flows * np.where(supply > 0.0, at_home / np.where(supply > 0.0, supply, 1.0), 0.0)[:, None]


def checked_table(Z: npt.ArrayLike, x: npt.ArrayLike, *, names: Sequence[str] | None = None) -> tuple[Matrix, Vector]:
    """Give the flows and the outputs as arrays; raises InputError for what cannot be a table."""
    flows, outputs = as_numbers(Z, "flows", "中间流量"), as_numbers(x, "outputs", "总产出")
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1] or outputs.shape != flows.shape[:1]:
        raise InputError(
            f"flows of shape {flows.shape} and outputs of shape {outputs.shape} are no table",
            mend="Flows are a square matrix, sellers by buyers, with one gross output for each sector.",
            zh=f"流量 {flows.shape} 与总产出 {outputs.shape} 不成一张表",
            mend_zh="中间流量是部门×部门的方阵（行为卖方），每个部门一个总产出",
        )
    if names is not None and len(names) != outputs.size:
        raise InputError(
            f"{len(names)} names for {outputs.size} sectors",
            mend="Give one name for each sector.",
            zh=f"{outputs.size} 个部门有 {len(names)} 个名称",
            mend_zh="每个部门一个名称",
        )
    if (wrong := np.isnan(outputs) | np.isnan(flows).any(axis=1)).any():
        raise InputError(
            f"{_list(wrong, names)}: entries that are no numbers",
            mend="Fill empty cells of the table with 0.",
            zh=f"{_list_zh(wrong, names)}有不是数的单元格",
            mend_zh="空格填 0",
        )
    if (wrong := np.isinf(outputs) | np.isinf(flows).any(axis=1)).any():
        raise InputError(
            f"{_list(wrong, names)}: infinite entries",
            mend="Look up the amounts; infinity comes of a division by 0 or of a number that was too large.",
            zh=f"{_list_zh(wrong, names)}有无穷大的单元格",
            mend_zh="核对金额；无穷大多因除以 0 或数值过大",
        )
    if (flows < 0.0).any() or (outputs < 0.0).any():
        raise _negative(flows, outputs, names)
    return flows, outputs


def as_numbers(values: npt.ArrayLike, what: str, zh: str) -> npt.NDArray[np.float64]:
    """Give values as an array of numbers; raises InputError for text, and for rows of different lengths."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        text = next((cell for cell in _cells(values) if not _is_number(cell)), None)
    if text is None:
        raise InputError(
            f"{what}: rows of different lengths",
            mend="Give every row one number for each column.",
            zh=f"{zh}各行长度不一",
            mend_zh="每行的数与列数相同",
        )
    raise InputError(
        f"{what}: {text!r} is no number",
        mend="Give numbers, without names, units or signs of currency.",
        zh=f"{zh}中的 {text!r} 不是数",
        mend_zh="只给数，不带名称、单位和货币符号",
    )


def _cells(values: object) -> Iterator[object]:
    if isinstance(values, np.ndarray):
        yield from values.ravel()
    elif isinstance(values, (list, tuple)):
        for value in values:
            yield from _cells(value)
    else:
        yield values


def _is_number(cell: object) -> bool:
    try:
        float(cell)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError):
        return False
    return True


def _negative(flows: Matrix, outputs: Vector, names: Sequence[str] | None) -> InputError:
    """Name the sectors, their partners and the amounts of negative flows and outputs."""

    def called(number: np.int64) -> str:
        return str(number) if names is None else names[int(number)]

    cells, made = np.argwhere(flows < 0.0), np.flatnonzero(outputs < 0.0)
    said = [
        (
            f"sector {called(row)}: negative flow to {called(column)} ({flows[row, column]:g})",
            f"部门 {called(row)} 流向 {called(column)} 的中间流量为负（{flows[row, column]:g}）",
        )
        for row, column in cells[:_NAMED]
    ]
    said += [
        (
            f"sector {called(at)}: negative output ({outputs[at]:g})",
            f"部门 {called(at)} 的总产出为负（{outputs[at]:g}）",
        )
        for at in made[: _NAMED - len(said)]
    ]
    left = len(cells) + made.size - len(said)
    return InputError(
        "; ".join(english for english, _ in said) + (f"; and {left} more" if left else ""),
        mend="Book by-products as sales of the sector that makes them, and changes of stocks as final use.",
        zh="；".join(zh for _, zh in said) + (f"；另有 {left} 处" if left else ""),
        mend_zh="副产品记为其生产部门的销售，存货变动记入最终使用",
    )


def checked_vector(values: npt.ArrayLike, size: int, what: str) -> Vector:
    """Give one number a sector as an array; raises InputError for another number of them, or for what is no number."""
    vector = as_numbers(values, what, what)
    if vector.shape != (size,) or not np.isfinite(vector).all():
        raise InputError(
            f"{what} of shape {vector.shape} are not one number for each of {size} sectors",
            mend="Give one finite number for each sector.",
            zh=f"{what} {vector.shape} 不是 {size} 个部门各一个数",
            mend_zh="每个部门给一个有限的数",
        )
    return vector


def _inverse(coefficients: Matrix, names: Sequence[str] | None) -> Matrix:
    """Give (I - coefficients)⁻¹; by Hawkins & Simon it has no negative entry exactly where the radius is below 1."""
    try:
        inverse = np.asarray(scipy.linalg.inv(np.eye(len(coefficients)) - coefficients, overwrite_a=True))
    except scipy.linalg.LinAlgError:
        inverse = None
    if inverse is None or not np.isfinite(inverse).all() or inverse.min(initial=0.0) < -_BELOW_ZERO:
        wrong = _self_consuming(coefficients)
        raise InputError(
            f"{_list(wrong, names)}: the table is not productive; these sectors need, over all "
            "rounds, at least as much of themselves as they make (spectral radius of the coefficients ≥ 1)",
            mend="Check the gross outputs and the unit of the flows.",
            zh=f"{_list_zh(wrong, names)}：此表不可生产，这些部门（含各轮间接消耗）所耗的自身产品"
            "不少于其产出（消耗系数谱半径 ≥ 1）",
            mend_zh="核对总产出和流量的单位",
        )
    return inverse


def _self_consuming(coefficients: Matrix) -> npt.NDArray[np.bool_]:
    """Say which sectors stand in a circle of sectors whose coefficients have a spectral radius of 1 or more."""
    count, circle = scipy.sparse.csgraph.connected_components(
        scipy.sparse.csr_array(coefficients), directed=True, connection="strong"
    )
    wrong = np.zeros(len(coefficients), dtype=np.bool_)
    for number in range(count):
        members = np.flatnonzero(circle == number)
        radius = np.abs(np.linalg.eigvals(coefficients[np.ix_(members, members)])).max()
        wrong[members] = radius >= 1.0 - 1e-9
    return wrong


def _list(chosen: npt.NDArray[np.bool_], names: Sequence[str] | None) -> str:
    numbers = np.flatnonzero(chosen)
    listed = ", ".join(str(number) if names is None else names[int(number)] for number in numbers[:_NAMED])
    more = f" and {numbers.size - _NAMED} more" if numbers.size > _NAMED else ""
    return f"sector{'s' if numbers.size > 1 else ''} {listed}{more}"


def _list_zh(chosen: npt.NDArray[np.bool_], names: Sequence[str] | None) -> str:
    numbers = np.flatnonzero(chosen)
    listed = "、".join(str(number) if names is None else names[int(number)] for number in numbers[:_NAMED])
    return f"部门 {listed}" + (f" 等 {numbers.size} 个" if numbers.size > _NAMED else "")
