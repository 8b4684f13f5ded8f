"""Where things are: a point that was given, a warehouse, or the middle of a county."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gaoyuan.codes.administrative_divisions import full_name
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.trading.places import county_named, county_of, point_of

__all__ = ["Place", "place_of", "planners_for"]

_PLANNERS = (Role.PROVINCE, Role.CITY, Role.COUNTY)


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its name, its county where known, and its point in degrees (WGS-84)."""

    name: str
    county: str
    longitude: float
    latitude: float

    @property
    def alike(self) -> str:
        """The point to some hundred metres."""
        return f"{self.longitude:.3f},{self.latitude:.3f}"


def place_of(name: str, county: str, point: str, organisation: Organisation) -> Place:
    """Give a place from what was typed: the point where one is given, else the county named, else the organisation's
    own. Raises ValidationError that says what is missing.
    """
    code = county_named(county) if county.strip() else ""
    if point.strip():
        longitude, latitude = _point(point)
        return Place(name.strip() or point.strip(), code, longitude, latitude)
    code = code or county_of(organisation)
    middle = point_of(code) if code else None
    if middle is None:
        raise ValidationError(_("Say where this is: a county, or longitude and latitude."))
    return Place(name.strip() or full_name(code), code, *middle)


def planners_for(organisation: Organisation) -> QuerySet[Organisation]:
    """Give who may plan for an organisation: the offices above it, and cluster organisations below any of these."""
    above = Organisation.objects.filter(pk__in=[organisation.pk, *organisation.above], kind__in=_PLANNERS)
    within = Q(pk__in=above.values("pk"))
    for office in above:
        within |= Q(kind=Role.CLUSTER, path__startswith=office.path)
    return Organisation.objects.filter(within | Q(pk=organisation.pk, kind=Role.CLUSTER)).order_by("-path")


def _point(text: str) -> tuple[float, float]:
    parts = text.replace("，", ",").replace(";", ",").split(",")
    try:
        longitude, latitude = (float(part) for part in parts)
    except ValueError:
        raise ValidationError(_("Write longitude and latitude in degrees, with a comma: 118.35, 35.10")) from None
    if not (-180 <= longitude <= 180 and -85 <= latitude <= 85):
        if -180 <= latitude <= 180 and -85 <= longitude <= 85:
            raise ValidationError(
                _("Longitude comes first: did you mean %(lat)s, %(lon)s?") % {"lat": latitude, "lon": longitude}
            )
        raise ValidationError(_("There is no such point: longitude is from -180 to 180, latitude from -85 to 85."))
    return longitude, latitude
