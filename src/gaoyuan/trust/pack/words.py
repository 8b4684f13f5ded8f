"""What a report says in words: the verdict, the figures, and what a pack never proves."""

from __future__ import annotations

from gaoyuan.trust.pack.figures import Figure
from gaoyuan.trust.pack.verifying import Verdict

__all__ = ["NOT_PROVEN", "VERDICTS", "figure_text"]

VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.HOLDS: ("全部成立", "Everything holds"),
    Verdict.UNCONFIRMED: ("前后一致，但日志密钥尚未核对", "Consistent, but the log's key is not confirmed"),
    Verdict.FAILS: ("不成立，请勿采信", "It does not hold: do not rely on it"),
}
"""The verdict in Chinese and English."""

NOT_PROVEN: tuple[tuple[str, str], ...] = (
    (
        "不证明记录内容真实，只证明谁在何时、以何次序作了这些记录，此后未改。",
        "Not that what was recorded is true: only who recorded what, when, in what order, and that it stayed so.",
    ),
    (
        "不证明双方确为独立交易：双方签名而串通的虚假交易，要靠发票、物流和银行流水核对。",
        "Not that two parties who signed did not collude: compare invoices, freight and bank statements.",
    ),
    (
        "不证明企业没有平台之外的交易、债务或纠纷。",
        "Not that the enterprise has no trade, debt or dispute outside of the platform.",
    ),
    (
        "不证明授权至今有效：出具之后的撤回须在平台的授权页面查询。",
        "Not that the consent still stands: look up on the platform's page whether it was withdrawn since.",
    ),
    (
        "平台代管的密钥签名，与平台自己的陈述效力相同；被遮蔽对方的密钥归属，以平台陈述为准。",
        "Signatures by keys that the platform holds are worth its word; so is whose the keys of masked parties are.",
    ),
)
"""What a pack does not prove, however well it verifies."""


def figure_text(name: str, value: Figure) -> str:
    """Write a figure for people: shares in percent, unknown as a dash.

    >>> figure_text("disputed_bp", 125), figure_text("trades", 3), figure_text("growth_bp", None)
    ('1.25 %', '3', '—')
    """
    if value is None:
        return "—"
    if isinstance(value, list):
        return "；".join(" ".join(one) for one in value)
    if name == "hhi_bp" and isinstance(value, int):
        return f"{value / 10_000:.4f}"
    if name.endswith("_bp") and isinstance(value, int):
        return f"{value / 100:.2f} %"
    return f"{value:,}" if isinstance(value, int) else value
