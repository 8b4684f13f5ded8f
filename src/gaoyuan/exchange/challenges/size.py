"""Whether who answers is a small or medium firm: from what it states, and from the register where that knows it."""

from __future__ import annotations

from dataclasses import dataclass

from gaoyuan.codes.sme_size import SizeClass, size_class

__all__ = ["SizeFigures", "SizeJudged", "judge_size"]

_NAMES: dict[SizeClass, tuple[str, str]] = {
    "large": ("大型", "large"),
    "medium": ("中型", "medium"),
    "small": ("小型", "small"),
    "micro": ("微型", "micro"),
}


@dataclass(frozen=True, slots=True)
class SizeFigures:
    """What decides the size class: the industry (GB/T 4754-2017), persons, yearly revenue and assets in yuan."""

    industry: str | None
    employees: float | None = None
    revenue_yuan: float | None = None
    assets_yuan: float | None = None

    @property
    def size(self) -> SizeClass | None:
        """The class, None where the figures do not decide it."""
        return size_class(self.industry, self.employees, self.revenue_yuan, self.assets_yuan)


@dataclass(frozen=True, slots=True)
class SizeJudged:
    """What was found: whether the firm is small or medium (None: not known), both classes, and why in words."""

    is_small_or_medium: bool | None
    stated: SizeClass | None
    registered: SizeClass | None
    zh: str
    en: str


def judge_size(stated: SizeFigures, registered: SizeFigures | None = None) -> SizeJudged:
    """Judge a firm by 工信部联企业〔2011〕300号. Where the register decides the class, it stands; but a firm that
    calls itself large is believed. Where neither decides it the answer is None: more figures are needed.

    >>> small, big = SizeFigures("1761", 50, 8e6), SizeFigures("1761", 5000, 9e8)
    >>> judge_size(small).is_small_or_medium, judge_size(small, big).is_small_or_medium
    (True, False)
    """
    own, known = stated.size, registered.size if registered is not None else None
    if known == "large":
        return SizeJudged(False, own, known, "登记数据显示为大型企业", "the register has it as a large firm")
    if own == "large":
        return SizeJudged(False, own, known, "所填数据属于大型企业", "by its own figures it is a large firm")
    found, zh, en = (known, "登记数据", "by the register") if known else (own, "所填数据", "by its own figures")
    if found is None:
        return SizeJudged(
            None,
            own,
            known,
            "所填行业和数据不足以判定企业规模，请补充从业人员、营业收入（或资产总额）",
            "industry and figures do not decide the size class; give persons, revenue (or total assets)",
        )
    name_zh, name_en = _NAMES[found]
    return SizeJudged(True, own, known, f"{name_zh}企业（{zh}）", f"{name_en} firm ({en})")
