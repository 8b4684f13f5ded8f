"""Which edition is meant: a file of the user's own, one of the workspace's folder `rules`, or a shipped one."""

from __future__ import annotations

import datetime as dt
import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from gaoyuan.assess.rules.model import Application, Edition
from gaoyuan.assess.rules.rulebook import edition, editions, read_edition
from gaoyuan.errors import NotFound

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

_ENDINGS = (".yaml", ".yml")
_FOLDER = "rules"


def rule_for(workspace: Workspace | None, rule: str, as_of: dt.date, application: Application = "new") -> Edition:
    """Give the edition that a name stands for on a day: of a file that ends in .yaml, else by id.

    Editions of the workspace's folder `rules` come before shipped ones of the same name. Raises NotFound, with the
    names that are near, for a rule that there is not, and InputError as `read_edition` and `edition` do.
    """
    if rule.endswith(_ENDINGS):
        return read_edition(Path(rule))
    own = own_editions(workspace)
    if any(rule in (one.id, one.key) for one in own):
        return edition(rule, as_of, application, among=(*own, *editions()))
    try:
        return edition(rule, as_of, application)
    except NotFound:
        among = (*own, *editions())
    names = sorted({one.id for one in among})
    near = difflib.get_close_matches(rule, [*names, *(one.key for one in among)], n=3)
    raise NotFound(
        f"no rule {rule!r}",
        mend=(f"Do you mean {' or '.join(near)}? " if near else "")
        + f"Rules are: {', '.join(names)}. Or name a file of your own that ends in .yaml.",
        zh=f"没有名为 {rule!r} 的规则",
        mend_zh=(f"是否为 {' 或 '.join(near)}？" if near else "") + "规则名见 gaoyuan rules，或给自己的 .yaml 文件",
    )


def own_editions(workspace: Workspace | None) -> tuple[Edition, ...]:
    """Give the editions of the folder `rules` of a workspace, in the order of the files' names."""
    folder = None if workspace is None else workspace.path / _FOLDER
    if folder is None or not folder.is_dir():
        return ()
    return tuple(read_edition(file) for file in sorted(folder.iterdir()) if file.suffix in _ENDINGS)
