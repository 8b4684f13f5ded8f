"""The workspace of an office: the folder in which its data are worked on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from gaoyuan.errors import NotAWorkspace
from gaoyuan.portal.accounts.models import Organisation

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace


def own_workspace(organisation: Organisation) -> Workspace:
    """Open the workspace of an organisation's own; raises NotAWorkspace where it has none, or its folder is none.

    That of an organisation above is not its own: what is imported there changes the figures of all who share it.
    """
    # Loaded on demand, as the engine takes memory that most pages never need.
    from gaoyuan.workspace import open_workspace

    if not organisation.workspace:
        raise NotAWorkspace(
            "the organisation has no workspace",
            mend="Make one on the data desk, or ask an administrator to set its folder.",
            zh="本机构没有工作区",
            mend_zh="在数据台建立，或请管理员设定其文件夹",
        )
    return open_workspace(organisation.workspace)


def make_workspace(organisation: Organisation) -> Workspace:
    """Make a workspace for an organisation below the portal's folder; one that it has stays."""
    if organisation.workspace:
        return own_workspace(organisation)
    from gaoyuan.workspace import create_workspace

    folder = Path(settings.PORTAL) / "workspaces" / str(organisation.pk)
    made = create_workspace(folder)
    organisation.workspace = str(folder)
    organisation.save(update_fields=["workspace"])
    return made
