"""Counties as people name them, industries, and products of the published chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gaoyuan.codes import industries
from gaoyuan.codes.administrative_divisions import counties, full_name
from gaoyuan.codes.boundaries import boundaries_of
from gaoyuan.exchange.matching import Neighbours, neighbours_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import PUBLIC, Viewer
from gaoyuan.portal.snapshots.models import Audience, Part, Snapshot

__all__ = ["Chain", "chain_of", "county_named", "county_of", "industry_named", "point_of"]


def county_named(text: str) -> str:
    """Give the code of a county by code or name; raises ValidationError that says which ones are meant.

    >>> county_named("370785"), county_named("高密市"), county_named("山东省潍坊市高密市")
    ('370785', '370785', '370785')
    """
    asked = "".join(text.split())
    if not asked or asked in counties():
        return asked
    found = [code for code, name in _full_names().items() if name.endswith(asked)]
    if not found:
        raise ValidationError(_("There is no county “%(text)s”: write its name or its six digits.") % {"text": text})
    if len(found) > 1:
        names = "、".join(f"{_full_names()[code]} {code}" for code in found[:5])
        raise ValidationError(_("There are several: %(names)s. Write the six digits.") % {"names": names})
    return found[0]


@lru_cache(maxsize=1024)
def point_of(county: str) -> tuple[float, float] | None:
    """Give a point within a county, longitude and latitude in WGS-84; None where its boundary is not known."""
    shape = boundaries_of([county]).get(county)
    if shape is None:
        return None
    point = shapely.point_on_surface(shape)
    return float(shapely.get_x(point)), float(shapely.get_y(point))


def county_of(organisation: Organisation) -> str:
    """Give the county under which an organisation stands, empty where none does."""
    chain = Organisation.objects.filter(pk__in=[organisation.pk, *organisation.above]).order_by("-path")
    return next((one.division for one in chain if one.division in counties()), "")


def industry_named(text: str) -> str:
    """Give the code of an industry by code or name; raises ValidationError where there is none.

    >>> industry_named("3451"), industry_named("滚动轴承制造")
    ('3451', '3451')
    """
    asked = text.strip()
    known = industries(2017)
    if not asked or (asked in known and asked.isdigit()):
        return asked
    found = [code for code, one in known.items() if code.isdigit() and one.name == asked]
    if found:
        return max(found, key=len)
    raise ValidationError(_("There is no industry “%(text)s” in GB/T 4754.") % {"text": text})


@dataclass(frozen=True)
class Chain:
    """The products of a published chain by their codes, and which are near which."""

    names: Mapping[str, str] = field(default_factory=dict)
    neighbours: Neighbours = field(default_factory=dict)

    def named(self, text: str) -> str:
        """Give the code of a product by code or name; raises ValidationError where the chain has none such."""
        asked = text.strip()
        if not asked or asked in self.names:
            return asked
        found = next((code for code, name in self.names.items() if name == asked), None)
        if found is None:
            raise ValidationError(
                _("The published chain has no product “%(text)s”: leave the field empty.") % {"text": text}
            )
        return found


def chain_of(viewer: Viewer = PUBLIC) -> Chain:
    """Give the products of the chain that a viewer is shown; of none where none is published."""
    snapshot = Snapshot.objects.for_viewer(viewer).first()
    return Chain() if snapshot is None else _chain(str(snapshot.pk))


@lru_cache(maxsize=4)
def _chain(snapshot: str) -> Chain:
    part = Part.objects.filter(snapshot_id=snapshot, audience=Audience.PUBLIC, kind="products", key="").first()
    if part is None:
        return Chain()
    content: Mapping[str, list[str] | dict[str, list[str]]] = part.content()  # pyright: ignore[reportAssignmentType]
    products, names, uses = content["product"], content["product_name"], content.get("uses", {})
    pairs = zip(uses["input"], uses["product"], strict=True) if isinstance(uses, dict) and uses else ()
    return Chain(dict(zip(products, names, strict=True)), neighbours_of(pairs))


@cache
def _full_names() -> dict[str, str]:
    return {code: full_name(code) for code in counties()}
