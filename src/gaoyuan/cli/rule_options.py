"""Options that the verbs about rules share."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from gaoyuan.errors import InputError


class ApplicationKind(StrEnum):
    """For what a subject applies."""

    new = "new"
    renewal = "renewal"


AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="评估日，默认今天 the day that counts: 2026-06-30")
]
Application = Annotated[ApplicationKind, typer.Option("--application", help="新申报或复核 new or renewal")]
SettingsGiven = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="规则设置 a setting of the rule, such as average_growth=cagr"),
]


def settings_of(given: Sequence[str] | None) -> dict[str, str]:
    """Give the settings that were named as NAME=VALUE; raises InputError for what is not."""
    settings: dict[str, str] = {}
    for text in given or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InputError(
                f"{text!r} is no setting",
                mend="Write --set NAME=VALUE; gaoyuan rules ID shows the names.",
                zh=f"{text!r} 不是规则设置",
                mend_zh="写成 --set 名称=值；名称见 gaoyuan rules ID",
            )
        settings[name.strip()] = value.strip()
    return settings
