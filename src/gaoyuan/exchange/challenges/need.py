"""The need of a firm, and the part of it that the firm allows to be public.

The flow is that of the calls of 2023 and 2024 (工信厅企业函〔2023〕88号, 〔2024〕221号): need form, local check,
screening, publication of only the part that may be public (可公开部分), answers by small and medium firms, choice by
the firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gaoyuan.errors import InputError

__all__ = ["FIELDS", "ChallengeInvalid", "Need", "publishable"]

FIELDS: dict[str, tuple[str, str]] = {
    "title": ("需求名称", "title"),
    "firm": ("企业名称", "name of the firm"),
    "industry": ("所属行业", "industry"),
    "problem": ("技术难题", "technical problem"),
    "targets": ("技术指标", "technical targets"),
    "conditions": ("使用条件", "conditions of use"),
    "budget": ("拟投入资金", "budget"),
    "deadline": ("完成期限", "time"),
    "contact": ("联系人", "contact"),
    "drawings": ("图纸附件", "drawings"),
}
"""The fields of the need form, in its order."""
Public: TypeAlias = dict[str, str]
_SHORTEST_STRUCK = 2


class ChallengeInvalid(InputError):
    """A need, an answer or a payment that cannot stand."""


@dataclass(frozen=True)
class Need:
    """A firm's need: what stands in the form, and which fields may be public. The title always is, or nobody could
    find it. Raises ChallengeInvalid where a field is unknown or the title is empty.
    """

    given: Mapping[str, str]
    public: frozenset[str]

    def __post_init__(self) -> None:
        unknown = sorted({*self.given, *self.public} - set(FIELDS))
        if unknown:
            raise ChallengeInvalid(
                f"the form has no field {unknown[0]!r}",
                mend=f"Use: {', '.join(FIELDS)}.",
                zh=f"需求表没有“{unknown[0]}”这一项",
            )
        if not self.given.get("title", "").strip():
            raise ChallengeInvalid("a need without a title", zh="需求名称不能为空")


def publishable(need: Need) -> Public:
    """Give the part of a need that may be public, in the form's order: the title and what the firm allows. A name or
    text of a field that is kept back is struck out of the others where it stands there word for word.

    >>> need = Need({"title": "甲厂寻高温涂层", "firm": "甲厂", "problem": "涂层脱落"}, frozenset({"problem"}))
    >>> publishable(need)
    {'title': '■■寻高温涂层', 'problem': '涂层脱落'}
    """
    shown = {
        name: need.given[name] for name in FIELDS if name in need.given and (name in need.public or name == "title")
    }
    kept_back = [
        text.strip() for name, text in need.given.items() if name not in shown and len(text.strip()) >= _SHORTEST_STRUCK
    ]
    for secret in sorted(kept_back, key=len, reverse=True):
        shown = {name: text.replace(secret, "■" * len(secret)) for name, text in shown.items()}
    return shown
