"""Publishing from the command line: for which organisation, and where its data are."""

from __future__ import annotations

from gaoyuan.errors import NotFound
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.snapshots.publishing import Progress, publish
from gaoyuan.workspace import Workspace


def publish_for(workspace: Workspace, name: str, public: bool, progress: Progress) -> Snapshot:
    """Publish for the organisation of a name; without one for that whose workspace this is, else for the
    administrators' own, which is made where there is none. Raises NotFound for a name that no organisation has.
    """
    folder = str(workspace.path.absolute())
    if name:
        organisation = Organisation.objects.filter(name=name).order_by("pk").first()
        if organisation is None:
            raise NotFound(
                f"no organisation is called {name!r}",
                mend="Make it on the page People, or publish without --organisation.",
                zh=f"没有名为 {name!r} 的机构",
                mend_zh="在“人员与机构”页建立它，或不用 --organisation",
            )
    else:
        organisation = (
            Organisation.objects.filter(workspace=folder).order_by("pk").first()
            or Organisation.objects.filter(kind=Role.ADMINISTRATOR).order_by("pk").first()
            or Organisation.objects.create(name="平台管理 Platform", kind=Role.ADMINISTRATOR)
        )
    if organisation.workspace != folder:
        organisation.workspace = folder
        organisation.save()
    return publish(workspace, organisation, public=public, progress=progress)
