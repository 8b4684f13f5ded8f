"""What each figure of a pack means, in one sentence for a clerk."""

from __future__ import annotations

__all__ = ["DEFINITIONS"]

DEFINITIONS: dict[str, tuple[str, str]] = {
    "trades": ("期间内记入日志的成交，一单一笔", "Orders that came about in the period and are in the log, one each"),
    "sales_yuan": (
        "作为卖方的交易金额之和，不含未载明金额者",
        "Sum of the trades as a seller, without those of unknown amount",
    ),
    "purchases_yuan": ("作为买方的交易金额之和", "Sum of the trades as a buyer"),
    "amounts_unknown": ("没有写明金额的交易，不计入任何金额", "Trades that do not say their amount; no sum has them"),
    "months": ("授权所含的月份", "Months that the consent is for"),
    "months_with_sales": ("至少有一笔销售的月份", "Months with at least one sale"),
    "longest_gap_months": ("没有任何销售的连续月份，取最长", "The longest run of months without any sale"),
    "growth_bp": (
        "后一半月份的销售比前一半多出的比例；月数为奇数时中间一月不计；前一半没有销售则未知",
        "How much more was sold in the second half of the months than in the first; a middle month is in neither;"
        " unknown where the first half has no sales",
    ),
    "customers": ("不同的买方，被遮蔽者以代号区分", "Different buyers; those not named are told apart by a code"),
    "suppliers": ("不同的卖方", "Different sellers"),
    "largest_customer_bp": ("买得最多的一家占销售额的比例", "Share of sales of the buyer who bought most"),
    "three_largest_bp": ("买得最多的三家合计", "Share of the three who bought most"),
    "hhi_bp": ("各客户占比的平方和，1 表示只有一家", "Sum of the squared shares of customers; 1 is a single one"),
    "disputed_bp": ("所在订单有争议或逾期记录的交易，按笔", "Trades whose order has a dispute or default, by number"),
    "returned_bp": ("所在订单有退货记录的交易，按笔", "Trades whose order has a return, by number"),
    "both_signed_bp": (
        "买卖双方都以登记的密钥签名的交易，按笔",
        "Trades that both signed with registered keys, by number",
    ),
    "both_signed_amount_bp": ("同上，按金额", "The same by amount"),
    "with_order_bp": ("同一单另有下单记录", "The same order also has a record of its confirmation"),
    "with_delivery_bp": ("同一单另有交货记录", "The same order also has a record of delivery"),
    "with_acceptance_bp": (
        "同一单另有对方验收记录；到期未提异议不算验收",
        "The same order also has the other side's acceptance; silence is none",
    ),
    "bookings": ("实际使用共享设备的次数", "How often shared equipment was used"),
    "not_shown": ("内容依法删除、只剩编号的记录", "Records of which, after an erasure by law, only the number is left"),
    "late_bp": ("成交七日以后才入日志的交易", "Trades that entered the log more than seven days afterwards"),
    "both_ways_partners": ("既向其买、又向其卖的对手", "Partners to whom it sells and from whom it buys"),
    "both_ways_bp": (
        "与这些对手的买卖中较小一方的两倍，占全部交易",
        "Twice the smaller flow with each such partner, of all trade",
    ),
    "mirrored_pairs": (
        "与同一对手在三十日内互售、金额相差不过百分之一的对数",
        "Sales and purchases with one partner within thirty days that differ by one percent at most",
    ),
    "by_month": ("按成交日所在月份", "By the month of the trade"),
}
"""A sentence in Chinese and in English for each of `pack.figures.FIGURES`."""
