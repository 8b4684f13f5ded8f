"""Which named firms are nearest to a title that a criterion counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gaoyuan.assess.diagnosis.plan import NearFirm
from gaoyuan.assess.facts.title_metrics import COUNT_OF_TITLE
from gaoyuan.assess.rules.model import Criterion
from gaoyuan.assess.rules.walk import metrics_of


def nearest_firms(criterion: Criterion, firms: Iterable[NearFirm], most: int = 20) -> tuple[NearFirm, ...]:
    """Give the firms nearest to a title that the criterion (with its parts) counts: those that lack least come first.

    >>> firms = [NearFirm("a", "甲", "little_giant", 2), NearFirm("b", "乙", "little_giant", 1)]
    >>> from gaoyuan.assess import edition
    >>> titled = next(one for one in edition("cn-sme-cluster.2022").criteria if one.id == "2")
    >>> [firm.name for firm in nearest_firms(titled, firms)]
    ['乙', '甲']
    """
    asked = metrics_of([criterion])
    counted = {title for title, metric in COUNT_OF_TITLE.items() if metric in asked}
    near = [firm for firm in firms if firm.title in counted]
    return tuple(sorted(near, key=lambda firm: (firm.missing, firm.title, firm.enterprise))[:most])


def firms_words(firms: Sequence[NearFirm]) -> tuple[str, str]:
    """Say which firms are nearest, in both languages; nothing where there are none."""
    if not firms:
        return "", ""
    shown = firms[:5]
    zh = "、".join(
        f"{firm.name}（差 {firm.missing} 项）" if firm.missing else f"{firm.name}（可申报）" for firm in shown
    )
    en = ", ".join(f"{firm.name} ({f'lacks {firm.missing}' if firm.missing else 'may apply'})" for firm in shown)
    return f"最接近所计称号的企业：{zh}", f"firms nearest to a title that counts: {en}"
