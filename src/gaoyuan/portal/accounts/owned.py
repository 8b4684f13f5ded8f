"""What belongs to an organisation, and how it is asked for: never without saying who asks."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, Self, TypeVar

from django.db import models

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer

M = TypeVar("M", bound=models.Model)


class OwnedRows(models.QuerySet[M], Generic[M]):
    """Rows that belong to organisations."""

    def owned_by(self, viewer: Viewer) -> Self:
        """Keep what the viewer's organisation owns and, for an office, what organisations below it own. An
        administrator keeps all, the public nothing.
        """
        if viewer.organisation is None:
            return self.none()
        if viewer.role == Role.ADMINISTRATOR:
            return self
        if viewer.is_office:
            return self.filter(organisation__path__startswith=viewer.organisation.path)
        return self.filter(organisation=viewer.organisation)


class OwnedManager(models.Manager[M], Generic[M]):
    """The one way to rows of an owned model: `for_viewer`, or `of` an organisation for what the portal does itself."""

    def get_queryset(self) -> OwnedRows[M]:
        """Refuse: rows of all organisations are nobody's to ask for."""
        raise TypeError(f"{self.model.__name__}.objects is asked with for_viewer(viewer) or of(organisation)")

    def for_viewer(self, viewer: Viewer) -> OwnedRows[M]:
        """Give the rows that a viewer may see."""
        return self._rows().owned_by(viewer)

    def of(self, organisation: Organisation) -> OwnedRows[M]:
        """Give the rows of one organisation, for jobs and commands of the portal itself."""
        return self._rows().filter(organisation=organisation)

    def create_for(self, organisation: Organisation, **values: object) -> M:
        """Make a row of an organisation."""
        return self._rows().create(organisation=organisation, **values)

    def _rows(self) -> OwnedRows[M]:
        return OwnedRows(self.model, using=self._db)


class Owned(models.Model):
    """Base of every model that belongs to an organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects: ClassVar[OwnedManager[Any]] = OwnedManager()  # pyright: ignore[reportIncompatibleVariableOverride]
    unscoped = models.Manager()
    """For Django's own work alone: cascades, migrations, the administrators' pages."""

    class Meta:
        abstract = True
        base_manager_name = "unscoped"
        default_manager_name = "unscoped"
