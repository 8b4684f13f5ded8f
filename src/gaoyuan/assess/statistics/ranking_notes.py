"""What the reader of a ranking of clusters has to know, in Chinese and English."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.scoring import Ranking
from gaoyuan.assess.statistics.indicator_values import ERROR_WORDS, IndicatorValue

_MOST_NAMED = 5
_KINDS: Mapping[str, tuple[str, str, str]] = {
    "constant indicator": ("各集群相同，不起区分作用", "换一个指标", "Choose another indicator"),
    "unknown values": ("有未知值，得分和位次为区间", "补充这些集群的数据", "Add facts of these clusters"),
    "inconsistent judgements": ("两两比较不一致", "修改判断", "Revise the judgements"),
    "no conflict": ("互不冲突，CRITIC 无法赋权，按等权计", "换一种赋权方法", "Choose another rule"),
}


def error_note(known: Mapping[str, Mapping[str, IndicatorValue]]) -> Finding:
    """Say of how many values an error is known, and where it comes from."""
    cells = [one for values in known.values() for one in values.values()]
    told = [one for one in cells if one.error is not None or not math.isnan(one.value)]
    by_kind = Counter(one.error for one in told if one.error is not None)
    count, exact = sum(by_kind.values()), len(told) - sum(by_kind.values())
    parts = [
        (f"{zh} {by_kind[kind]}", f"{en} {by_kind[kind]}") for kind, (zh, en) in ERROR_WORDS.items() if by_kind[kind]
    ]
    zh, en = ("，".join(part[0] for part in parts), ", ".join(part[1] for part in parts))
    said_zh = f"{len(told)} 个数值中 {count} 个误差已知" + (f"（{zh}）" if zh else "")
    said_en = f"an error is known of {count} of {len(told)} values" + (f" ({en})" if en else "")
    return Finding(
        "no_error",
        "",
        said_zh + (f"，{exact} 个误差未知、按精确值计" if exact else ""),
        said_en + (f"; {exact} without count as exact" if exact else ""),
        "误差未知的数值可能使并列偏少" if exact else "见结果文件中的误差",
        "These may hide ties" if exact else "The errors are in the file that --out writes",
        used=True,
    )


def not_ranked_note(not_ranked: Sequence[str], names: Mapping[str, str]) -> list[Finding]:
    """Say which clusters are not ranked, because none of the indicators is known of them."""
    if not not_ranked:
        return []
    more = " …" if len(not_ranked) > _MOST_NAMED else ""
    named = "、".join(f"{name} {names.get(name, '')}".strip() for name in not_ranked[:_MOST_NAMED]) + more
    return [
        Finding(
            "not_found",
            "cluster",
            f"{len(not_ranked)} 个集群所选指标全部未知，未排名（{named}）",
            f"{len(not_ranked)} clusters are not ranked: none of the indicators is known of them",
            "导入这些集群的事实，或换指标",
            "Import facts of these clusters, or name other indicators",
        )
    ]


def scoring_notes(ranking: Ranking, words: Mapping[str, tuple[str, str]]) -> list[Finding]:
    """Give the findings of the scoring with their Chinese; those on errors are said by `error_note`."""
    notes = []
    for one in ranking.findings:
        if one.kind in _KINDS:
            said, mend_zh, mend_en = _KINDS[one.kind]
            about = "、".join(words[name][0] if name in words else name for name in one.about)
            notes.append(
                Finding(one.kind, "|".join(one.about), f"{about}{said}", one.text, mend_zh, mend_en, used=True)
            )
    return notes
