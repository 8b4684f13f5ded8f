"""What speaks for a first loan and what against it: one sentence for each figure that is clearly good or clearly not.

No score is made of them. Each criterion names its figure, from where on it speaks for and from where on against; what
lies between speaks for neither, and is listed as such. The limits are no law: they are where a clerk should begin to
ask, and stand beside every sentence, so that he may think otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gaoyuan.trust.pack.figures import FIGURES, Figure, share
from gaoyuan.trust.pack.word import RingWord
from gaoyuan.trust.pack.words import figure_text

__all__ = ["CRITERIA", "Criterion", "Reason", "Side", "reasons_of"]

Side = Literal["for", "against", "neither", "unknown"]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A figure and its two limits: `good` or better speaks for, `bad` or worse against. `more` is better, or less is.
    A limit that is None is never met: some figures can only speak against.
    """

    figure: str
    more: bool
    good: int | None
    bad: int | None
    zh: tuple[str, str]
    en: tuple[str, str]

    @property
    def name(self) -> tuple[str, str]:
        """What the figure is called, in Chinese and English."""
        return _NAMES.get(self.figure) or FIGURES[self.figure]


@dataclass(frozen=True, slots=True)
class Reason:
    """What a criterion says of an enterprise: its side, the sentence, the figure it rests on as text, the limits."""

    criterion: Criterion
    side: Side
    value: str
    zh: str
    en: str

    @property
    def limits(self) -> tuple[str, str]:
        """From where on the figure speaks for and against, empty where it never does."""
        sign, other = ("≥", "≤") if self.criterion.more else ("≤", "≥")
        given = ((sign, self.criterion.good), (other, self.criterion.bad))
        first, second = ("" if at is None else f"{mark} {figure_text(self.criterion.figure, at)}" for mark, at in given)
        return first, second


_NAMES = {
    "with_sales_bp": ("有销售的月份占比", "Share of months with sales"),
    "longer_rings": ("三方及以上循环交易（平台陈述）", "Rings of three and more (the platform's word)"),
}

CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "months",
        True,
        12,
        5,
        ("期间够长", "期间过短，看不出趋势"),
        ("the period is long enough", "the period is too short for a trend"),
    ),
    Criterion(
        "trades",
        True,
        24,
        11,
        ("交易笔数较多", "交易笔数过少，以下比例不稳"),
        ("many trades", "too few trades for the shares below to be stable"),
    ),
    Criterion(
        "with_sales_bp",
        True,
        9000,
        5999,
        ("经营连续", "多个月份没有销售"),
        ("business is continuous", "many months without sales"),
    ),
    Criterion(
        "longest_gap_months",
        False,
        1,
        3,
        ("没有长时间停顿", "曾连续数月没有销售"),
        ("no long pause", "several months in a row without sales"),
    ),
    Criterion(
        "growth_bp",
        True,
        0,
        -2000,
        ("销售没有下降", "销售明显下降"),
        ("sales have not fallen", "sales have clearly fallen"),
    ),
    Criterion("customers", True, 5, 2, ("客户较多", "客户极少"), ("several customers", "hardly any customers")),
    Criterion(
        "largest_customer_bp",
        False,
        3000,
        6000,
        ("不依赖单一客户", "依赖单一客户"),
        ("no dependence on one customer", "dependence on one customer"),
    ),
    Criterion("disputed_bp", False, 100, 500, ("几乎没有争议", "争议较多"), ("hardly any disputes", "many disputes")),
    Criterion("returned_bp", False, 100, 500, ("几乎没有退货", "退货较多"), ("hardly any returns", "many returns")),
    Criterion(
        "both_signed_amount_bp",
        True,
        8000,
        4999,
        ("大部分金额由双方签名", "大部分金额未经双方签名，只是单方或平台所记"),
        ("most of the amount is signed by both sides", "most of the amount is not signed by both sides"),
    ),
    Criterion(
        "with_order_bp",
        True,
        8000,
        4999,
        ("交易大多有订单印证", "交易大多没有订单印证"),
        ("most trades have an order", "most trades have no order"),
    ),
    Criterion(
        "with_delivery_bp",
        True,
        8000,
        4999,
        ("交易大多有交货印证", "交易大多没有交货印证"),
        ("most trades have a delivery", "most trades have no delivery"),
    ),
    Criterion(
        "with_acceptance_bp",
        True,
        8000,
        4999,
        ("交易大多经对方验收", "交易大多没有对方验收"),
        ("most trades were accepted by the other side", "most trades were not accepted by the other side"),
    ),
    Criterion(
        "late_bp",
        False,
        500,
        2000,
        ("记录及时", "不少交易是事后补录的"),
        ("records are entered in time", "many trades were entered long afterwards"),
    ),
    Criterion("not_shown", False, None, 1, ("", "有记录的内容已删除"), ("", "the content of records was erased")),
    Criterion(
        "both_ways_bp",
        False,
        500,
        2000,
        ("几乎没有双向对冲交易", "与同一对手互为客户和供方的交易较多"),
        ("hardly any trade goes both ways", "much trade goes both ways with the same partners"),
    ),
    Criterion(
        "mirrored_pairs",
        False,
        None,
        1,
        ("", "有金额近似的互售"),
        ("", "sales are mirrored by purchases of nearly the same amount"),
    ),
    Criterion(
        "longer_rings",
        False,
        None,
        1,
        ("", "平台称其处于循环交易中"),
        ("", "the platform says that it is in rings of trade"),
    ),
)
"""All criteria, in the order in which they are shown."""


def reasons_of(figures: Mapping[str, Figure], word: RingWord | None = None) -> list[Reason]:
    """Say what each criterion says of the figures of a pack that verified; an unknown figure speaks for neither side.

    >>> found = reasons_of({"trades": 40, "months": 12, "months_with_sales": 6, "growth_bp": None})
    >>> [(one.zh, one.value) for one in found if one.side == "against"]
    [('多个月份没有销售', '50.00 %')]
    >>> next(one.side for one in found if one.criterion.figure == "growth_bp")
    'unknown'
    """
    held = dict(figures)
    months, selling = held.get("months"), held.get("months_with_sales")
    held["with_sales_bp"] = share(selling, months) if isinstance(months, int) and isinstance(selling, int) else None
    held["longer_rings"] = None if word is None else word.longer
    return [_reason(one, held.get(one.figure)) for one in CRITERIA]


def _reason(criterion: Criterion, value: Figure) -> Reason:
    number = value if isinstance(value, int) else None
    side = _side(criterion, number)
    at = {"for": 0, "against": 1}.get(side)
    zh, en = ("", "") if at is None else (criterion.zh[at], criterion.en[at])
    return Reason(criterion, side, figure_text(criterion.figure, number), zh, en)


def _side(criterion: Criterion, value: int | None) -> Side:
    if value is None:
        return "unknown"
    sign = 1 if criterion.more else -1
    if criterion.good is not None and sign * value >= sign * criterion.good:
        return "for"
    return "against" if criterion.bad is not None and sign * value <= sign * criterion.bad else "neither"
