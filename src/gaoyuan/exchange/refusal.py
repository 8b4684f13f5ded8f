"""What answers an act that the rules do not allow: a value, not an error, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Refusal"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was done: `code` names the kind of refusal for programs, `zh` and `en` say it to people.

    >>> print(Refusal("full", "名额已满", "no place is left"))
    名额已满 no place is left
    """

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"
